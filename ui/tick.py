"""Check boxes that can be seen on a dark ground as well, where some styles hardly draw their frame."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QStyle, QStyledItemDelegate, QStyleOptionButton, QStyleOptionViewItem

from ui.icons import mixed

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


class TickedDelegate(QStyledItemDelegate):
    """Draws the items of a list as usual, with a frame around their check boxes."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        if index.data(Qt.ItemDataRole.CheckStateRole) is None:
            return
        whole = QStyleOptionViewItem(option)
        self.initStyleOption(whole, index)
        element = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = option.widget.style().subElementRect(element, whole, option.widget)
        palette = option.palette
        text, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
        painter.save()
        painter.setPen(mixed(text, base, 0.45))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.restore()
