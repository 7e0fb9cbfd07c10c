"""A quiet bar that says something without being in the way: no dialog, text that can be selected."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from search.records import Missing, SearchResult
from search.telling import told_of
from ui.fixes.wording import is_of_picture
from ui.icons import icon, pixmap
from ui.language import tr
from ui.saying import said

Tone = Literal["info", "warning"]


class NoticeBar(QFrame):
    """Hidden until something is said; one button may offer the way out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._tone: Tone = "info"
        self._act: Callable[[], None] | None = None
        self._sign = QLabel()
        self.label = QLabel(wordWrap=True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.button = QPushButton()
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setIconSize(QSize(14, 14))
        self.close_button.setToolTip(tr("Hide this message"))
        self.close_button.setAccessibleName(tr("Hide this message"))
        self._build()

    def say(
        self, text: str, tone: Tone = "info", button: str = "", act: Callable[[], None] | None = None
    ) -> None:
        """Show a sentence, and a button that hides the bar and acts."""
        self._tone, self._act = tone, act
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.label.setText(text)
        self.setAccessibleName(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.retint()
        self.setVisible(True)

    @Slot()
    def hush(self) -> None:
        """Hide the bar."""
        self.setVisible(False)

    def retint(self) -> None:
        """Draw the icons in the palette's colours."""
        sign = pixmap(
            self._tone, self.palette().windowText().color().name(), round(18 * self.devicePixelRatioF())
        )
        sign.setDevicePixelRatio(self.devicePixelRatioF())
        self._sign.setPixmap(sign)
        self.close_button.setIcon(icon("close", self.palette()))

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(10)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.button.clicked.connect(self._clicked)
        self.close_button.clicked.connect(self.hush)
        self.setVisible(False)

    @Slot()
    def _clicked(self) -> None:
        self.hush()
        if self._act is not None:
            self._act()


def reason_of(part: Missing) -> str:
    """Say why a part of a search is off, as a sentence."""
    return replace(part, remedy=None).told


def result_text(result: SearchResult) -> str:
    """Say how the query was taken where that is not plain.

    What became of its picture is said elsewhere: `ui.fixes`.
    """
    told = (said(told_of(fix)) for fix in result.fixes if fix.applied and not is_of_picture(fix))
    return "\n".join(filter(None, told))
