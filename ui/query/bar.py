"""The query bar: words and a picture together ask one question, a short while after the last key."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from ui.query.chip import PICTURE_EDGE, QueryChip
from ui.query.field import QueryField
from ui.query.text import Asked, Reference

PLACEHOLDER = "Search by meaning, words or name – or drop a picture here"


class QueryBar(QWidget):
    """Emits `asked` with the newest `Asked`; Enter asks at once, typing after `delay_ms` of silence."""

    asked = Signal(object)
    paste_wanted = Signal()
    results_wanted = Signal()

    def __init__(self, delay_ms: int = 250, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chip = QueryChip()
        self.field = QueryField()
        self._picture: Reference | None = None
        self._last = Asked()
        self._timer = QTimer(self, singleShot=True, interval=delay_ms)
        self._search_icon = self.field.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self._build()

    @property
    def current(self) -> Asked:
        """What stands in the bar now."""
        return Asked(self.field.text().strip(), self._picture)

    def set_words(self, words: str) -> None:
        """Replace the words and ask at once."""
        self.field.setText(words)
        self.ask()

    def insert_words(self, words: str) -> None:
        """Put words where the cursor is and ask at once."""
        self.field.insert(words)
        self.ask()

    def search_like(self, picture: Reference) -> None:
        """Begin a new question with a picture; words can be added to it."""
        self._picture = picture
        self.field.clear()  # asks once, with the picture alone
        self.set_picture(picture)

    def set_picture(self, picture: Reference | None) -> None:
        """Search by a picture too, or no longer, and ask at once."""
        self._picture = picture
        self.chip.show_reference(picture)
        self.ask()

    def show_image(self, image: QPixmap) -> None:
        """Show the query picture in its chip."""
        self.chip.show_image(image)

    @Slot()
    def clear(self) -> None:
        """Ask nothing."""
        self.field.clear()
        self.set_picture(None)

    @Slot()
    def ask(self) -> None:
        """Ask now, unless this is what was asked last."""
        self._timer.stop()
        if (current := self.current) != self._last:
            self._last = current
            self.asked.emit(current)

    @Slot()
    def ask_again(self) -> None:
        """Ask now, whatever was asked last."""
        self._last = Asked()
        self.ask()

    def show_error(self, asked: Asked, start: int, end: int) -> None:
        """Underline an error at offsets into `asked.query`, if that still stands in the bar."""
        if asked == self.current:
            indent = len(self.field.text()) - len(self.field.text().lstrip())
            first, last = asked.span(start, end)
            self.field.underline(first + indent, last + indent)

    def set_icon(self, icon: QIcon) -> None:
        """Show the magnifying glass in the palette's colour."""
        self._search_icon.setIcon(icon)

    def _build(self) -> None:
        self.field.setPlaceholderText(PLACEHOLDER)
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumSize(160, PICTURE_EDGE + 6)
        self.field.setAccessibleName("Query")
        self.field.textEdited.connect(lambda: self._timer.start())
        self.field.textChanged.connect(self._emptied)
        self.field.returnPressed.connect(self.ask_again)
        self.field.paste_wanted.connect(self.paste_wanted)
        self.field.down_pressed.connect(self.results_wanted)
        self.chip.cleared.connect(lambda: self.set_picture(None))
        self._timer.timeout.connect(self.ask)
        self.setFocusProxy(self.field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.chip)
        row.addWidget(self.field, 1)

    @Slot(str)
    def _emptied(self, text: str) -> None:
        if not text:
            self.ask()
