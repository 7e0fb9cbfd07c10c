"""How the tokens of a page's picture lie on it, and which vectors are searched first.

ColPali sees a page as one square grid, ColQwen2 and 2.5 as a grid of the page's own form; ColSmol and
ColModernVBERT (Idefics3) cut it into tiles, row by row, and see it once more as a whole, last.
"""

from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from indexers.boxes import Boxes
from indexers.pooling import Kernel, adaptive_rows, grid_rows, smoothed, tile_means
from search.spaces import Vector, unit_rows


@dataclass(frozen=True, slots=True)
class Grid:
    """Tokens in rows and columns over all of a picture."""

    rows: int
    columns: int

    @property
    def tokens(self) -> int:
        """How many there are."""
        return self.rows * self.columns


@dataclass(frozen=True, slots=True)
class Tiles:
    """Tiles in rows and columns, each of `side` by `side` tokens, and behind them the whole; without rows
    only the whole."""

    rows: int
    columns: int
    side: int

    @property
    def tokens(self) -> int:
        """How many there are."""
        return (self.rows * self.columns + 1) * self.side**2


Layout = Grid | Tiles


def pooled(tokens: Vector, layout: Layout, kernel: Kernel | None = None) -> Vector:
    """Return the few vectors that stand for a page, float32 (n, dim), unit rows: its rows, at most 32, or its
    tiles. `kernel` smooths rows over their neighbours. Raises `ValueError` for another number of tokens."""
    if len(tokens) != layout.tokens:
        raise ValueError(f"{len(tokens)} tokens do not lie as {layout}")
    match layout:
        case Grid(rows, columns):
            means = adaptive_rows(grid_rows(tokens, rows, columns))
            return unit_rows(smoothed(means, kernel=kernel) if kernel else means)
        case Tiles(side=side):
            return unit_rows(tile_means(tokens, side**2))
        case _:
            assert_never(layout)


def row_count(layout: Layout) -> int:
    """Return how many vectors `pooled` gives."""
    return len(pooled(np.ones((layout.tokens, 1), np.float32), layout))


def boxes_of(layout: Layout) -> Boxes:
    """Return the box of each token in shares of the picture, float32 (n, 4)."""
    match layout:
        case Grid(rows, columns):
            return _cells(rows, columns)
        case Tiles(rows, columns, side):
            within = _cells(side, side)
            tiles = _cells(rows, columns) if rows else np.zeros((0, 4), np.float32)
            size = (tiles[:, 2:] - tiles[:, :2])[:, None]
            every = tiles[:, None, [0, 1, 0, 1]] + within[None] * np.concatenate([size, size], axis=2)
            return np.concatenate([every.reshape(-1, 4), within]).astype(np.float32)
        case _:
            assert_never(layout)


def grid_positions(is_patch: NDArray[np.bool_], grid: Grid) -> NDArray[np.int64]:
    """Return when, in which row and in which column each token of a text with one picture stands, int64
    (3, tokens).

    Words stand one behind the other on all three axes, patches in their row and column from where the picture
    begins, and what follows behind the larger of both (M-RoPE; Qwen2-VL, arXiv 2409.12191). Raises
    `ValueError` for another number of patches.
    """
    if is_patch.sum() != grid.tokens:
        raise ValueError(f"{is_patch.sum()} patches do not lie as {grid}")
    begin = int(is_patch.argmax())
    made = np.tile(np.arange(len(is_patch)), (3, 1))
    row, column = np.divmod(np.arange(grid.tokens), grid.columns)
    made[:, is_patch] = begin + np.stack([np.zeros_like(row), row, column])
    made[:, begin + grid.tokens :] += max(grid.rows, grid.columns) - grid.tokens
    return made


def _cells(rows: int, columns: int) -> NDArray[np.float32]:
    top, left = np.divmod(np.arange(rows * columns), columns)
    corners = np.stack([left / columns, top / rows, (left + 1) / columns, (top + 1) / rows], axis=1)
    return np.asarray(corners, np.float32)
