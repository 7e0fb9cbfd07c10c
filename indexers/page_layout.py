"""What a PDF page is made of, in the order it is read: paragraphs, tables, figures with captions, notes.

Paragraphs are MuPDF's blocks, lists cut at their bullets; one that goes on in the next column is made whole.
Running heads, page numbers and footnotes do not interrupt it.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from indexers.page_lines import Line, PageLines, around, by_block, joined, overlap
from indexers.page_margins import is_margin
from indexers.reading_order import Block, in_reading_order
from indexers.tables import Table, tables
from search.records import Box

Kind = Literal["text", "figure", "table", "note", "margin"]
"""`figure` is the caption of one, `margin` what is no part of a sentence: page numbers, labels in figures."""

_MARK = re.compile(r"(?:[•‣◦▪●○■□–—*·⁃➢✓-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s+\S")
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§¶¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[\d{1,3}\])[.)]?\s?[^\W\d_]")
_NOTE_SIZE, _NOTE_TOP = 0.93, 0.5
_NUMBERED = r"\s*(?:[A-Z]?[\d.\-–]*\d[a-z]?|[IVX]+)(?:\s*[.:|–—]|\s+[^\W\da-z_]|\s*$)"
_FIGURE = re.compile(
    r"(?:(?i:fig(?:ure|\.)|abb(?:ildung|\.)|chart|diagra(?:mm|m)|illustration|exhibit|plate|scheme|graph|photo|"
    rf"bild|figura|schaubild|grafik|graphique|imagen|рис(?:унок|\.))|图|圖|図|그림){_NUMBERED}"
)
_TABLE = re.compile(rf"(?:(?i:tab(?:elle|leau|le|la|\.)|таблица)|表|표){_NUMBERED}")
_LONGEST_CAPTION, _LONGEST_LABEL = 1500, 60
_NEAR = 0.06
"""In heights of the page: a caption is no further from what it speaks of."""

_WIDE = 0.6
_LIKE = 0.05
_ENDS = re.compile(r"[\w,;–—-]$")


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a page: its words, its box in points, and the lines it is made of. The box of a figure is
    that of the figure with its caption; `table` is there for tables, whose words are their caption's."""

    kind: Kind
    text: str
    box: Box
    lines: tuple[Line, ...] = ()
    table: Table | None = None

    @property
    def plain(self) -> str:
        """The words as they stand on the page, a line for each paragraph or row."""
        if self.table is None:
            return self.text
        rows = (row.plain for row in self.table.rows)
        return "\n".join(filter(None, (self.text, self.table.plain_header, *rows)))


def layout(
    page: PageLines, figures: Callable[[], Sequence[Box]] = tuple, heads: Collection[str] = ()
) -> list[Component]:
    """Return what a page is made of, in reading order; footnotes come last.

    `figures` tells where figures are (shares of the page), and is asked only where there is a caption;
    `heads` are what stands at the edges of the pages around (`indexers.page_margins.edges`).
    """
    found = [
        Component("table", "", table.box, tuple(sorted(table.lines, key=_top)), table)
        for table in tables(page.lines)
    ]
    used = {line for one in found for line in one.lines}
    margins = [line for line in page.lines if line not in used and is_margin(line, page, heads)]
    found += [Component("margin", line.text, line.box, (line,)) for line in margins]
    used.update(margins)
    usual = _usual_size(page.lines)
    for lines in by_block(line for line in page.lines if line not in used):
        found += (_paragraph(part, usual, page) for part in _items(lines))
    found = _with_captions(found, page, figures)
    ordered = _ordered(found)
    body = [one for one in ordered if one.kind != "note"]
    return [*_made_whole(body), *(one for one in ordered if one.kind == "note")]


def _usual_size(lines: Iterable[Line]) -> float:
    letters = Counter[float]()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    return max(letters, key=lambda size: letters[size], default=0.0)


def _items(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Cut a block at the bullets of a list."""
    begins = [bool(_MARK.match(line.text)) for line in lines]
    if sum(begins) < 2:
        yield list(lines)
        return
    item: list[Line] = []
    for line, begin in zip(lines, begins, strict=True):
        if begin and item:
            yield item
            item = []
        item.append(line)
    yield item


def _paragraph(lines: Sequence[Line], usual: float, page: PageLines) -> Component:
    text, _ = joined(line.text for line in lines)
    box = around(line.box for line in lines)
    small = max(line.size for line in lines) <= _NOTE_SIZE * usual
    low = box[1] > _NOTE_TOP * page.height
    kind: Kind = "note" if small and low and _NOTE.match(text) else "text"
    return Component(kind, text, box, tuple(lines))


def _with_captions(
    found: Sequence[Component], page: PageLines, figures: Callable[[], Sequence[Box]]
) -> list[Component]:
    """Give tables their captions, and make those of figures components with the figure's box; what is written
    in such a figure is no paragraph."""
    short = [one for one in found if one.kind == "text" and len(one.text) <= _LONGEST_CAPTION]
    captions = [one for one in short if _FIGURE.match(one.text)]
    boxes = [_points(box, page) for box in figures()] if captions else []
    made = {id(one): one for one in found} | {id(one): replace(one, kind="figure") for one in captions}
    alone = list(captions)
    for caption, n in _pairs(captions, boxes, page):
        alone.remove(caption)
        made[id(caption)] = replace(caption, kind="figure", box=around((caption.box, boxes[n])))
        for one in short:
            if one not in captions and len(one.text) <= _LONGEST_LABEL and _holds(boxes[n], one.box):
                made[id(one)] = replace(one, kind="margin")
    alone += (one for one in short if _TABLE.match(one.text))
    bare = [one for one in found if one.table]
    for caption, n in _pairs(alone, [one.box for one in bare], page):
        box = around((bare[n].box, caption.box))
        made[id(bare[n])] = replace(bare[n], text=caption.text, box=box)
        del made[id(caption)]
    return list(made.values())


def _pairs(
    captions: Sequence[Component], boxes: Sequence[Box], page: PageLines
) -> Iterator[tuple[Component, int]]:
    """Yield each caption with the number of the box it belongs to, no box twice, the nearest first."""
    apart = sorted(
        (distance, m, n)
        for m, caption in enumerate(captions)
        for n, box in enumerate(boxes)
        if (distance := _apart(caption.box, box, page)) <= _NEAR
    )
    paired: set[int] = set()
    taken: set[int] = set()
    for _, m, n in apart:
        if m not in paired and n not in taken:
            paired.add(m)
            taken.add(n)
            yield captions[m], n


def _apart(caption: Box, box: Box, page: PageLines) -> float:
    """Return how far a caption is from a box, in heights of the page: right below it is nearest, then right
    above, then beside."""
    across = overlap((caption[0], caption[2]), (box[0], box[2]))
    down = overlap((caption[1], caption[3]), (box[1], box[3]))
    if across <= 0 and down <= 0:
        return math.inf
    distance = max(0.0, -min(across, down)) / max(page.height, 1e-6)
    if across <= 0:
        return distance + _NEAR / 2
    return distance + (0.0 if caption[3] >= box[3] else _NEAR / 10)


def _holds(outer: Box, box: Box) -> bool:
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= middle[0] <= outer[2] and outer[1] <= middle[1] <= outer[3]


def _points(box: Box, page: PageLines) -> Box:
    return box[0] * page.width, box[1] * page.height, box[2] * page.width, box[3] * page.height


def _ordered(found: Sequence[Component]) -> list[Component]:
    """Order components as they are read: upright columns of writing from right to left."""
    down = sum(len(line.text) for one in found for line in one.lines if line.downwards)
    if down > 0.5 * sum(len(line.text) for one in found for line in one.lines):
        return sorted(found, key=lambda one: (-round(one.box[2]), one.box[1]))
    wide = sorted((one for one in found if one.table and _is_wide(one, found)), key=lambda one: one.box[1])
    ordered: list[Component] = []
    left = [one for one in found if one not in wide]
    for table in wide:
        above = [one for one in left if one.box[3] <= table.box[3]]
        ordered += [*_in_columns(above), table]
        left = [one for one in left if one not in above]
    return ordered + _in_columns(left)


def _in_columns(found: Sequence[Component]) -> list[Component]:
    blocks = [Block(*_words_box(one), str(n)) for n, one in enumerate(found)]
    return [found[int(block.text)] for block in in_reading_order(blocks)]


def _is_wide(table: Component, found: Sequence[Component]) -> bool:
    """Whether a table reaches over more than a column."""
    whole = around(one.box for one in found)
    return table.box[2] - table.box[0] > _WIDE * (whole[2] - whole[0])


def _words_box(one: Component) -> Box:
    return around(line.box for line in one.lines)


def _made_whole(body: Sequence[Component]) -> list[Component]:
    """Join paragraphs that are one, which goes on in the next column."""
    made: list[Component] = []
    last: int | None = None
    for one in body:
        if one.kind == "text" and last is not None and _goes_on(made[last], one):
            lines = (*made[last].lines, *one.lines)
            text, _ = joined(line.text for line in lines)
            made[last] = Component("text", text, around(line.box for line in lines), lines)
            continue
        made.append(one)
        last = len(made) - 1 if one.kind == "text" else last
    return made


def _goes_on(before: Component, one: Component) -> bool:
    end, begin = before.lines[-1], one.lines[0]
    alike = abs(end.size - begin.size) <= _LIKE * end.size and end.bold == begin.bold
    elsewhere = overlap((before.box[0], before.box[2]), (one.box[0], one.box[2])) <= 0
    further = elsewhere and begin.box[1] < end.box[3]
    return alike and further and begin.text[:1].islower() and bool(_ENDS.search(end.text))


def _top(line: Line) -> tuple[float, float]:
    return line.box[1], line.box[0]
