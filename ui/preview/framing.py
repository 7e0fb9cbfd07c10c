"""Draws frames with labels over a picture, and the box that a person is drawing."""

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPalette, QPen

from search.pieces import Warm
from ui.preview.marks import Mark
from ui.preview.zoom import Zoom

AROUND = 3.0
"""A frame is so many pixels larger than what it frames."""

LABELLED = 28.0
"""A frame narrower than this, in pixels, has no label."""


def paint_marks(
    painter: QPainter, marks: Iterable[Mark], spot: QRectF, palette: QPalette, font: QFont
) -> None:
    """Frame parts of the picture at `spot`: what matches in the accent colour, all else in a pale one."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    accent = palette.color(QPalette.ColorRole.Highlight)
    for mark in sorted(marks, key=lambda mark: mark.matching):
        if mark.word:
            _ink(painter, Zoom.place(mark.box, spot), accent)
            continue
        place = Zoom.place(mark.box, spot).adjusted(-AROUND, -AROUND, AROUND, AROUND)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        under = QColor(255, 255, 255, 200) if mark.matching else QColor(0, 0, 0, 110)
        over = accent if mark.matching else QColor(255, 255, 255, 220)
        for colour, width in ((under, 4.0 if mark.matching else 3.0), (over, 2.0 if mark.matching else 1.2)):
            painter.setPen(QPen(colour, width))
            painter.drawRoundedRect(place, AROUND, AROUND)
        if mark.label and place.width() >= LABELLED:
            _label(painter, mark, place, palette, font)


def paint_heat(painter: QPainter, parts: Iterable[Warm], spot: QRectF, palette: QPalette) -> None:
    """Colour parts of the page at `spot`, the warmer the stronger, so that it can still be read."""
    accent = palette.color(QPalette.ColorRole.Highlight)
    warmest = {part.box: part.heat for part in parts}  # the warmest comes last
    painter.save()
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    for box, heat in warmest.items():
        share = 0.6 * heat**2  # the square: what is lukewarm hardly shows
        edges = (1 - share * (1 - level) for level in (accent.redF(), accent.greenF(), accent.blueF()))
        painter.fillRect(Zoom.place(box, spot), QColor.fromRgbF(*edges))
    painter.restore()


def paint_selection(painter: QPainter, room: QRectF, drawn: QRectF, palette: QPalette) -> None:
    """Darken all but the box that is being drawn."""
    shade = QPainterPath()
    shade.addRect(room)
    hole = QPainterPath()
    hole.addRect(drawn.normalized())
    painter.fillPath(shade.subtracted(hole), QColor(0, 0, 0, 110))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2.0, Qt.PenStyle.DashLine))
    painter.drawRect(drawn.normalized())


def _ink(painter: QPainter, place: QRectF, colour: QColor) -> None:
    """Mark a word as with a pen, so that it can still be read."""
    painter.save()
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    painter.fillRect(place.adjusted(-1.5, -1.5, 1.5, 1.5), colour.lighter(165))
    painter.restore()


def _label(painter: QPainter, mark: Mark, place: QRectF, palette: QPalette, font: QFont) -> None:
    """Write the label above the frame, or inside where there is no room above."""
    metrics = QFontMetricsF(font)
    text = metrics.elidedText(mark.label, Qt.TextElideMode.ElideRight, max(place.width(), 80.0))
    size = QSizeF(metrics.horizontalAdvance(text) + 8, metrics.height() + 2)
    top = place.top() - size.height() if place.top() >= size.height() else place.top()
    tag = QRectF(QPointF(place.left(), top), size)
    ground = palette.color(QPalette.ColorRole.Highlight) if mark.matching else QColor(0, 0, 0, 170)
    ink = palette.color(QPalette.ColorRole.HighlightedText) if mark.matching else QColor(255, 255, 255)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(tag, 3, 3)
    painter.setPen(ink)
    painter.setFont(font)
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)
