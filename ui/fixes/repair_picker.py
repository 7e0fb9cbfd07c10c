"""A panel with all repairs of a picture, to choose one of."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget
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
        told = QLabel("\n".join(evidence) or tr("Nothing seems to be wrong with this picture."))
        told.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(told)
        self.buttons: list[QToolButton] = []
        row = QWidget()
        layout = WrappingLayout(row, spacing=8)
        for repair in found.repairs:
            button = self._button(repair)
            self.buttons.append(button)
            layout.addWidget(button)
        column.addWidget(row)
        widths = [button.sizeHint().expandedTo(button.minimumSize()).width() + 8 for button in self.buttons]
        row.setMinimumWidth(min(sum(widths), 3 * max(widths, default=0)))
        row.setMinimumHeight(layout.heightForWidth(row.minimumWidth()))
        self.setAccessibleName(tr("Repairs of the query picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if self.buttons:
            self.setFocusProxy(self.buttons[0])

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
