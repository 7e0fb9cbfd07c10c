"""All pairs of vectors that are close to each other, without comparing every one with every other.

The vectors are parted into cells by the nearest of some middles (an inverted file, as in Jégou et al.,
"Product quantization for nearest neighbor search", 2011); each lies in several cells, and only those in one
cell are compared. What is as close as two copies of a picture almost always shares a cell.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.spaces import Vector

Numbers = NDArray[np.int64]

SMALL = 4_000
"""So many vectors are compared each with each."""

PER_CELL = 250
"""How many vectors a cell holds in the mean, before each is put into several."""

CELLS_EACH = 4
ROUNDS = 3
TRAINED_ON = 20_000
BLOCK = 2_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows `first` < `second` (n,) and their cosine float32 (n,); each pair once, in order."""

    first: Numbers
    second: Numbers
    cosine: Vector

    def __len__(self) -> int:
        return len(self.first)


def close_pairs(vectors: NDArray[np.floating], least: float, seed: int = 0) -> Pairs:
    """Return the pairs of rows, (n, dim) unit length or zeros, whose cosine is at least `least` (> 0).

    Up to `SMALL` rows none is missed. Above, what is missed grows as `least` falls: see
    benchmarks/duplicates.py.
    """
    found = [_within(vectors, rows, least) for rows in _cells(vectors, seed)]
    first, second, cosine = (np.concatenate(column) for column in zip(*found, strict=True))
    _, once = np.unique(first * len(vectors) + second, return_index=True)
    return Pairs(first[once], second[once], cosine[once])


def _cells(vectors: NDArray[np.floating], seed: int) -> Iterator[Numbers]:
    """Yield the rows of each cell, ascending; the first one is empty, so that there always is one."""
    yield np.zeros(0, np.int64)
    seen = np.flatnonzero(np.any(vectors != 0, axis=1))
    if len(seen) <= SMALL:
        yield seen
        return
    centres = _centres(vectors, seen, seed)
    nearest = np.concatenate(
        [_nearest(vectors[seen[start : start + BLOCK]], centres) for start in range(0, len(seen), BLOCK)]
    )
    cells = nearest.ravel()
    order = np.argsort(cells, kind="stable")
    rows = np.repeat(seen, CELLS_EACH)[order]
    yield from np.split(rows, np.searchsorted(cells[order], np.arange(1, len(centres))))


def _centres(vectors: NDArray[np.floating], seen: Numbers, seed: int) -> Vector:
    """Return the middles of cells, float32 (cells, dim) unit rows, by a few rounds of spherical k-means."""
    chance = np.random.default_rng(seed)
    sample = vectors[np.sort(chance.choice(seen, min(TRAINED_ON, len(seen)), replace=False))].astype(
        np.float32
    )
    count = max(CELLS_EACH, len(seen) // PER_CELL)
    centres = sample[chance.choice(len(sample), min(count, len(sample)), replace=False)]
    for _ in range(ROUNDS):
        cell = np.argmax(sample @ centres.T, axis=1)
        order = np.argsort(cell, kind="stable")
        filled, starts = np.unique(cell[order], return_index=True)
        sums = np.add.reduceat(sample[order], starts)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = centres.copy()
        centres[filled] = sums / np.maximum(lengths, 1e-9)
    return np.asarray(centres, np.float32)


def _nearest(vectors: NDArray[np.floating], centres: Vector) -> Numbers:
    cosines = vectors.astype(np.float32) @ centres.T
    return np.argpartition(cosines, -CELLS_EACH, axis=1)[:, -CELLS_EACH:].astype(np.int64)


def _within(vectors: NDArray[np.floating], rows: Numbers, least: float) -> tuple[Numbers, Numbers, Vector]:
    """Compare the rows of one cell with each other."""
    held = vectors[rows].astype(np.float32)
    found: list[tuple[Numbers, Numbers, Vector]] = []
    for start in range(0, len(rows), BLOCK):
        cosines = held[start : start + BLOCK] @ held[start:].T
        one, other = np.nonzero(np.triu(cosines >= least, k=1))
        found.append((rows[start + one], rows[start + other], cosines[one, other]))
    empty = np.zeros(0, np.int64)
    found.append((empty, empty, np.zeros(0, np.float32)))
    first, second, cosine = (np.concatenate(column) for column in zip(*found, strict=True))
    return first, second, cosine
