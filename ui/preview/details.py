"""What stands beside the picture: name, facts, what was found in words, why it matched, what is said."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QFont, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from search.pieces import Inside
from search.records import Hit
from ui.language import tr
from ui.preview.evidence import EvidenceView
from ui.preview.facts import Facts
from ui.preview.transcript import Transcript
from ui.wording import file_name, readable

LONGEST = 600
"""No more letters of what was found are shown."""


class Details(QTabWidget):
    """Two tabs, the second only where something is said."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.path = _label(), _label()
        self.note, self.snippet = _label(selectable=True), _label(selectable=True)
        self.why = _label(tr("Why it matched"))
        self.facts, self.evidence, self.transcript = Facts(), EvidenceView(), Transcript()
        self.buttons = QHBoxLayout()
        self._build(actions)

    def show_hit(self, hit: Hit) -> None:
        """Show what comes with a hit; the rest follows with `show_inside`."""
        self.name.setText(file_name(hit))
        self.path.setText(_breakable(str(Path(readable(hit.file.path)).parent)))
        self.facts.show_hit(hit)
        self.remark("")
        text = " ".join((hit.text or "").split())
        self.snippet.setText(text if len(text) <= LONGEST else text[:LONGEST] + " …")
        self.snippet.setVisible(bool(text))
        self.why.setVisible(bool(hit.evidence))
        self.evidence.show_hit(hit)
        self._show_transcript(False)

    def show_inside(self, hit: Hit, found: Inside, words: Sequence[str]) -> None:
        """Show what is in the file."""
        self.facts.show_inside(hit, found)
        self.transcript.show_inside(found, words)
        self._show_transcript(not self.transcript.is_empty)
        self._show_note()

    def remark(self, text: str) -> None:
        """Say something about how it is shown."""
        self.note.setText(text)
        self._show_note()

    def _show_note(self) -> None:
        """Say it, unless the facts do already: what could not be read cannot be shown either."""
        self.note.setVisible(bool(self.note.text()) and self.note.text() not in self.facts.text())

    def _show_transcript(self, there: bool) -> None:
        if there != (self.count() > 1):
            if there:
                self.addTab(self.transcript, tr("What is said"))
            else:
                self.removeTab(1)

    def _build(self, actions: Sequence[QAction]) -> None:
        bold = QFont(self.font())
        bold.setBold(True)
        self.name.setFont(bold)
        self.why.setFont(bold)
        self.path.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(6)
        _fill(self.buttons, actions)
        column.addLayout(self.buttons)
        parts = (self.name, self.path, self.facts, self.note, self.snippet, self.why, self.evidence)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        area.setAccessibleName(tr("Details"))
        self.setDocumentMode(True)
        self.setTabBarAutoHide(True)
        self.addTab(area, tr("About it"))
        self.transcript.setParent(self)
        self.transcript.hide()


def _fill(row: QHBoxLayout, actions: Sequence[QAction]) -> None:
    row.setSpacing(2)
    for action in actions:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setAutoRaise(True)
        button.setIconSize(QSize(18, 18))
        row.addWidget(button)
    row.addStretch(1)


def _label(text: str = "", selectable: bool = False) -> QLabel:
    label = QLabel(text, wordWrap=True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _breakable(path: str) -> str:
    """Let a long path wrap after its separators."""
    return path.replace("/", "/\u200b").replace("\\", "\\\u200b")
