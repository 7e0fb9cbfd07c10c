"""Files that could not be read: why, and what may be done about it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from ui.files import open_file, reveal
from ui.indexing.backend import Unread
from ui.language import tr
from ui.remedies import is_locked, reason_in_window
from ui.wording import readable

_FILE = Qt.ItemDataRole.UserRole
MOST_SHOWN = 2000


class TroubleList(QWidget):
    """`retry_wanted(paths)`: try these again, none: all; `unlock_wanted(paths)`: give the password of these;
    `complaint(str)`: a file that cannot be opened."""

    retry_wanted = Signal(object)
    unlock_wanted = Signal(object)
    complaint = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unread: tuple[Unread, ...] = ()
        self._is_running = False
        self.list = QTreeWidget()
        self.retry_button = QPushButton(tr("Try again"))
        self.all_button = QPushButton(tr("Try all again"))
        self.unlock_button = QPushButton(tr("Give the password …"))
        self.open_button = QPushButton(tr("Open"))
        self.reveal_button = QPushButton(tr("Show in folder"))
        self.copy_button = QPushButton(tr("Copy reasons"))
        self._build()

    def show_unread(self, unread: Sequence[Unread], is_running: bool) -> None:
        """Show these files."""
        self._is_running = is_running
        if tuple(unread) != self._unread:
            self._unread = tuple(unread)
            self.list.clear()
            self.list.addTopLevelItems([_row(one) for one in self._unread[:MOST_SHOWN]])
        self._enable()

    def chosen(self) -> list[Path]:
        """The files that are selected."""
        return [item.data(0, _FILE).path for item in self.list.selectedItems()]

    def locked(self) -> list[Path]:
        """The locked files among the files selected; where none is selected, all."""
        chosen = set(self.chosen())
        locked = [one.path for one in self._unread if is_locked(one.reason)]
        return [path for path in locked if not chosen or path in chosen]

    @Slot()
    def _retry(self) -> None:
        if chosen := self.chosen():
            self.retry_wanted.emit(chosen)

    @Slot()
    def _open(self) -> None:
        for path in self.chosen()[:1]:
            if not path.exists():
                self.complaint.emit(
                    tr("{name} is not there any more. Update its folder.", name=readable(path.name))
                )
            elif not open_file(path):
                self.complaint.emit(tr("No program here opens {name}.", name=readable(path.name)))

    @Slot()
    def _reveal(self) -> None:
        for path in self.chosen()[:1]:
            reveal(path)

    @Slot()
    def _copy(self) -> None:
        """Copy the reasons of the selected files, or of all."""
        chosen = set(self.chosen()) or {one.path for one in self._unread}
        lines = [f"{one.path}\t{reason_in_window(one.reason)}" for one in self._unread if one.path in chosen]
        QGuiApplication.clipboard().setText(readable("\n".join(lines)))

    @Slot()
    def _enable(self) -> None:
        chosen = bool(self.list.selectedItems())
        self.retry_button.setEnabled(chosen and not self._is_running)
        self.all_button.setEnabled(bool(self._unread) and not self._is_running)
        self.unlock_button.setVisible(any(is_locked(one.reason) for one in self._unread))
        self.unlock_button.setEnabled(bool(self.locked()) and not self._is_running)
        self.open_button.setEnabled(chosen)
        self.reveal_button.setEnabled(chosen)
        self.copy_button.setEnabled(bool(self._unread))

    def _build(self) -> None:
        self.list.setHeaderLabels([tr("File"), tr("Why it is not searchable")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setColumnWidth(0, 380)
        self.list.setMinimumHeight(130)
        self.list.setAccessibleName(tr("Files that could not be read"))
        row = QHBoxLayout()
        for button in (self.retry_button, self.all_button, self.unlock_button):
            row.addWidget(button)
        for button in (self.open_button, self.reveal_button, self.copy_button):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addLayout(row)
        self.list.itemSelectionChanged.connect(self._enable)
        self.list.itemActivated.connect(self._open)
        self.retry_button.clicked.connect(self._retry)
        self.all_button.clicked.connect(lambda: self.retry_wanted.emit([]))
        self.unlock_button.clicked.connect(lambda: self.unlock_wanted.emit(self.locked()))
        self.open_button.clicked.connect(self._open)
        self.reveal_button.clicked.connect(self._reveal)
        self.copy_button.clicked.connect(self._copy)
        self._enable()


def _row(one: Unread) -> QTreeWidgetItem:
    item = QTreeWidgetItem([readable(str(one.path)), reason_in_window(readable(one.reason))])
    item.setData(0, _FILE, one)
    item.setToolTip(0, readable(str(one.path)))
    item.setToolTip(1, item.text(1))
    return item
