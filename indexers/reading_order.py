"""The order in which a person reads the text blocks of a page: columns from left to right.

A page is cut at its gutter, the upright strip that the fewest blocks cross. Blocks that do cross it
(titles, wide figures' captions, page numbers) are read where they stand; between two of them the left
column is read before the right one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FEWEST_PER_COLUMN = 2
_MOST_CROSSING = 0.34
_SLACK = 2.0


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph and its box in points, origin top left of the upright page."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def in_reading_order(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks in reading order; blocks side by side without columns go line by line."""
    gutter = _gutter(blocks)
    if gutter is None:
        return _line_by_line(blocks)
    ordered: list[Block] = []
    band: list[Block] = []
    for block in sorted(blocks, key=lambda block: block.top):
        if _crosses(block, gutter):
            ordered += [*_columns(band, gutter), block]
            band = []
        else:
            band.append(block)
    return ordered + _columns(band, gutter)


def _columns(band: Sequence[Block], gutter: float) -> list[Block]:
    """Order the blocks between two crossing ones; a column may have columns of its own."""
    left = [block for block in band if block.right <= gutter + _SLACK]
    right = [block for block in band if block.right > gutter + _SLACK]
    return (in_reading_order(left) + in_reading_order(right)) if left and right else _line_by_line(band)


def _line_by_line(blocks: Sequence[Block]) -> list[Block]:
    return sorted(blocks, key=lambda block: (round(block.top), block.left))


def _gutter(blocks: Sequence[Block]) -> float | None:
    """Find the x that the least text crosses and that has columns on both sides; None without one."""
    best: tuple[float, float] | None = None
    whole = _area(blocks)
    for x in sorted({block.left for block in blocks}):
        left = [block for block in blocks if block.right <= x + _SLACK]
        right = [block for block in blocks if block.left >= x - _SLACK]
        if min(len(left), len(right)) < _FEWEST_PER_COLUMN or not _overlap(left, right):
            continue
        crossing = whole - _area(left) - _area(right)
        if crossing <= _MOST_CROSSING * whole and (best is None or crossing < best[0]):
            best = crossing, x
    return best[1] if best else None


def _area(blocks: Iterable[Block]) -> float:
    return sum((block.right - block.left) * (block.bottom - block.top) for block in blocks)


def _overlap(left: Sequence[Block], right: Sequence[Block]) -> bool:
    """Whether two groups stand beside each other over a good part of their height."""
    top = max(min(block.top for block in left), min(block.top for block in right))
    bottom = min(max(block.bottom for block in left), max(block.bottom for block in right))
    lowest = min(
        max(block.bottom for block in side) - min(block.top for block in side) for side in (left, right)
    )
    return bottom - top > 0.5 * lowest


def _crosses(block: Block, gutter: float) -> bool:
    return block.left < gutter - _SLACK and block.right > gutter + _SLACK
