"""From lines of text found in a picture to blocks: lines that belong together, in the order they are read.

Boxes are shares of the picture, but here heights and widths must be comparable: `ratio` is its width over
its height. Everything is measured with the picture turned so that the lines stand upright.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexers.reading_order import Block as Placed
from indexers.reading_order import in_reading_order
from indexers.text_lines import Line
from search.records import Box

_LIKE = 1.7
"""Lines of a block are at most so many times as high as each other."""

_GAP_BELOW, _GAP_BESIDE = 0.8, 1.5
"""How far apart, in heights of a line, lines of a block may be."""

_SAME_ROW = 0.5
_POINTS = 1000.0
"""Reading order counts in points: this many for the height of the picture."""

_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff00-\uffef\u3000-\u303f]")
_HYPHEN = re.compile(r"(?<=[^\W\d])[-\u00ad\u2010]$")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that are read one after the other, and the words of all of them."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The words, without the ends of lines: hyphens there are mended."""
        whole = ""
        for line in self.lines:
            whole = _joined(whole, line.text)
        return whole

    @property
    def box(self) -> Box:
        """The box around all lines, in shares of the picture."""
        return around([line.box for line in self.lines])


def blocks(lines: Sequence[Line], ratio: float) -> list[Block]:
    """Group lines to blocks, and order those and the lines in them; lines that run alike first."""
    found: list[Block] = []
    for quarters in sorted({line.quarters for line in lines}):
        alike = [line for line in lines if line.quarters == quarters]
        upright = ratio if quarters % 2 == 0 else 1 / max(ratio, 1e-6)
        found += _ordered([_Upright(line, _turned(line.box, quarters), upright) for line in alike])
    return found


def around(boxes: Sequence[Box]) -> Box:
    """Return the smallest box that holds these."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


class _Upright:
    """A line with its box in the picture that was turned for it; the unit is the height of that picture."""

    def __init__(self, line: Line, box: Box, ratio: float) -> None:
        self.line = line
        self.left, self.right = box[0] * ratio, box[2] * ratio
        self.top, self.bottom = box[1], box[3]
        self.height = max(self.bottom - self.top, 1e-6)


def _ordered(lines: Sequence[_Upright]) -> list[Block]:
    groups = _groups(lines)
    placed = {}
    for number, group in enumerate(groups):
        corners = (
            *(min(one.left for one in group), min(one.top for one in group)),
            *(max(one.right for one in group), max(one.bottom for one in group)),
        )
        scaled = [corner * _POINTS for corner in corners]
        placed[number] = Placed(scaled[0], scaled[1], scaled[2], scaled[3], str(number))
    order = [int(block.text) for block in in_reading_order(list(placed.values()))]
    return [Block(tuple(one.line for one in _rows(groups[number]))) for number in order]


def _groups(lines: Sequence[_Upright]) -> list[list[_Upright]]:
    """Put lines together that belong to each other, and those that belong to these."""
    groups: list[list[_Upright]] = []
    for line in lines:
        near = [group for group in groups if any(_belong(line, other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([line, *(other for group in near for other in group)])
    return groups


def _belong(one: _Upright, other: _Upright) -> bool:
    least, most = sorted((one.height, other.height))
    if most > _LIKE * least:
        return False
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if down > _SAME_ROW * least:
        return across > -_GAP_BESIDE * least
    return across > 0 and down > -_GAP_BELOW * least


def _rows(group: Sequence[_Upright]) -> list[_Upright]:
    """Order lines from top to bottom, those beside each other from left to right."""
    rows: list[list[_Upright]] = []
    for line in sorted(group, key=lambda one: (one.top + one.bottom) / 2):
        row = rows[-1] if rows else []
        if row and (line.top + line.bottom) / 2 < row[0].bottom - 0.25 * row[0].height:
            row.append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda one: one.left)]


def _turned(box: Box, quarters: int) -> Box:
    """Return a box after the picture was turned by so many quarters to the left."""
    for _ in range(quarters):
        left, top, right, bottom = box
        box = (top, 1 - right, bottom, 1 - left)
    return box


def _joined(before: str, line: str) -> str:
    if not before:
        return line
    if _HYPHEN.search(before) and line[:1].islower():
        return before[:-1] + line
    spaced = not (_UNSPACED.match(before[-1]) and _UNSPACED.match(line[:1]))
    return f"{before} {line}" if spaced else before + line
