"""A check box that can be seen on a dark ground as well, where some styles hardly draw its frame."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

_DARK = 128


class Tick(QCheckBox):
    """A `QCheckBox` with a frame drawn around its box where the window is dark."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.palette().window().color().lightness() >= _DARK:
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        frame = self.palette().windowText().color()
        frame.setAlphaF(0.5)
        painter = QPainter(self)
        painter.setPen(frame)
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.end()
