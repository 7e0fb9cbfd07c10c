"""A picture on which a part is marked by mouse or keyboard, or one of several frames is chosen."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from search.records import Box
from ui.language import plural, tr

LEAST = 0.02
STEP = 0.02
REACH = 10.0
"""So many pixels from a handle the mouse still takes it."""

_START: Box = (0.25, 0.25, 0.75, 0.75)


class RegionView(QWidget):
    """Draw a box with the mouse, move it, or pull at its handles; arrows move it, with Shift they resize it.

    With `frames` one of them is chosen by a click, or with the arrows and Enter. Boxes are shares of the
    picture. `box_changed` brings the box, None for all of the picture.
    """

    box_changed = Signal(object)
    taken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pixmap = QPixmap()
        self._message = "…"
        self._frames: tuple[Box, ...] = ()
        self._box: Box | None = None
        self._grip: tuple[float, float] | None = None
        self._from = QPointF()
        self._at_first: Box | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedSize(QSize(460, 340))
        self.setAccessibleName(tr("The picture; arrows move the box, with Shift they change its size"))

    @property
    def box(self) -> Box | None:
        """The part that is marked; None for all of the picture."""
        return self._box

    def show_picture(self, picture: QPixmap) -> None:
        """Show a picture."""
        self._pixmap = picture
        self.update()

    def show_message(self, text: str) -> None:
        """Say why there is no picture."""
        self._message = text
        self.update()

    def show_frames(self, frames: Sequence[Box]) -> None:
        """Offer parts to choose from; the first is chosen."""
        self._frames = tuple(frames)
        self.setAccessibleName(
            plural(
                "{n} part to choose from; arrows choose, Enter takes",
                "{n} parts to choose from; arrows choose, Enter takes",
                len(frames),
            )
        )
        self.mark(self._frames[0] if frames else None)

    def mark(self, box: Box | None) -> None:
        """Mark a part."""
        self._box = box
        self.update()
        self.box_changed.emit(box)

    # ---- mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from, self._at_first = self._share(event.position()), self._box
        if self._frames:
            if (frame := self._frame_at(self._from)) is not None:
                self.mark(frame)
                self.taken.emit()
            return
        self._grip = self._grip_at(event.position())
        if self._grip is None:
            self._at_first = (self._from.x(), self._from.y()) * 2
            self._grip = (1.0, 1.0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._share(event.position())
        if self._frames:
            over = self._frame_at(at) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        elif self._grip is not None and self._at_first is not None:
            self.mark(_pulled(self._at_first, self._grip, at - self._from))
        else:
            self.setCursor(_cursor(self._grip_at(event.position())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        if self._box is not None and not self._frames and not _is_large_enough(self._box):
            self.mark(None)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._frames:
            self.mark(None)

    # ---- keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrows = {
            Qt.Key.Key_Left: (-1, 0),
            Qt.Key.Key_Right: (1, 0),
            Qt.Key.Key_Up: (0, -1),
            Qt.Key.Key_Down: (0, 1),
        }
        arrow = arrows.get(Qt.Key(event.key()))
        if arrow is None:
            if event.key() == Qt.Key.Key_Delete and not self._frames:
                self.mark(None)
            else:
                super().keyPressEvent(event)
            return
        if self._frames:
            at = self._frames.index(self._box) if self._box in self._frames else -1
            self.mark(self._frames[(at + sum(arrow)) % len(self._frames)])
        elif self._box is None:
            self.mark(_START)
        else:
            grip = (1.0, 1.0) if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else (0.5, 0.5)
            moved = _pulled(self._box, grip, QPointF(*arrow) * STEP)
            if _is_large_enough(moved):
                self.mark(moved)

    # ---- geometry

    def _spot(self) -> QRectF:
        """Where the picture is painted."""
        room = QRectF(self.rect()).adjusted(6, 6, -6, -6)
        size = self._pixmap.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        spot = QRectF(QPointF(), size)
        spot.moveCenter(room.center())
        return spot

    def _share(self, at: QPointF) -> QPointF:
        spot = self._spot()
        across = (at.x() - spot.left()) / max(spot.width(), 1.0)
        down = (at.y() - spot.top()) / max(spot.height(), 1.0)
        return QPointF(min(max(across, 0.0), 1.0), min(max(down, 0.0), 1.0))

    def _frame_at(self, at: QPointF) -> Box | None:
        """The smallest frame there."""
        held = [b for b in self._frames if b[0] <= at.x() <= b[2] and b[1] <= at.y() <= b[3]]
        return min(held, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]), default=None)

    def _grip_at(self, at: QPointF) -> tuple[float, float] | None:
        """Which handle is there, as shares of the box; (0.5, 0.5) is the inside, None the outside."""
        if self._box is None:
            return None
        frame = self._painted(self._box)
        for grip in _GRIPS:
            if (_point(frame, grip) - at).manhattanLength() <= REACH:
                return grip
        return (0.5, 0.5) if frame.contains(at) else None

    def _painted(self, box: Box) -> QRectF:
        spot = self._spot()
        left, top, right, bottom = box
        return QRectF(
            spot.left() + left * spot.width(),
            spot.top() + top * spot.height(),
            (right - left) * spot.width(),
            (bottom - top) * spot.height(),
        )

    # ---- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pixmap.isNull():
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), int(flags), self._message)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(self._spot(), self._pixmap, QRectF(self._pixmap.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for frame in self._frames:
            self._frame(painter, self._painted(frame), strong=frame == self._box)
        if self._box is not None and not self._frames:
            self._mark(painter, self._painted(self._box))
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _mark(self, painter: QPainter, frame: QRectF) -> None:
        """Darken what is outside, and draw the handles."""
        spot, shade = self._spot(), QColor(0, 0, 0, 110)
        for rect in (
            QRectF(spot.left(), spot.top(), spot.width(), frame.top() - spot.top()),
            QRectF(spot.left(), frame.bottom(), spot.width(), spot.bottom() - frame.bottom()),
            QRectF(spot.left(), frame.top(), frame.left() - spot.left(), frame.height()),
            QRectF(frame.right(), frame.top(), spot.right() - frame.right(), frame.height()),
        ):
            painter.fillRect(rect, shade)
        self._frame(painter, frame, strong=True)
        painter.setBrush(QColor(255, 255, 255))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1.5))
        for grip in _GRIPS:
            painter.drawEllipse(_point(frame, grip), 4.5, 4.5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _frame(self, painter: QPainter, frame: QRectF, *, strong: bool) -> None:
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        for colour, width in ((QColor(255, 255, 255, 220), 4.5), (accent, 3.0 if strong else 1.2)):
            painter.setPen(QPen(colour, width))
            painter.drawRoundedRect(frame, 3, 3)


_GRIPS = tuple((x, y) for x in (0.0, 0.5, 1.0) for y in (0.0, 0.5, 1.0) if (x, y) != (0.5, 0.5))


def _point(frame: QRectF, grip: tuple[float, float]) -> QPointF:
    return QPointF(frame.left() + grip[0] * frame.width(), frame.top() + grip[1] * frame.height())


def _pulled(box: Box, grip: tuple[float, float], by: QPointF) -> Box:
    """Return the box after a pull at a handle; at (0.5, 0.5) all of it moves, and stays in the picture."""
    left, top, right, bottom = box
    if grip == (0.5, 0.5):
        across = min(max(by.x(), -left), 1 - right)
        down = min(max(by.y(), -top), 1 - bottom)
        return _tidy((left + across, top + down, right + across, bottom + down))
    left += by.x() if grip[0] == 0 else 0
    right += by.x() if grip[0] == 1 else 0
    top += by.y() if grip[1] == 0 else 0
    bottom += by.y() if grip[1] == 1 else 0
    return _tidy((min(left, right), min(top, bottom), max(left, right), max(top, bottom)))


def _tidy(box: Box) -> Box:
    """Keep it in the picture, and short to write."""
    left, top, right, bottom = (round(min(max(edge, 0.0), 1.0), 3) for edge in box)
    return left, top, right, bottom


def _is_large_enough(box: Box) -> bool:
    return box[2] - box[0] >= LEAST and box[3] - box[1] >= LEAST


def _cursor(grip: tuple[float, float] | None) -> Qt.CursorShape:
    match grip:
        case None:
            return Qt.CursorShape.CrossCursor
        case (0.5, 0.5):
            return Qt.CursorShape.SizeAllCursor
        case (x, y) if 0.5 not in (x, y):
            return Qt.CursorShape.SizeFDiagCursor if x == y else Qt.CursorShape.SizeBDiagCursor
        case (x, _):
            return Qt.CursorShape.SizeVerCursor if x == 0.5 else Qt.CursorShape.SizeHorCursor
