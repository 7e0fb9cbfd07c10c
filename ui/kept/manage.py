"""Everything that is kept, in one list: to be opened, renamed or removed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ui.kept.backend import Collection, SavedSearch
from ui.kept.dialogs import NameDialog
from ui.kept.shelf import Shelf, label_of
from ui.language import tr
from ui.saying import said

_KEPT = int(Qt.ItemDataRole.UserRole) + 1


class ManageDialog(QDialog):
    """Follows the shelf while it is open."""

    def __init__(self, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelf = shelf
        self.tree = QTreeWidget()
        self.open_button = QPushButton(tr("&Open"))
        self.rename_button = QPushButton(tr("&Rename …"))
        self.remove_button = QPushButton(tr("Re&move …"))
        self._build()
        shelf.changed.connect(self._fill)
        self._fill()

    def _build(self) -> None:
        self.setWindowTitle(tr("Saved searches and collections"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(420, 360)
        self.tree.setHeaderHidden(True)
        self.tree.setAccessibleName(tr("What is kept"))
        row = QHBoxLayout()
        close = QPushButton(tr("&Close"))
        for button in (self.open_button, self.rename_button, self.remove_button):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.addWidget(self.tree)
        column.addLayout(row)
        self.tree.currentItemChanged.connect(self._allow)
        self.tree.itemActivated.connect(self._open)
        self.open_button.clicked.connect(self._open)
        self.rename_button.clicked.connect(self._rename)
        self.remove_button.clicked.connect(self._ask_to_remove)
        close.clicked.connect(self.reject)
        for keys, act in (("F2", self._rename), ("Del", self._ask_to_remove)):
            QShortcut(QKeySequence(keys), self.tree, act)

    @property
    def current(self) -> SavedSearch | Collection | None:
        """What is picked in the list."""
        item = self.tree.currentItem()
        kept = item.data(0, _KEPT) if item else None
        return kept if isinstance(kept, SavedSearch | Collection) else None

    def _fill(self) -> None:
        known = self.current
        self.tree.clear()
        for title, some in (
            (tr("Saved searches"), self._shelf.searches),
            (tr("Collections"), self._shelf.collections),
        ):
            section = QTreeWidgetItem(self.tree, [title])
            section.setFlags(Qt.ItemFlag.ItemIsEnabled)
            section.setExpanded(True)
            for kept in some:
                item = QTreeWidgetItem(section, [label_of(kept)])
                item.setData(0, _KEPT, kept)
                if isinstance(kept, SavedSearch):
                    item.setToolTip(0, said(kept.problem) or kept.query)
                if known is not None and (type(kept), kept.name) == (type(known), known.name):
                    self.tree.setCurrentItem(item)
        self._allow()

    def _allow(self) -> None:
        for button in (self.open_button, self.rename_button, self.remove_button):
            button.setEnabled(self.current is not None)

    def _open(self) -> None:
        match self.current:
            case SavedSearch() as saved:
                self._shelf.run(saved)
            case Collection(name):
                self._shelf.open_collection(name)
            case None:
                return
        self.accept()

    def _rename(self) -> None:
        if (kept := self.current) is None:
            return
        dialog = NameDialog(
            tr("Rename"), tr("A new name for {name}:", name=kept.name), tr("Rename"), (), kept.name, self
        )
        dialog.named.connect(lambda name: self._shelf.rename(kept, name))
        dialog.open()

    def _ask_to_remove(self) -> None:
        if (kept := self.current) is None:
            return
        if isinstance(kept, SavedSearch):
            question = tr("Remove the saved search {name}?", name=kept.name)
        else:
            question = tr("Remove the collection {name}?", name=kept.name)
        box = QMessageBox(
            QMessageBox.Icon.Question,
            tr("Remove"),
            question,
            parent=self,
        )
        box.setInformativeText(tr("The files it finds or holds are not touched."))
        remove = box.addButton(tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.buttonClicked.connect(lambda button: self._shelf.remove(kept) if button is remove else None)
        box.open()
