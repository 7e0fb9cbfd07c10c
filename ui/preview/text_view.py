"""The words of a document at one of its places, those that were looked for marked. Nothing is fetched."""

from collections.abc import Sequence

from PySide6.QtGui import QPalette, QTextBlockFormat, QTextCharFormat, QTextCursor, QTextOption
from PySide6.QtWidgets import QFrame, QTextEdit, QWidget

from ui.highlight import fold, marks
from ui.language import mark, tr

MOST_MARKS = 2_000
NOTHING = mark("There are no words at this place of the document.")
FIRST_WORDS = 40
"""So many letters of a passage are looked for to find it."""


class TextView(QTextEdit):
    """Shows text that can be read and copied, not changed: mere text, which loads no pictures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setTabChangesFocus(True)
        self.setAccessibleName(tr("Text of the document"))
        self.setAcceptRichText(False)
        self.document().setDocumentMargin(16)

    def show_text(self, text: str, words: Sequence[str] = (), passage: str = "") -> None:
        """Show a text from where the passage stands in it, or else from its first marked word."""
        self.setPlainText(text or tr(NOTHING))
        self._part_paragraphs()
        asked = frozenset(fold(one) for word in words for one in word.split())
        found = marks(text, asked)[:MOST_MARKS]
        self.setExtraSelections([self._marked(start, length) for start, length in found])
        at = _place(text, passage)
        behind = next((start for start, _ in found if at <= start <= at + len(passage)), None)
        first = found[0][0] if found else 0
        self._go_to(behind if behind is not None else at or first)

    @property
    def marked(self) -> list[str]:
        """The words that are marked, in their order."""
        return [one.cursor.selectedText() for one in self.extraSelections()]

    def _marked(self, start: int, length: int) -> QTextEdit.ExtraSelection:
        selection = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setBackground(self.palette().color(QPalette.ColorRole.Highlight))
        look.setForeground(self.palette().color(QPalette.ColorRole.HighlightedText))
        selection.cursor, selection.format = cursor, look
        return selection

    def _part_paragraphs(self) -> None:
        look = QTextBlockFormat()
        look.setBottomMargin(self.fontMetrics().height() // 3)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(look)

    def _go_to(self, position: int) -> None:
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        self.setTextCursor(cursor)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.cursorRect().top() - self.viewport().height() // 3 if position else 0)


def _place(text: str, passage: str) -> int:
    """Return where a passage, which may be cut at its beginning, stands in a text; 0 where it does not."""
    first = " ".join(passage.strip("… ").split("\n")[0].split())[:FIRST_WORDS]
    return max(0, text.find(first)) if first else 0
