"""A widget that shows one picture: fitted or closer, with frames, and a box to be drawn on it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from search.pieces import Warm
from search.records import Box
from ui.preview.framing import paint_heat, paint_marks, paint_selection
from ui.preview.marks import Mark
from ui.preview.zoom import Room, Zoom

STEP = 1.25
"""One step of zoom."""

SETTLED_MS = 120
"""So long after the last movement a sharper picture is asked for."""

LEAST_BOX = 0.01
"""A box smaller than this share of the picture was a slip of the hand."""


class PictureView(QWidget):
    """Paints a pixmap, or a line of text instead. Emits `part_wanted(Box, QSize)` when more can be seen,
    `region_drawn(Box)`, and `mark_clicked(Mark)`."""

    part_wanted = Signal(tuple, QSize)
    region_drawn = Signal(tuple)
    mark_clicked = Signal(object)
    zoomed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.zoom = Zoom()
        self._pixmap, self._small, self._message = QPixmap(), QPixmap(), ""
        self._marks: tuple[Mark, ...] = ()
        self._heat: tuple[Warm, ...] = ()
        self._frames = 1
        self._sharp: tuple[Box, QPixmap] | None = None
        self._grabbed: QPointF | None = None
        self._drawing, self._from, self._to = False, QPointF(), QPointF()
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._ask_for_part)
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)

    def show_pixmap(self, pixmap: QPixmap, enlarge: bool = False, size: QSize | None = None) -> None:
        """Show a picture; `enlarge` fills the room with one that is only a stand-in. `size` is how large it
        really is, in pixels, where this one is smaller."""
        again = not self._pixmap.isNull() and self.zoom.is_close
        self._pixmap, self._small, self._message, self._sharp = pixmap, QPixmap(), "", None
        self.zoom.show(size or pixmap.size(), enlarge, keep=again)
        self._moved()

    def show_part(self, part: Box, pixmap: QPixmap) -> None:
        """Lay a sharper picture over a part of the one that is shown."""
        self._sharp = None if pixmap.isNull() else (part, pixmap)
        self.update()

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Frame these parts of whatever picture is shown, until others are named."""
        self._marks = tuple(marks)
        self.update()

    def show_heat(self, parts: Sequence[Warm]) -> None:
        """Colour these parts of whatever picture is shown, and frame none, until others are named."""
        self._heat = tuple(parts)
        self.update()

    @property
    def heat(self) -> tuple[Warm, ...]:
        """The parts that are coloured now."""
        return self._heat

    def show_message(self, text: str) -> None:
        """Show no picture but say why."""
        self._pixmap, self._message, self._sharp = QPixmap(), text, None
        self.fit()

    def next_frames(self) -> str:
        """Frame what matches, then all there is, then nothing; returns which in a word or two."""
        self._frames = (self._frames + 1) % 3
        self.update()
        return ("No frames", "What matches is framed", "All that is known is framed")[self._frames]

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The parts that are framed now."""
        return tuple(mark.box for mark in self._framed())

    @property
    def pixmap(self) -> QPixmap:
        """What is shown; null for nothing."""
        return self._pixmap

    def draw_region(self, on: bool = True) -> None:
        """Let the next drag draw a box instead of moving the picture."""
        self._drawing = on and not self._pixmap.isNull()
        self._from = self._to = QPointF()
        self.setCursor(Qt.CursorShape.CrossCursor if self._drawing else Qt.CursorShape.ArrowCursor)
        self.update()

    @property
    def is_drawing(self) -> bool:
        """Whether a box is to be drawn."""
        return self._drawing

    def fit(self) -> None:
        """Show all of the picture."""
        self.zoom.fit()
        self._moved()

    def actual(self, at: QPointF | None = None) -> None:
        """Show one pixel of the picture as one of the screen."""
        self._zoom_to(1.0, at)

    def closer(self, steps: float = 1, at: QPointF | None = None) -> None:
        """Zoom by so many steps, away with negative ones; the place `at` stays where it is."""
        self._zoom_to(self.zoom.scale(self._room()) * STEP**steps, at)

    def sizeHint(self) -> QSize:
        return QSize(360, 300)

    def _zoom_to(self, scale: float, at: QPointF | None) -> None:
        if not self._pixmap.isNull():
            self.zoom.to(scale, self._room(), at or QRectF(self.rect()).center())
            self._moved()

    def _moved(self) -> None:
        self._settled.start()
        self.zoomed.emit()
        self.update()

    def _room(self) -> Room:
        return Room(QRectF(self.rect()), self.devicePixelRatioF())

    def _spot(self) -> QRectF:
        """Where the whole picture lies, in the widget's coordinates; it may reach beyond."""
        return self.zoom.spot(self._room())

    def _scaled(self, size: QSize) -> QPixmap:
        """Return the picture for a much smaller room: painted there at once, thin lines become ragged."""
        if size.width() * 1.4 > self._pixmap.width():
            return self._pixmap
        if self._small.size() != size:
            ways = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            self._small = self._pixmap.scaled(size.expandedTo(QSize(1, 1)), *ways)
        return self._small

    def _framed(self) -> tuple[Mark, ...]:
        if self._frames == 0 or self._heat:
            return ()
        return self._marks if self._frames == 2 else tuple(mark for mark in self._marks if mark.matching)

    def _ask_for_part(self) -> None:
        spot = self._spot()
        seen = spot.intersected(QRectF(self.rect()))
        if self._pixmap.isNull() or seen.isEmpty():
            return
        ratio = self.devicePixelRatioF()
        if spot.width() * ratio <= self._pixmap.width() * 1.02 or self.zoom.size == self._pixmap.size():
            return
        part = self.zoom.shares(seen, self._room())
        self.part_wanted.emit(part, (seen.size() * ratio).toSize().expandedTo(QSize(1, 1)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._pixmap.isNull():
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), int(flags), self._message)
            return
        spot = self._spot()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shown = self._scaled((spot.size() * self.devicePixelRatioF()).toSize())
        painter.drawPixmap(spot, shown, QRectF(shown.rect()))
        if self._sharp is not None:
            part, pixmap = self._sharp
            painter.drawPixmap(Zoom.place(part, spot), pixmap, QRectF(pixmap.rect()))
        paint_heat(painter, self._heat, spot, self.palette())
        paint_marks(painter, self._framed(), spot, self.palette(), self.font())
        if self._drawing:
            paint_selection(painter, QRectF(self.rect()), QRectF(self._from, self._to), self.palette())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settled.start()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
        moves = {
            Qt.Key.Key_Left: (60, 0),
            Qt.Key.Key_Right: (-60, 0),
            Qt.Key.Key_Up: (0, 60),
            Qt.Key.Key_Down: (0, -60),
        }
        key = Qt.Key(event.key())
        held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        if held != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
        elif key in steps:
            self.closer(steps[key])
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_1:
            self.actual()
        elif key in moves and self.zoom.is_close:
            self.zoom.move(QPointF(*moves[key]), self._room())
            self._moved()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        fingers = event.pixelDelta()
        if not fingers.isNull() and self.zoom.is_close and not event.modifiers():
            self.zoom.move(QPointF(fingers), self._room())
            self._moved()
        else:
            self.closer(event.angleDelta().y() / 120, event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self._zoom_to(self.zoom.scale(self._room()) * (1 + event.value()), event.position())
                return True
            if event.gestureType() == Qt.NativeGestureType.SmartZoomNativeGesture:
                self._toggle(event.position())
                return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position()
            self._from = self._to = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is None:
            return
        if self._drawing:
            self._to = event.position()
            self.update()
        elif self.zoom.is_close:
            self.zoom.move(event.position() - self._grabbed, self._room())
            self._grabbed = event.position()
            self._moved()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        grabbed, self._grabbed = self._grabbed, None
        if event.button() != Qt.MouseButton.LeftButton or grabbed is None:
            return
        if self._drawing:
            self._finish_region(QRectF(self._from, event.position()).normalized())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._drawing:
            self._toggle(event.position())

    def mark_at(self, place: QPointF) -> Mark | None:
        """Return the smallest frame around a place of the widget, shown or not."""
        x, y, _, _ = self.zoom.shares(QRectF(place, place), self._room())
        around = [m for m in self._marks if m.box[0] <= x <= m.box[2] and m.box[1] <= y <= m.box[3]]
        return min(around, key=lambda m: (m.box[2] - m.box[0]) * (m.box[3] - m.box[1]), default=None)

    def _toggle(self, at: QPointF) -> None:
        if self.zoom.is_close:
            self.fit()
        else:
            self._zoom_to(max(1.0, 2 * self.zoom.scale(self._room())), at)

    def _finish_region(self, drawn: QRectF) -> None:
        self.draw_region(False)
        left, top, right, bottom = self.zoom.shares(drawn, self._room())
        if right - left >= LEAST_BOX and bottom - top >= LEAST_BOX:
            self.region_drawn.emit((left, top, right, bottom))
