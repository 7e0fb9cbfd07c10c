"""A film at a glance, painted along its timeline out of its storyboard."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from search.storyboard import TILE, size_of, tile_place, tile_times
from ui.preview.lane_window import Window


def paint_strip(painter: QPainter, storyboard: QPixmap, window: Window, track: QRectF) -> None:
    """Fill a track with tiles, each the one that is nearest in time to its middle.

    `storyboard` holds the tiles as `search.storyboard` says, scaled to any size.
    """
    times = tile_times(window.length_s)
    scale = storyboard.width() / size_of(len(times))[0]
    width = track.height() * TILE[0] / TILE[1]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setClipRect(track)
    left = track.left()
    while left < track.right():
        second = window.second(left + width / 2, track)
        number = min(len(times) - 1, max(0, int(second / window.length_s * len(times))))
        column, row = tile_place(number)
        tile = QRectF(column * scale, row * scale, TILE[0] * scale, TILE[1] * scale)
        painter.drawPixmap(QRectF(left, track.top(), width - 1, track.height()), storyboard, tile)
        left += width
    painter.restore()
