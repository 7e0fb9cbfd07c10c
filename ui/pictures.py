"""Reading pictures with Qt: upright, scaled while decoding, safe to call on any thread."""

import threading
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

_ENUMS = threading.Lock()
"""PySide makes an enumeration's combined values when it first meets them: not in two threads at once."""
_FORMAT = QImage.Format.Format_ARGB32_Premultiplied


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
    with _ENUMS:
        turned = bool(reader.transformation().value & 4)  # Rotate90 and its mirrored forms swap the sides
    room = within.transposed() if turned else within
    if size.width() <= room.width() and size.height() <= room.height():
        return size
    return size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))


def from_bytes(data: bytes) -> QImage:
    """Decode a picture that is in memory; a null image when it cannot be read."""
    image = QImage.fromData(data)
    return image if image.isNull() else image.convertToFormat(_FORMAT)
