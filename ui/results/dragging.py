"""The small picture that hangs on the mouse while hits are dragged."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QWidget

from ui.icons import pixmap

EDGE = 96


def dragged(widget: QWidget, image: QPixmap | None, count: int) -> QPixmap:
    """Draw a hit's picture, or the sign of a file, and how many files there are where there are several."""
    ratio, palette = widget.devicePixelRatioF(), widget.palette()
    color = palette.color(QPalette.ColorRole.Text).name()
    shown = image if image is not None else pixmap("other", color, round(EDGE * ratio / 2))
    size = shown.size().scaled(QSize(EDGE, EDGE), Qt.AspectRatioMode.KeepAspectRatio)
    made = QPixmap((size.expandedTo(QSize(EDGE // 2, EDGE // 2)).toSizeF() * ratio).toSize())
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(QRect(0, 0, size.width(), size.height()), shown)
    if count > 1:
        _paint_count(painter, palette, size, f"{count:,}")
    painter.end()
    return made


def _paint_count(painter: QPainter, palette: QPalette, size: QSize, text: str) -> None:
    metrics = painter.fontMetrics()
    box = QRect(0, 0, metrics.horizontalAdvance(text) + 14, metrics.height() + 4)
    box.moveTopRight(QRect(0, 0, max(size.width(), EDGE // 2), 1).topRight())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
