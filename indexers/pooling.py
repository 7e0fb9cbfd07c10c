"""Fewer vectors for a page than it has tokens: means of what stands side by side.

Words are joined in runs. The patches of a picture are joined as the families of models need it (Visual RAG
Toolkit, arXiv 2602.12510, sections on pooling): by rows where a page is one grid, by tiles where it is cut
into tiles. Means are taken in float32 of the vectors as they are, and are not brought to unit length here:
what is stored is, see `search.spaces.unit_rows`.
"""

import math
from itertools import pairwise
from typing import Literal, assert_never

import numpy as np

from search.spaces import Vector, unit_rows

ROWS = 32
"""The most rows of a picture of a page."""

Kernel = Literal["gaussian", "triangular", "box"]
"""How much neighbours count when rows are smoothed, by their distance."""


def runs(count: int, width: int) -> list[tuple[int, int]]:
    """Cut `count` things in a row into even runs of at most `width`; returns where each begins and ends."""
    ends = np.linspace(0, count, max(1, math.ceil(count / width)) + 1).round().astype(int) if count else [0]
    return [(int(begin), int(end)) for begin, end in pairwise(ends)]


def pooled(vectors: Vector, width: int) -> Vector:
    """Return the mean of each run of about `width` rows, float32 (runs, dim), unit rows."""
    means = [vectors[begin:end].mean(axis=0) for begin, end in runs(len(vectors), width)]
    return unit_rows(np.array(means, np.float32).reshape(-1, vectors.shape[1]))


def grid_rows(tokens: Vector, height: int, width: int) -> Vector:
    """Return the mean of each row of a grid: float32 (height * width, dim), row by row, to (height, dim).

    Raises `ValueError` for another number of tokens.
    """
    if len(tokens) != height * width:
        raise ValueError(f"{len(tokens)} tokens are no grid of {height} x {width}")
    rows: Vector = np.asarray(tokens, np.float32).reshape(height, width, -1).mean(axis=1)
    return rows


def adaptive_rows(rows: Vector, most: int = ROWS) -> Vector:
    """Return at most so many means of neighbours, float32 (min(n, most), dim); fewer rows stay as they are.

    Row i of T is the mean of those from floor(i n / T) to ceil((i + 1) n / T): such bins may share a row.
    """
    if len(rows) <= most:
        return rows
    count = len(rows)
    bins = [(i * count // most, -(-(i + 1) * count // most)) for i in range(most)]
    return np.stack([rows[begin:end].mean(axis=0, dtype=np.float32) for begin, end in bins])


def tile_means(tokens: Vector, size: int = 64) -> Vector:
    """Return the mean of each tile of `size` tokens, float32 (tiles, dim); the last may have fewer."""
    begins = range(0, len(tokens), size)
    means = [tokens[begin : begin + size].mean(axis=0, dtype=np.float32) for begin in begins]
    return np.array(means, np.float32).reshape(-1, tokens.shape[1])


def last_tile_whole(tokens: Vector, size: int = 64) -> Vector:
    """Return the means of all tiles but the last, which is the page as a whole, and the tokens of that."""
    last = (len(tokens) - 1) // size * size
    whole = np.asarray(tokens[last:], np.float32)
    return np.concatenate([tile_means(tokens[:last], size), whole])


def neighbouring_tiles(means: Vector, rows: int, columns: int) -> Vector:
    """Return each tile's mean with those of the tiles above, below, left and right, (tiles, dim) to the same.

    What follows behind the rows * columns tiles, the page as a whole, stays. Raises `ValueError` for fewer.
    """
    if len(means) < rows * columns:
        raise ValueError(f"{len(means)} tiles are no grid of {rows} x {columns}")
    grid = np.asarray(means[: rows * columns], np.float32).reshape(rows, columns, -1)
    total, count = grid.copy(), np.ones((rows, columns, 1), np.float32)
    for axis in (0, 1):
        for ahead, behind in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
            to, of = ((ahead, slice(None)), (behind, slice(None)))
            to, of = (to, of) if axis == 0 else (to[::-1], of[::-1])
            total[to] += grid[of]
            count[to] += 1
    mixed = (total / count).reshape(rows * columns, -1)
    return np.concatenate([mixed, np.asarray(means[rows * columns :], np.float32)])


def widened(rows: Vector, width: int = 3) -> Vector:
    """Return the means of every window of `width` (odd) rows that covers any row: (n, dim) to (n + width - 1,
    dim), and two rows to three. What reaches over the ends counts only what is there.

    Raises `ValueError` for an even width.
    """
    _require_odd(width)
    if len(rows) < 2 or width == 1:
        return rows
    around = width // 2
    centres = range(-around, len(rows) + around)
    windows = [rows[max(0, at - around) : at + around + 1] for at in centres]
    if len(rows) == 2:
        windows = [rows[:1], rows, rows[1:]]
    return np.stack([window.mean(axis=0, dtype=np.float32) for window in windows])


def smoothed(rows: Vector, width: int = 3, kernel: Kernel = "gaussian") -> Vector:
    """Return each row with its neighbours in a window of `width` (odd), (n, dim) to the same.

    Of the weights, those of rows that are there are brought to a sum of 1. Raises `ValueError` for an even
    width, whose window would lean to one side.
    """
    _require_odd(width)
    weights = kernel_weights(width, kernel)
    total: Vector = np.zeros(rows.shape, np.float32)
    count: Vector = np.zeros((len(rows), 1), np.float32)
    for weight, shift in zip(weights, range(-(width // 2), width // 2 + 1), strict=True):
        there, of = _shifted(len(rows), shift)
        total[there] += weight * rows[of]
        count[there] += weight
    return total / count


def kernel_weights(width: int, kernel: Kernel) -> Vector:
    """Return the weights of a window, float32 (width,): of a gaussian whose deviation is half of how far
    it reaches, 0.5 or more, of a triangle that ends beside it, or all 1."""
    centre = (width - 1) / 2
    distance = np.abs(np.arange(width) - centre)
    match kernel:
        case "gaussian":
            weights = np.exp(-0.5 * (distance / max(0.5, centre / 2)) ** 2)
        case "triangular":
            weights = centre + 1 - distance
        case "box":
            weights = np.ones(width)
        case _:
            assert_never(kernel)
    return np.asarray(weights, np.float32)


def _shifted(count: int, shift: int) -> tuple[slice, slice]:
    """Return which rows have one at this distance, and those."""
    begin, end = max(0, -shift), max(0, min(count, count - shift))
    begin = min(begin, end)
    return slice(begin, end), slice(begin + shift, end + shift)


def _require_odd(width: int) -> None:
    if width < 1 or width % 2 == 0:
        raise ValueError(f"a window of {width} rows has no middle")
