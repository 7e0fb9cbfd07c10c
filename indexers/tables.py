"""Tables in the text of a page: rows of short texts whose columns stand below each other, under a header.

PyMuPDF's own finder takes 40 to 400 ms a page, most of it on pages without a table (decision 62). This one
works on lines that were read anyway, in about one; it does without ruled lines, and takes a table only where
something heads its columns: text over figures, other letters, or a row of names over three columns or more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from indexers.page_lines import Line, around, overlap
from search.records import Box

MOST_ROWS = 200
"""Of one page; what follows stays text."""

_FEWEST_ROWS, _MOST_HEADERS = 3, 3
_SAME_ROW = 0.5
_CELL_GAP = 0.6
"""In heights of a line: what stands nearer on the same row is the same cell."""

_ROW_GAP = 2.2
"""Rows of a table are no further apart than so many heights of a line."""

_HEADER_GAP = 0.35
_FIGURES = 0.3
"""The share of figures in a row of data; a header may have one, such as a year."""

_LONGEST_CELL = 160
_PROSE_WORDS, _GOES_ON = 4, 0.4
_NUMBER = re.compile(
    r"^[^\w]*(?:[A-Z$€£¥]{0,4}\s?)?[-+(]?\d[\d.,:/\s'’%()–-]*\s?(?:[A-Za-z%€$£¥°]{0,4})[^\w]*$"
)
_LIKE_NUMBER = frozenset(("-", "–", "—", "n/a", "n.a.", "nan", "yes", "no", "x", "✓", "none"))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its words as they stand, the same with what heads each column, and its box in points."""

    plain: str
    told: str
    box: Box


@dataclass(frozen=True, slots=True)
class Table:
    """What heads the columns, as names and as it stands there, the rows below, the box of all in points, and
    the lines it is made of."""

    header: str
    plain_header: str
    rows: tuple[Row, ...]
    box: Box
    lines: frozenset[Line]


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    lines: tuple[Line, ...]
    box: Box


_Cells = list[_Cell]
_Span = tuple[float, float]


def tables(lines: Sequence[Line]) -> list[Table]:
    """Find the tables among the lines of a page, from top to bottom."""
    rows = [row for row in _visual_rows([line for line in lines if line.across]) if row]
    if sum(len(row) > 1 for row in rows) < _FEWEST_ROWS:
        return []
    found, left = [], MOST_ROWS
    for run in _runs(rows):
        for table in _of_run(run):
            if len(table.rows) <= left:
                found.append(table)
                left -= len(table.rows)
    return found


def _visual_rows(lines: Sequence[Line]) -> Iterator[_Cells]:
    """Yield the cells of lines that stand beside each other, from left to right, rows from top to bottom."""
    row: list[Line] = []
    for line in sorted(lines, key=lambda one: (one.box[1] + one.box[3]) / 2):
        if row and overlap(_down(row[0].box), _down(line.box)) <= _SAME_ROW * min(row[0].height, line.height):
            yield _cells(row)
            row = []
        row.append(line)
    yield _cells(row)


def _cells(row: Sequence[Line]) -> _Cells:
    """Join what stands close beside each other."""
    cells: list[list[Line]] = []
    for line in sorted(row, key=lambda one: one.box[0]):
        if cells and line.box[0] - cells[-1][-1].box[2] < _CELL_GAP * line.height:
            cells[-1].append(line)
        else:
            cells.append([line])
    return [_cell(cell) for cell in cells]


def _cell(lines: Sequence[Line]) -> _Cell:
    if len(lines) == 1:
        return _Cell(lines[0].text, (lines[0],), lines[0].box)
    text = " ".join(line.text for line in lines)
    return _Cell(text, tuple(lines), around(line.box for line in lines))


def _runs(rows: Sequence[_Cells]) -> Iterator[list[_Cells]]:
    """Yield stretches of rows of which most have several cells, and none is far from the one before."""
    run: list[_Cells] = []
    for row in rows:
        if run and not _follows(run, row):
            yield run
            run = []
        if len(row) > 1 or run:
            run.append(row)
    if run:
        yield run


def _follows(run: Sequence[_Cells], row: _Cells) -> bool:
    before, now = _box(run[-1]), _box(row)
    if now[1] - before[3] > _ROW_GAP * min(cell.lines[0].height for cell in row):
        return False
    return len(row) > 1 or (len(run[-1]) > 1 and len(row[0].text) <= _LONGEST_CELL)


def _of_run(run: Sequence[_Cells]) -> Iterator[Table]:
    """Yield the table of a stretch of rows: without columns of prose, split where rows are left too few."""
    columns = _columns(run)
    prose = [column for column in columns if _is_prose([cell for row in run for cell in _in(row, column)])]
    if prose:
        kept = [[cell for cell in row if not any(_meets(cell, column) for column in prose)] for row in run]
        for several, part in groupby(kept, key=lambda row: len(row) > 1):
            if several:
                yield from _table(list(part))
    else:
        yield from _table([*run])


def _table(rows: list[_Cells]) -> Iterator[Table]:
    while rows and len(rows[-1]) < 2:
        rows.pop()
    columns = _columns(rows)
    if len(rows) < _FEWEST_ROWS or len(columns) < 2:
        return
    filled = [[[cell for cell in row if _meets(cell, column)] for column in columns] for row in rows]
    full = sum(sum(map(bool, row)) >= max(2, 0.5 * len(columns)) for row in filled)
    if full < max(_FEWEST_ROWS, 0.6 * len(rows)):
        return
    grid = [[" ".join(cell.text for cell in cells) for cells in row] for row in filled]
    heads = _header_rows(rows, grid)
    if not heads or len(grid) - heads < _FEWEST_ROWS - 1:
        return
    names = [" ".join(dict.fromkeys(row[n] for row in grid[:heads] if row[n])) for n in range(len(columns))]
    told = list(_data(grid[heads:], rows[heads:], names))
    box = around(_box(row) for row in rows)
    plain = " ".join(text for row in grid[:heads] for text in row if text)
    yield Table("; ".join(filter(None, names)), plain, tuple(told), box, frozenset(_lines(rows)))


def _data(grid: Sequence[list[str]], rows: Sequence[_Cells], names: Sequence[str]) -> Iterator[Row]:
    """Yield the rows below the header: what goes on in a second line is joined to the first, and names that
    stand once for several rows count for each."""
    logical: list[tuple[list[str], list[_Cells]]] = []
    for texts, row in zip(grid, rows, strict=True):
        if logical and _continues(texts, row, logical[-1][1][-1], len(names)):
            before = logical[-1][0]
            before[:] = [f"{one} {more}".strip() for one, more in zip(before, texts, strict=True)]
            logical[-1][1].append(row)
        else:
            logical.append(([*texts], [row]))
    above: list[str] = [""] * len(names)
    for texts, lines in logical:
        first = next((n for n, text in enumerate(texts) if text), 0)
        whole = [*(above[:first]), *texts[first:]]
        told = [f"{name}: {text}" if name else text for name, text in zip(names, whole, strict=True) if text]
        yield Row(" ".join(filter(None, texts)), "; ".join(told), around(_box(row) for row in lines))
        above = whole


def _continues(texts: Sequence[str], row: _Cells, before: _Cells, columns: int) -> bool:
    """Whether a row is the second line of the one above: close to it, its first column and most others empty,
    and no figure in it."""
    held = [text for text in texts if text]
    close = _box(row)[1] - _box(before)[3] < 0.5 * row[0].lines[0].height
    return close and not texts[0] and 2 * len(held) <= columns and not any(map(_is_number, held))


def _header_rows(rows: Sequence[_Cells], grid: Sequence[Sequence[str]]) -> int:
    """Return how many rows from the top name the columns; 0 where nothing shows that they do."""
    heads = _leading(rows, grid)
    if heads and _stands_over_figures(grid, heads):
        return heads
    first, rest = rows[0], [cell for row in rows[1:] for cell in row]
    if any(_is_number(cell.text) for cell in first):
        return 0
    if all(_is_bold(cell) for cell in first) and sum(map(_is_bold, rest)) < 0.3 * len(rest):
        return 1
    sizes = [line.size for cell in first for line in cell.lines]
    if min(sizes) > 1.1 * median(line.size for cell in rest for line in cell.lines):
        return 1
    full = sum(all(texts) for texts in grid)
    return 1 if len(grid[0]) > 2 and all(grid[0]) and full >= 0.7 * len(grid) else 0


def _leading(rows: Sequence[_Cells], grid: Sequence[Sequence[str]]) -> int:
    """Return how many rows from the top may belong to one header: with next to no figures, and below the
    first one only where they stand close, and do not fill all columns once more."""
    heads = 0
    for n, (row, texts) in enumerate(zip(rows[:_MOST_HEADERS], grid, strict=False)):
        held = [text for text in texts if text]
        if sum(map(_is_number, held)) >= _FIGURES * len(held):
            break
        if n:
            close = _box(row)[1] - _box(rows[n - 1])[3] < _HEADER_GAP * row[0].lines[0].height
            if not close or (all(texts) and all(grid[n - 1])):
                break
        heads += 1
    return heads


def _stands_over_figures(grid: Sequence[Sequence[str]], heads: int) -> bool:
    """Whether a column of figures has a name, and what names the columns fills most of them."""
    named = [any(row[n] for row in grid[:heads]) for n in range(len(grid[0]))]
    below = [[row[n] for row in grid[heads:] if row[n]] for n in range(len(grid[0]))]
    figures = [bool(texts) and sum(map(_is_number, texts)) >= 0.6 * len(texts) for texts in below]
    over = sum(name and figure for name, figure in zip(named, figures, strict=True))
    return over > 0 and sum(named) >= max(2, len(named) - 1)


def _columns(rows: Sequence[_Cells]) -> list[_Span]:
    """Return where columns begin and end: stretches that cells of rows with many of them cover together."""
    counts = sorted(len(row) for row in rows)
    least = counts[len(counts) // 2] if counts else 0
    spans = sorted((cell.box[0], cell.box[2]) for row in rows if len(row) >= max(2, least) for cell in row)
    columns: list[_Span] = []
    for left, right in spans:
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], right)
        else:
            columns.append((left, right))
    return columns


def _is_prose(cells: Sequence[_Cell]) -> bool:
    """Whether the lines of a column are a running text: many words, and each goes on with the one before."""
    if not cells:
        return False
    words = median(len(cell.text.split()) for cell in cells)
    small = sum(cell.text[:1].islower() for cell in cells)
    return words >= _PROSE_WORDS and small >= _GOES_ON * len(cells)


def _is_number(text: str) -> bool:
    return bool(_NUMBER.match(text)) or text.strip().casefold() in _LIKE_NUMBER


def _is_bold(cell: _Cell) -> bool:
    return all(line.bold for line in cell.lines)


def _in(row: _Cells, column: _Span) -> _Cells:
    return [cell for cell in row if _meets(cell, column)]


def _meets(cell: _Cell, column: _Span) -> bool:
    return cell.box[0] < column[1] and column[0] < cell.box[2]


def _down(box: Box) -> _Span:
    return box[1], box[3]


def _box(row: _Cells) -> Box:
    return around(cell.box for cell in row)


def _lines(rows: Sequence[_Cells]) -> Iterator[Line]:
    return (line for row in rows for cell in row for line in cell.lines)
