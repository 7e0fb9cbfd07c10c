"""Pages by late interaction: how often the right page is found, and how many questions a second are answered.

    python -m benchmarks.pages [--pages 3000] [--questions 100] [--seed 0]

Needs a model for pages (`late-mini`) in CROSSFIND_MODELS. PDFs are written with facts planted among others of
the same kind (`benchmarks.needles`), indexed by the real pipeline, and asked for in other words. Compared are

- one stage: every word of the question with all token vectors of all pages, as products of matrices in memory
  (the strongest one could do, where there is room), and read from the library in portions;
- two stages as `page:` asks them: all words with runs of tokens, in union with the words (BM25) and the mean
  of the question with the means of pages, then all token vectors of those that each finds best;
- for comparison, runs alone or means alone, then all token vectors of the hundred best; three stages: means
  of pages, runs of the thousand best, tokens of the hundred best of those;
- the page leg: the two stages with what is shown of the pages and how sure they are; the words alone, asked
  of the database; and `page:` as a whole.

Speed is that of answers whose question is encoded already, and with its encoding; memory what a way holds of
a page. With CROSSFIND_TEST_MEDIA the labelled questions about its PDFs are asked as well.
"""

import argparse
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from app.bootstrap import Equipment
from app.config import Config
from benchmarks.needles import Question, documents
from indexers.late_text import LateQueries
from indexers.ocr import OCR
from indexers.paged import PageMaker
from indexers.pipeline import IndexOptions, index
from search.calibration import Scores
from search.engine import Engine, SearchOptions
from search.indexed_pages import place_of
from search.late import PageSearch, compared, documents_in, exact, nearest_pages
from search.plan import PAGE, WRITTEN
from search.records import Segment
from search.shortlist import STRETCH, Among, by_means, by_runs, column_sims, max_sims
from search.spaces import Vector
from search.store import Library, Words, page_rows
from search.store.held import Held
from search.store.kept_tokens import KeptTokens
from search.store.page_layout import Numbers, Place, columns_of
from search.store.page_rows import PageRows

LIMIT = 100
FEW = 5
WIDE = 1 << 16
"""So many vectors are compared at once in one stage: several cores share them."""

NOBODY = np.zeros(0, np.int64)

Answer = Callable[[str], Sequence[Place]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the grade of each page that answers it."""

    text: str
    grades: dict[Place, int]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to answer; `memory` is what it holds of all pages, in bytes, None where that is not counted. A
    slow one is timed with a few of the questions, and answers as the one before."""

    name: str
    answer: Answer
    memory: int | None
    is_encoded: bool = True
    is_slow: bool = False


class Ways:
    """The ways to answer a question that are compared."""

    def __init__(self, library: Library, encoder: LateQueries, asked: Sequence[Asked]) -> None:
        self._library, self._encoder = library, encoder
        self._engine = Engine(library, [encoder])
        self._search = PageSearch(library, lambda tasks: [task() for task in tasks])
        self._pages = self._held()
        usual, page_rows.AT_ONCE = page_rows.AT_ONCE, 0
        self._few = Library.open(library.folder)
        few = self._few.kept(PAGE, Held.pages)
        self._three = few or self._pages
        page_rows.AT_ONCE = usual
        every = self._pages.tokens_of(np.arange(len(self._pages.layout)))
        self._worded = [known for one in WRITTEN if (known := library.kept(one, Held.words))]
        self._columns = columns_of(np.cumsum([0, *map(len, every)]))
        self._every = np.empty((sum(map(len, every)), every[0].shape[1]), np.float32)
        self._every[self._columns.at] = np.concatenate(every)
        self._among = self._pages.layout.among(None)
        self.encoded = {one.text: encoder.encode_tokens(one.text) for one in asked}

    def _held(self) -> PageRows:
        pages = self._library.kept(PAGE, Held.pages)
        if pages is None:
            raise SystemExit("There are too many pages for this benchmark.")
        return pages

    def all(self) -> list[Way]:
        """Every way, the baseline first."""
        rows = self._pages.at_hand[1].nbytes + self._pages.layout.ids.nbytes
        words = sum(known.nbytes for known in self._worded)
        means = self._three.at_hand[1].nbytes + self._three.layout.ids.nbytes
        return [
            Way("1 stage: all tokens, in memory", partial(self.one_stage, WIDE), self._every.nbytes),
            Way("the same, in portions as runs are", partial(self.one_stage, STRETCH), self._every.nbytes),
            Way("1 stage: all tokens, read", self.one_stage_read, 0, is_slow=True),
            Way("2 stages: runs, words and means, tokens", self.two_stages, rows + words),
            Way("2 stages: runs, tokens", self._staged(self._pages, _runs_first), rows),
            Way("2 stages: means, tokens", self._staged(self._pages, by_means), rows),
            Way("3 stages: means, runs, tokens", self._staged(self._three, _runs_first), means),
            Way("page leg: 2 stages, shown", self.leg, rows + words),
            Way("BM25", self.words, None, is_encoded=False),
            Way("page: (all of it)", self.fused, None),
        ]

    def one_stage(self, stretch: int, question: str) -> Sequence[Place]:
        """Compare the question with the tokens of all pages, so many vectors at once."""
        scores = column_sims(self.encoded[question], self._every, self._columns, stretch)
        return self._best(np.arange(len(scores)), scores)

    def two_stages(self, question: str) -> Sequence[Place]:
        """Find the pages as `page:` does."""
        worded = self._search.worded(question, compared(LIMIT), None)
        best, _ = nearest_pages(self._pages, self.encoded[question], worded, LIMIT, None)
        return [self._pages.layout.place(int(page)) for page in best]

    def one_stage_read(self, question: str) -> Sequence[Place]:
        """The same without the memory: the tokens are read, a thousand pages at a time."""
        asked, layout = self.encoded[question], self._pages.layout
        every = np.arange(len(layout))
        parts = []
        for first in range(0, len(every), 1000):
            fresh = replace(self._pages, tokens=KeptTokens(0))
            parts.append(max_sims(asked, fresh.tokens_of(every[first : first + 1000])))
        return self._best(every, np.concatenate(parts))

    def leg(self, question: str) -> Sequence[Place]:
        """Ask as `page:` asks its own space."""
        scope = documents_in(self._library, None)
        found = self._search.found(self._encoder, question, LIMIT, scope)
        return [place_of(one.segment) for one, _ in found]

    def words(self, question: str) -> Sequence[Place]:
        """Ask for any of the words."""
        asked = [self._library.find_words(field, Words(question), LIMIT) for field in WRITTEN]
        found = sorted((one for some in asked for one in some), key=lambda one: -one.score)
        return list(dict.fromkeys(place_of(one.segment) for one in found))[:LIMIT]

    def fused(self, question: str) -> Sequence[Place]:
        """Ask `page:`, with all its legs."""
        options = SearchOptions(limit=LIMIT, floor=0.0, group="segment", per_file=0)
        hits = self._engine.search(f'page:"{question}"', options).hits
        places = (place_of(Segment(hit.file.digest, PAGE, 0, hit.locator)) for hit in hits)
        return list(dict.fromkeys(places))

    def _staged(self, pages: PageRows, choose: Callable[..., Numbers]) -> Answer:
        def answer(question: str) -> Sequence[Place]:
            asked: Vector = self.encoded[question]
            chosen = choose(pages, asked, self._among, LIMIT)
            return self._best(chosen, exact(pages, asked, chosen))

        return answer

    def _best(self, chosen: Numbers, scores: Scores) -> Sequence[Place]:
        order = np.argsort(-scores, kind="stable")[:LIMIT]
        return [self._pages.layout.place(int(page)) for page in chosen[order]]


def _runs_first(pages: PageRows, question: Vector, among: Among, wanted: int) -> Numbers:
    return by_runs(pages, question, among, wanted, NOBODY)[0]


def ndcg(found: Sequence[Place], grades: dict[Place, int], k: int, *, exponential: bool) -> float:
    """Return the discounted gain of the first k as a share of the best possible one; a grade g gains g, or
    2^g - 1 (Järvelin and Kekäläinen 2002; Burges et al. 2005)."""

    def gained(some: Sequence[int]) -> float:
        gains = [2**grade - 1 if exponential else grade for grade in some[:k]]
        return float(sum(gain / np.log2(2 + rank) for rank, gain in enumerate(gains)))

    return gained([grades.get(place, 0) for place in found]) / gained(sorted(grades.values(), reverse=True))


def rows(ways: Ways, asked: Sequence[Asked], encoding_s: float, pages: int) -> Iterator[tuple[object, ...]]:
    """Yield a line of the table for each way."""
    base = 0.0
    answers: list[Sequence[Place]] = []
    for way in ways.all():
        timed = asked[:FEW] if way.is_slow else asked
        answers = answers if way.is_slow else [way.answer(one.text) for one in asked]
        began = time.perf_counter()
        for one in timed:
            way.answer(one.text)
        each_s = (time.perf_counter() - began) / len(timed)
        base = base or each_s
        pairs = list(zip(answers, asked, strict=True))
        quality = [
            float(np.mean([ndcg(found, one.grades, k, exponential=exponential) for found, one in pairs]))
            for k in (5, 10)
            for exponential in (False, True)
        ]
        best = [(found, max(one.grades, key=lambda place: one.grades[place])) for found, one in pairs]
        recall = [float(np.mean([right in found[:k] for found, right in best])) for k in (1, 5, 10, 100)]
        whole_s = each_s + (encoding_s if way.is_encoded else 0.0)
        kept = "" if way.memory is None else f"{way.memory / pages / 1000:.1f}"
        speeds = (f"{1 / each_s:.0f}", f"{1 / whole_s:.0f}", f"{base / each_s:.1f}")
        yield (way.name, *(f"{value:.3f}" for value in (*quality, *recall)), *speeds, kept)


HEAD = (
    *("way", "NDCG@5", "(exp.)", "NDCG@10", "(exp.)", "R@1", "R@5", "R@10", "R@100"),
    *("questions/s", "with encoding", "x 1 stage", "kB/page held"),
)


def compare(folder: Path, title: str, questions: Sequence[Question]) -> None:
    """Index a folder of PDFs, scans too, and print how the questions are answered."""
    equipment = Equipment(replace(Config(), models_dir=os.environ["CROSSFIND_MODELS"]))
    if equipment.late is None:
        raise SystemExit("There is no model for pages in CROSSFIND_MODELS.")
    encoder = LateQueries(equipment.late)
    with tempfile.TemporaryDirectory() as scratch:
        library = Library.create(Path(scratch) / "library")
        options = IndexOptions(modules=("indexers.documents", "indexers.ocr"))
        began = time.perf_counter()
        readers = [one for one in equipment.readers() if one.name == OCR]
        makers = [PageMaker(equipment.late)]
        list(index([folder], library, [], options, threading.Event(), readers, makers))
        took = time.perf_counter() - began
        with library.writer() as writer:
            writer.optimize()
        report(library, title, questions, encoder, folder, took)
        library.close()


def report(
    library: Library,
    title: str,
    questions: Sequence[Question],
    encoder: LateQueries,
    folder: Path,
    took: float,
) -> None:
    """Print how questions about the files of a folder are answered."""
    spaces = library.folder.glob("seg_page*/**/*")
    size = sum(file.stat().st_size for file in spaces if file.is_file())
    known = library.known_files(str(folder)).items()
    digests = {Path(path).name: file.digest for path, file in known}
    asked = [
        Asked(one.text, {(digests[name], page): grade for (name, page), grade in one.grades.items()})
        for one in questions
        if all(name in digests for name, _ in one.grades)
    ]
    ways = Ways(library, encoder, asked)
    began = time.perf_counter()
    for one in asked:
        encoder.encode_tokens(one.text)
    encoding_s = (time.perf_counter() - began) / len(asked)
    pages = len(ways.encoded) and len(library.rows(PAGE, ["digest"], "parent IS NULL"))
    print(f"\n{title}: {pages} pages, {len(asked)} questions, indexed in {took:.0f} s,", end=" ")
    print(f"{size / pages / 1000:.0f} kB a page on disk,", end=" ")
    print(f"a question is encoded in {encoding_s * 1e3:.1f} ms\n")
    print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}")
    for row in rows(ways, asked, encoding_s, pages):
        print(f"| {' | '.join(map(str, row))} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        planted = documents(Path(scratch), options.pages, options.seed)
        count = min(options.questions, len(planted))
        chosen = np.random.default_rng(options.seed).choice(len(planted), count, replace=False)
        compare(Path(scratch), "planted facts", [planted[at] for at in chosen])
    if media := os.environ.get("CROSSFIND_TEST_MEDIA"):
        lines = (Path(media) / "pdf" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        told = [json.loads(line) for line in lines]
        asked = [
            Question(one["question"].replace('"', ""), "real", {(one["file"], one["page"]): 1})
            for one in told
        ]
        compare(Path(media) / "pdf", "real PDFs", asked)


if __name__ == "__main__":
    main()
