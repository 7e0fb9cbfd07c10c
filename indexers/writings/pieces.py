"""From the blocks of a document to pieces: words by place, and passages that mean something.

A document without places of its own is cut to pages of about `PAGE` signs, between paragraphs. Long places
have several pieces of words, so that no hit stands for a whole book.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from indexers.base import Piece
from indexers.facts import Facts
from indexers.headings import LONGEST
from indexers.paragraphs import is_prose, passages
from indexers.writings.blocks import Block, Heading, Link, Paragraph, Picture, Place, Row
from search.link_form import LINKS, MOST_OF_A_CONTENT, MOST_OF_A_PAGE
from search.records import Page

PAGE = 3_500
MOST_SIGNS = 5_000_000
"""Signs of one part that are kept: about 1,500 printed pages."""

MOST_PASSAGES = 6_000
MOST_ROWS_MEANT = 500
"""Rows of a sheet or table that are encoded, from its first; all of them can be found by their words."""

MOST_NOTED = 20 * MOST_OF_A_CONTENT
"""Links that are looked at."""

CARDS, CARD_LINES = 12, 24
BETWEEN = " | "
"""What stands between the cells of a row."""


@dataclass(slots=True)
class Card:
    """What the picture of a place shows: its title, and its first lines."""

    title: str = ""
    lines: list[str] = field(default_factory=list)


class Pieces:
    """Takes blocks, and gives the pieces of those `spaces`; `before` places were told in earlier parts."""

    def __init__(self, spaces: Collection[str], before: int = 0, passages_too: bool = True) -> None:
        self.facts = Facts()
        self.found: list[Piece] = []
        self.cards: dict[int, Card] = {}
        self.signs = 0
        self.places: int | None = None
        self._spaces = spaces
        self._meant = passages_too and "meaning" in spaces
        self._number = before
        self._is_numbered: bool | None = None
        self._title = self._heading = ""
        self._lines: list[str] = []
        self._held = 0
        self._on_page = 0
        self._section: list[str] = []
        self._passages = self._rows = 0
        self._names: dict[str, int] = {}
        self._links: dict[tuple[int, Link], None] = {}

    @property
    def number(self) -> int:
        """The place that was told last, from 1."""
        return self._number

    @property
    def is_full(self) -> bool:
        """Whether no more is kept."""
        return self.signs >= MOST_SIGNS

    def take(self, block: Block) -> None:
        """Take the next block."""
        match block:
            case Facts():
                self.facts = self.facts.completed(block)
            case Place(title, of, name):
                self._is_numbered = self._is_numbered is not False
                self.places = of or self.places
                self._turn(title)
                self._names.setdefault(name, self._number)
            case Heading(text):
                self._end_section()
                self._heading = " ".join(text.split())[:LONGEST]
                if [text] != self._lines[-1:]:  # titles are told twice
                    self._add(" ".join(text.split()), is_meant=True)
            case Paragraph(text):
                self._add(text, is_meant=True)
            case Row(cells, header):
                self._add_row(cells, header)
            case Picture(alt=alt):
                self._add(alt)
            case Link():
                if LINKS in self._spaces and len(self._links) < MOST_NOTED:
                    self._links[max(1, self._number), block] = None

    def end(self) -> None:
        """Bring to its end what is open."""
        self._end_section()
        self._end_words()
        self.found += self._linked()

    def _turn(self, title: str) -> None:
        self._end_section()
        self._end_words()
        self._number += 1
        self._on_page = 0
        if self._is_numbered:
            self._title, self._heading, self._rows = title[:LONGEST], "", 0
        if title:
            self._add(title)
        if self._number <= CARDS:
            self.cards.setdefault(self._number, Card(title))

    def _add_row(self, cells: Sequence[str], header: Sequence[str]) -> None:
        self._rows += 1
        if header and self._is_numbered is False and self._on_page >= PAGE:
            self._turn("")
            self._add(BETWEEN.join(header))
        told = [f"{name}: {cell}" if name else cell for name, cell in _named(cells, header) if cell]
        self._add(BETWEEN.join(cell for cell in cells if cell))
        if self._rows <= MOST_ROWS_MEANT:
            self._section.append(", ".join(told))

    def _add(self, text: str, is_meant: bool = False) -> None:
        if self._is_numbered is None:
            self._is_numbered = False
        for line in _lines(text):
            if not self._number or (not self._is_numbered and self._on_page >= PAGE):
                self._turn("")
            self._lines.append(line)
            self._held += len(line)
            self._on_page += len(line)
            self.signs += len(line)
            self._draw(line)
            self._section += [line] if is_meant else []
            if self._held >= PAGE:
                self._end_words()

    def _draw(self, line: str) -> None:
        if self._number <= CARDS:
            card = self.cards.setdefault(self._number, Card(self._title))
            if len(card.lines) < CARD_LINES and line != card.title:
                card.lines.append(line[:300])

    def _end_words(self) -> None:
        if self._lines and "text" in self._spaces:
            self.found.append(Piece("text", Page(self._number), text="\n".join(self._lines)))
        self._lines, self._held = [], 0

    def _linked(self) -> Iterator[Piece]:
        """Yield where it links to; places that link to very many others of it are lists of contents."""
        within = Counter(number for number, link in self._links if link.name)
        told = dict.fromkeys(
            (number, target)
            for number, link in self._links
            if (target := link.target or self._within(number, link.name))
            and (not link.name or within[number] <= MOST_OF_A_PAGE)
        )
        for number, target in islice(told, MOST_OF_A_CONTENT):
            yield Piece(LINKS, Page(number), text=target)

    def _within(self, number: int, name: str) -> str:
        """Return the target for a place of this document by its name; "" where it leads nowhere else."""
        at = self._names.get(name, number) if name else number
        return f"#page={at}" if at != number else ""

    def _end_section(self) -> None:
        """Make passages of what stands under one heading."""
        section, self._section = self._section, []
        if not self._meant or not section:
            return
        for passage in passages(section):
            if is_prose(passage) and self._passages < MOST_PASSAGES:
                self._passages += 1
                over = self._over(passage)
                self.found.append(
                    Piece("meaning", Page(self._number), text=passage, payload=passage, over=over or None)
                )

    def _over(self, passage: str) -> str:
        """Return what a passage stands under; what it says itself is not repeated."""
        plain = " ".join(passage.split())
        names = dict.fromkeys((self.facts.title or "", self._title, self._heading))
        return ". ".join(name[:LONGEST].rstrip(".:") for name in names if name and name not in plain)


def _named(cells: Sequence[str], header: Sequence[str]) -> Iterator[tuple[str, str]]:
    return ((header[n] if n < len(header) else "", cell) for n, cell in enumerate(cells))


def _lines(text: str) -> Iterator[str]:
    """Clean the lines of a text, and cut what is endless, between words where there are any."""
    for raw in text.split("\n"):
        line = "".join(sign if sign.isprintable() else " " for sign in raw).rstrip()
        while len(line) > PAGE:
            cut = line.rfind(" ", PAGE // 2, PAGE)
            cut = cut if cut > 0 else PAGE
            yield line[:cut]
            line = line[cut:].lstrip()
        if line.strip():
            yield line
