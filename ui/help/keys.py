"""All shortcuts on one sheet."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
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

from ui.language import mark, tr
from ui.settings.shortcuts import keys_of, label
from ui.style import style_sheet

IN_PLACE = (
    (mark("Open the file"), mark("Enter")),
    (mark("Large preview"), mark("Space")),
    (mark("Go to the results"), mark("Down, in the query")),
    (mark("Go back to the query"), mark("Up, in the first row")),
    (mark("Select several"), mark("Shift or Ctrl with the arrows")),
    (mark("In the preview: the result before, the next"), mark("Up, Down")),
    (mark("In the preview: closer, away, all of it, true size"), "+, −, 0, 1"),
    (mark("In the preview: frames"), "B"),
    (mark("In the preview: colour what answers on a page"), "H"),
    (mark("In the preview: search a part of the picture"), "R"),
    (mark("In the preview: pages"), mark("Page Up, Page Down")),
    (mark("In a film: play, pause"), mark("Space or K")),
    (mark("In a film: 5 seconds back, on"), mark("Left, Right")),
    (mark("In a film: 1 second back, on"), mark("Shift with Left, Right")),
    (mark("In a film: louder, quieter, mute"), mark("Ctrl+Up, Ctrl+Down, M")),
    (mark("In a film: the same moment again and again"), "L"),
    (mark("On the timeline: the match before, the next"), mark("Ctrl with Left, Right")),
)
"""Keys that belong to a part of the window and stay as they are."""


class KeySheet(QDialog):
    """Lists every action that has keys, as they are now; `change` opens the settings."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Shortcuts"))
        self._actions = actions
        self.area = QScrollArea(widgetResizable=True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName(tr("Shortcuts"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        self.change: QPushButton = buttons.addButton(tr("Change …"), QDialogButtonBox.ButtonRole.ActionRole)
        column = QVBoxLayout(self)
        column.addWidget(self.area, 1)
        column.addWidget(buttons)
        self.setStyleSheet(style_sheet(self.palette()))
        self.show_keys()
        self.resize(460, 600)

    def show_keys(self) -> None:
        """List the keys anew."""
        sheet = QWidget()
        grid = QGridLayout(sheet)
        grid.setColumnStretch(0, 1)
        grid.setHorizontalSpacing(24)
        named = [(label(action), keys_of(action)) for action in self._actions.values()]
        rows = [*(row for row in named if row[1]), *((tr(what), tr(keys)) for what, keys in IN_PLACE)]
        for number, (what, keys) in enumerate(rows):
            grid.addWidget(QLabel(what), number, 0)
            shown = QLabel(keys)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(shown, number, 1)
        grid.setRowStretch(len(rows), 1)
        bar = self.area.verticalScrollBar().sizeHint().width()
        self.area.setMinimumWidth(min(760, sheet.sizeHint().width() + bar))
        self.area.setWidget(sheet)
