"""The query bar: its text is the question, which is asked a short while after the last key."""

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from search.errors import QuerySyntaxError
from search.parser import parse
from ui.language import mark, tr
from ui.query.field import QueryField
from ui.query.text import Asked, Files, Fixing, Reference, text_of
from ui.remedies import advice_on

PLACEHOLDER = mark("Search by meaning, words or name – or drop a picture here")


class QueryBar(QWidget):
    """Emits `asked` with the newest `Asked`; Enter asks at once, typing after `delay_ms` of silence.

    `files` are those that the text names by short names; `entered` says that Enter was pressed,
    `rewritten` that all of the text was replaced. What cannot be read yet is underlined, and asked later.
    """

    asked = Signal(object)
    paste_wanted = Signal()
    results_wanted = Signal()
    history_wanted = Signal()
    entered = Signal()
    rewritten = Signal()

    def __init__(self, delay_ms: int = 250, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QueryField()
        self.files = Files()
        self._fixing: Fixing = "auto"
        self._last = Asked()
        self._delay_ms, self._patience_ms = delay_ms, 6 * delay_ms
        self._timer = QTimer(self, singleShot=True)
        self._search_icon = self.field.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self._build()

    @property
    def current(self) -> Asked:
        """What stands in the bar now."""
        return Asked(self.field.text().strip(), self.files, self._fixing)

    def set_words(self, words: str) -> None:
        """Replace the text and ask at once; files may have their whole paths in it."""
        self.files, words = self.files.shortened(words)
        if words != self.field.text():
            self.field.setText(words)
        self.rewritten.emit()
        self.ask()

    def insert_words(self, words: str) -> None:
        """Put words where the cursor is and ask at once."""
        self.field.insert(words)
        self.ask()

    def search_like(self, reference: Reference) -> None:
        """Begin a new question with a file; words can be added to it."""
        self.set_words(f"{self.written(reference)} ")

    def written(self, reference: Reference) -> str:
        """Give a file a short name and return the part of a query that searches by it."""
        self.files, entry = self.files.with_file(reference.path, reference.label, reference.look)
        return text_of(reference.leaf(entry.label))

    def set_fixing(self, fixing: Fixing) -> None:
        """Repair query pictures, or search by them as they are, until the text changes; ask at once."""
        self._fixing = fixing
        self.ask()

    @Slot()
    def clear(self) -> None:
        """Ask nothing."""
        self.field.clear()
        self.ask()

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

    def show_error(self, asked: Asked, start: int, end: int, told: str = "") -> None:
        """Underline an error at offsets into `asked.query`, if that still stands in the bar, and say it."""
        if asked == self.current:
            self._underline(*asked.span(start, end), told)

    def _underline(self, start: int, end: int, told: str) -> None:
        indent = len(self.field.text()) - len(self.field.text().lstrip())
        self.field.underline(start + indent, end + indent, told)

    def set_icon(self, icon: QIcon) -> None:
        """Show the magnifying glass in the palette's colour."""
        self._search_icon.setIcon(icon)

    def _build(self) -> None:
        self.field.setPlaceholderText(tr(PLACEHOLDER))
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumSize(160, 32)
        self.field.setAccessibleName(tr("Query"))
        self.field.textEdited.connect(lambda: self._timer.start(self._delay_ms))
        self.field.textChanged.connect(self._changed)
        self.field.returnPressed.connect(self.ask_again)
        self.field.returnPressed.connect(self.entered)
        self._search_icon.setText(tr("Asked before"))
        self._search_icon.setToolTip(tr("What was asked before (Up in the empty field)"))
        self._search_icon.triggered.connect(self.history_wanted)
        self.field.paste_wanted.connect(self.paste_wanted)
        self.field.down_pressed.connect(self.results_wanted)
        self._timer.timeout.connect(self._ask_what_is_typed)
        self.setFocusProxy(self.field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field, 1)

    @Slot()
    def _ask_what_is_typed(self) -> None:
        """Ask; where the text cannot be read a person may be in the middle of a word: then wait a little."""
        try:
            if self.current.words:
                parse(self.current.words)
        except QuerySyntaxError as error:
            if self._timer.interval() != self._patience_ms:
                asked = Asked(self.current.words)
                self._underline(*asked.span(error.start, error.end), advice_on(error).text)
                self._timer.start(self._patience_ms)
                return
        self.ask()

    @Slot(str)
    def _changed(self, text: str) -> None:
        self._fixing = "auto"
        if not text:
            self.ask()
