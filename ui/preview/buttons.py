"""The small buttons of the preview's rows."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QToolButton


def tool_button(hint: str, *, checkable: bool = False) -> QToolButton:
    """Make a flat button; `hint` ends with its key in brackets, the rest is its accessible name."""
    button = QToolButton()
    button.setAutoRaise(True)
    button.setCheckable(checkable)
    button.setIconSize(QSize(18, 18))
    button.setToolTip(hint)
    button.setAccessibleName(hint.partition(" (")[0])
    return button
