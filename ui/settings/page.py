"""What the pages of the settings are made of: headings, notes and rows that grow with their text."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

LABEL_WIDTH = 150


class Page(QScrollArea):
    """One page: a column that scrolls when the window is small. `title` names it in the list."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.setAccessibleName(title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._labels: list[QLabel] = []
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(10)
        self.column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setWidget(inside)

    def heading(self, text: str) -> None:
        """Begin a part of the page."""
        label = QLabel(text)
        label.setObjectName("part")
        if self.column.count():
            self.column.addSpacing(8)
        self.column.addWidget(label)

    def note(self, text: str = "") -> QLabel:
        """Add a sentence."""
        label = QLabel(text, wordWrap=True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setObjectName("note")
        self.column.addWidget(label)
        return label

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a widget as wide as the page."""
        self.column.addWidget(widget, stretch)

    def row(self, *widgets: QWidget, text: str = "") -> QLabel:
        """Add widgets beside each other; the label before them is theirs for keyboard and screen readers."""
        line, label = QHBoxLayout(), QLabel(text)
        line.setSpacing(8)
        if text:
            label.setBuddy(widgets[0])
            line.addWidget(label)
            self._align(label)
            if not widgets[0].accessibleName():
                widgets[0].setAccessibleName(text.replace("&", ""))
        for widget in widgets:
            line.addWidget(widget)
        line.addStretch(1)
        self.column.addLayout(line)
        return label

    def _align(self, label: QLabel) -> None:
        """Let what stands behind the labels of a page begin at one line."""
        self._labels.append(label)
        width = max(LABEL_WIDTH, *(one.sizeHint().width() for one in self._labels))
        for one in self._labels:
            one.setMinimumWidth(width)
