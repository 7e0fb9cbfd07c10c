"""A chip for one part of the query: what it asks, whether it is ruled out, and a button that takes it out."""

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from ui.icons import icon
from ui.language import tr
from ui.query.parts import Shown

PICTURE_EDGE = 22
LONGEST = 34
"""So many average letters of a value are shown."""


class Chip(QFrame):
    """Enter or a click edits it, Delete takes it out, N makes it its opposite, the menu key offers all."""

    edit_wanted = Signal()
    remove_wanted = Signal()
    negate_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, shown: Shown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown = shown
        self.setObjectName("chip")
        self.setProperty("negated", shown.negated)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._picture = QLabel()
        self._picture.setVisible(False)
        self.clear_button = QToolButton()
        self._build()

    def show_image(self, image: QPixmap) -> None:
        """Show a picture before the words, small."""
        if image.isNull():
            return
        ratio = self.devicePixelRatioF()
        edge = round(PICTURE_EDGE * ratio)
        small = image.scaled(
            edge, edge, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        small.setDevicePixelRatio(ratio)
        self._picture.setPixmap(small)
        self._picture.setVisible(True)

    def _build(self) -> None:
        shown = self.shown
        told = " ".join(filter(None, (tr("not") if shown.negated else "", shown.title, shown.value)))
        self.setAccessibleName(tr("Part of the query: {told}", told=told))
        self.setToolTip(
            tr("{told}\nEnter changes it, Delete takes it out, N turns it into its opposite.", told=told)
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 1, 2, 1)
        row.setSpacing(5)
        row.addWidget(self._picture)
        for text, name in ((tr("not") if shown.negated else "", "not"), (shown.title, "title")):
            if text:
                row.addWidget(_label(text, name))
        value = _label("", "value")
        metrics = value.fontMetrics()
        room = metrics.averageCharWidth() * LONGEST
        value.setText(metrics.elidedText(shown.value, Qt.TextElideMode.ElideMiddle, room))
        row.addWidget(value)
        self.clear_button.setAutoRaise(True)
        self.clear_button.setIconSize(QSize(12, 12))
        self.clear_button.setIcon(icon("close", self.palette()))
        self.clear_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Delete does the same
        self.clear_button.setToolTip(tr("Take it out of the query (Delete)"))
        self.clear_button.setAccessibleName(tr("Take out {told}", told=told))
        self.clear_button.clicked.connect(self.remove_wanted)
        row.addWidget(self.clear_button)
        self.setMinimumHeight(PICTURE_EDGE + 6)

    def mouseReleaseEvent(self, event: object) -> None:
        self.edit_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space:
                self.edit_wanted.emit()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace:
                self.remove_wanted.emit()
            case Qt.Key.Key_N:
                self.negate_wanted.emit()
            case Qt.Key.Key_Right:
                self.focusNextChild()
            case Qt.Key.Key_Left:
                self.focusPreviousChild()
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()


def _label(text: str, name: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setObjectName(f"chip-{name}")
    return label
