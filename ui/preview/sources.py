"""What a preview draws: a picture, a page or a moment of a film, whole or in part, in a job."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from search.records import Box, Hit, TimeSpan
from search.spots import picture_in
from ui.backend import Backend
from ui.pictures import from_bytes, picture_size, read_part, read_picture
from ui.preview import pdf
from ui.wording import moment_of, page_number

EDGE = 2048
"""The whole is drawn no larger than this; a part of it is read anew when more can be seen."""

PAGE_WIDTH = 1400


@dataclass(frozen=True, slots=True)
class Drawn:
    """The whole as drawn first. `size` is how large it can be drawn sharply, in pixels; `words` are the boxes
    of the query's words in it, `pages` how many the document has, `note` what there is to say."""

    image: QImage
    size: QSize
    words: tuple[Box, ...] = ()
    pages: int | None = None
    note: str = ""


class Source(Protocol):
    """Something that can be drawn. Both methods take their time and are called in a job, never at once."""

    @property
    def path(self) -> Path:
        """The file."""

    def whole(self) -> Drawn:
        """Draw all of it; a null image when only its thumbnail can be shown. Raises `CrossfindError`."""

    def part(self, part: Box, within: QSize) -> QImage:
        """Draw a part no larger than `within` pixels; a null image when there is no more to see."""


@dataclass(frozen=True, slots=True)
class PictureSource:
    """A picture, or one page of a many-page picture; the backend draws what Qt cannot read, and what Qt does
    not turn upright. `upright` is the size of its first page in pixels, empty where it is not known."""

    backend: Backend
    path: Path
    page: int
    upright: QSize

    def whole(self) -> Drawn:
        image = read_picture(self.path, QSize(EDGE, EDGE), self.page)
        size = picture_size(self.path, self.page)
        lies = size == self.upright.transposed() and size != self.upright and not size.isEmpty()
        if not image.isNull() and not lies:
            return Drawn(image, size if size.isValid() else image.size())
        return _of_bytes(self.backend.page_image(self.path, self.page, PAGE_WIDTH))

    def part(self, part: Box, within: QSize) -> QImage:
        return read_part(self.path, part, within, self.page)


@dataclass(frozen=True, slots=True)
class PageSource:
    """A page of a PDF, with the words of the query found on it; the backend draws what QtPdf cannot."""

    backend: Backend
    path: Path
    page: int
    words: tuple[str, ...] = field(default=())

    def whole(self) -> Drawn:
        drawn = pdf.page(self.path, self.page, EDGE, self.words, self.backend.passwords())
        if drawn is not None:
            return Drawn(drawn.image, drawn.image.size() * pdf.CLOSEST, drawn.words, drawn.pages)
        return _of_bytes(self.backend.page_image(self.path, self.page, PAGE_WIDTH))

    def part(self, part: Box, within: QSize) -> QImage:
        return pdf.part(self.path, self.page, part, within, self.backend.passwords())


@dataclass(frozen=True, slots=True)
class EnclosedSource:
    """A picture in a document that is no PDF."""

    backend: Backend
    path: Path
    page: int
    picture: int

    def whole(self) -> Drawn:
        return _of_bytes(self.backend.enclosed_image(self.path, self.page, self.picture, EDGE))

    def part(self, part: Box, within: QSize) -> QImage:
        return QImage()


@dataclass(frozen=True, slots=True)
class MomentSource:
    """A moment of a film."""

    backend: Backend
    path: Path
    moment: TimeSpan

    def whole(self) -> Drawn:
        return _of_bytes(self.backend.moment_image(self.path, self.moment, PAGE_WIDTH))

    def part(self, part: Box, within: QSize) -> QImage:
        return QImage()


def source_of(backend: Backend, hit: Hit, page: int | None, words: tuple[str, ...]) -> Source | None:
    """Return what to draw of a hit; None where there is nothing but its thumbnail. `page` goes before the
    hit's own."""
    path, number = Path(hit.file.path), page or page_number(hit.locator)
    match hit.content.kind:
        case "image":
            upright = QSize(hit.content.width or 0, hit.content.height or 0)
            return PictureSource(backend, path, number, upright)
        case "pdf":
            return PageSource(backend, path, number, words)
        case "document" if (picture := picture_in(hit.locator)) is not None:
            return EnclosedSource(backend, path, page_number(hit.locator), picture)
        case "video" if (moment := moment_of(hit.locator)) is not None:
            return MomentSource(backend, path, moment)
        case _:
            return None


def _of_bytes(data: bytes) -> Drawn:
    image = from_bytes(data)
    return Drawn(image, image.size())
