"""Paints one hit: a picture in a square, its name, where in the file, how good, whether it is away."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPainterPath, QPalette, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from search.records import Hit
from ui.icons import mixed, pixmap
from ui.results.hit_model import HitRole
from ui.wording import file_name

MARGIN, GAP, ROUND, BAR = 6, 5, 6, 3
SMALLEST, USUAL, LARGEST = 96, 176, 360


class HitDelegate(QStyledItemDelegate):
    """The flow: card behind a selected or hovered hit, picture or icon, badges, name, score bar."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.cell = QSize(USUAL, USUAL)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self.cell

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        hit = index.data(HitRole.HIT)
        if not isinstance(hit, Hit):
            return
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        card = option.rect.adjusted(3, 3, -3, -3)
        _paint_card(painter, option, card)
        line = option.fontMetrics.height()
        room = card.adjusted(MARGIN, MARGIN, -MARGIN, -(MARGIN + line + BAR + 2 * GAP))
        image = index.data(HitRole.THUMBNAIL)
        shown = _paint_picture(painter, option.palette, room, image, hit)
        if badge := index.data(HitRole.BADGE):
            _paint_badge(painter, option.fontMetrics, shown, badge)
        if not hit.file.present:
            _paint_offline(painter, shown)
        name = QRect(room.left(), room.bottom() + 1 + GAP, room.width(), line)
        _paint_name(painter, option, name, file_name(hit))
        _paint_score(
            painter, option.palette, QRect(name.left(), name.bottom() + GAP, name.width(), BAR), hit.score
        )
        painter.restore()


def cell_height(edge: int, line: int) -> int:
    """The height of a cell whose picture square is about `edge` wide, for a text line of `line` pixels."""
    return edge + line + BAR + 2 * GAP


def _paint_card(painter: QPainter, option: QStyleOptionViewItem, card: QRect) -> None:
    highlight = option.palette.color(QPalette.ColorRole.Highlight)
    if option.state & QStyle.StateFlag.State_Selected:
        fill = QColor(highlight)
        fill.setAlphaF(0.28)
    elif option.state & QStyle.StateFlag.State_MouseOver:
        fill = option.palette.color(QPalette.ColorRole.Text)
        fill.setAlphaF(0.06)
    else:
        fill = QColor(Qt.GlobalColor.transparent)
    focused = option.state & QStyle.StateFlag.State_HasFocus
    painter.setPen(highlight if focused else Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(card).adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)


def _paint_picture(
    painter: QPainter, palette: QPalette, room: QRect, image: QPixmap | None, hit: Hit
) -> QRect:
    """Paint the thumbnail as large as fits, or an icon of the kind; return where it is."""
    painter.setPen(Qt.PenStyle.NoPen)
    if image is None:
        painter.setBrush(
            mixed(palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base), 0.07)
        )
        painter.drawRoundedRect(room, ROUND, ROUND)
        edge = min(room.width(), room.height()) // 3
        color = mixed(palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base), 0.4)
        spot = QRect(0, 0, edge, edge)
        spot.moveCenter(room.center())
        painter.drawPixmap(spot, pixmap(hit.content.kind, color.name(), 128))
        return room
    size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    spot = QRect(room.left(), room.top(), size.width(), size.height())
    spot.moveCenter(room.center())
    clip = QPainterPath()
    clip.addRoundedRect(QRectF(spot), ROUND - 2, ROUND - 2)
    painter.save()
    painter.setClipPath(clip)
    painter.setOpacity(1.0 if hit.file.present else 0.55)
    painter.drawPixmap(spot, image)
    painter.restore()
    line = palette.color(QPalette.ColorRole.Text)
    line.setAlphaF(0.12)
    painter.strokePath(clip, line)
    return spot


def _paint_badge(painter: QPainter, metrics: QFontMetrics, shown: QRect, text: str) -> None:
    """Paint the page or time at the lower right corner of the picture."""
    box = QRect(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height() + 2)
    box.moveBottomRight(QPoint(shown.right() - 5, shown.bottom() - 5))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _paint_offline(painter: QPainter, shown: QRect) -> None:
    """Paint the sign of a file whose drive is away at the upper left corner."""
    box = QRect(shown.left() + 5, shown.top() + 5, 24, 24)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(box, 4, 4)
    painter.drawPixmap(box.adjusted(4, 4, -4, -4), pixmap("offline", "#ffffff", 64))


def _paint_name(painter: QPainter, option: QStyleOptionViewItem, line: QRect, name: str) -> None:
    painter.setPen(option.palette.color(QPalette.ColorRole.Text))
    text = option.fontMetrics.elidedText(name, Qt.TextElideMode.ElideMiddle, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, text)


def _paint_score(painter: QPainter, palette: QPalette, bar: QRect, score: float) -> None:
    """Paint a thin bar, full for a score of 1."""
    back = palette.color(QPalette.ColorRole.Text)
    back.setAlphaF(0.10)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(back))
    painter.drawRoundedRect(bar, BAR / 2, BAR / 2)
    filled = QRectF(bar)
    filled.setWidth(max(float(BAR), bar.width() * min(max(score, 0.0), 1.0)))
    painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
    painter.drawRoundedRect(filled, BAR / 2, BAR / 2)
