"""Dropping things on the window: the sign over it while something is dragged, and what is let fall."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QWidget

from ui.language import tr
from ui.query.incoming import acceptable, read_mime


class DropSign(QWidget):
    """A frame and a sentence over its parent; takes no mouse events."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setVisible(False)

    def cover(self) -> None:
        """Appear over the whole parent."""
        self.setGeometry(self._over.rect())
        self.raise_()
        self.setVisible(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(self.palette().color(QPalette.ColorRole.Window))
        veil.setAlphaF(0.85)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self.rect().adjusted(14, 14, -14, -14), 12, 12)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.4)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        text = tr("Drop a picture, sound, film or PDF to search by it, or a folder to index it")
        painter.drawText(
            self.rect().adjusted(40, 40, -40, -40),
            int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap),
            text,
        )


class DropTarget(QObject):
    """Makes a window a place to drop things on, anywhere.

    `given` tells what was dropped. What is dragged within the window itself (a hit) may only be let fall on
    `header`, and says `ours_given`.
    """

    given = Signal(object)
    ours_given = Signal()

    def __init__(self, window: QWidget, header: QWidget) -> None:
        super().__init__(window)
        self._window, self._header = window, header
        self.sign = DropSign(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        match event:
            case QDragEnterEvent():  # it is a QDropEvent and a QDragMoveEvent as well
                self._enter(event)
            case QDragMoveEvent():
                over_header = self._header.geometry().contains(event.position().toPoint())
                event.setAccepted(over_header or not self._is_ours(event.source()))
            case QDragLeaveEvent():
                self.sign.setVisible(False)
            case QDropEvent():
                self._drop(event)
            case _:
                return False
        return True

    def _enter(self, event: QDragEnterEvent) -> None:
        if not acceptable(event.mimeData()):
            event.ignore()
            return
        event.acceptProposedAction()
        if not self._is_ours(event.source()):
            self.sign.cover()

    def _drop(self, event: QDropEvent) -> None:
        self.sign.setVisible(False)
        event.acceptProposedAction()
        if self._is_ours(event.source()):
            self.ours_given.emit()
        else:
            self.given.emit(read_mime(event.mimeData()))

    def _is_ours(self, source: QObject | None) -> bool:
        return isinstance(source, QWidget) and source.window() is self._window
