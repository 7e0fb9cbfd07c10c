"""What a person can do with the query by mouse, menu and shortcut."""

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QKeySequence, QPalette
from PySide6.QtWidgets import QLineEdit, QMenu

from ui.icons import icon
from ui.language import tr
from ui.query.bar import QueryBar


class QueryCommands(QObject):
    """The actions at the end of the query field, which stand in the menu bar as well."""

    def __init__(self, bar: QueryBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self.add_menu = QMenu(tr("Add to the query"), bar)
        self.add = self._action(
            tr("&Add to the query …"), "add", "Ctrl+Shift+A", tr("Add a person, a date, words …")
        )
        self.pick = self._action(
            tr("Search by a &file …"),
            "attach",
            "Ctrl+Shift+O",
            tr("Choose a picture, sound, film or PDF to search by"),
        )
        self.speak = self._action(tr("&Say it …"), "microphone", "Ctrl+Shift+M", tr("Search by what you say"))
        self.before = QAction(tr("Asked &before"), parent)
        self.before.triggered.connect(bar.history_wanted)
        self.add.triggered.connect(self._show_menu)
        for action in (self.speak, self.pick, self.add):
            bar.field.addAction(action, QLineEdit.ActionPosition.TrailingPosition)

    def fill(self, menu: QMenu) -> None:
        """Put everything into a menu of the menu bar."""
        menu.addMenu(self.add_menu)
        menu.addActions([self.add, self.pick, self.speak])
        menu.addSeparator()
        menu.addAction(self.before)

    def retint(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colours."""
        for action, name in ((self.add, "add"), (self.pick, "attach"), (self.speak, "microphone")):
            action.setIcon(icon(name, palette))

    def _action(self, text: str, icon_name: str, shortcut: str, hint: str) -> QAction:
        action = QAction(icon(icon_name, self._bar.palette()), text, self.parent())
        action.setShortcut(QKeySequence(shortcut))
        action.setToolTip(f"{hint} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
        return action

    def _show_menu(self) -> None:
        field = self._bar.field
        width = self.add_menu.sizeHint().width()
        self.add_menu.popup(field.mapToGlobal(QPoint(field.width() - width, field.height() + 2)))
