"""Reads the pages of a PDF one after the other: their words, and the passages that may mean something."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from indexers.base import Piece
from indexers.figures import figure_boxes
from indexers.headings import Headings
from indexers.page_extras import extras
from indexers.page_layout import Component, layout
from indexers.page_lines import UNREADABLE, PageLines, lines_of
from indexers.page_margins import edges
from indexers.page_passages import paragraphs_of, passages_of
from search.records import Page, Region

if TYPE_CHECKING:
    import pymupdf

TEXT, MEANING = "text", "meaning"

_MOST_CHARACTERS = 200_000
_AROUND = (-2, -1, 1, 2)
"""The pages whose running heads may be those of a page: books have one for left and one for right ones."""


def text_of(parts: Iterable[Component]) -> str:
    """Return the words of a page, a line for each paragraph and row of a table."""
    return "\n".join(part.plain for part in parts)[:_MOST_CHARACTERS]


class Reading:
    """Reads pages of an open document for the spaces that are `wanted`; `bad` are the errors of MuPDF."""

    def __init__(
        self,
        document: "pymupdf.Document",
        wanted: Collection[str],
        bad: tuple[type[Exception], ...],
    ) -> None:
        self._document = document
        self._wanted = wanted
        self._bad = bad
        self._lines: dict[int, PageLines] = {}
        self._meanings = 0

    def pieces(self, page: "pymupdf.Page") -> list[Piece]:
        """Return the words of a page, and its passages with their boxes. Raises what MuPDF raises for a
        damaged page."""
        if not {TEXT, MEANING} & set(self._wanted):
            return []
        number = page.number
        lines = self._lines_of(number)
        for passed in [n for n in self._lines if n < number + min(_AROUND)]:
            del self._lines[passed]
        parts = layout(lines, partial(figure_boxes, page), self._heads(number))
        parts += extras(page, text_of(parts))
        found = []
        text = text_of(parts)
        if text and TEXT in self._wanted:
            found.append(Piece(TEXT, Page(number + 1), text=text))
        if MEANING in self._wanted and lines.unreadable < UNREADABLE:
            meanings = list(self._of_meaning(number, lines, parts))
            self._meanings += len(meanings)
            found += meanings
        return found

    @cached_property
    def _headings(self) -> Headings:
        """The title and outline of the document; none where they cannot be read."""
        try:
            return Headings.of(self._document, lambda: self._lines_of(0).blocks)
        except self._bad:
            return Headings()

    def _lines_of(self, number: int) -> PageLines:
        if number not in self._lines:
            self._lines[number] = lines_of(self._document[number])
        return self._lines[number]

    def _of_meaning(self, number: int, lines: PageLines, parts: Sequence[Component]) -> Iterator[Piece]:
        cut = passages_of(lines, parts)
        over = self._headings.over(
            number, lines.blocks, paragraphs_of(parts), [(one.before, one.text) for one in cut]
        )
        for passage, told in zip(cut, over, strict=True):
            place = Region(Page(number + 1), passage.box)
            piece = Piece(MEANING, place, text=passage.text, payload=passage.text, over=told or None)
            if passage.parent is not None:  # a row alone does not say of what it is (decision 63)
                given = f"{told}\n{passage.text}" if told else passage.text
                piece = replace(piece, payload=given, parent=self._meanings + passage.parent)
            yield piece

    def _heads(self, number: int) -> frozenset[str]:
        """Return what stands at the edges of the pages around."""
        last = self._document.page_count - 1
        near = (number + step for step in _AROUND)
        return frozenset().union(*(self._edges(n) for n in near if 0 <= n <= last))

    def _edges(self, number: int) -> frozenset[str]:
        try:
            return edges(self._lines_of(number))
        except self._bad:  # its own turn will tell
            return frozenset()
