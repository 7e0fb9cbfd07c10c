"""The stretch of a film that a timeline shows. Numbers only."""

import math
from collections.abc import Iterator

from PySide6.QtCore import QRectF

LEAST_S = 2.0
"""No shorter stretch is shown."""

_NICE = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)


class Window:
    """Part of a film of `length_s` seconds; all of it at first."""

    def __init__(self, length_s: float) -> None:
        self.length_s = max(length_s, 0.001)
        self.start_s, self.end_s = 0.0, self.length_s

    @property
    def seconds(self) -> float:
        """How long the stretch is."""
        return self.end_s - self.start_s

    def x(self, second: float, track: QRectF) -> float:
        """Return where a second is drawn."""
        return track.left() + (second - self.start_s) / self.seconds * track.width()

    def second(self, x: float, track: QRectF) -> float:
        """Return the second that is drawn at a place."""
        return self.start_s + (x - track.left()) / track.width() * self.seconds

    def zoom(self, factor: float, around_s: float) -> None:
        """Show less with a factor above 1, more below; 0 shows all. `around_s` stays where it is."""
        if factor <= 0:
            self.start_s, self.end_s = 0.0, self.length_s
            return
        wanted = min(self.length_s, max(min(LEAST_S, self.length_s), self.seconds / factor))
        share = (around_s - self.start_s) / self.seconds
        self._place(around_s - share * wanted, wanted)

    def shift(self, by_s: float) -> None:
        """Show what comes later, or earlier."""
        self._place(self.start_s + by_s, self.seconds)

    def follow(self, second: float) -> None:
        """Turn over when a second has left the view."""
        if not self.start_s <= second <= self.end_s:
            self._place(second - 0.1 * self.seconds, self.seconds)

    def _place(self, start_s: float, seconds: float) -> None:
        self.start_s = min(max(0.0, start_s), self.length_s - seconds)
        self.end_s = self.start_s + seconds


def ticks(window: Window, most: float) -> Iterator[float]:
    """Yield seconds to write on the axis, round ones, no more than about `most`."""
    least = window.seconds / max(1.0, most)
    step = next((nice for nice in _NICE if nice >= least), math.ceil(least / 3600) * 3600)
    second = math.ceil(window.start_s / step) * step
    while second <= window.end_s:
        yield float(second)
        second += step
