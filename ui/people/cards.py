"""A grid of cards that is worked by keyboard: type to name, Enter to open, M to merge."""

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from ui.people.card import CardDelegate
from ui.people.models import MIME, FacesModel, PeopleModel

PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class Cards(QListView):
    """`opened(row)`: Enter or a double click; `merge_wanted`: M with several selected; `dropped(ids, row)`:
    people were let fall on one; `remove_wanted`: Delete; `back_wanted`: Escape or Backspace."""

    opened = Signal(int)
    merge_wanted = Signal()
    dropped = Signal(object, int)
    remove_wanted = Signal()
    back_wanted = Signal()

    def __init__(
        self, model: PeopleModel | FacesModel, is_brief: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.delegate_ = CardDelegate(self, is_brief)
        self.setModel(model)
        self.setItemDelegate(self.delegate_)
        self._set_up()
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def chosen_rows(self) -> list[int]:
        """The selected rows, in order."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def select(self, rows: Sequence[int]) -> None:
        """Select rows; the first becomes current and is brought into view."""
        selection = self.selectionModel()
        selection.clearSelection()
        for row in rows:
            selection.select(self.model().index(row, 0), QItemSelectionModel.SelectionFlag.Select)
        if rows:
            index = self.model().index(rows[0], 0)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), event.modifiers() in PLAIN
        if self.state() == QAbstractItemView.State.EditingState:
            event.accept()  # the field has left it over: Enter, for one
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif plain and key == Qt.Key.Key_M and len(self.chosen_rows()) > 1:
            self.merge_wanted.emit()
        elif plain and key == Qt.Key.Key_Delete:
            self.remove_wanted.emit()
        elif plain and key in (Qt.Key.Key_Escape, Qt.Key.Key_Backspace):
            self.back_wanted.emit()
        elif plain and key == Qt.Key.Key_Space:  # typed first, it is no name
            event.accept()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.setAccepted(event.source() is self and event.mimeData().hasFormat(MIME))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setAccepted(self._target(event) is not None)

    def dropEvent(self, event: QDropEvent) -> None:
        target = self._target(event)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if target is not None:
            self.dropped.emit(_ids(event), target.row())

    def _target(self, event: QDropEvent) -> QModelIndex | None:
        """The card under the mouse, unless it is one of those dragged."""
        index = self.indexAt(event.position().toPoint())
        is_other = event.source() is self and event.mimeData().hasFormat(MIME) and index.isValid()
        return index if is_other and index.row() not in self.chosen_rows() else None

    def _set_up(self) -> None:
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(2000)
        cell = self.delegate_.cell(self.fontMetrics().height())
        self.setGridSize(cell + QSize(4, 4))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(40)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        is_people = isinstance(self.model(), PeopleModel)
        self.setDragEnabled(is_people)
        self.setAcceptDrops(is_people)
        modes = QAbstractItemView.DragDropMode
        self.setDragDropMode(modes.DragDrop if is_people else modes.NoDragDrop)


def _ids(event: QDropEvent) -> list[int]:
    text = bytes(event.mimeData().data(MIME).data()).decode()
    return [int(one) for one in text.split(",") if one]
