"""The page of the library: where it is, which folders are in it, what is left out of them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QInputDialog,
    QMessageBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
)

from ui.settings.backend import FolderRules, LibraryFacts
from ui.settings.fields import Fields, choose_folder
from ui.settings.names import size
from ui.settings.page import Page
from ui.wording import readable

_FOLDER = Qt.ItemDataRole.UserRole


class LibraryPage(Page):
    """`switched` carries the folder of another library; the others say what is to be done with a folder."""

    switched = Signal(object)
    add_wanted = Signal()
    excludes_chosen = Signal(object, object)
    forgotten = Signal(object)

    def __init__(self, fields: Fields) -> None:
        super().__init__("Library and folders")
        self.libraries = QComboBox()
        self.libraries.setMinimumWidth(300)
        self.libraries.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.other = QPushButton("Another or a new one …")
        self.folders = QTreeWidget()
        self.folders.setHeaderLabels(["Folder", "Left out in it"])
        self.folders.setRootIsDecorated(False)
        self.folders.setColumnWidth(0, 330)
        self.folders.setMinimumHeight(120)
        self.folders.setAccessibleName("Folders in the library")
        self.add_button = QPushButton("Add a folder …")
        self.rules_button = QPushButton("What to leave out …")
        self.forget_button = QPushButton("Take out of the library …")
        self.heading("Library")
        self.note(
            "A library is a folder that holds what Crossfind has learned from your files. "
            "An empty or new folder becomes a new library."
        )
        self.row(self.libraries, self.other, text="&Library")
        self.told_size = self.note()
        self.heading("Folders")
        self.add(self.folders, 1)
        self.row(self.add_button, self.rules_button, self.forget_button)
        self.heading("Left out everywhere")
        self.note(
            "One pattern a line, as in .gitignore: *.tmp, Trash/, private*. It counts from the next run."
        )
        excludes = fields.lines("exclude", "*.tmp")
        excludes.setAccessibleName("Left out everywhere")
        self.add(excludes)
        fields.bind("library", self._show_library)
        self._connect()

    def _show_library(self, path: str) -> None:
        if (row := self.libraries.findData(path)) >= 0:
            self.libraries.setCurrentIndex(row)

    def show_facts(self, facts: LibraryFacts, known: Sequence[str]) -> None:
        """Show a library and the folders in it; `known` are the libraries used before."""
        self.libraries.clear()
        for path in dict.fromkeys((str(facts.folder), *known)):
            self.libraries.addItem(readable(path), path)
        self.libraries.setToolTip(readable(str(facts.folder)))
        self.told_size.setText(f"It takes {size(facts.bytes)}." if facts.bytes else "Nothing is in it yet.")
        self.folders.clear()
        self.folders.addTopLevelItems([_item(folder) for folder in facts.folders])
        self._offer()

    def _connect(self) -> None:
        self.libraries.activated.connect(lambda row: self.switched.emit(Path(self.libraries.itemData(row))))
        self.other.clicked.connect(
            lambda: choose_folder(self, "Choose the library's folder", self.switched.emit)
        )
        self.add_button.clicked.connect(self.add_wanted)
        self.rules_button.clicked.connect(self._ask_rules)
        self.forget_button.clicked.connect(self._ask_to_forget)
        self.folders.itemSelectionChanged.connect(self._offer)
        self.folders.itemActivated.connect(lambda *_: self._ask_rules())

    def _current(self) -> FolderRules | None:
        item = next(iter(self.folders.selectedItems()), None)
        return item.data(0, _FOLDER) if item else None

    def _offer(self) -> None:
        for button in (self.rules_button, self.forget_button):
            button.setEnabled(self._current() is not None)

    def _ask_rules(self) -> None:
        if (folder := self._current()) is None:
            return
        dialog = QInputDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle("What to leave out")
        dialog.setLabelText(f"What is left out in {folder.path.name}, one pattern a line (*.tmp, Trash/):")
        dialog.setOption(QInputDialog.InputDialogOption.UsePlainTextEditForTextInput)
        dialog.setTextValue("\n".join(folder.excludes))
        dialog.textValueSelected.connect(
            lambda text: self.excludes_chosen.emit(
                folder.path, tuple(line.strip() for line in text.splitlines() if line.strip())
            )
        )
        dialog.open()

    def _ask_to_forget(self) -> None:
        if (folder := self._current()) is None:
            return
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Take out of the library",
            f"Take {folder.path} out of the library?",
            parent=self,
        )
        box.setInformativeText("What was learned from its files is forgotten. The files stay untouched.")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes = box.addButton("Take it out", QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(lambda: self.forgotten.emit(folder.path))
        box.open()


def _item(folder: FolderRules) -> QTreeWidgetItem:
    path = readable(str(folder.path))
    item = QTreeWidgetItem(
        [path if folder.present else f"{path} (not connected)", ", ".join(folder.excludes)]
    )
    item.setData(0, _FOLDER, folder)
    item.setToolTip(0, path)
    return item
