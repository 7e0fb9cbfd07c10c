"""Pages by late interaction: how often the right page is found, and how many questions a second are answered.

    python -m benchmarks.pages [--pages 3000] [--questions 100] [--seed 0]

Needs a model for pages (`late-mini`) in CROSSFIND_MODELS. PDFs are written with facts planted among others of
the same kind, indexed by the real pipeline, and asked for in other words. Compared are: every token of every
page (1 stage, the baseline), runs of tokens first and then all tokens of the best (2 stages, what `page:`
does), pages' means first, the words alone (BM25), and `page:` as a whole. With CROSSFIND_TEST_MEDIA the
labelled questions about its PDFs are asked as well.
"""

import argparse
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pymupdf

from app.bootstrap import Equipment
from app.config import Config
from benchmarks.common import table
from indexers.late_text import LateQueries
from indexers.paged import PageMaker
from indexers.pipeline import IndexOptions, index
from search.engine import Engine, SearchOptions
from search.late import CANDIDATES, PageSearch, max_sim
from search.plan import PAGE
from search.records import Locator, Page, Region
from search.spaces import Vector, unit_rows
from search.store import Library, Words
from search.store.page_layout import Place
from search.store.tokens import drawn_pages, tokens_at

PAGES_A_FILE = 100
LIMIT = 100
VALUES = {
    "who": (
        "baker",
        "sailor",
        "teacher",
        "farmer",
        "singer",
        "doctor",
        "painter",
        "soldier",
        "child",
        "king",
    ),
    "look": ("old", "tired", "happy", "angry", "young", "quiet", "tall", "lonely"),
    "thing": ("boat", "clock", "horse", "piano", "letter", "hat", "bicycle", "lamp", "drum", "kite", "cake"),
    "colour": ("red", "blue", "green", "yellow", "black", "white", "golden", "brown"),
    "place": ("river", "church", "station", "forest", "market", "beach", "castle", "bridge", "garden"),
}
FACTS = (
    (
        "The {look} {who} sold a {colour} {thing} near the {place}.",
        "near which {place} did a {look} {who} sell the {thing} that was {colour}",
    ),
    (
        "At the {place} a {colour} {thing} was lost by the {look} {who}.",
        "who lost a {thing}, {colour}, at the {place}: the {look} {who}",
    ),
    (
        "Behind the {place} the {look} {who} repaired the {colour} {thing}.",
        "{look} {who} mending the {colour} {thing} behind a {place}",
    ),
)
FILLER = (
    "The minutes of the meeting were read and nobody objected.",
    "Rain fell on most days of the month, and the river rose.",
    "A committee was asked to look into the matter again.",
    "Visitors are kindly asked to leave their umbrellas at the door.",
    "The report of the treasurer was heard with attention.",
)

Answer = Callable[[str], list[Place]]


def documents(folder: Path, pages: int, seed: int) -> list[tuple[str, str, int]]:
    """Write PDFs; return what can be asked: the question, its file's name and the page, from 1."""
    random = np.random.default_rng(seed)
    asked: list[tuple[str, str, int]] = []
    for first in range(0, pages, PAGES_A_FILE):
        name = f"report {first // PAGES_A_FILE:03}.pdf"
        with pymupdf.open() as document:
            for number in range(1, min(PAGES_A_FILE, pages - first) + 1):
                lines: list[str] = []
                for _ in range(6):
                    said, question = FACTS[random.integers(len(FACTS))]
                    values = {name: random.choice(some) for name, some in VALUES.items()}
                    lines += [said.format(**values), FILLER[random.integers(len(FILLER))]]
                    asked.append((question.format(**values), name, number))
                page = document.new_page()
                page.insert_textbox(pymupdf.Rect(50, 50, 550, 800), "\n\n".join(lines), fontsize=10)
            document.save(folder / name)
    seen: dict[str, int] = {}
    for question, _, _ in asked:
        seen[question] = seen.get(question, 0) + 1
    return [one for one in asked if seen[one[0]] == 1]


def place_of(digest: str, locator: Locator) -> Place:
    """Return the page that a hit lies on."""
    of = locator.of if isinstance(locator, Region) else locator
    return digest, of.number if isinstance(of, Page) else None


class Ways:
    """The ways to answer a question that are compared."""

    def __init__(self, library: Library, engine: Engine, encoder: LateQueries) -> None:
        self._library, self._engine, self._encoder = library, engine, encoder
        self._search = PageSearch(library, lambda tasks: [task() for task in tasks])
        self._pages = drawn_pages(library, PAGE, 1_000_000)

    def by_name(self) -> dict[str, Answer]:
        """Every way under its name, the baseline first."""
        return {
            "1 stage: all tokens": self.every_token,
            "2 stages: runs, then tokens": self.runs_first,
            "2 stages: means, then tokens": self.means_first,
            "BM25": self.words,
            "page: (fused)": self.fused,
        }

    def every_token(self, question: str) -> list[Place]:
        """Read the tokens of all pages, a thousand at a time, and compare them."""
        asked = self._encoder.encode_tokens(question)
        scores: dict[Place, float] = {}
        for start in range(0, len(self._pages), 1000):
            scores |= self._scored(asked, self._pages[start : start + 1000])
        return sorted(scores, key=lambda place: -scores[place])[:LIMIT]

    def runs_first(self, question: str) -> list[Place]:
        """Ask as `page:` asks its own space."""
        found = self._search.found(self._encoder, question, LIMIT, None)
        return [place_of(one.segment.digest, one.segment.locator) for one, _ in found]

    def means_first(self, question: str) -> list[Place]:
        """Let the mean of the question choose among the means of pages."""
        asked = self._encoder.encode_tokens(question)
        mean = unit_rows(asked.sum(axis=0, keepdims=True))[0]
        near = [
            one for one in self._library.nearest(PAGE, mean, 20 * CANDIDATES) if one.segment.parent is None
        ]
        places = [place_of(one.segment.digest, one.segment.locator) for one in near[:CANDIDATES]]
        scores = self._scored(asked, places)
        return sorted(scores, key=lambda place: -scores[place])

    def words(self, question: str) -> list[Place]:
        """Ask for any of the words."""
        found = self._library.find_words("text", Words(question), LIMIT)
        return [place_of(one.segment.digest, one.segment.locator) for one in found]

    def fused(self, question: str) -> list[Place]:
        """Ask `page:`, with all its legs."""
        options = SearchOptions(limit=LIMIT, floor=0.0, group="segment")
        hits = self._engine.search(f'page:"{question}"', options).hits
        return list(dict.fromkeys(place_of(hit.file.digest, hit.locator) for hit in hits))

    def _scored(self, asked: Vector, places: Sequence[Place]) -> dict[Place, float]:
        tokens = tokens_at(self._library, PAGE, places)
        return {place: max_sim(asked, page) for place, page in tokens.items()}


def rows(ways: dict[str, Answer], asked: Sequence[tuple[str, Place]]) -> Iterator[tuple[object, ...]]:
    """Yield a line of the table for each way; one page is right, so NDCG is 1 / log2(1 + its rank)."""
    base = 0.0
    for name, answer in ways.items():
        answer(asked[0][0])
        began = time.perf_counter()
        answers = [answer(question) for question, _ in asked]
        per_second = len(asked) / (time.perf_counter() - began)
        base = base or per_second
        ranks = [
            found.index(right) if right in found else None
            for found, (_, right) in zip(answers, asked, strict=True)
        ]
        gains = [1 / np.log2(2 + rank) if rank is not None and rank < 10 else 0.0 for rank in ranks]
        recall = [np.mean([rank is not None and rank < k for rank in ranks]) for k in (1, 5, 10, 100)]
        yield (name, *recall, float(np.mean(gains)), per_second, per_second / base)


def compare(folder: Path, title: str, questions: Sequence[tuple[str, str, int]]) -> None:
    """Index a folder of PDFs and print how the questions are answered."""
    equipment = Equipment(replace(Config(), models_dir=os.environ["CROSSFIND_MODELS"]))
    if equipment.late is None:
        raise SystemExit("There is no model for pages in CROSSFIND_MODELS.")
    encoder = LateQueries(equipment.late)
    with tempfile.TemporaryDirectory() as scratch:
        library = Library.create(Path(scratch) / "library")
        options = IndexOptions(modules=("indexers.documents",))
        began = time.perf_counter()
        list(index([folder], library, [], options, threading.Event(), makers=[PageMaker(equipment.late)]))
        pages = len(drawn_pages(library, PAGE, 1_000_000))
        size = sum(file.stat().st_size for file in Path(scratch).rglob("seg_page*/**/*") if file.is_file())
        took = time.perf_counter() - began
        print(f"\n{title}: {pages} pages, {took:.0f} s, {size / pages / 1000:.0f} kB a page before tidying\n")
        digests = {Path(path).name: known.digest for path, known in library.known_files(str(folder)).items()}
        asked = [(text, (digests[name], page)) for text, name, page in questions if name in digests]
        ways = Ways(library, Engine(library, [encoder]), encoder).by_name()
        head = ("way", "R@1", "R@5", "R@10", "R@100", "NDCG@10", "questions/s", "ratio")
        table(head, rows(ways, asked))
        library.close()


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
        asked = [(one["question"].replace('"', ""), one["file"], one["page"]) for one in told]
        compare(Path(media) / "pdf", "real PDFs, without reading scans", asked)


if __name__ == "__main__":
    main()
