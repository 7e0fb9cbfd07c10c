"""The page of the library: where it is, which folders are in it, what is left out of them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QInputDialog,
    QMessageBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
)

from ui.language import tr
from ui.settings.backend import FolderRules, LibraryFacts
from ui.settings.care import Care
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
        super().__init__(tr("Library and folders"))
        self.libraries = QComboBox()
        self.libraries.setMinimumWidth(300)
        self.libraries.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.other = QPushButton(tr("Another or a new one …"))
        self.folders = _Folders()
        self.folders.setHeaderLabels([tr("Folder"), tr("Left out in it")])
        self.folders.setRootIsDecorated(False)
        self.folders.setColumnWidth(0, 330)
        self.folders.setMinimumHeight(120)
        self.folders.setAccessibleName(tr("Folders in the library"))
        self.add_button = QPushButton(tr("Add a folder …"))
        self.rules_button = QPushButton(tr("What to leave out …"))
        self.forget_button = QPushButton(tr("Take out of the library …"))
        self.care = Care()
        self._shown: Path | None = None
        self.heading(tr("Library"))
        self.note(
            tr(
                "A library is a folder that holds what Crossfind has learned from your files. "
                "An empty or new folder becomes a new library."
            )
        )
        self.row(self.libraries, self.other, text=tr("&Library"))
        self.told_size = self.note()
        self.heading(tr("Folders"))
        self.add(self.folders, 1)
        self.row(self.add_button, self.rules_button, self.forget_button)
        self.heading(tr("Left out everywhere"))
        self.note(
            tr("One pattern a line, as in .gitignore: *.tmp, Trash/, private*. It counts from the next run.")
        )
        excludes = fields.lines("exclude", "*.tmp")
        excludes.setAccessibleName(tr("Left out everywhere"))
        self.add(excludes)
        self.heading(tr("Look after this library"))
        self.note(
            tr(
                "Says what is wrong, and what is kept of files that are long gone. Names of people, "
                "collections and saved searches always stay."
            )
        )
        self.add(self.care)
        fields.bind("library", self._show_library)
        self._connect()

    def _show_library(self, path: str) -> None:
        if (row := self.libraries.findData(path)) >= 0:
            self.libraries.setCurrentIndex(row)

    def show_facts(self, facts: LibraryFacts, known: Sequence[str]) -> None:
        """Show a library and the folders in it; `known` are the libraries used before."""
        if facts.folder != self._shown:
            self._shown = facts.folder
            self.care.forget()
        self.care.setEnabled(bool(facts.bytes))
        self.libraries.clear()
        for path in dict.fromkeys((str(facts.folder), *known)):
            self.libraries.addItem(readable(path), path)
        self.libraries.setToolTip(readable(str(facts.folder)))
        self.told_size.setText(
            tr("It takes {size}.", size=size(facts.bytes)) if facts.bytes else tr("Nothing is in it yet.")
        )
        self.folders.clear()
        self.folders.addTopLevelItems([_item(folder) for folder in facts.folders])
        self._offer()

    def _connect(self) -> None:
        self.libraries.activated.connect(lambda row: self.switched.emit(Path(self.libraries.itemData(row))))
        self.other.clicked.connect(
            lambda: choose_folder(self, tr("Choose the library's folder"), self.switched.emit)
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
        dialog.setWindowTitle(tr("What to leave out"))
        dialog.setLabelText(
            tr("What is left out in {name}, one pattern a line (*.tmp, Trash/):", name=folder.path.name)
        )
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
            tr("Take out of the library"),
            tr("Take {path} out of the library?", path=folder.path),
            parent=self,
        )
        box.setInformativeText(tr("What was learned from its files is forgotten. The files stay untouched."))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        yes = box.addButton(tr("Take it out"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        yes.clicked.connect(lambda: self.forgotten.emit(folder.path))
        box.open()


class _Folders(QTreeWidget):
    """A list that needs little room, and takes what there is."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 120)


def _item(folder: FolderRules) -> QTreeWidgetItem:
    path = readable(str(folder.path))
    item = QTreeWidgetItem(
        [path if folder.present else tr("{path} (not connected)", path=path), ", ".join(folder.excludes)]
    )
    item.setData(0, _FOLDER, folder)
    item.setToolTip(0, path)
    return item
