"""Paints one row of the results: a hit as a tile or as a line of a table, a heading, or "12 more"."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from search.records import Hit
from ui.icons import mixed
from ui.results.grouping import Heading, More
from ui.results.hit_model import HitRole
from ui.results.painting import (
    BAR,
    GAP,
    MARGIN,
    ROUND,
    Playing,
    paint_badge,
    paint_card,
    paint_frames,
    paint_fresh,
    paint_kind_badge,
    paint_offline,
    paint_picture,
    paint_playing,
    paint_score,
)
from ui.results.table import Table
from ui.wording import clock, file_name, regions

SMALLEST, USUAL, LARGEST = 96, 176, 360


class HitDelegate(QStyledItemDelegate):
    """The flow: card behind a selected or hovered hit, picture or icon, frames, badges, name, score bar.

    With `table` hits are lines of a table; `frames` says whether objects, faces and words are framed.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cell = QSize(USUAL, USUAL)
        self.frames = False
        self.table: Table | None = None
        self.playing: Playing | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self.cell

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        match index.data(HitRole.ROW):
            case Hit() as hit if self.table is not None:
                shown = self.table.paint(painter, option, hit, index.data(HitRole.THUMBNAIL))
                if index.data(HitRole.FRESH):
                    paint_fresh(painter, option.palette, option.fontMetrics, shown)
            case Hit() as hit:
                self._paint_tile(painter, option, index, hit)
            case Heading() as heading:
                paint_heading(painter, option, heading)
            case More(title=title):
                _paint_more(painter, option, title)
        painter.restore()

    def room(self, cell: QRect, line: int) -> QRect:
        """The part of a tile that its picture lies in, for a text line of `line` pixels."""
        card = cell.adjusted(3, 3, -3, -3)
        return card.adjusted(MARGIN, MARGIN, -MARGIN, -(MARGIN + line + BAR + 2 * GAP))

    def _paint_tile(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        hit: Hit,
    ) -> None:
        paint_card(painter, option, option.rect.adjusted(3, 3, -3, -3))
        line = option.fontMetrics.height()
        room = self.room(option.rect, line)
        playing = self.playing if self.playing and self.playing.row == index.row() else None
        badge = index.data(HitRole.BADGE)
        if playing is not None:
            shown = paint_playing(painter, option.palette, room, playing)
            badge = clock(playing.share * (hit.content.duration_s or 0))
        else:
            shown = paint_picture(painter, option.palette, room, index.data(HitRole.THUMBNAIL), hit)
            if self.frames:
                paint_frames(painter, option.palette, shown, regions(hit))
            self._paint_kind(painter, option, shown, hit)
        if badge:
            paint_badge(painter, option.fontMetrics, shown, badge)
        if not hit.file.present:
            paint_offline(painter, shown)
        if index.data(HitRole.FRESH):
            paint_fresh(painter, option.palette, option.fontMetrics, shown)
        name = QRect(room.left(), room.bottom() + 1 + GAP, room.width(), line)
        _paint_name(painter, option, name, file_name(hit))
        bar = QRect(name.left(), name.bottom() + GAP, name.width(), BAR)
        paint_score(painter, option.palette, bar, hit.score)

    def _paint_kind(self, painter: QPainter, option: QStyleOptionViewItem, shown: QRect, hit: Hit) -> None:
        """Pictures speak for themselves; the others are told by an icon, films and sounds by their length."""
        if hit.content.kind == "image" or min(shown.width(), shown.height()) < 60:
            return
        length = clock(hit.content.duration_s) if hit.content.duration_s else ""
        is_wide = shown.width() >= 130
        paint_kind_badge(painter, option.fontMetrics, shown, hit.content.kind, length if is_wide else "")


def cell_height(edge: int, line: int) -> int:
    """The height of a cell whose picture square is about `edge` wide, for a text line of `line` pixels."""
    return edge + line + BAR + 2 * GAP


def heading_height(line: int) -> int:
    """The height of a heading for a text line of `line` pixels."""
    return line + 16


def paint_heading(painter: QPainter, option: QStyleOptionViewItem, heading: Heading) -> None:
    """Paint a triangle that says whether the group is open, the title, and how much is in the group; where
    not both fit, the title keeps most of the room."""
    palette, rect = option.palette, option.rect.adjusted(3, 3, -3, -3)
    text, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
    painter.setPen(Qt.PenStyle.NoPen)
    is_over = bool(option.state & QStyle.StateFlag.State_MouseOver)
    painter.setBrush(mixed(text, base, 0.10 if is_over else 0.05))
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(palette.color(QPalette.ColorRole.Highlight))
    painter.drawRoundedRect(rect, ROUND, ROUND)
    middle = QPointF(rect.left() + 14, rect.center().y() + 0.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mixed(text, base, 0.7))
    painter.drawPolygon(_triangle(middle, is_folded=heading.is_folded))
    room = rect.adjusted(28, 0, -10, 0)
    metrics = option.fontMetrics
    note = metrics.horizontalAdvance(heading.note) + 16
    font = painter.font()
    font.setBold(True)
    painter.setFont(font)
    title = painter.fontMetrics().elidedText(
        heading.title, Qt.TextElideMode.ElideMiddle, max(room.width() * 3 // 5, room.width() - note)
    )
    painter.setPen(text)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
    told = painter.fontMetrics().horizontalAdvance(title) + 12
    font.setBold(False)
    painter.setFont(font)
    painter.setPen(mixed(text, base, 0.65))
    rest = room.adjusted(told, 0, 0, 0)
    shown = metrics.elidedText(heading.note, Qt.TextElideMode.ElideRight, rest.width())
    painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, shown)


def _triangle(middle: QPointF, *, is_folded: bool) -> QPolygonF:
    points = [(-3, -5), (-3, 5), (4, 0)] if is_folded else [(-5, -3), (5, -3), (0, 4)]
    return QPolygonF([middle + QPointF(x, y) for x, y in points])


def _paint_more(painter: QPainter, option: QStyleOptionViewItem, title: str) -> None:
    paint_card(painter, option, option.rect.adjusted(3, 3, -3, -3))
    painter.setPen(QColor(option.palette.color(QPalette.ColorRole.Link)))
    room = option.rect.adjusted(10, 6, -10, -6)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, title)


def _paint_name(painter: QPainter, option: QStyleOptionViewItem, line: QRect, name: str) -> None:
    painter.setPen(option.palette.color(QPalette.ColorRole.Text))
    text = option.fontMetrics.elidedText(name, Qt.TextElideMode.ElideMiddle, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)
