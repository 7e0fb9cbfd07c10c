"""Where each row of the results lies: headings over the whole width, the other rows in columns below them.

Nothing is kept for a single row, so that a hundred thousand of them cost what their headings cost. Positions
are pixels from the top left corner of everything, as if it were not scrolled.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize


@dataclass(frozen=True, slots=True)
class _Section:
    """Rows `first` to `end` (without it) in columns from `top` on; a heading is row `first - 1`."""

    first: int
    end: int
    top: int


class Layout:
    """Rows `0..count`, of which `headings` (ascending) are as wide as all `columns` together."""

    def __init__(
        self,
        count: int = 0,
        headings: Sequence[int] = (),
        columns: int = 1,
        cell: QSize | None = None,
        heading_height: int = 0,
    ) -> None:
        self.columns, self.cell = max(1, columns), cell or QSize(1, 1)
        self._heading_height = heading_height
        self._headings = frozenset(headings)
        self._sections: list[_Section] = []
        top = 0
        starts = list(headings) if headings and headings[0] == 0 else [-1, *headings]
        for start, end in zip(starts, [*starts[1:], count], strict=True):
            top += heading_height if start >= 0 else 0
            self._sections.append(_Section(start + 1, end, top))
            top += -(-(end - start - 1) // self.columns) * self.cell.height()
        self.height = top
        self._firsts = [section.first for section in self._sections]
        self._tops = [section.top for section in self._sections]

    def rect(self, row: int) -> QRect:
        """The place of a row."""
        if row in self._headings:
            top = self._sections[bisect_right(self._firsts, row + 1) - 1].top
            return QRect(
                0, top - self._heading_height, self.columns * self.cell.width(), self._heading_height
            )
        section = self._sections[max(0, bisect_right(self._firsts, row) - 1)]
        line, column = divmod(row - section.first, self.columns)
        width, height = self.cell.width(), self.cell.height()
        return QRect(column * width, section.top + line * height, width, height)

    def row_at(self, x: int, y: int) -> int:
        """The row at a point, -1 where there is none."""
        if y < 0 or y >= self.height or x < 0 or x >= self.columns * self.cell.width():
            return -1
        number = bisect_right(self._tops, y) - 1
        following = self._sections[number + 1] if number + 1 < len(self._sections) else None
        if number < 0 or (following and y >= following.top - self._heading_height):
            return following.first - 1 if following else -1
        section = self._sections[number]
        line = (y - section.top) // self.cell.height()
        row = section.first + line * self.columns + x // self.cell.width()
        return row if row < section.end else -1

    def rows_in(self, area: QRect) -> list[range]:
        """The rows that touch an area, as ascending ranges."""
        width, height = self.cell.width(), self.cell.height()
        left = max(0, area.left() // width)
        right = min(self.columns - 1, area.right() // width)
        if left > right:
            return []
        found: list[range] = []
        number = max(0, bisect_right(self._tops, area.top()) - 1)
        for section in self._sections[number:]:
            above = section.top - self._heading_height
            if above > area.bottom():
                break
            if section.first - 1 in self._headings and area.top() < section.top:
                found.append(range(section.first - 1, section.first))
            lines = -(-(section.end - section.first) // self.columns)
            from_line = max(0, (area.top() - section.top) // height)
            to_line = min(lines - 1, (area.bottom() - section.top) // height)
            if right - left + 1 == self.columns and from_line <= to_line:
                end = min(section.end, section.first + (to_line + 1) * self.columns)
                found.append(range(section.first + from_line * self.columns, end))
                continue
            for line in range(from_line, to_line + 1):
                begin = section.first + line * self.columns
                found.append(range(begin + left, min(begin + right + 1, section.end)))
        return [some for some in found if some]

    def above(self, row: int, lines: int = 1) -> int:
        """The row so many lines further up in the same column, or the first there is."""
        return self._towards(row, -lines)

    def below(self, row: int, lines: int = 1) -> int:
        """The row so many lines further down in the same column, or the last there is."""
        return self._towards(row, lines)

    def _towards(self, row: int, lines: int) -> int:
        """Step over lines of cells and headings, each of them one line."""
        for _ in range(abs(lines)):
            following = self._next_line(row, down=lines > 0)
            if following == row:
                break
            row = following
        return row

    def _next_line(self, row: int, *, down: bool) -> int:
        place = self.rect(row)
        x = place.center().x() if row not in self._headings else self.cell.width() // 2
        y = place.bottom() + 1 if down else place.top() - 1
        if not 0 <= y < self.height:
            return row
        while (found := self.row_at(x, y)) < 0 and x >= 0:  # the last line of a section may be short
            x -= self.cell.width()
        return found if found >= 0 else row
