"""PDFs: the words of each page in reading order, and the page as a picture for the picture spaces."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from PIL import Image

from indexers.base import LAYOUT, Job, LeftOutError, Part, Piece
from indexers.imaging import needed_side, thumbnail
from indexers.page_layout import layout
from indexers.page_lines import lines_of
from indexers.page_links import links_of
from indexers.page_reading import Reading, text_of
from indexers.picture_pieces import picture_pieces
from search.errors import MediaError
from search.link_form import LINKS
from search.records import Content, Locator, Page

if TYPE_CHECKING:
    import pymupdf

PAGES_PER_PART = 16
SECONDS_PER_PART = 5.0
PAGES_WITH_THUMBNAIL = 200
_LONGEST_SIDE = 4096


@contextmanager
def opened(path: str | Path, passwords: Sequence[str] = ()) -> Iterator["pymupdf.Document"]:
    """Open a PDF. Raises `LeftOutError` when no password fits, `MediaError` when it is beyond repair."""
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    with ExitStack() as open_ones:
        try:
            file = open_ones.enter_context(open(path, "rb"))  # noqa: PTH123 (unreadable or broken?)
            document = open_ones.enter_context(pymupdf.open(_in_utf8(path, file), filetype="pdf"))
        except OSError as error:
            raise MediaError(f"The file cannot be read: {error.strerror}.") from error
        except pdf_errors() as error:
            raise MediaError("The PDF is damaged beyond repair.") from error
        _unlock(document, passwords)
        if not _pages(document):
            raise MediaError("The PDF has no pages that can be read.")
        yield document


def _in_utf8(path: str | Path, file: BinaryIO) -> str:
    """Name an open file so that MuPDF, which knows only UTF-8, finds it."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return f"/dev/fd/{file.fileno()}"
    return str(path)


def _unlock(document: "pymupdf.Document", passwords: Sequence[str]) -> None:
    if document.needs_pass and not any(document.authenticate(password) for password in passwords):
        lock = "none of the passwords given opens it" if passwords else "it needs a password"
        remedy = "Give it with --password or --password-file."
        raise LeftOutError(f"The PDF is encrypted and {lock}.", remedy)


def _pages(document: "pymupdf.Document") -> int:
    try:
        return int(document.page_count)
    except pdf_errors():
        return 0


def pdf_errors() -> tuple[type[Exception], ...]:
    """What MuPDF and its wrapper raise for damaged files."""
    from pymupdf.mupdf import FzErrorBase

    return (
        FzErrorBase,
        ArithmeticError,
        AttributeError,
        LookupError,
        OSError,
        RuntimeError,
        TypeError,
        ValueError,
    )


def render(page: "pymupdf.Page", need: int) -> Image.Image:
    """Draw an upright page in RGB, its shorter side about `need` pixels, its longer one bounded."""
    import pymupdf

    width, height = max(page.rect.width, 1.0), max(page.rect.height, 1.0)
    scale = min(need / min(width, height), _LONGEST_SIDE / max(width, height))
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(scale, scale), colorspace=pymupdf.csRGB, alpha=False)
    return Image.frombuffer("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def page_picture(path: str | Path, number: int, need: int, passwords: Sequence[str] = ()) -> Image.Image:
    """Draw one page (from 1) of a PDF. Raises `MediaError` when there is no such page."""
    with opened(path, passwords) as document:
        if not 1 <= number <= document.page_count:
            raise MediaError(f"There is no page {number}; the PDF has {document.page_count}.")
        try:
            return render(document[number - 1], need)
        except pdf_errors() as error:
            raise MediaError(f"Page {number} of the PDF is damaged.") from error


def page_text(page: "pymupdf.Page") -> str:
    """Return the words of a page, a line for each paragraph in reading order, hyphens at line ends mended."""
    return text_of(layout(lines_of(page)))


class DocumentIndexer:
    """Reads PDFs."""

    name = "documents"
    media_types = frozenset(("application/pdf",))
    spaces = frozenset(("text", "meaning", LAYOUT, LINKS, "scene", "look", "phash"))
    cost = 0

    def extract(self, job: Job) -> Part:
        """Read pages from `job.start` (from 0) on: `PAGES_PER_PART`, or as many as a few seconds allow."""
        deadline = time.monotonic() + min(SECONDS_PER_PART, job.limits.seconds / 4)
        pieces: list[Piece] = []
        thumbnails: list[tuple[Locator, bytes]] = []
        with opened(job.path, job.passwords) as document:
            at, readable, end = job.start, 0, min(job.start + PAGES_PER_PART, document.page_count)
            reading = Reading(document, job.spaces, pdf_errors())
            content = None
            while at < end and (at == job.start or time.monotonic() < deadline):
                try:
                    page = document[at]
                    pieces += reading.pieces(page)
                    pieces += links_of(page) if LINKS in job.spaces else ()
                    pieces += _pictures(page, job, thumbnails)
                    content = content or (_content(document, page, job) if at == 0 else None)
                    readable += 1
                except pdf_errors():  # a bad page costs only itself
                    pass
                at += 1
            if job.start == 0 and not readable and at == document.page_count:
                raise MediaError("The PDF is damaged; none of its pages can be read.")
            if job.start == 0 and content is None:
                content = _content(document, None, job)
            following = at if at < document.page_count else None
            return Part(content, pieces, thumbnails, following, of=document.page_count)


def _pictures(page: "pymupdf.Page", job: Job, thumbnails: list[tuple[Locator, bytes]]) -> Sequence[Piece]:
    """Make the pieces of a page as a picture, and its thumbnail when it is among the first ones."""
    specs = [spec for spec in job.spaces.values() if spec is not None]
    small = job.thumbnails and page.number < PAGES_WITH_THUMBNAIL
    if not (specs or small):
        return ()
    place, picture = Page(page.number + 1), render(page, needed_side(specs, small))
    if small:
        thumbnails.append((place, thumbnail(picture)))
    return picture_pieces(place, picture, job.spaces)


def _content(document: "pymupdf.Document", page: "pymupdf.Page | None", job: Job) -> Content:
    return Content(
        digest=job.digest,
        media_type=job.media_type,
        size=job.size,
        width=round(page.rect.width) if page else None,
        height=round(page.rect.height) if page else None,
        pages=document.page_count,
    )


INDEXER = DocumentIndexer()
