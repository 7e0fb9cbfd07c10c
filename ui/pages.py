"""What stands in the window when there are no hits to show: a heading, a sentence, a way on."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui.icons import mixed, pixmap

TEXT_WIDTH = 460
EXAMPLES = ("a dog on the beach", "type:pdf invoice", "red car at night")


class MessagePage(QWidget):
    """An icon, a heading, a text, a button for each action, and links that may be clicked."""

    link_clicked = Signal(str)

    def __init__(
        self, icon: str, heading: str, text: str, actions: Sequence[QAction] = (), links: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._icon = icon
        self._sign = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.heading = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.heading.setObjectName("heading")
        self.text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setFixedWidth(TEXT_WIDTH)
        self.buttons = [_button(action) for action in actions]
        self._links = [self._link(words) for words in links]
        self.say(heading, text)
        self._build()

    def say(self, heading: str, text: str) -> None:
        """Change what the page says."""
        self.heading.setText(heading)
        self.text.setText(text)
        self.text.setMinimumHeight(max(0, self.text.heightForWidth(TEXT_WIDTH)))

    def retint(self) -> None:
        """Draw the icon in the palette's colours."""
        ratio = self.devicePixelRatioF()
        color = mixed(self.palette().windowText().color(), self.palette().window().color(), 0.45)
        sign = pixmap(self._icon, color.name(), round(56 * ratio))
        sign.setDevicePixelRatio(ratio)
        self._sign.setPixmap(sign)

    def _link(self, words: str) -> QPushButton:
        link = QPushButton(words)
        link.setFlat(True)
        link.setObjectName("link")
        link.setCursor(Qt.CursorShape.PointingHandCursor)
        link.clicked.connect(lambda: self.link_clicked.emit(words))
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
