"""Everything a person can do, as one `QAction` each: menus, buttons and shortcuts share them."""

from collections.abc import Iterator

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QPalette

from ui.icons import icon
from ui.language import tr

Shortcut = QKeySequence.StandardKey | str | None


class Actions(QObject):
    """Makes the actions; the window connects them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        keys = QKeySequence.StandardKey
        self._icons: list[tuple[QAction, str]] = []
        self.add_folder = self._action(
            tr("Add a &folder …"), "folder-add", "Ctrl+O", tr("Choose a folder and index it")
        )
        self.update_library = self._action(
            tr("&Update all folders"), "refresh", keys.Refresh, tr("Index what is new or changed")
        )
        self.quit = self._action(tr("&Quit"), None, keys.Quit)
        self.open = self._action(tr("&Open"), "open", None, tr("Open with its usual program (Enter)"))
        self.reveal = self._action(
            tr("Show in fol&der"), "folder", "Ctrl+Shift+R", tr("Show the file in its folder")
        )
        self.copy = self._action(tr("&Copy"), "copy", keys.Copy, tr("Copy the selected files"))
        self.copy_path = self._action(
            tr("Copy pat&h"), "path", "Ctrl+Shift+C", tr("Copy the paths of the selected files as text")
        )
        self.similar = self._action(
            tr("Find &similar"), "similar", "Ctrl+Shift+F", tr("Search for pictures like this one")
        )
        self.paste = self._action(
            tr("&Paste a picture or words"), None, keys.Paste, tr("Search by what was copied")
        )
        self.find = self._action(tr("&Find …"), "search", keys.Find)
        self.find.setShortcuts([QKeySequence(keys.Find), QKeySequence("Ctrl+L")])
        self.clear = self._action(tr("C&lear the query"), None, "Esc")
        self.preview = self._action(tr("&Preview"), "preview", "Ctrl+P", tr("Show or hide the preview"))
        self.large = self._action(
            tr("Lar&ge preview"), "enlarge", "F11", tr("See a result as large as the window (Space)")
        )
        self.facets = self._action(
            tr("&Filters"), "filter", "Ctrl+B", tr("Show or hide what hits have in common")
        )
        self.larger = self._action(tr("&Larger pictures"), None, keys.ZoomIn)
        self.smaller = self._action(tr("&Smaller pictures"), None, keys.ZoomOut)
        self.weak = self._action(tr("Show &weaker matches"), None, None, tr("Show everything, however weak"))
        for toggle in (self.preview, self.large, self.facets, self.weak):
            toggle.setCheckable(True)
        self._add_pages()
        self.orders = QActionGroup(self)
        self._order("relevance", tr("By &relevance"))
        self._order("date", tr("By &date, newest first"))
        self._order("name", tr("By &name"))
        self.on_hits = (self.open, self.reveal, self.similar, self.copy, self.copy_path)
        self.on_search = (
            *self.on_hits,
            self.clear,
            self.preview,
            self.large,
            self.facets,
            self.larger,
            self.smaller,
        )

    def _add_pages(self) -> None:
        """What opens a page or a sheet of its own."""
        self.settings = self._action(tr("&Settings …"), None, "Ctrl+,", tr("Everything that can be chosen"))
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.models = self._action(
            tr("&Models …"), None, None, tr("What works now, and what else can be got")
        )
        self.look_again = self._action(
            tr("Loo&k again"), None, None, tr("See whether the library is there now")
        )
        self.keys = self._action(tr("&Shortcuts"), None, "F1", tr("All keys on one sheet"))
        self.keys.setShortcuts([QKeySequence("F1"), QKeySequence("?")])
        self.language = self._action(
            tr("&What you can write"), None, "Shift+F1", tr("The query language, by examples")
        )
        self.about = self._action(tr("&About Crossfind"), None, None, tr("Version and licences"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    def retint(self, palette: QPalette) -> None:
        """Draw the icons in the palette's colours."""
        for action, name in self._icons:
            action.setIcon(icon(name, palette))

    def everything(self) -> Iterator[QAction]:
        """All actions."""
        return (child for child in self.children() if isinstance(child, QAction))

    def _action(self, text: str, icon_name: str | None, shortcut: Shortcut, hint: str = "") -> QAction:
        action = QAction(text, self)
        if shortcut is not None:
            action.setShortcut(QKeySequence(shortcut))
        if hint:
            action.setToolTip(hint)
        if icon_name:
            self._icons.append((action, icon_name))
        return action

    def _order(self, name: str, text: str) -> None:
        action = QAction(text, self, checkable=True)
        action.setData(name)
        action.setChecked(name == "relevance")
        self.orders.addAction(action)
