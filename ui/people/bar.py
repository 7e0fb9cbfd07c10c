"""Rows of buttons above a grid of cards."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from ui.wrapping import WrappingLayout


def act(text: str, hint: str, keys: str, owner: QWidget) -> QAction:
    """Make an action whose shortcut works while `owner`, or what is in it, has the keyboard."""
    action = QAction(text, owner)
    if keys:
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        hint = f"{hint} ({shown})"
    action.setToolTip(hint)
    owner.addAction(action)
    return action


def button(action: QAction) -> QToolButton:
    """Make a button with words for an action."""
    made = QToolButton()
    made.setDefaultAction(action)
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    return made


def row(*parts: QWidget | None) -> QHBoxLayout:
    """Lay parts out side by side; None takes the room that is left."""
    made = QHBoxLayout()
    made.setContentsMargins(12, 8, 12, 8)
    made.setSpacing(8)
    for part in parts:
        if part is None:
            made.addStretch(1)
        else:
            made.addWidget(part)
    return made


def wrapped(*parts: QWidget) -> WrappingLayout:
    """Lay parts out side by side, in as many rows as they need."""
    made = WrappingLayout(spacing=8)
    made.setContentsMargins(12, 8, 12, 8)
    for part in parts:
        made.addWidget(part)
    return made
