"""The query language in a window of its own: examples that run when they are clicked."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from search.language import REFERENCE, Chapter, Entry
from ui.language import tr
from ui.style import style_sheet


class LanguageHelp(QDialog):
    """`example_chosen` carries a query. Stays open beside the window, so that several can be tried."""

    example_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What you can write"))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setSpacing(6)
        note = QLabel(
            tr(
                "Type what you are looking for, in your own words. All of this is for when you want to be "
                "exact. Click on an example to try it."
            ),
            wordWrap=True,
        )
        note.setObjectName("note")
        column.addWidget(note)
        for chapter in REFERENCE:
            self._add(column, chapter)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setAccessibleName(tr("The query language"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        outer = QVBoxLayout(self)
        outer.addWidget(area, 1)
        outer.addWidget(buttons)
        self.setStyleSheet(style_sheet(self.palette()))
        self.resize(760, 640)

    def _add(self, column: QVBoxLayout, chapter: Chapter) -> None:
        title = QLabel(tr(chapter.title))
        title.setObjectName("part")
        column.addSpacing(6)
        column.addWidget(title)
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 330)
        grid.setHorizontalSpacing(12)
        for row, entry in enumerate(chapter.entries):
            grid.addWidget(self._examples(entry), row, 0, Qt.AlignmentFlag.AlignTop)
            means = QLabel(tr(entry.means), wordWrap=True)
            grid.addWidget(means, row, 1, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(grid)

    def _examples(self, entry: Entry) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for example in entry.examples:
            column.addWidget(self._example(example), 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _example(self, example: str) -> QWidget:
        if "@" in example:  # a file that is not there
            label = QLabel(example)
            label.setContentsMargins(8, 2, 8, 2)
            label.setToolTip(tr("Drop or paste a file of your own on the window"))
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            return label
        link = QPushButton(example)
        link.setFlat(True)
        link.setObjectName("link")
        link.setCursor(Qt.CursorShape.PointingHandCursor)
        link.setToolTip(tr("Search for this"))
        link.clicked.connect(lambda: self.example_chosen.emit(example))
        return link
