"""Reading pictures with Qt: upright, scaled while decoding, safe to call on any thread."""

import threading
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from search.records import Box

_ENUMS = threading.Lock()
"""PySide makes an enumeration's combined values when it first meets them: not in two threads at once."""
_QUARTER = 4
"""The flag of `QImageIOHandler.Transformation` that swaps the sides."""
_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


def picture_size(path: Path, page: int = 1) -> QSize:
    """Return width and height of the upright picture in pixels without decoding it; invalid if Qt cannot."""
    try:
        reader = QImageReader(str(path))
    except UnicodeEncodeError:
        return QSize()
    if page > 1:
        reader.jumpToImage(page - 1)
    return reader.size().transposed() if _turn(reader) & _QUARTER else reader.size()


def read_part(path: Path, part: Box, within: QSize, page: int = 1) -> QImage:
    """Decode a part of the upright picture, no larger than `within` (pixels) and no larger than it is.

    Returns a null image when Qt cannot read it. Formats that cannot be read in parts are read whole.
    """
    try:
        reader = QImageReader(str(path))
    except UnicodeEncodeError:
        return QImage()
    reader.setAutoTransform(True)
    if page > 1:
        reader.jumpToImage(page - 1)
    turn, size = _turn(reader), reader.size()
    if not size.isValid():
        return QImage()
    left, top, right, bottom = as_stored(part, turn)
    clip = QRectF(left * size.width(), top * size.height(), (right - left) * size.width(), 0)
    clip.setHeight((bottom - top) * size.height())
    whole = clip.toAlignedRect().intersected(QRect(QPoint(0, 0), size))
    reader.setClipRect(whole)
    room = within.transposed() if turn & _QUARTER else within
    if whole.width() > room.width() or whole.height() > room.height():
        fitting = whole.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(fitting.expandedTo(QSize(1, 1)))
    image = reader.read()
    return image if image.isNull() else image.convertToFormat(_FORMAT)


def as_stored(part: Box, turn: int) -> Box:
    """Map a part of the upright picture to the picture as it is stored; `turn` are the flags of
    `QImageIOHandler.Transformation`: 1 mirrored, 2 upside down, 4 then a quarter clockwise."""
    left, top, right, bottom = part
    if turn & _QUARTER:
        left, top, right, bottom = top, 1 - right, bottom, 1 - left
    if turn & 1:
        left, right = 1 - right, 1 - left
    if turn & 2:
        top, bottom = 1 - bottom, 1 - top
    return left, top, right, bottom


def read_picture(path: Path, within: QSize, page: int = 1) -> QImage:
    """Decode a picture, EXIF orientation applied, no larger than `within` (pixels).

    Returns a null image when Qt cannot read it (HEIC and the like, damaged or gone).
    """
    try:
        reader = QImageReader(str(path))
    except UnicodeEncodeError:
        return QImage()
    reader.setAutoTransform(True)
    if page > 1:
        reader.jumpToImage(page - 1)
    reader.setScaledSize(_scaled(reader, within))
    image = reader.read()
    return image if image.isNull() else image.convertToFormat(_FORMAT)


def _scaled(reader: QImageReader, within: QSize) -> QSize:
    size = reader.size()
    if not size.isValid():
        return size
    room = within.transposed() if _turn(reader) & _QUARTER else within
    if size.width() <= room.width() and size.height() <= room.height():
        return size
    return size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))


def _turn(reader: QImageReader) -> int:
    with _ENUMS:
        return int(reader.transformation().value)


def from_bytes(data: bytes) -> QImage:
    """Decode a picture that is in memory; a null image when it cannot be read."""
    image = QImage.fromData(data)
    return image if image.isNull() else image.convertToFormat(_FORMAT)
