"""Which reader reads what."""

from collections.abc import Iterator, Mapping

from indexers.document_types import ARCHIVES, CODE, CONTAINER, TEXTS, described
from indexers.facts import clean
from indexers.writings import (
    archive,
    book,
    columns,
    locked,
    mail,
    opendocument,
    outlook,
    plain,
    refused,
    rich,
    sheets,
    slides,
    web,
    word,
)
from indexers.writings.blocks import Block, Heading, Paragraph, Picture, Reader, Source
from search.errors import MediaError

_PAGES_OF_MEMBERS = 200

_BY_NAME: Mapping[str, Reader] = {
    "text/plain": plain.plain,
    "text/markdown": plain.light,
    "text/x-rst": plain.light,
    "text/csv": columns.csv_rows,
    "text/tab-separated-values": columns.csv_rows,
    "text/html": web.page,
    "application/rtf": rich.rich,
    "application/epub+zip": book.book,
    "message/rfc822": mail.mail,
    "application/mbox": mail.mailbox,
    "application/vnd.ms-outlook": outlook.message,
    "application/zip": archive.zip_archive,
    **dict.fromkeys(
        ("application/x-tar", "application/gzip", "application/x-bzip2", "application/x-xz"),
        archive.tar_archive,
    ),
    **dict.fromkeys(CODE, plain.code),
    **dict.fromkeys(refused.REFUSED, refused.refused),
    CONTAINER: lambda source: locked.container(source, read),
}
_BY_ENDING: tuple[tuple[str, Reader], ...] = (
    ("wordprocessingml.document", word.word),
    ("spreadsheetml.sheet", sheets.sheets),
    ("presentationml.presentation", slides.slides),
)
RESUMED = frozenset(("application/mbox",))
"""What is read in as many parts as it takes; of the rest as much as one part holds."""

MERE_TEXT = frozenset(
    ("text/plain", "text/markdown", "text/x-rst", "text/csv", "text/tab-separated-values", "text/html")
) | {"application/rtf", *CODE}
"""What has no bound but its size."""


def reader_of(media_type: str) -> Reader | None:
    """Return who reads a type; None for what is none of ours."""
    if media_type in _BY_NAME:
        return _BY_NAME[media_type]
    if media_type.startswith("application/vnd.oasis.opendocument."):
        return opendocument.opendocument
    return next((reader for ending, reader in _BY_ENDING if media_type.endswith(ending)), None)


def read(source: Source) -> Iterator[Block]:
    """Read a document. Raises as readers do."""
    reader = reader_of(source.media_type)
    if reader is None:
        raise MediaError(
            f"The file is {described(source.media_type) or 'of an unknown type'}; it is not read."
        )
    return reader(source)


def inside(source: Source) -> Iterator[Block]:
    """Read a member of an archive or mail, PDFs and pictures too; nothing where it is no document."""
    if source.media_type == "application/pdf":
        return _pdf(source)
    if source.media_type.startswith("image/"):
        return iter((Picture(source.file.read),))
    if source.media_type in MERE_TEXT and source.size > source.most_text:
        source.tell(f"Of {clean(source.name)} only the first {source.most_text / 1e6:g} MB are read.")
    is_known = source.media_type in TEXTS or source.media_type in ARCHIVES
    return read(source) if is_known else iter(())


def _pdf(source: Source) -> Iterator[Block]:
    import pymupdf

    from indexers.documents import page_text

    with pymupdf.open(stream=source.file.read(), filetype="pdf") as document:
        if document.needs_pass:
            source.tell(f"{clean(source.name)} is encrypted.")
            return
        if document.page_count > _PAGES_OF_MEMBERS:
            source.tell(f"Of {clean(source.name)} only the first {_PAGES_OF_MEMBERS} pages are read.")
        for number in range(min(document.page_count, _PAGES_OF_MEMBERS)):
            if number:
                yield Heading(f"{source.name}, {number + 1}")
            yield from map(Paragraph, page_text(document[number]).splitlines())
