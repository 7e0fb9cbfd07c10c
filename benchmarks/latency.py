"""How long a warm query takes by the number of its legs, with and without filters.

    python -m benchmarks.latency [FOLDER] [--half tune|report]

The libraries are those of `benchmarks.halves`. The baseline is a query of one leg without a filter in the
same run. Each time other words are asked, so that no vector of a query is known already; the same query asked
again has a row of its own, and another in which its legs are asked one after the other.
"""

import argparse
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

from app.bootstrap import Searcher
from benchmarks.common import table
from benchmarks.halves import prepared
from search.engine import Engine

_TEXT = """
dog house beach mountain kitchen train street child water garden tree table horse boat bridge window flower
market garage winter summer harbour forest kitchen ball guitar bicycle shirt helmet coat bottle glass paper
"""
WORDS = _TEXT.split()

ROWS = (
    ("one leg", "scene:{}"),
    ("one leg, a filter that keeps most", "scene:{} type:image,pdf,audio"),
    ("one leg, a filter that keeps little", "scene:{} ext:pdf"),
    ("text:", "text:{}"),
    ("text:, a filter that keeps little", "text:{} in:boxed"),
    ("bare words", "{}"),
    ("bare words, a filter that keeps little", "{} in:boxed"),
    ("two parts, AND", "scene:{} text:{}"),
    ("two parts, OR", "{} OR {}"),
    ("four parts, OR", "{} OR {} OR {} OR {}"),
    ("NOT", "{} -{}"),
    ("SAME page", "SAME page (text:{} scene:{})"),
    ("a question of two parts", "the {} on the page that names the {}"),
)


def one_after_the_other(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """What the engine does side by side, in turn."""
    return [task() for task in tasks]


def measured(engine: Engine, query: str, repeats: int, *, again: bool = False) -> tuple[float, int]:
    """Return the median milliseconds of a query and how many legs it has."""
    words = itertools.cycle(WORDS)
    took, legs = [], 0
    for n in range(repeats + 2):
        asked = query.format(*(next(words) for _ in range(query.count("{}"))))
        if again:
            engine.search(asked)
        began = time.perf_counter()
        legs = len(engine.explain(asked).legs)
        if n >= 2:
            took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), legs


def rows(engine: Engine, repeats: int) -> Iterator[tuple[object, ...]]:
    """Yield the rows of the table."""
    once, _ = measured(engine, ROWS[0][1], repeats)
    for name, query in ROWS:
        took, legs = measured(engine, query, repeats)
        yield name, legs, took, took / once
    again, legs = measured(engine, "{}", repeats, again=True)
    yield "bare words, asked again", legs, again, again / once
    with patch("search.asking._at_once", one_after_the_other):
        in_turn, legs = measured(engine, "{}", repeats, again=True)
    yield "bare words, asked again, leg after leg", legs, in_turn, in_turn / once


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--repeats", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        searcher = Searcher(prepared(options.half, options.folder or Path(temporary)))
        engine = searcher.engine
        engine.warm()
        table(("query", "legs", "ms", "times one leg"), rows(engine, options.repeats))
        searcher.close()


if __name__ == "__main__":
    main()
