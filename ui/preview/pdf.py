"""Pages of PDFs, drawn by QtPdf in a job: at any size, in parts, with the places of words.

A document is opened for each drawing, which takes a few milliseconds, so that nothing is kept between
threads. Where QtPdf is not there or cannot read a document, the functions say so by returning nothing.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter

from search.records import Box

if TYPE_CHECKING:
    from PySide6.QtPdf import QPdfDocument

CLOSEST = 4
"""A page can be seen so many times larger than it is drawn first."""

MOST_WORDS = 400


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A page on white, the boxes of the words asked for on it, and how many pages there are."""

    image: QImage
    words: tuple[Box, ...]
    pages: int


def page(
    path: Path, number: int, edge: int, words: Sequence[str] = (), passwords: Sequence[str] = ()
) -> DrawnPage | None:
    """Draw a page (from 1) with its longer side `edge` pixels long; None where QtPdf cannot. `passwords` are
    tried on a locked document."""
    with _opened(path, passwords) as document:
        if document is None or not 1 <= number <= document.pageCount():
            return None
        size = _size(document, number, edge)
        image = _on_white(document.render(number - 1, size))
        if image.isNull():
            return None
        return DrawnPage(image, tuple(_places(document, number, words)), document.pageCount())


def part(path: Path, number: int, box: Box, within: QSize, passwords: Sequence[str] = ()) -> QImage:
    """Draw a part of a page that fills `within` pixels; null where QtPdf cannot."""
    with _opened(path, passwords) as document:
        if document is None or not 1 <= number <= document.pageCount():
            return QImage()
        from PySide6.QtPdf import QPdfDocumentRenderOptions

        left, top, right, bottom = box
        points = document.pagePointSize(number - 1)
        scale = within.width() / max(1e-6, (right - left) * points.width())
        whole = QSize(round(points.width() * scale), round(points.height() * scale))
        clip = QRect(round(left * whole.width()), round(top * whole.height()), within.width(), 0)
        clip.setHeight(max(1, round((bottom - top) * whole.height())))
        options = QPdfDocumentRenderOptions()
        options.setScaledSize(whole)
        options.setScaledClipRect(clip)
        return _on_white(document.render(number - 1, clip.size(), options))


@contextmanager
def _opened(path: Path, passwords: Sequence[str] = ()) -> "Iterator[QPdfDocument | None]":
    """Open a document; None where no password opens it, where it is broken or gone, or without QtPdf."""
    try:
        from PySide6.QtPdf import QPdfDocument
    except ImportError:  # a library that it needs is not installed
        yield None
        return
    document = QPdfDocument()
    try:
        loaded = document.load(str(path))
        for password in passwords:
            if loaded != QPdfDocument.Error.IncorrectPassword:
                break
            document.setPassword(password)
            loaded = document.load(str(path))
    except UnicodeEncodeError:
        yield None
        return
    try:
        yield document if loaded == QPdfDocument.Error.None_ else None
    finally:
        document.close()


def _size(document: "QPdfDocument", number: int, edge: int) -> QSize:
    points = document.pagePointSize(number - 1)
    scale = edge / max(points.width(), points.height(), 1.0)
    return QSize(max(1, round(points.width() * scale)), max(1, round(points.height() * scale)))


def _places(document: "QPdfDocument", number: int, words: Sequence[str]) -> Iterator[Box]:
    """Yield the boxes of words on a page: one for each line that they run over."""
    if not words:
        return
    text = document.getAllText(number - 1).text()
    size = document.pagePointSize(number - 1)
    pattern = re.compile("|".join(rf"\b{re.escape(word)}\b" for word in words), re.IGNORECASE)
    for count, found in enumerate(pattern.finditer(text)):
        if count >= MOST_WORDS:
            return
        selection = document.getSelectionAtIndex(number - 1, found.start(), len(found[0]))
        for polygon in selection.bounds():
            yield _share(polygon.boundingRect(), size.width(), size.height())


def _share(place: QRectF, width: float, height: float) -> Box:
    return (
        max(0.0, place.left() / width),
        max(0.0, place.top() / height),
        min(1.0, place.right() / width),
        min(1.0, place.bottom() / height),
    )


def _on_white(drawn: QImage) -> QImage:
    """Pages are drawn on nothing; paper is white."""
    if drawn.isNull():
        return drawn
    paper = QImage(drawn.size(), QImage.Format.Format_RGB32)
    paper.fill(0xFFFFFFFF)
    painter = QPainter(paper)
    painter.drawImage(QPointF(0, 0), drawn)
    painter.end()
    return paper
