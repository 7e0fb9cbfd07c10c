"""The slim bar above the results: how many there are, the least match, grouping, tiles or a table."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QSlider, QToolButton, QWidget

from ui.icons import icon
from ui.language import tr
from ui.results.choices import Choices

USUAL = 25
"""Per cent: what a search shows unless one asks for weaker hits."""
ROOMY = 420
"""From so many pixels on there is room for everything."""


class ResultsBar(QWidget):
    """`least_moved(int)` tells below how many per cent hits are to be left out."""

    least_moved = Signal(int)

    def __init__(self, choices: Choices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self._text = ""
        self.label = QLabel()
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.least = QSlider(Qt.Orientation.Horizontal)
        self.percent = QLabel()
        self.group_button = QToolButton()
        self._buttons = [QToolButton(), QToolButton()]
        self._build()
        self.show_least(USUAL)

    def say(self, text: str) -> None:
        """Say how many there are."""
        self._text = text
        self.label.setToolTip(text)
        self._fit()

    def show_least(self, percent: int) -> None:
        """Move the slider without telling anybody."""
        self.least.blockSignals(True)
        self.least.setValue(percent)
        self.least.blockSignals(False)
        self._tell_percent(percent)

    def retint(self) -> None:
        """Follow a change of palette."""
        self.group_button.setIcon(icon("group", self.palette()))
        self._choices.retint(self.palette())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where there is little room, the slider does without its number, and the text is shortened."""
        self.percent.setVisible(self.width() >= ROOMY)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        elide = Qt.TextElideMode.ElideRight
        self.label.setText(self.fontMetrics().elidedText(self._text, elide, self.label.width()))

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 3, 6, 3)
        row.setSpacing(6)
        self.label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.label.setMinimumWidth(32)
        self.least.setRange(0, 95)
        self.least.setPageStep(10)
        self.least.setMinimumWidth(40)
        self.least.setMaximumWidth(110)
        hint = tr("How well results must match, at least; further left shows weaker ones")
        self.least.setToolTip(hint)
        self.percent.setToolTip(hint)
        self.least.setAccessibleName(tr("Least match in per cent"))
        self.percent.setMinimumWidth(self.fontMetrics().horizontalAdvance(tr("from {percent}%", percent=100)))
        self.least.valueChanged.connect(self._moved)
        menu = QMenu(tr("Group"), self)
        menu.addActions(self._choices.groupings.actions())
        menu.addSeparator()
        menu.addActions([self._choices.fold_all, self._choices.unfold_all])
        self.group_button.setMenu(menu)
        self.group_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.group_button.setToolTip(tr("Group results by file, day, folder or person"))
        self.group_button.setAccessibleName(tr("Group"))
        self.group_button.setAutoRaise(True)
        row.addWidget(self.label, 1)
        for part in (self.percent, self.least, self.group_button):
            row.addWidget(part)
        for button, action in zip(self._buttons, (self._choices.frames, self._choices.table), strict=True):
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            button.setAccessibleName(action.text().replace("&", ""))
            row.addWidget(button)
        self.retint()

    def _moved(self, percent: int) -> None:
        self._tell_percent(percent)
        self.least_moved.emit(percent)

    def _tell_percent(self, percent: int) -> None:
        self.percent.setText(tr("from {percent}%", percent=percent) if percent else tr("any match"))
