"""A widget that shows the newest frame of a film; it converts only what is painted."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.preview.player import quiet


class FrameView(QWidget):
    """Fits frames into its room, upright as the film says."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame: object | None = None
        self._image = QImage()
        self.setMinimumSize(120, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_frame(self, frame: object) -> None:
        """Show a `QVideoFrame` at the next painting; frames in between are never converted."""
        self._frame = frame
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._frame, self._image = None, QImage()
        self.update()

    @property
    def image(self) -> QImage:
        """The frame that was painted last."""
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(360, 240)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        if (frame := self._frame) is not None:
            self._frame = None
            with quiet():
                self._image = frame.toImage()  # type: ignore[attr-defined]
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        spot = QRectF(0, 0, size.width(), size.height())
        spot.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(spot, self._image)
