"""What the hits have in common, with counts: a click keeps to it, another one lets go of it."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyleOptionViewItem, QTreeView, QWidget

from search.facets import Facet, FacetName, FacetValue
from search.narrowing import is_same
from search.query import Part
from search.written import format as written
from ui.icons import mixed
from ui.language import mark, tr
from ui.tick import TickedDelegate
from ui.wording import file_count, kind_name, readable

_TITLES: dict[FacetName, str] = {
    "kind": mark("Kind"),
    "date": mark("Date"),
    "person": mark("Who"),
    "folder": mark("Folder"),
    "place": mark("Place"),
    "camera": mark("Camera"),
    "tag": mark("Tag"),
    "language": mark("Language"),
}
_FILTER, _FILES, _SHARE = (int(Qt.ItemDataRole.UserRole) + n for n in (1, 2, 3))

Index = QModelIndex | QPersistentModelIndex


class FacetPanel(QTreeView):
    """Emits `toggled(part, on)`: a filter is to be added to the query, or taken out of it."""

    toggled = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = QStandardItemModel(self)
        self._folded: set[str] = set()
        self._is_filling = False
        self.setModel(self._items)
        self.setItemDelegate(_BarDelegate(self))
        self.setHeaderHidden(True)
        self.setRootIsDecorated(True)
        self.setIndentation(12)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QTreeView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(140)
        self.setAccessibleName(tr("Keep to"))
        self._items.itemChanged.connect(self._changed)
        self.collapsed.connect(lambda index: self._folded.add(index.data()))
        self.expanded.connect(lambda index: self._folded.discard(index.data()))

    def sizeHint(self) -> QSize:
        return QSize(190, 300)

    def show_facets(self, facets: Sequence[Facet], active: Sequence[Part]) -> None:
        """Show them; `active` are the filters of the query, which stay there to be taken out."""
        self._is_filling = True
        self._items.clear()
        unseen = list(active)
        for facet in facets:
            section = self._section(tr(_TITLES[facet.name]))
            most = max(value.files for value in facet.values)
            for value in facet.values:
                is_active = any(is_same(value.filter, part) for part in active)
                unseen = [part for part in unseen if not is_same(value.filter, part)]
                section.appendRow(_item(value, _label(facet.name, value), is_active, value.files / most))
        if unseen:
            section = self._section(tr("In the query"))
            for part in unseen:
                section.appendRow(_item(FacetValue("", 0, part), written(part), True, 0))
        for row in range(self._items.rowCount()):
            index = self._items.index(row, 0)
            self.setExpanded(index, index.data() not in self._folded)
        self._is_filling = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep to."""
        return not self._items.rowCount()

    def _section(self, title: str) -> QStandardItem:
        section = QStandardItem(title)
        font = self.font()
        font.setBold(True)
        section.setFont(font)
        section.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self._items.appendRow(section)
        return section

    def _changed(self, item: QStandardItem) -> None:
        if not self._is_filling:
            self.toggled.emit(item.data(_FILTER), item.checkState() is Qt.CheckState.Checked)


def _label(name: FacetName, value: FacetValue) -> str:
    match name:
        case "kind":
            return kind_name(value.label)
        case _:
            return readable(value.label)


def _item(value: FacetValue, label: str, is_active: bool, share: float) -> QStandardItem:
    item = QStandardItem(label)
    item.setCheckable(True)
    item.setCheckState(Qt.CheckState.Checked if is_active else Qt.CheckState.Unchecked)
    item.setData(value.filter, _FILTER)
    item.setData(value.files, _FILES)
    item.setData(share, _SHARE)
    told = f"{label}, {file_count(value.files)}" if value.files else label
    item.setToolTip(told)
    item.setData(told, Qt.ItemDataRole.AccessibleTextRole)
    return item


class _BarDelegate(TickedDelegate):
    """Draws the count at the right, on a bar as long as its share of the commonest."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        files = index.data(_FILES)
        if not files:
            super().paint(painter, option, index)
            return
        text = str(files)
        metrics = option.fontMetrics
        room = max(metrics.horizontalAdvance("00000"), metrics.horizontalAdvance(text) + 8)
        right = QRect(option.rect)
        right.setLeft(option.rect.right() - room)
        palette = option.palette
        bar = QRect(right)
        bar.setLeft(right.right() - max(2, round(index.data(_SHARE) * room)))
        accent, base = palette.color(QPalette.ColorRole.Highlight), palette.color(QPalette.ColorRole.Base)
        left = QStyleOptionViewItem(option)
        left.rect.setRight(right.left() - 2)
        super().paint(painter, left, index)
        painter.save()
        painter.fillRect(bar.adjusted(0, 2, 0, -2), mixed(accent, base, 0.25))
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(
            right.adjusted(0, 0, -4, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text
        )
        painter.restore()
