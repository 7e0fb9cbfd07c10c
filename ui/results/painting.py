"""What tiles and rows have in common: the card behind a hit, its picture, badges, frames, the score bar."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPainterPath, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from search.records import Box, Hit
from ui.icons import mixed, pixmap
from ui.language import mark, tr

MARGIN, GAP, ROUND, BAR = 6, 5, 6, 3
_DARK = QColor(0, 0, 0, 170)
FRESH = mark("New")


@dataclass(frozen=True, slots=True)
class Playing:
    """A film that plays under the mouse: the part `source` of `picture`, at `share` 0..1 of its length."""

    row: int
    picture: QPixmap
    source: QRect
    share: float


def paint_card(painter: QPainter, option: QStyleOptionViewItem, card: QRect) -> None:
    """Paint what tells a selected, hovered or current hit from the others."""
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


def paint_picture(
    painter: QPainter, palette: QPalette, room: QRect, image: QPixmap | None, hit: Hit
) -> QRect:
    """Paint the thumbnail as large as fits, or an icon of the kind; return where it is."""
    if image is None:
        return _paint_kind(painter, palette, room, hit.content.kind)
    spot = fitted(room, image)
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


def fitted(room: QRect, image: QPixmap) -> QRect:
    """Where a picture lies that is as large as fits into the room."""
    size = image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    spot = QRect(room.left(), room.top(), size.width(), size.height())
    spot.moveCenter(room.center())
    return spot


def paint_playing(painter: QPainter, palette: QPalette, room: QRect, playing: Playing) -> QRect:
    """Paint the picture of a film at one of its seconds, and a line that says how far that is."""
    size = playing.source.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    spot = QRect(room.left(), room.top(), size.width(), size.height())
    spot.moveCenter(room.center())
    painter.drawPixmap(spot, playing.picture, playing.source)
    line = QRect(spot.left(), spot.bottom() - 3, spot.width(), 4)
    painter.fillRect(line, _DARK)
    line.setWidth(max(2, round(playing.share * spot.width())))
    painter.fillRect(line, palette.color(QPalette.ColorRole.Highlight))
    return spot


def paint_frames(painter: QPainter, palette: QPalette, shown: QRect, boxes: Sequence[Box]) -> None:
    """Frame parts of a picture, with a dark line around that is seen on light ground."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for left, top, right, bottom in boxes:
        frame = QRectF(
            shown.left() + left * shown.width(),
            shown.top() + top * shown.height(),
            max(3.0, (right - left) * shown.width()),
            max(3.0, (bottom - top) * shown.height()),
        ).intersected(QRectF(shown))
        painter.setPen(QPen(QColor(0, 0, 0, 140), 3.5))
        painter.drawRoundedRect(frame, 2, 2)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight).lighter(140), 1.6))
        painter.drawRoundedRect(frame, 2, 2)


def paint_badge(painter: QPainter, metrics: QFontMetrics, shown: QRect, text: str) -> None:
    """Paint the page or time at the lower right corner of the picture."""
    box = QRect(0, 0, metrics.horizontalAdvance(text) + 12, metrics.height() + 2)
    box.moveBottomRight(QPoint(shown.right() - 5, shown.bottom() - 5))
    _paint_plate(painter, box)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_kind_badge(painter: QPainter, metrics: QFontMetrics, shown: QRect, kind: str, text: str) -> None:
    """Paint the icon of a kind, and how long it is, at the lower left corner of the picture."""
    height = metrics.height() + 2
    width = height + 2 + (metrics.horizontalAdvance(text) + 6 if text else 0)
    box = QRect(shown.left() + 5, shown.bottom() - 4 - height, width, height)
    _paint_plate(painter, box)
    edge = height - 6
    painter.drawPixmap(QRect(box.left() + 4, box.top() + 3, edge, edge), pixmap(kind, "#ffffff", 64))
    if text:
        room = box.adjusted(height + 1, 0, -4, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def paint_offline(painter: QPainter, shown: QRect) -> None:
    """Paint the sign of a file whose drive is away at the upper left corner."""
    box = QRect(shown.left() + 5, shown.top() + 5, 24, 24)
    _paint_plate(painter, box)
    painter.drawPixmap(box.adjusted(4, 4, -4, -4), pixmap("offline", "#ffffff", 64))


def paint_fresh(painter: QPainter, palette: QPalette, metrics: QFontMetrics, shown: QRect) -> None:
    """Paint the sign of what a saved search finds for the first time at the upper right corner."""
    box = QRect(0, 0, metrics.horizontalAdvance(tr(FRESH)) + 12, metrics.height() + 2)
    box.moveTopRight(QPoint(shown.right() - 4, shown.top() + 5))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tr(FRESH))


def paint_score(painter: QPainter, palette: QPalette, bar: QRect, score: float) -> None:
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


def _paint_kind(painter: QPainter, palette: QPalette, room: QRect, kind: str) -> QRect:
    text, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mixed(text, base, 0.07))
    painter.drawRoundedRect(room, ROUND, ROUND)
    edge = min(room.width(), room.height()) // 3
    spot = QRect(0, 0, edge, edge)
    spot.moveCenter(room.center())
    painter.drawPixmap(spot, pixmap(kind, mixed(text, base, 0.4).name(), 128))
    return room


def _paint_plate(painter: QPainter, box: QRect) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_DARK)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(Qt.GlobalColor.white)
