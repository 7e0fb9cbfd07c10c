"""What lies inside another file: members of archives, attachments of mail. Nothing is written to the disk."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from indexers.facts import BAD_DATA, Facts, clean
from indexers.media_types import HEAD_BYTES, sniff
from indexers.writings.blocks import MOST_DEEP, Block, Heading, Link, Place, Source
from search.errors import MediaError

LARGEST = 64_000_000
"""Bytes of a member that is read."""


def member(outer: Source, name: str, data: bytes) -> Iterator[Block]:
    """Read something that lies in a file: its words, its places as headings. What is damaged is nothing."""
    if outer.inside is None or not data:
        return
    if outer.depth >= MOST_DEEP or outer.is_over:
        why = "lies too deep in other files" if outer.depth >= MOST_DEEP else "would have taken too long"
        outer.tell(f"{clean(name)} {why}.")
        return
    media_type = sniff(data[:HEAD_BYTES], name)
    inner = replace(
        outer,
        file=BytesIO(data),
        name=name,
        size=len(data),
        media_type=media_type,
        depth=outer.depth + 1,
        start=0,
    )
    broken: tuple[type[Exception], ...] = errors()
    try:
        yield from _flat(outer.inside(inner))
    except MediaError as error:
        outer.tell(f"{clean(name)}: {error}")
    except broken:
        outer.tell(f"{clean(name)} is damaged.")


def _flat(blocks: Iterator[Block]) -> Iterator[Block]:
    for block in blocks:
        match block:
            case Facts(title=title):
                if title:
                    yield Heading(clean(title))
            case Place(title=title):
                if title:
                    yield Heading(title)
            case Link():  # of files that lie beside it there, not here
                pass
            case _:
                yield block


def errors() -> tuple[type[Exception], ...]:
    """What the libraries that read documents raise for damaged ones."""
    import lzma
    import tarfile
    import zipfile
    import zlib
    from xml.etree.ElementTree import ParseError

    from indexers.documents import pdf_errors

    broken = (EOFError, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile, zlib.error, ParseError)
    return (*pdf_errors(), *BAD_DATA, *broken, AssertionError, NotImplementedError, RecursionError)
