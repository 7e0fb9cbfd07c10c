"""What a document is made of, whatever its format: places, headings, paragraphs, rows of tables, pictures."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from indexers.facts import Facts

MOST_DEEP = 3
"""So many archives or messages lie in each other; what lies deeper is not read."""


MOST_NOTES, MORE = 10, "There is more like that."


@dataclass(frozen=True, slots=True)
class Place:
    """A chapter, sheet, slide, message or member begins; `title` is what it is called, "" for nothing.

    `of` is how many there are, where that is known; `name` is what links in the document call it.
    """

    title: str = ""
    of: int | None = None
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over the paragraphs that follow."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that belong together; ends of lines are kept where they mean something."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, and the names of its columns, () for none."""

    cells: tuple[str, ...]
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture stands here; `alt` is what the document says it shows. `load` gives its bytes, as they are,
    and may raise as readers do."""

    load: Callable[[], bytes]
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """What was told last links to a file, or to a page of one: `indexers.link_targets`; or to a place of this
    document that has this `name`."""

    target: str = ""
    name: str = ""


Block = Facts | Place | Heading | Paragraph | Row | Picture | Link
"""A reader tells facts first, if at all. Where it tells a place before any words, it numbers all of them."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is read: a file that can be sought in, its name and size, and how deep it lies in others.

    `until`, in seconds of `time.monotonic`, is when to stop; `most_text` how many bytes of mere text are
    read; `inside` reads what lies in it; `start` is the place, from 0, to begin with, where a reader can.
    `shows`: its pictures are wanted, at whatever cost. `notes` say what of it was left out, a sentence each;
    what lies in it tells its own there.
    """

    file: BinaryIO
    name: str
    size: int
    media_type: str = ""
    passwords: tuple[str, ...] = ()
    depth: int = 0
    until: float = field(default_factory=lambda: time.monotonic() + 60)
    most_text: int = 20_000_000
    start: int = 0
    inside: "Reader | None" = None
    shows: bool = False
    notes: dict[str, None] = field(default_factory=dict)

    def tell(self, note: str) -> None:
        """Note something that was left out; of very many notes the first ones are kept."""
        if len(self.notes) < MOST_NOTES:
            self.notes[note if len(self.notes) < MOST_NOTES - 1 else MORE] = None

    @property
    def is_over(self) -> bool:
        """Whether there is no time left."""
        return time.monotonic() > self.until


Reader = Callable[[Source], Iterator[Block]]
"""Reads one kind of document. Raises `MediaError`, `LeftOutError`, or as its library does for bad data."""
