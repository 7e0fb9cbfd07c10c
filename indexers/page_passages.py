"""The passages of a PDF page, each with its place on it: what a sentence model is given, and a hit points at.

A passage is a paragraph, cut or joined to a fair length; a row of a table, with what heads its columns; the
caption of a figure, in the figure's place; a footnote. Page numbers and running heads are none.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from indexers.page_layout import Component
from indexers.page_lines import Line, PageLines, around, joined, overlap, solid
from indexers.paragraphs import is_prose, passages
from search.records import Box

_FEWEST_LETTERS = 4
_LEAST_OVERLAP = 0.3


@dataclass(frozen=True, slots=True)
class Passage:
    """`box` is in shares of the upright page, `before` counts the signs of the page's paragraphs, white space
    left out, that are read before it; `parent` is which passage of the page is the table of this row."""

    text: str
    box: Box
    before: int
    parent: int | None = None


def passages_of(page: PageLines, parts: Sequence[Component]) -> list[Passage]:
    """Return what may mean something, paragraphs first; tables come before their rows."""
    body = [one for one in parts if one.kind == "text"]
    found = [one for one in _of_paragraphs(page, body) if is_prose(one.text)]
    before = 0
    for one in parts:
        if one.kind == "text":
            before += solid(one.text)
        elif one.table is not None:
            found += _of_table(page, one, before, len(found))
        elif one.kind in ("figure", "note"):
            box = page.share(one.box)
            found += (Passage(text, box, before) for text in passages([one.text]) if is_prose(text))
    return found


def paragraphs_of(parts: Sequence[Component]) -> list[str]:
    """Return the paragraphs that `Passage.before` counts in."""
    return [one.text for one in parts if one.kind == "text"]


def _of_paragraphs(page: PageLines, body: Sequence[Component]) -> Iterator[Passage]:
    """Cut and join paragraphs, and see which lines each passage is made of."""
    lines = [line for one in body for line in one.lines]
    given = chain.from_iterable(joined(line.text for line in one.lines)[1] for one in body)
    ends = list(accumulate(given))
    read = 0
    for text in passages(one.text for one in body):
        end = read + solid(text)
        held = lines[bisect_right(ends, read) : bisect_left(ends, end) + 1]
        yield Passage(text, page.share(_place(held)), read)
        read = end


def _of_table(page: PageLines, one: Component, before: int, number: int) -> Iterator[Passage]:
    """Yield what a table is about, and its rows; `number` is that of the first."""
    assert one.table is not None
    about = "\n".join(filter(None, (one.text, one.table.header)))
    yield Passage(about, page.share(one.box), before)
    for row in one.table.rows:
        box = page.share(row.box)
        yield from (Passage(text, box, before, number) for text in passages([row.told]) if _says(text))


def _place(lines: Sequence[Line]) -> Box:
    """Return the box around lines; of those in several columns, around those in the column of the longest."""
    longest = max(lines, key=lambda line: len(line.text))
    if longest.downwards:
        return around(line.box for line in lines)
    return around(line.box for line in lines if _stands_over(line.box, longest.box))


def _stands_over(box: Box, other: Box) -> bool:
    narrower = max(1e-3, min(box[2] - box[0], other[2] - other[0]))
    return overlap((box[0], box[2]), (other[0], other[2])) >= _LEAST_OVERLAP * narrower


def _says(text: str) -> bool:
    """Whether a row says anything beside figures, in letters that can be read."""
    letters = {letter for letter in text if letter.isalpha()}
    return len(letters) >= _FEWEST_LETTERS and not any(unicodedata.category(one) == "Co" for one in text)
