"""The results as a table: a line for each hit, with the words around what was found, and titles that sort."""

from collections.abc import Collection
from typing import get_args

from PySide6.QtCore import QByteArray, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QPainter,
    QPalette,
    QPixmap,
    QStandardItemModel,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem, QWidget

from search.records import Hit, MediaKind
from ui.highlight import marks
from ui.icons import mixed
from ui.language import mark, numbered_day, percent, tr
from ui.results.grouping import Order
from ui.results.painting import BAR, paint_card, paint_offline, paint_picture, paint_score
from ui.wording import file_name, kind_name, place_in, readable, taken

TITLES = (mark("Name"), mark("Kind"), mark("Where"), mark("Folder"), mark("Date"), mark("Match"))
ORDERS: tuple[Order | None, ...] = ("name", "kind", None, "folder", "date", "relevance")
_WIDTHS = (300, 72, 62, 120, 90, 66)
_ARROW = 26
"""Room for the sign of the order beside a title, in pixels."""

_WIDE_ENOUGH = {1: 480, 2: 340, 3: 620, 4: 400}
"""Columns that are left out where the table is narrower, in pixels."""
PICTURE = QSize(72, 54)
_PAD = 8
_KIND = 1
assert set(filter(None, ORDERS)) == set(get_args(Order))


class Titles(QHeaderView):
    """The titles of the columns. `order_wanted(order, backwards)` follows a click."""

    order_wanted = Signal(str, bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        model = QStandardItemModel(0, len(TITLES), self)
        model.setHorizontalHeaderLabels([tr(title) for title in TITLES])
        self.setModel(model)
        self.setSectionsClickable(True)
        self.setSortIndicatorShown(True)
        self.setHighlightSections(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumSectionSize(48)
        self.setAccessibleName(tr("Columns"))
        widest_kind = max(
            self.fontMetrics().horizontalAdvance(kind_name(kind)) for kind in get_args(MediaKind)
        )
        for column, width in enumerate(_WIDTHS):
            titled = self.fontMetrics().horizontalAdvance(tr(TITLES[column])) + _ARROW
            self.resizeSection(
                column, max(width, titled, widest_kind + 2 * _PAD + 2 if column == _KIND else 0)
            )
        self.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.sectionClicked.connect(self._clicked)
        self.show_order("relevance", backwards=False)

    def show_order(self, order: Order, *, backwards: bool) -> None:
        """Mark the column after which the hits are ordered."""
        self._order, self._backwards = order, backwards
        is_down = backwards != (order in ("date", "relevance"))
        ordering = Qt.SortOrder.DescendingOrder if is_down else Qt.SortOrder.AscendingOrder
        self.setSortIndicator(ORDERS.index(order), ordering)

    def fit(self, width: int) -> None:
        """Leave out columns that there is no room for."""
        for column, least in _WIDE_ENOUGH.items():
            self.setSectionHidden(column, width < least)

    def recall(self, state: object) -> None:
        """Restore widths that `saveState` told; anything else is passed over."""
        if isinstance(state, QByteArray) and self.restoreState(state):
            self.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            self.show_order(self._order, backwards=self._backwards)

    def _clicked(self, column: int) -> None:
        order = ORDERS[column]
        if order is None:
            self.show_order(self._order, backwards=self._backwards)
            return
        self.order_wanted.emit(order, order == self._order and not self._backwards)


class Table:
    """Paints lines below the titles. `words` are those that were looked for, folded."""

    def __init__(self, titles: Titles) -> None:
        self._titles = titles
        self.words: Collection[str] = ()

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, hit: Hit, image: QPixmap | None
    ) -> QRect:
        """Paint a hit; return where its picture stands."""
        paint_card(painter, option, option.rect.adjusted(2, 1, -2, -1))
        cells = [self._cell(option.rect, column) for column in range(len(TITLES))]
        picture = self._paint_name(painter, option, cells[0], hit, image)
        folder = readable(hit.file.path.replace("\\", "/").rpartition("/")[0]).rpartition("/")[2]
        kind = kind_name(hit.content.kind, one=True)
        texts = (kind, place_in(hit) or "", folder, numbered_day(taken(hit)))
        painter.setPen(_pale(option.palette))
        for cell, text in zip(cells[1:5], texts, strict=True):
            if not cell.width():
                continue
            shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideMiddle, cell.width())
            painter.drawText(cell, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        self._paint_match(painter, option, cells[5], hit)
        return picture

    def _cell(self, line: QRect, column: int) -> QRect:
        left = self._titles.sectionViewportPosition(column)
        width = self._titles.sectionSize(column)
        return QRect(left + _PAD, line.top(), max(0, width - 2 * _PAD), line.height())

    def _paint_name(
        self, painter: QPainter, option: QStyleOptionViewItem, cell: QRect, hit: Hit, image: QPixmap | None
    ) -> QRect:
        room = QRect(cell.left(), cell.top() + 4, PICTURE.width(), cell.height() - 8)
        shown = paint_picture(painter, option.palette, room, image, hit)
        if not hit.file.present:
            paint_offline(painter, shown)
        text = cell.adjusted(PICTURE.width() + _PAD, 4, 0, -4)
        snippet = " ".join((hit.text or "").split())
        metrics = option.fontMetrics
        name = QRect(text.left(), text.top(), text.width(), metrics.height() if snippet else text.height())
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        told = metrics.elidedText(file_name(hit), Qt.TextElideMode.ElideMiddle, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, told)
        if snippet:
            self._paint_snippet(painter, option, text.adjusted(0, metrics.height() + 1, 0, 0), snippet)
        return shown

    def _paint_snippet(
        self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, snippet: str
    ) -> None:
        """Paint as many lines as there is room for, the words that were looked for in bold."""
        layout = QTextLayout(snippet[:400], painter.font())
        layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
        layout.setFormats(
            [_marked(option, start, length) for start, length in marks(snippet[:400], self.words)]
        )
        layout.beginLayout()
        height, step = 0.0, option.fontMetrics.height()
        while height + step <= room.height() + 1 and (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, room.width()))
            line.setPosition(QPointF(0, height))
            height += line.height()
        layout.endLayout()
        painter.setPen(_pale(option.palette))
        painter.save()
        painter.setClipRect(room)
        layout.draw(painter, QPointF(room.topLeft()))
        painter.restore()

    def _paint_match(self, painter: QPainter, option: QStyleOptionViewItem, cell: QRect, hit: Hit) -> None:
        line = option.fontMetrics.height()
        top = cell.center().y() - (line + BAR + 3) // 2
        text = QRect(cell.left(), top, cell.width(), line)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, percent(hit.score))
        bar = QRect(cell.left(), text.bottom() + 3, cell.width(), BAR)
        paint_score(painter, option.palette, bar, hit.score)


def line_height(line: int) -> int:
    """The height of a line of the table for a text line of `line` pixels: a name and two lines of text."""
    return max(PICTURE.height() + 8, 3 * line + 12)


def _pale(palette: QPalette) -> QColor:
    return mixed(palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base), 0.72)


def _marked(option: QStyleOptionViewItem, start: int, length: int) -> QTextLayout.FormatRange:
    look = QTextCharFormat()
    look.setFontWeight(QFont.Weight.Bold)
    look.setForeground(option.palette.color(QPalette.ColorRole.Text))
    ground = option.palette.color(QPalette.ColorRole.Highlight)
    ground.setAlphaF(0.25)
    look.setBackground(ground)
    made = QTextLayout.FormatRange()
    made.start, made.length, made.format = start, length, look
    return made
