"""The grid of hits: a virtualised list view that asks only for what is on screen."""

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from search.records import Hit
from ui.results.hit_delegate import USUAL, HitDelegate, cell_height
from ui.results.hit_model import HitModel


class Results(QListView):
    """Emits `current_changed(Hit | None)`, `opened(Hit)`, `preview_wanted` and `query_wanted`."""

    current_changed = Signal(object)
    opened = Signal(object)
    preview_wanted = Signal()
    query_wanted = Signal()

    def __init__(self, model: HitModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hits = model
        self._delegate = HitDelegate(self)
        self._edge = USUAL
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self._set_up_view()
        self.selectionModel().currentChanged.connect(self._current_moved)
        model.modelReset.connect(lambda: self.current_changed.emit(None))
        self.doubleClicked.connect(lambda index: self.opened.emit(self._hits.hit(index)))
        self._fit_cells()

    def set_edge(self, edge: int) -> None:
        """Make the pictures about `edge` pixels wide; the hit in view stays in view."""
        self._edge = edge
        self._fit_cells()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def select_row(self, row: int) -> None:
        """Select one hit and make it current."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._hits.index(row), flags)

    def current_hit(self) -> Hit | None:
        """The hit under the cursor."""
        index = self.currentIndex()
        return self._hits.hit(index) if index.isValid() else None

    def selected_paths(self) -> list[Path]:
        """The files of the selected hits in the order shown, each once."""
        rows = sorted(self.selectionModel().selectedIndexes(), key=QModelIndex.row)
        return list(dict.fromkeys(Path(self._hits.hit(index).file.path) for index in rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self._hits.hit(self.currentIndex()))
        elif plain and event.key() == Qt.Key.Key_Space:
            self.preview_wanted.emit()
        elif plain and event.key() == Qt.Key.Key_Up and self._in_first_row():
            self.query_wanted.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_cells()

    def _set_up_view(self) -> None:
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(4000)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(40)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setAccessibleName("Results")

    def _fit_cells(self) -> None:
        """Share the width among as many columns as fit, so that nothing is left over at the right."""
        width = self.viewport().width() - 2
        columns = max(1, width // self._edge)
        cell = QSize(max(1, width // columns), cell_height(self._edge, self.fontMetrics().height()))
        if cell != self._delegate.cell or self.gridSize() != cell:
            self._delegate.cell = cell
            self.setGridSize(cell)

    def _in_first_row(self) -> bool:
        index = self.currentIndex()
        return not index.isValid() or self.visualRect(index).top() + self.verticalOffset() < 2

    @Slot(QModelIndex, QModelIndex)
    def _current_moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.current_changed.emit(self._hits.hit(current) if current.isValid() else None)
