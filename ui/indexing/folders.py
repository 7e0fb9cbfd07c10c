"""The folders of a library: how much is in them, when they were looked through, whether they are watched."""

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.indexing.backend import FolderFacts, Overview
from ui.language import number, numbered_day, plural, tr
from ui.tick import TickedDelegate
from ui.wording import readable

_FOLDER = Qt.ItemDataRole.UserRole
_WATCH = 3


class FolderList(QWidget):
    """`update_wanted(path)`, `forget_wanted(path)`, `watch_wanted(path, on)`: what is to be done."""

    update_wanted = Signal(object)
    forget_wanted = Signal(object)
    watch_wanted = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing = False
        self.list = QTreeWidget()
        self.list.setItemDelegate(TickedDelegate(self.list))
        self.add_button = QPushButton(tr("Add a folder …"))
        self.update_button = QPushButton(tr("Update this folder"))
        self.rules_button = QPushButton(tr("What to leave out …"))
        self.forget_button = QPushButton(tr("Take out of the library …"))
        self._build()

    def show_folders(self, overview: Overview, is_running: bool) -> None:
        """Show them; what takes the whole library cannot be done while it `is_running`."""
        self._showing = True
        chosen = self.chosen()
        self.list.clear()
        for facts in overview.folders:
            item = _row(facts)
            self.list.addTopLevelItem(item)
            item.setSelected(chosen is not None and chosen.path == facts.path)
        self._showing = False
        self._enable(is_running)

    def chosen(self) -> FolderFacts | None:
        """The folder that is selected."""
        items = self.list.selectedItems()
        facts = items[0].data(0, _FOLDER) if items else None
        return facts if isinstance(facts, FolderFacts) else None

    def _enable(self, is_running: bool) -> None:
        chosen = self.chosen()
        self._is_running = is_running
        self.update_button.setEnabled(chosen is not None and chosen.present and not is_running)
        self.forget_button.setEnabled(chosen is not None and not is_running)
        hint = tr("Not while files are being read: pause does not do, it has to end") if is_running else ""
        self.forget_button.setToolTip(
            hint or tr("What was learned of its files is forgotten; they are not touched")
        )

    @Slot(QTreeWidgetItem, int)
    def _changed(self, item: QTreeWidgetItem, column: int) -> None:
        facts = item.data(0, _FOLDER)
        if not self._showing and column == _WATCH and isinstance(facts, FolderFacts):
            self.watch_wanted.emit(facts.path, item.checkState(_WATCH) == Qt.CheckState.Checked)

    @Slot()
    def _update(self) -> None:
        if (facts := self.chosen()) is not None:
            self.update_wanted.emit(facts.path)

    @Slot()
    def _ask_to_forget(self) -> None:
        facts = self.chosen()
        if facts is None:
            return
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(tr("Take {name} out of the library?", name=readable(facts.path.name or str(facts.path))))
        box.setInformativeText(
            plural(
                "What was learned of its {n} file is forgotten. The files stay as they are.",
                "What was learned of its {n} files is forgotten. The files stay as they are.",
                facts.files,
            )
        )
        box.setStandardButtons(QMessageBox.StandardButton.Cancel)
        yes = box.addButton(tr("Take out"), QMessageBox.ButtonRole.DestructiveRole)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes.clicked.connect(lambda: self.forget_wanted.emit(facts.path))
        box.open()

    def _build(self) -> None:
        self.list.setHeaderLabels([tr("Folder"), tr("Files"), tr("Looked through"), tr("Watch for changes")])
        self.list.setRootIsDecorated(False)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setColumnWidth(0, 380)
        self.list.setColumnWidth(1, 90)
        self.list.setColumnWidth(2, 170)
        self.list.setMinimumHeight(130)
        self.list.setAccessibleName(tr("Folders in the library"))
        self.add_button.setToolTip(tr("Choose a folder and index it"))
        self.update_button.setToolTip(tr("Read what is new or changed in it"))
        buttons = QHBoxLayout()
        for button in (self.add_button, self.update_button, self.rules_button, self.forget_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addLayout(buttons)
        self.list.itemChanged.connect(self._changed)
        self.list.itemSelectionChanged.connect(lambda: self._enable(self._is_running))
        self.update_button.clicked.connect(self._update)
        self.forget_button.clicked.connect(self._ask_to_forget)
        self._enable(False)


def said_when(last: str, now: datetime | None = None) -> str:
    """Say when something was, as people do; a dash where it is not known."""
    try:
        at = datetime.fromisoformat(last)
    except ValueError:
        return "–"
    today = (now or datetime.now()).date()
    days = (today - at.date()).days
    said = tr("today") if days == 0 else tr("yesterday") if days == 1 else numbered_day(at)
    return f"{said}, {at:%H:%M}"


def _row(facts: FolderFacts) -> QTreeWidgetItem:
    shown = readable(str(facts.path))
    when = said_when(facts.last) if facts.present else tr("not connected")
    item = QTreeWidgetItem([shown, number(facts.files), when, ""])
    item.setData(0, _FOLDER, facts)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(_WATCH, Qt.CheckState.Checked if facts.watched else Qt.CheckState.Unchecked)
    item.setToolTip(0, shown)
    item.setToolTip(
        _WATCH, tr("Changes are read by themselves, after a quiet moment, while this window is open")
    )
    item.setData(_WATCH, Qt.ItemDataRole.AccessibleTextRole, tr("Watch {shown} for changes", shown=shown))
    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item


def paths_of(overview: Overview) -> list[Path]:
    """The folders that are watched."""
    return [one.path for one in overview.folders if one.watched]
