"""A timeline of lanes: what was found in a film or sound over its length, coloured by how well it answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from search.pieces import LANES, Inside, Lane, Piece
from search.records import TimeSpan
from search.spots import spot_of
from ui.icons import mixed
from ui.language import mark, tr
from ui.preview.lane_window import Window, ticks
from ui.preview.strip import paint_strip, paint_wave
from ui.wording import clock

CLEAR = 0.25
"""What answers so well is gone to with Ctrl and the arrow keys."""

NAMES: dict[Lane, str] = {
    "scene": mark("Scenes"),
    "object": mark("Things"),
    "face": mark("Faces"),
    "speech": mark("Speech"),
    "sound": mark("Sounds"),
    "text": mark("Writing"),
}
_NAMELESS: dict[Lane, str] = {"scene": "scene", "object": "thing", "face": "face"}
ROW = 18
STRIP = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece on its lane, in seconds."""

    start_s: float
    end_s: float
    piece: Piece


class Lanes(QWidget):
    """Emits `sought(float)` with the second to go to."""

    sought = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: dict[Lane, list[Bar]] = {}
        self._hit: TimeSpan | None = None
        self._strip = QPixmap()
        self._wave: tuple[float, ...] = ()
        self._layer, self._changes = QPixmap(), 0
        self._look: tuple[object, ...] = ()
        self._at = 0.0
        self.window_ = Window(0.0)
        self._dragging = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Timeline"))
        self.setAccessibleDescription(
            tr(
                "Arrow keys go 5 seconds on, with Shift 1 second; Ctrl and arrows to the next match; "
                "plus, minus and 0 zoom"
            )
        )

    def show_film(self, length_s: float, hit: TimeSpan | None) -> None:
        """Begin with a film of so many seconds, of which a stretch was found."""
        self._bars, self._hit, self._strip, self._wave = {}, hit, QPixmap(), ()
        self.window_ = Window(length_s)
        self._resized()

    def show_inside(self, found: Inside) -> None:
        """Show what is in it."""
        bars = {lane: list(_bars(found.of(lane))) for lane in LANES}
        self._bars = {lane: some for lane, some in bars.items() if some}
        self._resized()

    def show_strip(self, storyboard: QPixmap) -> None:
        """Show a film at a glance above its lanes; `storyboard` is one of `search.storyboard`, scaled."""
        self._strip = storyboard
        self._resized()

    def show_wave(self, wave: Sequence[float]) -> None:
        """Show how loud a recording is, 0..1, in equal parts of its length, above its lanes."""
        self._wave = tuple(wave)
        self._resized()

    def show_position(self, second: float) -> None:
        """Move the line that stands for now; a window that is zoomed follows."""
        self._at = second
        self.window_.follow(second)
        self.update()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes that have something."""
        return tuple(self._bars)

    def bar_at(self, place: QPointF) -> Bar | None:
        """Return what lies at a place of the widget, the best for the query first."""
        lane = self._lane_at(place.y())
        if lane is None:
            return None
        slack = 2 * self.window_.seconds / max(1.0, self._track().width())
        second = self.window_.second(place.x(), self._track())
        here = [b for b in self._bars[lane] if b.start_s - slack <= second <= b.end_s + slack]
        return max(here, key=lambda bar: bar.piece.score, default=None)

    def next_match(self, step: int) -> float | None:
        """Return where the next place that answers the query begins, or the one before with -1."""
        every = (bar for bars in self._bars.values() for bar in bars)
        starts = sorted({bar.start_s for bar in every if bar.piece.score >= CLEAR})
        if step > 0:
            return next((start for start in starts if start > self._at + 0.05), None)
        return next((start for start in reversed(starts) if start < self._at - 0.25), None)

    def sizeHint(self) -> QSize:
        return QSize(320, self._axis_height() + self._strip_height() + ROW * len(self._bars) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def _resized(self) -> None:
        self._changes += 1
        self.updateGeometry()
        self.update()

    def _axis_height(self) -> int:
        return self.fontMetrics().height() + 6

    def _strip_height(self) -> int:
        return 0 if self._strip.isNull() and not self._wave else STRIP + 4

    def _label_width(self) -> float:
        metrics = QFontMetricsF(self.font())
        return max((metrics.horizontalAdvance(tr(name)) for name in NAMES.values()), default=0) + 12

    def _track(self) -> QRectF:
        left = self._label_width() if self._bars else 6.0
        return QRectF(left, 0, max(1.0, self.width() - left - 6), self.height())

    def _lane_at(self, y: float) -> Lane | None:
        row = int((y - self._axis_height() - self._strip_height()) // ROW)
        return self.lanes[row] if 0 <= row < len(self._bars) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        shown = self.window_.start_s, self.window_.end_s
        look = (self.size(), ratio, shown, self.palette().cacheKey(), self._changes)
        if look != self._look:  # thousands of bars, and only the line moves while it plays
            self._look, self._layer = look, QPixmap(self.size() * ratio)
            self._layer.setDevicePixelRatio(ratio)
            self._layer.fill(Qt.GlobalColor.transparent)
            drawing = QPainter(self._layer)
            drawing.setFont(self.font())
            self._paint_all(drawing)
            drawing.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._layer)
        self._paint_now(painter, self._track())
        if self.hasFocus():
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Highlight), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_all(self, painter: QPainter) -> None:
        track = self._track()
        self._paint_axis(painter, track)
        above = QRectF(track.left(), self._axis_height() + 1, track.width(), STRIP)
        if not self._strip.isNull():
            paint_strip(painter, self._strip, self.window_, above)
        elif self._wave:
            colour = self.palette().color(QPalette.ColorRole.PlaceholderText)
            paint_wave(painter, self._wave, self.window_, above, colour)
        for row, (lane, bars) in enumerate(self._bars.items()):
            top = self._axis_height() + self._strip_height() + row * ROW
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            label = QRectF(4, top, track.left() - 8, ROW)
            painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, tr(NAMES[lane]))
            self._paint_bars(painter, bars, QRectF(track.left(), top + 3, track.width(), ROW - 6))

    def _paint_axis(self, painter: QPainter, track: QRectF) -> None:
        height = self._axis_height()
        palette = self.palette()
        if self._hit is not None:
            left, right = (self.window_.x(second, track) for second in (self._hit.start_s, self._hit.end_s))
            found = QRectF(left, height - 4, max(3.0, right - left), 4).intersected(
                QRectF(track.left(), 0, track.width(), height)
            )
            painter.fillRect(found, palette.color(QPalette.ColorRole.Highlight))
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        metrics = QFontMetricsF(self.font())
        last = -1e9
        for second in ticks(self.window_, track.width() / (metrics.horizontalAdvance("0:00:00") + 24)):
            x = self.window_.x(second, track)
            text = clock(second)
            width = metrics.horizontalAdvance(text)
            left = min(max(x - width / 2, track.left()), track.right() - width)
            if left > last + 6:
                painter.drawText(QPointF(left, metrics.ascent() + 1), text)
                last = left + width
        painter.drawLine(QPointF(track.left(), height - 2), QPointF(track.right(), height - 2))

    def _paint_bars(self, painter: QPainter, bars: Sequence[Bar], lane: QRectF) -> None:
        """Draw what is in view, the better over the weaker."""
        base = self.palette().color(QPalette.ColorRole.Window)
        accent = self.palette().color(QPalette.ColorRole.Highlight)
        idle = mixed(self.palette().color(QPalette.ColorRole.WindowText), base, 0.22)
        track = self._track()
        for bar in sorted(bars, key=lambda bar: bar.piece.score):
            if bar.end_s < self.window_.start_s or bar.start_s > self.window_.end_s:
                continue
            left = max(track.left(), self.window_.x(bar.start_s, track))
            right = min(track.right(), self.window_.x(bar.end_s, track))
            score = bar.piece.score
            colour = mixed(accent, idle, 0.25 + 0.75 * score) if score >= CLEAR else idle
            gap = 1.0 if right - left > 4 else 0.0
            painter.fillRect(QRectF(left, lane.top(), max(2.0, right - left - gap), lane.height()), colour)

    def _paint_now(self, painter: QPainter, track: QRectF) -> None:
        if not self.window_.start_s <= self._at <= self.window_.end_s:
            return
        x = self.window_.x(self._at, track)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 1.6))
        painter.drawLine(QPointF(x, self._axis_height() - 7), QPointF(x, self.height() - 2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._dragging = True
            bar = self.bar_at(event.position())
            self._seek(bar.start_s if bar is not None else self._second(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._seek(self._second(event))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    def wheelEvent(self, event: QWheelEvent) -> None:
        across, steps = event.angleDelta().x(), event.angleDelta().y() / 120
        if abs(across) > abs(event.angleDelta().y()) or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.window_.shift(-(across or event.angleDelta().y()) / 120 * 0.15 * self.window_.seconds)
        else:
            self.window_.zoom(1.4**steps, self.window_.second(event.position().x(), self._track()))
        event.accept()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        arrows = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        zooms = {Qt.Key.Key_Plus: 1.4, Qt.Key.Key_Equal: 1.4, Qt.Key.Key_Minus: 1 / 1.4, Qt.Key.Key_0: 0.0}
        if key in arrows and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if (second := self.next_match(arrows[key])) is not None:
                self._seek(second)
        elif key in zooms:
            self.window_.zoom(zooms[key], self._at)
            self.update()
        elif key == Qt.Key.Key_Home:
            self._seek(0.0)
        elif key == Qt.Key.Key_End:
            self._seek(self.window_.length_s)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            bar = self.bar_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), said_of(bar) if bar else "", self)
            return True
        return super().event(event)

    def _second(self, event: QMouseEvent) -> float:
        second = self.window_.second(event.position().x(), self._track())
        return min(max(0.0, second), self.window_.length_s)

    def _seek(self, second: float) -> None:
        self._at = second
        self.update()
        self.sought.emit(second)


def said_of(bar: Bar) -> str:
    """Say what a bar stands for: its time, what it is, how well it answers."""
    piece = bar.piece
    text = piece.text or _NAMELESS.get(piece.lane, "")
    score = f" ({piece.score:.0%})" if piece.score >= CLEAR else ""
    said = text if len(text) <= 160 else f"{text[:160]} …"
    return f"{clock(bar.start_s)}–{clock(bar.end_s)}  {said}{score}"


def _bars(pieces: Iterable[Piece]) -> Iterable[Bar]:
    for piece in pieces:
        if isinstance(spot := spot_of(piece.locator), TimeSpan):
            yield Bar(spot.start_s, spot.end_s, piece)
