"""The results: one virtualised view that shows hits as tiles or as lines of a table, grouped or not.

Qt's own list view places every item before it shows the first; here the place of a row is computed when it is
asked for (`ui.results.layout`), so that 100,000 hits appear, resize and scroll like ten.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyleOptionRubberBand,
    QStyleOptionViewItem,
    QWidget,
)

from search.records import Hit
from ui.files import mime_of
from ui.language import tr
from ui.results.dragging import dragged
from ui.results.grouping import Heading, More
from ui.results.hit_delegate import USUAL, HitDelegate, cell_height, heading_height
from ui.results.hit_model import HitModel, HitRole, Index
from ui.results.layout import Layout
from ui.results.table import Table, Titles, line_height

Action = QAbstractItemView.CursorAction


def whole_files(hits: Sequence[Hit]) -> list[Path]:
    """The files of hits, each once."""
    return list(dict.fromkeys(Path(hit.file.path) for hit in hits))


class Results(QListView):
    """Emits `current_changed(Hit | None)`, `opened(Hit)`, `preview_wanted` and `query_wanted`.

    `end_near` tells that one has scrolled to the last rows, `selected(int)` how many rows are selected.
    `files_of` says what a drag of hits carries, None while it is being made.
    """

    current_changed = Signal(object)
    opened = Signal(object)
    preview_wanted = Signal()
    query_wanted = Signal()
    end_near = Signal()
    selected = Signal(int)

    def __init__(self, model: HitModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hits = model
        self._edge = USUAL
        self._layout = Layout()
        self._pressed: QPoint | None = None
        self._band = QRect()
        self._awaits_files = False
        self.files_of: Callable[[Sequence[Hit]], list[Path] | None] = whole_files
        self.titles = Titles(self)
        self.titles.hide()
        self.delegate = HitDelegate(self)
        self._table = Table(self.titles)
        self.setItemDelegate(self.delegate)
        self._set_up_view()
        self.setModel(model)
        for changed in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            changed.connect(self._place)
        self.selectionModel().currentChanged.connect(self._current_moved)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selected.emit(self._selected_count()))
        model.modelReset.connect(lambda: self.current_changed.emit(None))
        self.doubleClicked.connect(self._double_clicked)
        self.clicked.connect(self._clicked)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.titles.sectionResized.connect(lambda *_: self.viewport().update())
        self._place()

    @property
    def hits(self) -> HitModel:
        """What is shown."""
        return self._hits

    @property
    def is_table(self) -> bool:
        """Whether hits are lines of a table."""
        return self.delegate.table is not None

    def set_edge(self, edge: int) -> None:
        """Make the pictures about `edge` pixels wide; the hit in view stays in view."""
        self._edge = edge
        self._place()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def show_table(self, wanted: bool) -> None:
        """Show lines of a table, or tiles."""
        self.delegate.table = self._table if wanted else None
        self.titles.setVisible(wanted)
        self._place()
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def show_frames(self, wanted: bool) -> None:
        """Frame objects, faces and words on the pictures, or not."""
        self.delegate.frames = wanted
        self.viewport().update()

    def look_for(self, words: Collection[str]) -> None:
        """Mark these words (folded) in the texts of the table."""
        self._table.words = words

    def select_row(self, row: int) -> None:
        """Select one hit and make it current."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._hits.index(row), flags)

    def select_hits(self, rows: Collection[int]) -> None:
        """Select these rows and nothing else."""
        wanted = QItemSelection()
        for row in rows:
            wanted.select(self._hits.index(row), self._hits.index(row))
        self.selectionModel().select(wanted, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def current_hit(self) -> Hit | None:
        """The hit under the cursor."""
        return self._hits.hit(self.currentIndex())

    def selected_hits(self) -> list[Hit]:
        """The selected hits in the order shown."""
        return list(self._hits.hits_in(self._selected_rows()))

    def selected_paths(self) -> list[Path]:
        """The files of the selected hits in the order shown, each once."""
        return whole_files(self.selected_hits())

    def picture_rect(self, index: Index) -> QRect:
        """The part of the viewport that the picture of a tile lies in; empty in the table."""
        if self.is_table:
            return QRect()
        return self.delegate.room(self.visualRect(index), self.fontMetrics().height())

    def selectAll(self) -> None:
        """Select every row at once; Qt's own way asks for each."""
        if last := self._hits.rowCount():
            everything = QItemSelection(self._hits.index(0), self._hits.index(last - 1))
            self.selectionModel().select(everything, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def gridSize(self) -> QSize:
        return self._layout.cell

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= self._hits.rowCount():
            return QRect()
        return self._layout.rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._layout.row_at(point.x(), point.y() + self.verticalOffset())
        return self._hits.index(row) if row >= 0 else QModelIndex()

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        place, bar = self._layout.rect(index.row()), self.verticalScrollBar()
        top, height, page = place.top(), place.height(), self.viewport().height()
        if hint is QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(top)
        elif hint is QAbstractItemView.ScrollHint.PositionAtBottom:
            bar.setValue(top + height - page)
        elif hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(top - (page - height) // 2)
        elif top < bar.value() or height >= page:
            bar.setValue(top)
        elif top + height > bar.value() + page:
            bar.setValue(top + height - page)

    def moveCursor(self, action: Action, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        last = self._hits.rowCount() - 1
        if last < 0:
            return QModelIndex()
        row = self.currentIndex().row()
        if row < 0:
            return self._hits.index(self._hits.first_hit())
        lines = max(1, self.viewport().height() // self._layout.cell.height() - 1)
        moves: dict[Action, Callable[[], int]] = {
            Action.MoveLeft: lambda: row - 1,
            Action.MovePrevious: lambda: row - 1,
            Action.MoveRight: lambda: row + 1,
            Action.MoveNext: lambda: row + 1,
            Action.MoveUp: lambda: self._layout.above(row),
            Action.MoveDown: lambda: self._layout.below(row),
            Action.MovePageUp: lambda: self._layout.above(row, lines),
            Action.MovePageDown: lambda: self._layout.below(row, lines),
            Action.MoveHome: lambda: 0,
            Action.MoveEnd: lambda: last,
        }
        return self._hits.index(min(max(moves[action](), 0), last))

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        ends = self.indexAt(rect.topLeft()), self.indexAt(rect.bottomRight())
        selection = QItemSelection()
        if command & QItemSelectionModel.SelectionFlag.Current and all(end.isValid() for end in ends):
            first, last = sorted(end.row() for end in ends)
            selection.select(self._hits.index(first), self._hits.index(last))
        else:
            for rows in self._layout.rows_in(rect.normalized().translated(0, self.verticalOffset())):
                selection.select(self._hits.index(rows.start), self._hits.index(rows.stop - 1))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    def doItemsLayout(self) -> None:
        self._place()

    def updateGeometries(self) -> None:
        bar, page = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(page)
        bar.setRange(0, max(0, self._layout.height - page))

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        for row in range(first.row(), min(last.row(), first.row() + 1000) + 1):
            self.viewport().update(self.visualRect(self._hits.index(row)))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        state, current, selection = option.state, self.currentIndex().row(), self.selectionModel()
        over = (
            self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos())).row()
            if self.underMouse()
            else -1
        )
        for row in self._rows_in(event.rect()):
            index = self._hits.index(row)
            option.rect = self.visualRect(index)
            option.state = state
            if selection.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if row == over:
                option.state |= QStyle.StateFlag.State_MouseOver
            if row == current and self.hasFocus():
                option.state |= QStyle.StateFlag.State_HasFocus
            self.delegate.paint(painter, option, index)
        if not self._band.isNull():
            self._paint_band(painter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        row = self._hits.row(self.currentIndex())
        if plain and isinstance(row, Heading | More) and self._turned_by(event.key(), row):
            self._hits.turn(self.currentIndex())
        elif plain and isinstance(row, Hit) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(row)
        elif plain and event.key() == Qt.Key.Key_Space:
            self.preview_wanted.emit()
        elif plain and event.key() == Qt.Key.Key_Up and self._in_first_row():
            self.query_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_beside = not self.indexAt(event.position().toPoint()).isValid()
        is_band = is_beside and event.button() is Qt.MouseButton.LeftButton
        self._pressed = event.position().toPoint() + QPoint(0, self.verticalOffset()) if is_band else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._awaits_files and event.buttons() & Qt.MouseButton.LeftButton:
            self.startDrag(Qt.DropAction.CopyAction)
            return
        super().mouseMoveEvent(event)
        if self._pressed is not None:
            pressed = self._pressed - QPoint(0, self.verticalOffset())
            self._band = QRect(pressed, event.position().toPoint()).normalized()
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._awaits_files = False
        self._pressed, self._band = None, QRect()
        self.viewport().update()

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the files of all selected hits; the mouse carries a picture and their number.

        What is still being made is waited for, while the mouse goes on moving.
        """
        paths = self.files_of(self.selected_hits())
        self._awaits_files = paths is None
        if not paths:
            return
        drag = QDrag(self)
        drag.setMimeData(mime_of(paths))
        image = self.currentIndex().data(HitRole.THUMBNAIL)
        drag.setPixmap(dragged(self, image, len(paths)))
        drag.exec(Qt.DropAction.CopyAction)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def _set_up_view(self) -> None:
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
        self.setAccessibleName(tr("Results"))

    def _place(self) -> None:
        """Share the width among as many columns as fit, so that nothing is left over at the right."""
        line = self.fontMetrics().height()
        title = self.titles.sizeHint().height() if self.is_table else 0
        if self.viewportMargins().top() != title:
            self.setViewportMargins(0, title, 0, 0)
        width = max(1, self.viewport().width() - (0 if self.is_table else 2))
        self.titles.setGeometry(0, 0, self.viewport().width(), title)
        self.titles.fit(self.viewport().width())
        columns = 1 if self.is_table else max(1, width // self._edge)
        height = line_height(line) if self.is_table else cell_height(self._edge, line)
        self.delegate.cell = QSize(max(1, width // columns), height)
        headings = self._hits.headings()
        self._layout = Layout(
            self._hits.rowCount(), headings, columns, self.delegate.cell, heading_height(line)
        )
        self.updateGeometries()
        self.viewport().update()

    def _rows_in(self, area: QRect) -> Iterator[int]:
        for rows in self._layout.rows_in(area.translated(0, self.verticalOffset())):
            yield from rows

    def _in_first_row(self) -> bool:
        index = self.currentIndex()
        return not index.isValid() or self._layout.rect(index.row()).top() < 2

    def _selected_count(self) -> int:
        return sum(self._hits.hits_among(rows) for rows in self._selected_rows())

    def _selected_rows(self) -> list[range]:
        selection = self.selectionModel().selection()
        some = (selection.at(number) for number in range(selection.count()))
        return sorted((range(one.top(), one.bottom() + 1) for one in some), key=lambda rows: rows.start)

    def _turned_by(self, key: int, row: Heading | More) -> bool:
        """Whether a key folds or unfolds the group, as in a tree."""
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            return True
        if isinstance(row, More):
            return False
        return key == (Qt.Key.Key_Right if row.is_folded else Qt.Key.Key_Left)

    def _clicked(self, index: QModelIndex) -> None:
        if isinstance(self._hits.row(index), Heading | More):
            self._hits.turn(index)

    def _double_clicked(self, index: QModelIndex) -> None:
        if (hit := self._hits.hit(index)) is not None:
            self.opened.emit(hit)

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        if bar.maximum() and value > bar.maximum() - 2 * bar.pageStep():
            self.end_near.emit()

    def _current_moved(self, current: QModelIndex, _previous: QModelIndex) -> None:
        self.current_changed.emit(self._hits.hit(current))

    def _paint_band(self, painter: QPainter) -> None:
        option = QStyleOptionRubberBand()
        option.initFrom(self)
        option.rect = self._band
        self.style().drawControl(QStyle.ControlElement.CE_RubberBand, option, painter, self)
