"""Films play under the mouse: their storyboard from the second that matched, or wherever the mouse points.

No player is needed for that: the library keeps small pictures of every film, evenly spread over its length.
"""

from collections import OrderedDict
from pathlib import Path

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QImage, QMouseEvent, QPixmap

from search.records import Hit
from search.storyboard import TILE, size_of, tile_place, tile_times
from ui.jobs import Jobs
from ui.pictures import read_picture
from ui.results.backend import ResultsBackend
from ui.results.grid import Results
from ui.results.painting import Playing
from ui.wording import moment_of

CHANNEL = "storyboard"
WAIT_MS, STEP_MS = 180, 450
KEPT = 12


class HoverPlay(QObject):
    """Watches the mouse over the results and shows films at their seconds.

    The mouse is waited for, so that nothing flickers while it only passes. Moving it across the picture goes
    to that share of the film; held still, the film plays on from there.
    """

    def __init__(self, backend: ResultsBackend, jobs: Jobs, results: Results) -> None:
        super().__init__(results)
        self._backend, self._jobs, self._results = backend, jobs, results
        self._sheets: OrderedDict[str, QPixmap] = OrderedDict()
        self._index = QPersistentModelIndex()
        self._share = 0.0
        self._entered_x = 0
        self._waiting = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._waiting.timeout.connect(self._begin)
        self._playing = QTimer(self, interval=STEP_MS)
        self._playing.timeout.connect(self._step)
        results.viewport().installEventFilter(self)
        results.hits.modelAboutToBeReset.connect(self.stop)
        results.verticalScrollBar().valueChanged.connect(self.stop)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            if event.buttons() == Qt.MouseButton.NoButton:
                self._moved(event.position().toPoint())
            else:
                self.stop()
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.MouseButtonPress, QEvent.Type.Hide):
            self.stop()
        return super().eventFilter(watched, event)

    def stop(self) -> None:
        """Show the hit's own picture again."""
        self._waiting.stop()
        self._playing.stop()
        self._jobs.cancel(CHANNEL)
        was, self._index = self._index, QPersistentModelIndex()
        self._results.delegate.playing = None
        if was.isValid():
            self._results.update(self._at(was))

    def _moved(self, point: QPoint) -> None:
        index = self._results.indexAt(point)
        if index != self._index:
            self.stop()
            hit = self._results.hits.hit(index)
            if hit is not None and hit.content.kind == "video" and hit.content.duration_s:
                self._index = QPersistentModelIndex(index)
                moment = moment_of(hit.locator)
                self._share = min(1.0, (moment.start_s if moment else 0.0) / hit.content.duration_s)
                self._entered_x = point.x()
                self._waiting.start()
        elif self._results.delegate.playing is not None and abs(point.x() - self._entered_x) > 6:
            room = self._results.picture_rect(self._at(self._index))
            if room.width() > 0:
                self._entered_x = point.x()
                self._share = min(max((point.x() - room.left()) / room.width(), 0.0), 1.0)
                self._show()
                self._playing.start()

    def _begin(self) -> None:
        hit = self._hit()
        if hit is None or self._results.is_table:
            return
        digest = hit.file.digest
        if digest in self._sheets:
            self._sheets.move_to_end(digest)
            self._play()
            return

        def keep(image: QImage) -> None:
            self._sheets[digest] = QPixmap.fromImage(image)
            while len(self._sheets) > KEPT:
                self._sheets.popitem(last=False)
            self._play()

        self._jobs.submit(CHANNEL, lambda: _read(self._backend.storyboard(digest)), keep, lambda _: None)

    def _play(self) -> None:
        self._show()
        self._playing.start()

    def _step(self) -> None:
        hit = self._hit()
        if hit is None:
            self.stop()
            return
        count = len(tile_times(hit.content.duration_s or 0))
        self._share = self._share + 1 / count if self._share + 1 / count < 1 else 0.0
        self._show()

    def _show(self) -> None:
        hit = self._hit()
        sheet = self._sheets.get(hit.file.digest) if hit else None
        if hit is None or sheet is None or sheet.isNull():
            return
        count = len(tile_times(hit.content.duration_s or 0))
        source = tile_of(min(count - 1, int(self._share * count)), hit.content.width, hit.content.height)
        self._results.delegate.playing = Playing(self._index.row(), sheet, source, self._share)
        self._results.update(self._at(self._index))

    def _at(self, index: QPersistentModelIndex) -> QModelIndex:
        return self._results.hits.index(index.row())

    def _hit(self) -> Hit | None:
        return self._results.hits.hit(self._index) if self._index.isValid() else None


def tile_of(number: int, width: int | None, height: int | None) -> QRect:
    """Where a film's picture lies in its storyboard, without the dark edges of its tile."""
    left, top = tile_place(number)
    tile = QRect(left, top, *TILE)
    if not width or not height:
        return tile
    size = (
        QSize(width, height).scaled(tile.size(), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1))
    )
    inner = QRect(0, 0, size.width(), size.height())
    inner.moveCenter(tile.center())
    return inner.intersected(tile)


def _read(path: Path | None) -> QImage:
    return QImage() if path is None else read_picture(path, QSize(*size_of(100)))
