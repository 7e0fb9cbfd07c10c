"""A small panel over the window, below what opened it: no window of its own, so it is never lost behind."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget


class Overlay(QFrame):
    """Goes away by Esc, by a click or the focus elsewhere; Enter that nothing in it uses is `accepted`."""

    accepted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent.window())
        self._over = parent.window()
        self.setObjectName("overlay")
        self.setAutoFillBackground(True)
        self._opener: QWidget | None = None
        self.hide()

    def open_below(self, opener: QWidget) -> None:
        """Show it below a widget of the same window, inside the window."""
        self._opener = opener
        opener.destroyed.connect(self._forget_opener)
        self.fit()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.installEventFilter(self)
        app.focusChanged.connect(self._focus_moved)

    def fit(self) -> None:
        """Take the room that it needs, below what opened it."""
        self.adjustSize()
        room = self._over.rect().adjusted(4, 4, -4, -4)
        self.resize(self.size().boundedTo(room.size()))
        if self._opener is None:
            return
        at = self._opener.mapTo(self._over, QPoint(0, self._opener.height() + 3))
        left = max(room.left(), min(at.x(), room.right() - self.width()))
        self.move(left, max(room.top(), min(at.y(), room.bottom() - self.height())))

    def leave(self) -> None:
        """Go away for good; the focus goes back to what opened it."""
        if self.isHidden():
            return
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.removeEventFilter(self)
        app.focusChanged.disconnect(self._focus_moved)
        had_focus = _holds(self, QApplication.focusWidget())
        self.hide()
        if had_focus and self._opener is not None:
            self._opener.setFocus()
        self.left.emit()
        self.deleteLater()

    def _forget_opener(self) -> None:
        self._opener = None

    def _focus_moved(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and not _holds(self, now):
            self.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            under = QApplication.widgetAt(event.globalPosition().toPoint())
            if under is not None and isinstance(watched, QWidget) and not _holds(self, watched):
                self.leave()
        return False

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(event.key() == Qt.Key.Key_Escape)
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self.isHidden():
                self.accepted.emit()
        else:
            super().keyPressEvent(event)


def _holds(one: QWidget, other: QWidget | None) -> bool:
    """Whether a widget belongs to another; so do lists of choices and calendars, windows of their own."""
    while other is not None and other is not one:
        other = other.parentWidget()
    return other is one
