"""The shortcuts: all actions with their keys, which can be changed; none is shared unnoticed."""

from collections.abc import Mapping

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHeaderView, QKeySequenceEdit, QPushButton, QTreeWidget, QTreeWidgetItem

from ui.actions import Actions
from ui.language import tr
from ui.settings.page import Page

GROUP = "shortcuts"
_NAME = Qt.ItemDataRole.UserRole
_PORTABLE = QKeySequence.SequenceFormat.PortableText
_NATIVE = QKeySequence.SequenceFormat.NativeText


def named_actions(actions: Actions) -> dict[str, QAction]:
    """Return every action by the name it has in `Actions`, in the order in which they are made."""
    return {name: value for name, value in vars(actions).items() if isinstance(value, QAction)}


def label(action: QAction) -> str:
    """Return what an action is called, without the mark of its key in the menu."""
    return action.text().replace("&", "").removesuffix(" …")


class Shortcuts:
    """The keys of all actions: the usual ones, and those a person chose instead, kept in `settings`."""

    def __init__(self, actions: Mapping[str, QAction], settings: QSettings | None) -> None:
        self._settings = settings
        self.actions = dict(actions)
        self._usual = {name: action.shortcuts() for name, action in self.actions.items()}
        for name, keys in self._chosen().items():
            if name in self.actions:
                self.actions[name].setShortcuts(_sequences(keys))

    def choose(self, name: str, keys: QKeySequence) -> None:
        """Give an action one key, or none, and take it from whichever action has it."""
        if not keys.isEmpty() and (other := self.owner(keys)) not in ("", name):
            left = [key for key in self.actions[other].shortcuts() if key != keys]
            self._put(other, left)
        self._put(name, [] if keys.isEmpty() else [keys])

    def owner(self, keys: QKeySequence) -> str:
        """Return the name of the action that has these keys, or ""."""
        return next((name for name, action in self.actions.items() if keys in action.shortcuts()), "")

    def reset(self) -> None:
        """Give every action its usual keys again."""
        for name, keys in self._usual.items():
            self.actions[name].setShortcuts(keys)
        if self._settings is not None:
            self._settings.remove(GROUP)

    def _put(self, name: str, keys: list[QKeySequence]) -> None:
        self.actions[name].setShortcuts(keys)
        if self._settings is None:
            return
        if keys == self._usual[name]:
            self._settings.remove(f"{GROUP}/{name}")
        else:
            self._settings.setValue(f"{GROUP}/{name}", "; ".join(key.toString(_PORTABLE) for key in keys))

    def _chosen(self) -> Mapping[str, str]:
        if self._settings is None:
            return {}
        self._settings.beginGroup(GROUP)
        found = {name: str(self._settings.value(name, "")) for name in self._settings.childKeys()}
        self._settings.endGroup()
        return found


class ShortcutsPage(Page):
    """All actions in a list; the selected one's keys are changed below it. `changed` when any was."""

    changed = Signal()

    def __init__(self, shortcuts: Shortcuts) -> None:
        super().__init__(tr("Shortcuts"))
        self._shortcuts = shortcuts
        self.list = QTreeWidget()
        self.list.setHeaderLabels([tr("Action"), tr("Keys")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setMinimumHeight(300)
        self.list.setAccessibleName(tr("Actions and their keys"))
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        self.edit = QKeySequenceEdit()
        self.edit.setClearButtonEnabled(True)
        self.edit.setMaximumSequenceLength(1)
        self.set_button, self.reset_button = QPushButton(tr("Set")), QPushButton(tr("Reset all"))
        self.add(self.list, 1)
        self.row(self.edit, self.set_button, self.reset_button, text=tr("&Keys"))
        self.conflict = self.note()
        self.list.currentItemChanged.connect(self._show_current)
        self.edit.keySequenceChanged.connect(self._warn)
        self.set_button.clicked.connect(self._set)
        self.reset_button.clicked.connect(self._reset)
        self.show_keys()

    def show_keys(self) -> None:
        """List the actions with the keys they have now."""
        self.list.clear()
        for name, action in self._shortcuts.actions.items():
            item = QTreeWidgetItem([label(action), keys_of(action)])
            item.setData(0, _NAME, name)
            self.list.addTopLevelItem(item)
        self.select(next(iter(self._shortcuts.actions), ""))

    def select(self, name: str) -> None:
        """Make an action current."""
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None and item.data(0, _NAME) == name:
                self.list.setCurrentItem(item)

    def _current(self) -> str:
        item = self.list.currentItem()
        return str(item.data(0, _NAME)) if item else ""

    def _show_current(self, *_: object) -> None:
        action = self._shortcuts.actions.get(self._current())
        self.edit.setKeySequence(action.shortcut() if action else QKeySequence())
        self._warn()

    def _warn(self, *_: object) -> None:
        owner = self._shortcuts.owner(self.edit.keySequence())
        taken = owner and owner != self._current()
        self.conflict.setText(
            tr("“{label}” has these keys, and will lose them.", label=label(self._shortcuts.actions[owner]))
            if taken
            else ""
        )

    def _set(self) -> None:
        if name := self._current():
            self._shortcuts.choose(name, self.edit.keySequence())
            self.show_keys()
            self.select(name)
            self.changed.emit()

    def _reset(self) -> None:
        self._shortcuts.reset()
        self.show_keys()
        self.changed.emit()


def keys_of(action: QAction) -> str:
    """Return an action's keys as the system writes them."""
    return ", ".join(keys.toString(_NATIVE) for keys in action.shortcuts())


def _sequences(written: str) -> list[QKeySequence]:
    found = (QKeySequence.fromString(keys, _PORTABLE) for keys in written.split("; ") if keys)
    return [keys for keys in found if not keys.isEmpty()]
