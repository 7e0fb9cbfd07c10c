"""A film at a glance, or how loud a recording is, painted along the timeline."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

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


def paint_wave(
    painter: QPainter, wave: Sequence[float], window: Window, track: QRectF, colour: QColor
) -> None:
    """Fill a track with a line a pixel, as high as the recording is loud there; the loudest fills it."""
    loudest = max(max(wave), 0.02)
    part_s = window.length_s / len(wave)
    for column in range(int(track.width())):
        second = window.second(track.left() + column + 0.5, track)
        peak = wave[min(len(wave) - 1, max(0, int(second / part_s)))]
        height = max(1.0, peak / loudest * track.height())
        painter.fillRect(QRectF(track.left() + column, track.center().y() - height / 2, 1.0, height), colour)
