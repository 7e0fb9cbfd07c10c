"""How results are shown: tiles or a table, under which headings, with frames; as actions with shortcuts."""

from typing import get_args

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPalette
from PySide6.QtWidgets import QMenu

from ui.icons import icon
from ui.language import mark, tr
from ui.results.grouping import Grouping

_GROUPINGS: dict[Grouping, tuple[str, str]] = {
    "none": (mark("&No groups"), "Ctrl+Shift+0"),
    "file": (mark("Group by f&ile"), "Ctrl+Shift+1"),
    "day": (mark("Group by d&ay"), "Ctrl+Shift+2"),
    "folder": (mark("Group by fo&lder"), "Ctrl+Shift+3"),
    "person": (mark("Group by per&son"), "Ctrl+Shift+4"),
}
assert tuple(_GROUPINGS) == get_args(Grouping)


class Choices(QObject):
    """Makes the actions; `ui.results.area` connects them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.table = self._action(tr("Show as &table"), "Ctrl+T", tr("Lines with the words that were found"))
        self.frames = self._action(
            tr("Show &frames"), "Ctrl+Shift+B", tr("Frame objects, faces and words that match")
        )
        self.table.setCheckable(True)
        self.frames.setCheckable(True)
        self.fold_all = self._action(tr("Fold all &groups"), "Ctrl+Shift+Left", "")
        self.unfold_all = self._action(tr("Unfold all grou&ps"), "Ctrl+Shift+Right", "")
        self.groupings = QActionGroup(self)
        for name, (text, keys) in _GROUPINGS.items():
            action = self._action(tr(text), keys, "")
            action.setCheckable(True)
            action.setChecked(name == "none")
            action.setData(name)
            self.groupings.addAction(action)

    @property
    def grouping(self) -> Grouping:
        """What is chosen."""
        action = self.groupings.checkedAction()
        return next((name for name in _GROUPINGS if name == action.data()), "none")

    def fill(self, menu: QMenu) -> None:
        """Put everything into a menu."""
        menu.addSeparator()
        menu.addActions([self.table, self.frames])
        menu.addSeparator()
        menu.addActions([*self.groupings.actions(), self.fold_all, self.unfold_all])

    def retint(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colours."""
        self.table.setIcon(icon("table", palette))
        self.frames.setIcon(icon("frames", palette))

    def _action(self, text: str, keys: str, hint: str) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.setToolTip(f"{hint or text.replace('&', '')} ({keys})")
        return action
