"""A widget that shows one picture as large as fits."""

from collections.abc import Sequence

from PySide6.QtCore import QMargins, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from search.records import Box

MARGIN = 12
MOST = 2
"""Small pictures are enlarged no more than this many times."""

AROUND = 3.0
"""A frame is so many pixels larger than what it frames."""


class PictureView(QWidget):
    """Paints a pixmap centred and as large as makes sense, or a line of text instead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self._message = ""
        self._enlarge = False
        self._boxes: tuple[Box, ...] = ()
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_pixmap(self, pixmap: QPixmap, enlarge: bool = False) -> None:
        """Show a picture; `enlarge` fills the room with one that is only a stand-in."""
        self._pixmap, self._message, self._enlarge = pixmap, "", enlarge
        self.update()

    def show_boxes(self, boxes: Sequence[Box]) -> None:
        """Frame these parts of whatever picture is shown, until others are named."""
        self._boxes = tuple(boxes)
        self.update()

    def show_message(self, text: str) -> None:
        """Show no picture but say why."""
        self._pixmap, self._message = QPixmap(), text
        self.update()

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The parts that are framed."""
        return self._boxes

    @property
    def pixmap(self) -> QPixmap:
        """What is shown; null for nothing."""
        return self._pixmap

    def sizeHint(self) -> QSize:
        return QSize(360, 300)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pixmap.isNull():
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), int(flags), self._message)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        spot = self._spot()
        painter.drawPixmap(spot, self._pixmap)
        self._paint_boxes(painter, spot)

    def _paint_boxes(self, painter: QPainter, spot: QRect) -> None:
        """Frame parts in the accent colour, on a light line that shows on any picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        for left, top, right, bottom in self._boxes:
            frame = QRectF(
                spot.left() + left * spot.width(),
                spot.top() + top * spot.height(),
                (right - left) * spot.width(),
                (bottom - top) * spot.height(),
            ).adjusted(-AROUND, -AROUND, AROUND, AROUND)
            for colour, width in ((QColor(255, 255, 255, 200), 4.0), (accent, 2.0)):
                painter.setPen(QPen(colour, width))
                painter.drawRoundedRect(frame, AROUND, AROUND)

    def _spot(self) -> QRect:
        room = self.rect().marginsRemoved(QMargins(MARGIN, MARGIN, MARGIN, MARGIN)).size()
        natural = self._pixmap.size() / self.devicePixelRatioF()
        size = natural.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        if not self._enlarge and size.width() > MOST * natural.width():
            size = natural * MOST
        spot = QRect(0, 0, size.width(), size.height())
        spot.moveCenter(self.rect().center())
        return spot
