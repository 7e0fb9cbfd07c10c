"""Where a picture lies in its view: fitted, or closer around a place. Numbers only."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt

from search.records import Box

MARGIN = 12
MOST = 2
"""Small pictures are enlarged no more than this many times when they are fitted."""

CLOSEST, FARTHEST = 16.0, 0.02
"""Limits of zoom: pixels of the screen for one of the picture."""


@dataclass(frozen=True, slots=True)
class Room:
    """The view, in its own coordinates, and how many pixels of the screen one of its units has."""

    rect: QRectF
    ratio: float


class Zoom:
    """The size of a picture and how it is looked at. `scale` is pixels of the screen per pixel of it."""

    def __init__(self) -> None:
        self.size = QSize()
        self._enlarge = False
        self._scale: float | None = None
        self._centre = QPointF(0.5, 0.5)

    @property
    def is_close(self) -> bool:
        """Whether a person zoomed, closer or away."""
        return self._scale is not None

    def show(self, size: QSize, enlarge: bool, *, keep: bool) -> None:
        """Begin with a picture of so many pixels; `keep` looks at it as at the one before."""
        if keep and self._scale is not None and not self.size.isEmpty():
            self._scale *= self.size.width() / max(1, size.width())
        else:
            self.fit()
        self.size, self._enlarge = size, enlarge

    def fit(self) -> None:
        """Look at all of it."""
        self._scale, self._centre = None, QPointF(0.5, 0.5)

    def scale(self, room: Room) -> float:
        """Return pixels of the screen per pixel of the picture."""
        if self._scale is not None:
            return self._scale
        return self._fitted(room).width() * room.ratio / max(1, self.size.width())

    def to(self, scale: float, room: Room, at: QPointF) -> None:
        """Zoom to a scale; the place of the picture under `at` stays there."""
        x, y, _, _ = self.shares(QRectF(at, at), room, clamped=False)
        self._scale = min(CLOSEST, max(FARTHEST, scale))
        size = self._size(room)
        away = at - room.rect.center()
        self._centre = QPointF(x - away.x() / size.width(), y - away.y() / size.height())
        self._keep_in_view(room)

    def move(self, by: QPointF, room: Room) -> None:
        """Shift the picture by so much of the view."""
        size = self._size(room)
        self._centre -= QPointF(by.x() / size.width(), by.y() / size.height())
        self._keep_in_view(room)

    def spot(self, room: Room) -> QRectF:
        """Return where the whole picture lies in the view; it may reach beyond."""
        size = self._size(room)
        middle = room.rect.center()
        left = middle.x() - self._centre.x() * size.width()
        top = middle.y() - self._centre.y() * size.height()
        return QRectF(QPointF(round(left), round(top)), size)

    def shares(self, place: QRectF, room: Room, *, clamped: bool = True) -> Box:
        """Map a place of the view to shares of the picture."""
        spot = self.spot(room)
        width, height = max(spot.width(), 1e-6), max(spot.height(), 1e-6)
        found = (
            (place.left() - spot.left()) / width,
            (place.top() - spot.top()) / height,
            (place.right() - spot.left()) / width,
            (place.bottom() - spot.top()) / height,
        )
        if not clamped:
            return found
        left, top, right, bottom = (min(1.0, max(0.0, share)) for share in found)
        return left, top, right, bottom

    @staticmethod
    def place(box: Box, spot: QRectF) -> QRectF:
        """Map shares of the picture to the view, where it lies at `spot`."""
        left, top, right, bottom = box
        corner = QPointF(spot.left() + left * spot.width(), spot.top() + top * spot.height())
        return QRectF(corner, QSizeF((right - left) * spot.width(), (bottom - top) * spot.height()))

    def _size(self, room: Room) -> QSizeF:
        if self._scale is None:
            return self._fitted(room)
        return QSizeF(self.size) * (self._scale / room.ratio)

    def _fitted(self, room: Room) -> QSizeF:
        space = room.rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN).size()
        natural = QSizeF(self.size) / room.ratio
        size = natural.scaled(space.expandedTo(QSizeF(1, 1)), Qt.AspectRatioMode.KeepAspectRatio)
        if not self._enlarge and size.width() > MOST * natural.width():
            size = natural * MOST
        return QSizeF(max(1.0, size.width()), max(1.0, size.height()))

    def _keep_in_view(self, room: Room) -> None:
        """Let no more than half of the view be empty."""
        size = self._size(room)
        half = [
            min(0.5, room.rect.width() / 2 / size.width()),
            min(0.5, room.rect.height() / 2 / size.height()),
        ]
        x, y = (
            min(max(centre, reach), 1 - reach)
            for centre, reach in zip((self._centre.x(), self._centre.y()), half, strict=True)
        )
        self._centre = QPointF(x, y)
