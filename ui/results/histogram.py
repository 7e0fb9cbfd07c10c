"""When the hits are from: a bar for each year or month, of which a click keeps to one."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from search.facets import FacetValue
from ui.icons import mixed
from ui.language import tr
from ui.wording import file_count

HEIGHT = 64


class DateHistogram(QWidget):
    """Emits `toggled(part, True)` for the year or month that is picked by mouse, or by arrows and Enter."""

    toggled = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: Sequence[FacetValue] = ()
        self._at = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setVisible(False)

    @property
    def values(self) -> Sequence[FacetValue]:
        """What is shown, the oldest first."""
        return self._values

    def sizeHint(self) -> QSize:
        return QSize(180, HEIGHT + self.fontMetrics().height() + 8)

    def show_values(self, values: Sequence[FacetValue]) -> None:
        """Show years or months, the oldest first; fewer than two are not worth a picture."""
        self._values, self._at = values, -1
        self.setVisible(len(values) > 1)
        name = tr("Dates of the results")
        if values:
            first, last = values[0].label, values[-1].label
            name = tr("Dates of the results from {first} to {last}", first=first, last=last)
        self.setAccessibleName(name)
        self.setAccessibleDescription(tr("Arrow keys choose, Enter keeps to it"))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, palette = QPainter(self), self.palette()
        base, accent = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Highlight)
        painter.fillRect(event.rect(), base)
        most = max((value.files for value in self._values), default=1)
        for number, value in enumerate(self._values):
            place = self._column(number)
            height = max(2, round(value.files / most * (HEIGHT - 8))) if value.files else 0
            bar = QRect(place.left(), HEIGHT - height, max(1, place.width() - 1), height)
            painter.fillRect(bar, accent if number == self._at else mixed(accent, base, 0.55))
        painter.setPen(mixed(palette.color(QPalette.ColorRole.Text), base, 0.65))
        line = QRect(8, HEIGHT + 2, self.width() - 16, self.fontMetrics().height())
        if self._at >= 0:
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, told(self._values[self._at]))
        elif self._values:
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft, self._values[0].label)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight, self._values[-1].label)
        if self.hasFocus():
            painter.setPen(accent)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._choose(self._number_at(event.position().toPoint().x()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._choose(-1)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._choose(-1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._choose(self._number_at(event.position().toPoint().x()))
        self._pick()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = len(self._values) - 1
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._choose(min(max(self._at + step, 0), last))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._at >= 0:
            self._pick()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            number = self._number_at(event.pos().x())
            if number >= 0:
                QToolTip.showText(event.globalPos(), told(self._values[number]), self)
            return True
        return super().event(event)

    def _choose(self, number: int) -> None:
        if number != self._at:
            self._at = number
            self.update()

    def _pick(self) -> None:
        if self._at >= 0 and self._values[self._at].files:
            self.toggled.emit(self._values[self._at].filter, True)

    def _column(self, number: int) -> QRect:
        room = self.width() - 16
        left, right = (8 + room * n // len(self._values) for n in (number, number + 1))
        return QRect(left, 4, right - left, HEIGHT - 4)

    def _number_at(self, x: int) -> int:
        numbers = range(len(self._values))
        return next((n for n in numbers if self._column(n).left() <= x <= self._column(n).right()), -1)


def told(value: FacetValue) -> str:
    """Say when, and how many."""
    return f"{value.label}: {file_count(value.files)}"
