"""What stands in the window when there are no hits to show: a heading, a sentence, a way on."""

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from search.records import MediaKind
from ui.icons import mixed, pixmap

TEXT_WIDTH = 460
MOST_LINKS = 3
EXAMPLES: tuple[tuple[MediaKind, str], ...] = (
    ("image", "a dog on the beach"),
    ("pdf", "type:pdf invoice"),
    ("video", "type:video people talking"),
    ("document", "type:document address"),
    ("audio", 'sound:"dog barking"'),
    ("image", "red car at night"),
)
"""Queries to begin with, each for those who have files of that kind."""


def examples(files: Mapping[MediaKind, int]) -> list[str]:
    """Choose a few queries that fit what a library holds."""
    return [query for kind, query in EXAMPLES if files.get(kind)][:MOST_LINKS]


class MessagePage(QWidget):
    """An icon, a heading, a text, a button for each action, and links that may be clicked."""

    link_clicked = Signal(str)

    def __init__(self, icon: str, heading: str, text: str, actions: Sequence[QAction] = ()) -> None:
        super().__init__()
        self._icon = icon
        self._sign = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.heading = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.heading.setObjectName("heading")
        self.text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setFixedWidth(TEXT_WIDTH)
        self.buttons = [_button(action) for action in actions]
        self._links = [self._link() for _ in range(MOST_LINKS)]
        self.say(heading, text)
        self._build()

    def say(self, heading: str, text: str) -> None:
        """Change what the page says."""
        self.heading.setText(heading)
        self.text.setText(text)
        self.text.setMinimumHeight(max(0, self.text.heightForWidth(TEXT_WIDTH)))

    def show_links(self, queries: Sequence[str]) -> None:
        """Offer these queries, at most `MOST_LINKS`."""
        for link, words in zip_longest(self._links, queries[:MOST_LINKS], fillvalue=""):
            assert isinstance(link, QPushButton)
            link.setText(words)
            link.setVisible(bool(words))

    def retint(self) -> None:
        """Draw the icon in the palette's colours."""
        ratio = self.devicePixelRatioF()
        color = mixed(self.palette().windowText().color(), self.palette().window().color(), 0.45)
        sign = pixmap(self._icon, color.name(), round(56 * ratio))
        sign.setDevicePixelRatio(ratio)
        self._sign.setPixmap(sign)

    def _link(self) -> QPushButton:
        link = QPushButton()
        link.hide()
        link.setFlat(True)
        link.setObjectName("link")
        link.setCursor(Qt.CursorShape.PointingHandCursor)
        link.clicked.connect(lambda: self.link_clicked.emit(link.text()))
        return link

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addStretch(2)
        for part in (self._sign, self.heading, self.text, *self.buttons, *self._links):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.retint()


def _button(action: QAction) -> QPushButton:
    button = QPushButton(action.text().replace("&", ""))
    button.clicked.connect(action.trigger)
    return button
