"""Fusion: by calibrated scores, by ranks, and each leg alone, for kinds of search with several legs.

    python -m benchmarks.fusion [FOLDER] [--half tune|report]

Labelled media in halves (`benchmarks.halves`), all of a half in one library. For each kind of search: mean
reciprocal rank (first ten) of the right file, or page, by every leg alone, by reciprocal rank fusion of all
legs (k = 60), and by the calibrated scores that Crossfind uses. The last column is what calibrated fusion
has more than the best leg alone. No floor: what is measured is order.
"""

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.bootstrap import Searcher
from benchmarks.common import table
from benchmarks.floor import plain, quoted, slices
from benchmarks.halves import Half, labels_of, prepared
from search.engine import WIDE, Engine
from search.filters import to_filter
from search.fusion import Answer, Clue, score_at
from search.parser import parse
from search.query import Kinds, Leaf
from search.records import Locator, MediaKind, Page, Region
from search.watch import Watch

K = 60
FIRST = 10

Place = tuple[str, int | None]
"""A file by its digest, or a page of it."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the files that are right; of one of them this page alone, where a page is told.

    With a `kind` it is asked of files of that kind: a word that is the label of a sound may well be shown.
    """

    query: str
    files: frozenset[str]
    page: int | None = None
    kind: MediaKind | None = None


def questions(half: Half) -> Iterator[tuple[str, list[Question]]]:
    """Return what is asked of one half, by kind."""
    labels = labels_of(half)
    pages = [(row["question"], frozenset({row["file"]}), row["page"]) for row in labels.questions]
    captions = [(row["captions"][0], frozenset({row["file"]})) for row in (*labels.photos, *labels.things)]
    shown = [Question(plain(text), files, kind="image") for text, files in captions]
    yield "captions, bare words, of pictures", shown
    yield (
        "questions to pages, bare words",
        [Question(plain(text), files, page) for text, files, page in pages],
    )
    yield "questions to pages, text:", [Question(quoted("text", t), files, page) for t, files, page in pages]
    for asked in slices(half):
        if asked.name in ("object:", "said:"):
            yield asked.name, [Question(query, files) for query, files in asked.present]
        if asked.name == "sound:":
            bare = [(query.partition(":")[2].strip('"'), files) for query, files in asked.present]
            heard = [Question(query, files, kind="audio") for query, files in bare]
            yield "sounds, bare words, of recordings", heard
    spoken = [(plain(row["text"]), frozenset({row["file"]})) for row in labels.spoken]
    yield "what is said, bare words", [Question(text, files) for text, files in spoken]
    exact = [(f'"{row["evidence"]}"', frozenset({row["file"]}), row["page"]) for row in labels.questions]
    yield (
        "exact phrases, bare",
        [Question(text.replace('""', '"'), files, page) for text, files, page in exact],
    )


def ways(answer: Answer, *, by_page: bool) -> dict[str, dict[Place, float]]:
    """Return scores by place: of each leg alone, of ranks joined, of calibrated scores joined."""
    ranks: dict[str, dict[Place, int]] = defaultdict(dict)
    alone: dict[str, dict[Place, float]] = defaultdict(dict)
    for place, clue in _placed(answer, by_page=by_page):
        leg, one = clue.evidence.space, clue.evidence
        ranks[leg][place] = min(one.rank, ranks[leg].get(place, one.rank))
        alone[leg][place] = max(one.calibrated - one.rank * 1e-9, alone[leg].get(place, -1.0))
    joined: dict[Place, float] = defaultdict(float)
    for places in ranks.values():
        for at, (place, _) in enumerate(sorted(places.items(), key=lambda one: one[1]), start=1):
            joined[place] += 1 / (K + at)
    return {**alone, "rank fusion": dict(joined), "calibrated": _calibrated(answer, by_page=by_page)}


def _placed(answer: Answer, *, by_page: bool) -> Iterator[tuple[Place, Clue]]:
    for digest, clues in answer.items():
        for clue in clues:
            yield (digest, _page(clue.evidence.locator) if by_page else None), clue


def _page(locator: Locator) -> int | None:
    place = locator.of if isinstance(locator, Region) else locator
    return place.number if isinstance(place, Page) else None


def _calibrated(answer: Answer, *, by_page: bool) -> dict[Place, float]:
    scores: dict[Place, float] = {}
    for digest, clues in answer.items():
        for locator in {clue.evidence.locator for clue in clues}:
            place = (digest, _page(locator) if by_page else None)
            scores[place] = max(score_at(clues, locator), scores.get(place, 0.0))
    return scores


def reciprocal(scores: Mapping[Place, float], right: Iterable[Place]) -> float:
    """Return one by the rank of the first right place, 0 beyond the first ten; of equals the worst counts."""
    best = max((scores[place] for place in right if place in scores), default=None)
    if best is None:
        return 0.0
    rank = sum(score >= best for score in scores.values())
    return 1 / rank if rank <= FIRST else 0.0


def measured(engine: Engine, asked: Sequence[Question]) -> dict[str, float]:
    """Return the mean reciprocal rank of every way."""
    total: dict[str, float] = defaultdict(float)
    for one in asked:
        leaf = parse(one.query).root
        assert isinstance(leaf, Leaf), one.query
        scope = engine._library.matching(to_filter(Kinds((one.kind,)))) if one.kind else None
        answer = engine.asker.ask(leaf, WIDE, scope, Path.cwd(), {}, {}, Watch(0.0))
        names = {d: {f.name for f in files} for d, files in engine._library.files_of(list(answer)).items()}
        right = [(digest, one.page) for digest, known in names.items() if known & one.files]
        for way, scores in ways(answer, by_page=one.page is not None).items():
            total[way] += reciprocal(scores, right)
    return {way: value / len(asked) for way, value in total.items()}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        searcher = Searcher(prepared(options.half, options.folder or Path(temporary)))
        for name, asked in questions(options.half):
            by_way = measured(searcher.engine, asked)
            ours, ranked = by_way.pop("calibrated"), by_way.pop("rank fusion")
            legs = sorted(by_way.items(), key=lambda one: -one[1])
            best = legs[0][1]
            told = ", ".join(f"{leg} {value:.2f}" for leg, value in legs if value >= 0.005)
            rows.append((name, len(asked), told, f"{ranked:.3f}", f"{ours:.3f}", f"{ours - best:+.3f}"))
        searcher.close()
    table(("", "queries", "each leg alone", "rank fusion", "calibrated", "over the best leg"), rows)


if __name__ == "__main__":
    main()
