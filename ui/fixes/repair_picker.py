"""A panel with all repairs of a picture, to choose one of."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea, QStyle, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.jobs import Jobs
from ui.language import tr
from ui.overlay import Overlay
from ui.pictures import from_bytes
from ui.query.backend import Examined, QueryBackend, Repair
from ui.saying import said
from ui.wrapping import WrappingLayout

CHANNEL = "repairs"
EDGE = 150
LARGE = 2000
AROUND = 28
"""What the frame and the margins of the panel take of the window, on both sides together."""


class RepairPicker(Overlay):
    """Shows what each repair makes of the picture; `chosen` gets the repair and the picture in full."""

    def __init__(
        self,
        path: Path,
        found: Examined,
        backend: QueryBackend,
        jobs: Jobs,
        chosen: Callable[[Repair, QImage], None],
        failed: Callable[[BaseException], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._path, self._backend, self._jobs = path, backend, jobs
        self._chosen, self._failed = chosen, failed
        column = QVBoxLayout(self)
        evidence = [f"{text[:1].upper()}{text[1:]}." for text in map(said, found.evidence)]
        self.told = QLabel("\n".join(evidence) or tr("Nothing seems to be wrong with this picture."))
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        column.addWidget(self.told)
        self.buttons: list[QToolButton] = []
        row = QWidget()
        self._layout = WrappingLayout(row, spacing=8)
        for repair in found.repairs:
            button = self._button(repair)
            self.buttons.append(button)
            self._layout.addWidget(button)
        self.area = QScrollArea(widgetResizable=True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(row)
        column.addWidget(self.area)
        self.setAccessibleName(tr("Repairs of the query picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if self.buttons:
            self.setFocusProxy(self.buttons[0])

    def fit(self) -> None:
        """Take the room for three repairs beside each other; what a small window cannot show is scrolled."""
        widths = [button.sizeHint().expandedTo(button.minimumSize()).width() + 8 for button in self.buttons]
        wanted = min(sum(widths), 3 * max(widths, default=0))
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, self)
        width = min(wanted + bar, self.window().width() - AROUND - 8)
        self.told.setFixedWidth(width)
        self.told.setFixedHeight(self.told.heightForWidth(width))
        room = self.window().height() - AROUND - 8 - self.told.height()
        self.area.setFixedSize(width, min(self._layout.heightForWidth(width - bar), max(room, EDGE)))
        super().fit()

    def _button(self, repair: Repair) -> QToolButton:
        button = QToolButton()
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIconSize(QSize(EDGE, EDGE))
        told = said(repair.told)
        button.setText(told)
        button.setMinimumSize(QSize(EDGE + 16, EDGE + 16 + button.fontMetrics().height()))
        button.setToolTip(tr("Search by the picture {told}", told=told))
        button.setAccessibleName(tr("Search by the picture {told}", told=told))
        button.clicked.connect(lambda: self._take(repair))
        width = round(EDGE * self.devicePixelRatioF())

        def drawn(png: bytes) -> None:
            if isValid(button):
                button.setIcon(QIcon(QPixmap.fromImage(from_bytes(png))))

        self._jobs.submit(
            f"{CHANNEL} {repair.number}",
            lambda: self._backend.repaired_image(self._path, repair.number, width),
            drawn,
            lambda _: None,
        )
        return button

    def _take(self, repair: Repair) -> None:
        chosen, path, number, backend = self._chosen, self._path, repair.number, self._backend
        self._jobs.submit(
            CHANNEL,
            lambda: backend.repaired_image(path, number, LARGE),
            lambda png: chosen(repair, from_bytes(png)),
            self._failed,
        )
        self.leave()
