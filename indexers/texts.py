"""Documents that are no PDFs: texts, web pages, Office documents, e-books, mail."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import BinaryIO

from indexers.base import Job, LeftOutError, Part
from indexers.document_types import TEXTS
from indexers.documents import pdf_errors
from indexers.facts import Facts
from indexers.media_types import describe
from indexers.writings import card
from indexers.writings.blocks import Place, Source
from indexers.writings.members import errors
from indexers.writings.pieces import MOST_SIGNS, Card, Pieces
from indexers.writings.reading import MERE_TEXT, RESUMED, inside, read
from search.errors import MediaError
from search.link_form import LINKS
from search.records import Content, Locator, Page

SECONDS_PER_PART = 20.0
LONG = f"Only its first {MOST_SIGNS // 1_000_000} million letters are kept."
LATE = "Its end would have taken too long to read."
DAMAGED = "It is damaged, and read up to there."
SIGNS_PER_PART = 500_000
"""Of what is read in parts; a part ends with a place."""


class TextIndexer:
    """Reads the documents of some types; implements `indexers.base.Indexer`."""

    cost = 0

    def __init__(
        self, name: str, types: Mapping[str, str], passages: bool = True, links: bool = False
    ) -> None:
        """`passages`: what is read may be found by what it means, not only by its words; `links`: what it
        links to lies beside it."""
        self.name = name
        self.media_types = frozenset(types)
        self.spaces = frozenset(("text", "meaning", *((LINKS,) if links else ())))
        self._passages = passages

    def extract(self, job: Job) -> Part:
        """Read a document, or as much of it as one part holds. What is damaged is read up to there."""
        check_size(job)
        pieces = Pieces(job.spaces, job.start, self._passages)
        notes: dict[str, None] = {}
        following = _read(job, pieces, notes)
        thumbnails: list[tuple[Locator, bytes]] = []
        if job.thumbnails:
            told = ((number, one) for number, one in sorted(pieces.cards.items()) if number > job.start)
            thumbnails = [(Page(number), drawn) for number, one in told if (drawn := _drawn(one))]
        content = None if job.start else _content(job, pieces)
        return Part(content, pieces.found, thumbnails, following, tuple(notes), pieces.places)


def check_size(job: Job) -> None:
    """Raise `LeftOutError` for a text that is larger than anybody writes."""
    most = job.limits.text_mb
    if job.media_type in MERE_TEXT and job.size > most * 1e6:
        raise LeftOutError(
            f"The text is larger than {most:g} MB.", "Have it read all the same with --max-text-mb."
        )


def source_of(job: Job, file: BinaryIO) -> Source:
    """Return what a reader needs to read a file that is open."""
    return Source(
        file,
        job.path,
        job.size,
        job.media_type,
        job.passwords,
        until=time.monotonic() + min(SECONDS_PER_PART, job.limits.seconds / 2),
        most_text=int(job.limits.text_mb * 1e6),
        start=job.start,
        inside=inside,
    )


def read_facts(job: Job) -> Facts:
    """Return what a document says of itself. Raises `MediaError`."""
    check_size(job)
    try:
        with open(job.path, "rb") as file:  # noqa: PTH123 (paths come as text)
            first = next(read(source_of(job, file)), None)
    except errors() as error:
        raise _damaged(job) from error
    return first if isinstance(first, Facts) else Facts()


def _read(job: Job, pieces: Pieces, notes: dict[str, None]) -> int | None:
    """Fill the pieces and `notes`; return the place, from 0, to go on with, None when all is read that is
    read."""
    in_parts = job.media_type in RESUMED
    broken: tuple[type[Exception], ...] = (MediaError, *errors())
    try:
        with open(job.path, "rb") as file:  # noqa: PTH123 (paths come as text)
            source = replace(source_of(job, file), notes=notes)
            for block in read(source):
                is_enough = source.is_over or pieces.signs >= SIGNS_PER_PART
                if in_parts and is_enough and isinstance(block, Place) and pieces.number > job.start:
                    pieces.end()
                    return pieces.number
                pieces.take(block)
                if not in_parts and (pieces.is_full or source.is_over):
                    source.tell(LONG if pieces.is_full else LATE)
                    break
    except LeftOutError:
        raise
    except broken as error:
        if not pieces.number:
            raise error if isinstance(error, MediaError) else _damaged(job) from error
        notes[DAMAGED] = None
    pieces.end()
    return None


def _damaged(job: Job) -> MediaError:
    what = describe(job.media_type)
    return MediaError(f"The file is damaged: it cannot be read as {what}.")


def _drawn(one: Card) -> bytes | None:
    try:
        return card.drawn(one)
    except pdf_errors():
        return None


def _content(job: Job, pieces: Pieces) -> Content:
    return Content(job.digest, job.media_type, job.size, pages=pieces.places or pieces.number or None)


INDEXER = TextIndexer("texts", TEXTS, links=True)
