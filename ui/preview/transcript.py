"""What is said: follows the film, goes where it is clicked, can be searched and saved."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPalette,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from search.pieces import Inside
from search.records import TimeSpan
from search.spots import spot_of
from ui.icons import mixed
from ui.language import mark, tr
from ui.preview.backend import TranscriptForm
from ui.wording import clock

FORMS: dict[TranscriptForm, str] = {
    "srt": mark("Subtitles (SRT) …"),
    "vtt": mark("Subtitles for the web (VTT) …"),
    "txt": mark("Plain text …"),
}
MOST_FOUND = 2_000


class Transcript(QWidget):
    """Emits `sought(float)` with the second of a sentence, and `export_wanted(TranscriptForm)`."""

    sought = Signal(float)
    export_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spans: list[TimeSpan] = []
        self._words: tuple[str, ...] = ()
        self._current = -1
        self.field = QLineEdit(placeholderText=tr("Search in what is said"), clearButtonEnabled=True)
        self.field.setAccessibleName(tr("Search in what is said"))
        self.found = QLabel()
        self.keep = QToolButton()
        self.keep.setText(tr("Save"))
        self.keep.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.keep.setToolTip(tr("Save what is said as a file"))
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName(tr("What is said"))
        self.text.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._build()

    def show_inside(self, found: Inside, words: Sequence[str]) -> None:
        """Show what is said, `words` being those that were searched for."""
        said = [
            (spot, " ".join(piece.text.split()))
            for piece in found.of("speech")
            if piece.text and isinstance(spot := spot_of(piece.locator), TimeSpan)
        ]
        self._spans = [spot for spot, _ in said]
        self._words, self._current = tuple(words), -1
        self.text.setPlainText("\n".join(f"{clock(spot.start_s)}  {text}" for spot, text in said))
        self.field.clear()
        self._highlight()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return not self._spans

    def show_position(self, second: float, *, follow: bool) -> None:
        """Point out the sentence that is said at a second; `follow` scrolls to it."""
        at = bisect_right([span.start_s for span in self._spans], second + 0.05) - 1
        if at != self._current:
            self._current = at
            self._highlight()
            if follow and at >= 0 and not self.text.textCursor().hasSelection():
                self._scroll_to(at)

    def sizeHint(self) -> QSize:
        return QSize(320, 200)

    def _build(self) -> None:
        menu = QMenu(self.keep)
        for form, name in FORMS.items():
            action = QAction(tr(name), menu)
            action.triggered.connect(lambda _=False, form=form: self.export_wanted.emit(form))
            menu.addAction(action)
        self.keep.setMenu(menu)
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(self.found)
        row.addWidget(self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addLayout(row)
        column.addWidget(self.text, 1)
        self.field.textChanged.connect(self._search)
        self.field.returnPressed.connect(lambda: self._go(self._next()))
        self.text.viewport().installEventFilter(self)
        self.text.installEventFilter(self)
        self.text.viewport().setCursor(Qt.CursorShape.PointingHandCursor)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click, or Enter on a line, goes to its second; dragging selects text as usual."""
        if (
            watched is self.text.viewport()
            and isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
            and not self.text.textCursor().hasSelection()
        ):
            self._go(self.text.cursorForPosition(event.position().toPoint()).blockNumber())
        elif (
            watched is self.text
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self._go(self.text.textCursor().blockNumber())
            return True
        return super().eventFilter(watched, event)

    def _go(self, line: int) -> None:
        if 0 <= line < len(self._spans):
            self.sought.emit(self._spans[line].start_s)

    def _search(self) -> None:
        self._highlight()
        count = len(self._places(self.field.text().strip()))
        self.found.setText(f"{count:,}" if self.field.text().strip() else "")
        if count:
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self._next()

    def _next(self) -> int:
        """Show the next place of what is searched, around the end; return its line, -1 for none."""
        places = self._places(self.field.text().strip())
        if not places:
            return -1
        at = self.text.textCursor().position()
        start, end = next((place for place in places if place[0] >= at), places[0])
        cursor = self.text.textCursor()
        cursor.setPosition(end)
        self.text.setTextCursor(cursor)
        self.text.ensureCursorVisible()
        return self.text.document().findBlock(start).blockNumber()

    def _places(self, *words: str) -> list[tuple[int, int]]:
        wanted = [re.escape(word) for word in words if word]
        if not wanted:
            return []
        pattern = re.compile("|".join(wanted), re.IGNORECASE)
        text = self.text.document().toPlainText()
        return [found.span() for found, _ in zip(pattern.finditer(text), range(MOST_FOUND), strict=False)]

    def _highlight(self) -> None:
        palette = self.palette()
        base = palette.color(QPalette.ColorRole.Base)
        strong = mixed(palette.color(QPalette.ColorRole.Highlight), base, 0.45)
        soft = mixed(palette.color(QPalette.ColorRole.Highlight), base, 0.18)
        shown = [self._line(self._current, soft)] if self._current >= 0 else []
        for start, end in [*self._places(*self._words), *self._places(self.field.text().strip())]:
            cursor = QTextCursor(self.text.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            shown.append(_selection(cursor, strong))
        self.text.setExtraSelections(shown)

    def _line(self, number: int, colour: QColor) -> QTextEdit.ExtraSelection:
        selection = _selection(QTextCursor(self.text.document().findBlockByNumber(number)), colour)
        cursor = QTextCursor(self.text.document().findBlockByNumber(number))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        selection.cursor = cursor
        return selection

    def _scroll_to(self, line: int) -> None:
        cursor = QTextCursor(self.text.document().findBlockByNumber(line))
        self.text.setTextCursor(cursor)
        self.text.ensureCursorVisible()


def _selection(cursor: QTextCursor, colour: QColor) -> QTextEdit.ExtraSelection:
    made = QTextEdit.ExtraSelection()
    made.cursor = cursor
    made.format.setBackground(colour)
    if not cursor.hasSelection():
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
    return made
