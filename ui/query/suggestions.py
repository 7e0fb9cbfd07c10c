"""The list of suggestions below the query field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.icons import mixed
from ui.language import tr

Index = QModelIndex | QPersistentModelIndex
ROWS = 10
PAD = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One suggestion: the `text` that it makes of the query, what is `shown` of it, and a `note` beside that.

    "goes on" means that more is to be typed, "forget" that it is no query but clears the list.
    """

    text: str
    shown: str
    note: str = ""
    then: Literal["ask", "goes on", "forget"] = "ask"


class Entries(QAbstractListModel):
    """The entries as Qt wants them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()

    def show(self, entries: Sequence[Entry]) -> None:
        """Replace all."""
        self.beginResetModel()
        self._entries = tuple(entries)
        self.endResetModel()

    def entry(self, row: int) -> Entry:
        """One of them."""
        return self._entries[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.shown
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{entry.shown}, {entry.note}" if entry.note else entry.shown
            case Qt.ItemDataRole.UserRole:
                return entry.note
        return None


class _Delegate(QStyledItemDelegate):
    """What is suggested at the left, what it is at the right, paler."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        rect: QRect = option.rect
        palette: QPalette = option.palette
        roles = QPalette.ColorRole
        ground = palette.color(roles.Highlight if chosen else roles.Base)
        text = palette.color(roles.HighlightedText if chosen else roles.Text)
        painter.fillRect(rect, ground)
        room = rect.adjusted(PAD, 0, -PAD, 0)
        note = str(index.data(Qt.ItemDataRole.UserRole))
        metrics = painter.fontMetrics()
        width = min(metrics.horizontalAdvance(note) + 2, room.width() // 2)
        centre = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(mixed(text, ground, 0.65))
        told = metrics.elidedText(note, Qt.TextElideMode.ElideRight, width)
        painter.drawText(room, int(centre | Qt.AlignmentFlag.AlignRight), told)
        painter.setPen(text)
        shown = room.adjusted(0, 0, -width - PAD, 0)
        what = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, shown.width())
        painter.drawText(shown, int(centre | Qt.AlignmentFlag.AlignLeft), what)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, option.fontMetrics.height() + 10)


class SuggestionList(QListView):
    """Lies over the window below the field and never takes the focus; nothing is chosen at first."""

    taken = Signal(object)

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        self._entries = Entries(self)
        self.setModel(self._entries)
        self.setItemDelegate(_Delegate(self))
        self.setObjectName("suggestions")
        self.setAccessibleName(tr("Suggestions"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.entered.connect(self.setCurrentIndex)
        self.clicked.connect(self._take)
        self.hide()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is suggested."""
        return tuple(self._entries.entry(row) for row in range(self._entries.rowCount()))

    @property
    def chosen(self) -> Entry | None:
        """What a person went to; None at first."""
        index = self.currentIndex()
        return self._entries.entry(index.row()) if index.isValid() else None

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show suggestions, or hide when there are none."""
        self._entries.show(entries)
        self.setCurrentIndex(QModelIndex())
        if not entries:
            self.hide()
            return
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        at = self._field.mapTo(window, QPoint(0, self._field.height() + 2))
        rows = min(len(entries), ROWS)
        height = rows * self.sizeHintForRow(0) + 2 * self.frameWidth()
        self.setGeometry(at.x(), at.y(), self._field.width(), min(height, window.height() - at.y() - 4))
        self.show()
        self.raise_()

    def step(self, by: int) -> None:
        """Choose the next (1) or the one before (-1); beyond the ends nothing is chosen."""
        count = self._entries.rowCount()
        row = self.currentIndex().row() + by
        row = count - 1 if row < -1 else row
        self.setCurrentIndex(self._entries.index(row) if 0 <= row < count else QModelIndex())

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        self.taken.emit(self._entries.entry(index.row()))
