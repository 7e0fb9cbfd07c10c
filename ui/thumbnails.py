"""Thumbnails that arrive later: a small pool decodes what is on screen, newest wish first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from ui.pictures import read_picture

EDGE = 512
"""No thumbnail is kept larger than this, in pixels."""


class Thumbnails(QObject):
    """A cache of pixmaps by file, filled in the background.

    `loaded` names a file whose pixmap has arrived. At most `waiting` wishes are remembered: after a
    long scroll only what was asked last is decoded, the rest is asked again when it is painted again.
    """

    loaded = Signal(object)
    _decoded = Signal(object, QImage)

    def __init__(
        self,
        parent: QObject | None = None,
        workers: int = 2,
        capacity: int = 192 * 2**20,
        waiting: int = 256,
        read: Callable[[Any], QImage] | None = None,
    ) -> None:
        """`read` makes the picture of a key, on another thread; without it keys are paths of pictures."""
        super().__init__(parent)
        self._read = read or _picture_at
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="ui-thumbnails")
        self._lock = threading.Lock()
        self._wishes: OrderedDict[Hashable, None] = OrderedDict()
        self._decoding: set[Hashable] = set()
        self._kept: OrderedDict[Hashable, QPixmap] = OrderedDict()
        self._bytes, self._capacity, self._waiting = 0, capacity, waiting
        self._closed = False
        self._decoded.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def get(self, path: Hashable) -> QPixmap | None:
        """Return the pixmap (null if the file cannot be read), or None and announce it with `loaded`."""
        if (known := self._kept.get(path)) is not None:
            self._kept.move_to_end(path)
            return known
        if not self._closed and path not in self._decoding:
            self._wish(path)
        return None

    def forget_unreadable(self) -> None:
        """Try again what could not be read; an indexing run may have made it since."""
        self._kept = OrderedDict((path, pixmap) for path, pixmap in self._kept.items() if not pixmap.isNull())

    def shutdown(self) -> None:
        """Drop all wishes and wait for the decoders."""
        self._closed = True
        with self._lock:
            self._wishes.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _wish(self, path: Hashable) -> None:
        with self._lock:
            known = path in self._wishes
            self._wishes[path] = None
            self._wishes.move_to_end(path)
            if len(self._wishes) > self._waiting:
                self._wishes.popitem(last=False)
        if not known:
            self._pool.submit(self._decode_newest)

    def _decode_newest(self) -> None:
        with self._lock:
            if not self._wishes:
                return
            path, _ = self._wishes.popitem(last=True)
            self._decoding.add(path)
        self._decoded.emit(path, self._read(path))

    @Slot(object, QImage)
    def _keep(self, path: Hashable, image: QImage) -> None:
        self._decoding.discard(path)
        pixmap = QPixmap.fromImage(image)
        self._kept[path] = pixmap
        self._bytes += _bytes_of(pixmap)
        while self._bytes > self._capacity and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= _bytes_of(oldest)
        self.loaded.emit(path)


def _picture_at(path: Any) -> QImage:
    return read_picture(path, QSize(EDGE, EDGE))


def _bytes_of(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
