"""The chip that shows the query picture, with a button to take it away."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from ui.icons import icon, pixmap
from ui.query.text import Reference
from ui.wording import readable

PICTURE_EDGE = 26


class QueryChip(QFrame):
    """Hidden until a picture is shown."""

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("chip")
        self._picture = QLabel()
        self._picture.setFixedSize(PICTURE_EDGE, PICTURE_EDGE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = QLabel()
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self.clear_button = QToolButton()
        self.clear_button.setAutoRaise(True)
        self.clear_button.setIconSize(QSize(12, 12))
        self.clear_button.setToolTip("Search without the picture")
        self.clear_button.setAccessibleName("Remove the query picture")
        self.clear_button.clicked.connect(self.cleared)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 2, 2, 2)
        self.setFixedHeight(PICTURE_EDGE + 6)
        row.setSpacing(6)
        for part in (self._picture, self._name, self.clear_button):
            row.addWidget(part)
        self.setVisible(False)

    def show_reference(self, reference: Reference | None) -> None:
        """Show which picture is searched by; its image may follow with `show_image`."""
        self.setVisible(reference is not None)
        if reference is None:
            return
        name = readable(reference.label)
        metrics = self._name.fontMetrics()
        self._name.setText(
            metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, metrics.averageCharWidth() * 22)
        )
        self.setToolTip("Pictures like this one are searched.")
        self.setAccessibleName(f"Query picture {name}")
        self._picture.setPixmap(self._scaled(pixmap("image", self.palette().text().color().name(), 64)))
        self.clear_button.setIcon(icon("close", self.palette()))

    def show_image(self, image: QPixmap) -> None:
        """Show the picture itself, small."""
        if not image.isNull():
            self._picture.setPixmap(self._scaled(image))

    def _scaled(self, image: QPixmap) -> QPixmap:
        ratio = self.devicePixelRatioF()
        edge = round(PICTURE_EDGE * ratio)
        small = image.scaled(
            edge, edge, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        small.setDevicePixelRatio(ratio)
        return small
