"""The line a query is typed in: an error is underlined where it is, paste may bring a picture."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QInputMethodEvent, QKeyEvent, QKeySequence, QTextCharFormat
from PySide6.QtWidgets import QLineEdit, QWidget

ERROR_COLOR = QColor("#d93025")
ERROR_TINT = QColor(217, 48, 37, 50)


class QueryField(QLineEdit):
    """A line edit that hands on what it cannot do itself; `assistant` is asked first for a key."""

    paste_wanted = Signal()
    down_pressed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(False)  # the window takes every drop
        self.assistant: Callable[[QKeyEvent], bool] = lambda _: False
        self.is_assisted: Callable[[], bool] = lambda: False
        self.textChanged.connect(lambda: self.underline(0, 0))

    def underline(self, start: int, end: int, told: str = "") -> None:
        """Underline the characters from `start` up to `end` as wrong and say why in a tooltip.

        An empty stretch clears it.
        """
        wrong = QTextCharFormat()
        wrong.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        wrong.setUnderlineColor(ERROR_COLOR)
        wrong.setBackground(ERROR_TINT)
        attributes = []
        text = self.text()
        if end > start:  # the field formats text only through its input method interface
            kind = QInputMethodEvent.AttributeType.TextFormat
            first, last = units(text, start), units(text, end)
            attributes.append(
                QInputMethodEvent.Attribute(kind, first - self.cursorPosition(), last - first, wrong)
            )
        self.setToolTip(told if end > start else "")
        QCoreApplication.sendEvent(self, QInputMethodEvent("", attributes))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            is_escape = event.key() == Qt.Key.Key_Escape
            if event.type() == QEvent.Type.ShortcutOverride and is_escape and self.is_assisted():
                event.accept()  # hides the suggestions; the window's own Esc would clear the query
                return True
            if event.type() == QEvent.Type.KeyPress and self.assistant(event):
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        elif event.key() == Qt.Key.Key_Down:
            self.down_pressed.emit()
        else:
            super().keyPressEvent(event)


def units(text: str, characters: int) -> int:
    """Return how many of Qt's UTF-16 units the first characters of a text take."""
    return len(text[:characters].encode("utf-16-le", "surrogatepass")) // 2


def characters(text: str, units_before: int) -> int:
    """Return how many characters of a text stand before a position that Qt counts in UTF-16 units."""
    data = text.encode("utf-16-le", "surrogatepass")[: 2 * units_before]
    return len(data.decode("utf-16-le", "ignore"))
