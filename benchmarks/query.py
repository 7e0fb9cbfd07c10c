"""Warm search over synthetic 512-d vectors: our whole `search`, the LanceDB call it makes, exact numpy.

    python -m benchmarks.query [ROWS ...]        (default 10000 200000)

Vectors are clustered as embeddings are. The query encoder hands out vectors made beforehand, so no model
is measured. "bare" is the same LanceDB query (index parameters, limit, columns) with nothing around it.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import lancedb
import numpy as np

from benchmarks.common import clustered, median_ms, table
from search.engine import Engine, SearchOptions
from search.records import Content, File, SearchResult, Segment
from search.spaces import Fingerprint, PayloadKind, PictureReference, Thresholds, Vector
from search.store import Batch, Library, Mark, SegmentRows
from search.store.manifest import segment_table
from search.store.nearest import _search

DIM = 512
QUERIES = 40
CHUNK = 5_000
SPACE = "scene"
FINGERPRINT = Fingerprint("synthetic", "1", "", DIM)
OPTIONS = SearchOptions(limit=10, floor=0.0)
DEPTH = 100
"""How many rows the engine asks for when ten hits are wanted."""


@dataclass(frozen=True)
class Prepared:
    """A query encoder with the answers ready: the text is a row number."""

    vectors: Vector
    space: str = SPACE
    fingerprint: Fingerprint = FINGERPRINT
    accepts: frozenset[PayloadKind] = frozenset({"text"})
    thresholds: Thresholds | None = None

    def encode_text(self, text: str) -> Vector:
        """Return the vector of a number; anything else gets the first."""
        vector: Vector = self.vectors[int(text) if text.isdecimal() else 0]
        return vector

    def encode_picture(self, picture: PictureReference) -> Vector:
        """Not asked here."""
        raise NotImplementedError(picture)


def fill(library: Library, vectors: Vector) -> float:
    """Write one file per vector and build the indexes; returns the seconds `optimize` took."""
    with library.writer() as writer:
        writer.open_space(SPACE, FINGERPRINT)
        for start in range(0, len(vectors), CHUNK):
            writer.write(batch_of(vectors, start))
        began = time.perf_counter()
        writer.optimize()
        return time.perf_counter() - began


def batch_of(vectors: Vector, start: int) -> Batch:
    """Files start..start+CHUNK: one in a hundred below `rare`, half of the others below `half`."""
    numbers = range(start, min(start + CHUNK, len(vectors)))
    names = [f"{n:032x}" for n in numbers]
    folder = ["rare" if n % 100 == 0 else "half" if n % 2 else "rest" for n in numbers]
    files = [
        File(f"/pictures/{f}/{n}.jpg", d, 1, 1, "/pictures")
        for n, d, f in zip(numbers, names, folder, strict=True)
    ]
    segments = [Segment(digest, SPACE, 0) for digest in names]
    return Batch(
        contents=[Content(digest, "image/jpeg", 1) for digest in names],
        files=files,
        segments={SPACE: SegmentRows(FINGERPRINT, segments, vectors[numbers.start : numbers.stop])},
        marks=[Mark(digest, SPACE, FINGERPRINT.key, segments=1) for digest in names],
    )


@contextmanager
def library_of(vectors: Vector) -> Iterator[tuple[Library, float]]:
    """A library with these vectors, and how long its indexes took to build."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library.create(Path(folder) / "library")
        seconds = fill(library, vectors)
        yield library, seconds
        library.close()


def measure(rows: int) -> Iterator[tuple[object, ...]]:
    """Yield the table's lines for one size."""
    vectors = clustered(rows + QUERIES, DIM)
    stored, asked = vectors[:rows], vectors[rows:]
    with library_of(stored) as (library, seconds):
        engine = Engine(library, [Prepared(asked)])
        raw = lancedb.connect(library.folder).open_table(segment_table(SPACE, FINGERPRINT))
        turns = {name: iter(range(10**9)) for name in ("ours", "bare", "numpy", "rare", "half")}

        def number(name: str) -> int:
            return next(turns[name]) % QUERIES

        exact = np.argsort(-(asked @ stored.T), axis=1)[:, :10]
        got = [engine.search(f"scene:{n}", OPTIONS).hits for n in range(QUERIES)]
        names = [{hit.content.digest for hit in hits} for hits in got]
        recall = np.mean([len(names[n] & {f"{row:032x}" for row in exact[n]}) / 10 for n in range(QUERIES)])
        bare = median_ms(lambda: _search(raw, asked[number("bare")], DEPTH).limit(DEPTH).to_arrow(), QUERIES)
        ours = median_ms(lambda: engine.search(f"scene:{number('ours')}", OPTIONS), QUERIES)
        plain = median_ms(lambda: np.argpartition(-(stored @ asked[number("numpy")]), 10)[:10], QUERIES)
        yield (
            rows,
            "none",
            ours,
            bare,
            f"{ours / bare:.2f}",
            f"+{ours - bare:.1f}",
            plain,
            f"{recall:.3f}",
            f"{seconds:.0f}",
        )
        for folder, kept in (("rare", "1 %"), ("half", "50 %")):

            def search(folder: str = folder) -> SearchResult:
                return engine.search(f"scene:{number(folder)} in:{folder}", OPTIONS)

            filtered = median_ms(search, QUERIES)
            share = filter_recall(engine, asked, stored, folder)
            yield (
                rows,
                kept,
                filtered,
                bare,
                f"{filtered / bare:.2f}",
                f"+{filtered - bare:.1f}",
                "",
                f"{share:.3f}",
                "",
            )


def filter_recall(engine: Engine, asked: Vector, stored: Vector, folder: str) -> float:
    """Recall@10 under a filter against exact numpy over the rows that pass it."""
    numbers = np.arange(len(stored))
    passing = numbers[numbers % 100 == 0] if folder == "rare" else numbers[(numbers % 2 == 1)]
    shares = []
    for n in range(0, QUERIES, 4):
        best = passing[np.argsort(-(stored[passing] @ asked[n]))[:10]]
        hits = engine.search(f"scene:{n} in:{folder}", OPTIONS).hits
        shares.append(len({hit.content.digest for hit in hits} & {f"{row:032x}" for row in best}) / 10)
    return float(np.mean(shares))


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    sizes = [int(argument) for argument in arguments] or [10_000, 200_000]
    head = (
        "vectors",
        "filter keeps",
        "search ms",
        "bare LanceDB ms",
        "ratio",
        "ms more",
        "numpy ms",
        "recall@10",
        "index s",
    )
    table(head, [line for size in sizes for line in measure(size)])
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main(sys.argv[1:])
