"""Asks which page of a document is meant."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.jobs import Jobs
from ui.language import tr
from ui.overlay import Overlay
from ui.pictures import from_bytes
from ui.remedies import told
from ui.wording import readable

CHANNEL = "page picker"
EDGE = 300

Draw = Callable[[Path, int, int], bytes]


class PagePicker(Overlay):
    """Shows a page; Up and Down turn, Enter takes it and calls `chosen` with its number."""

    def __init__(
        self, path: Path, pages: int, draw: Draw, jobs: Jobs, chosen: Callable[[int], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._path, self._draw, self._jobs, self._chosen = path, draw, jobs, chosen
        self.picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.picture.setFixedSize(QSize(EDGE, EDGE))
        self.picture.setAccessibleName(tr("The page"))
        self.number = QSpinBox()
        self.number.setRange(1, pages)
        self.number.setSuffix(tr(" of {pages}", pages=pages))
        self.number.setAccessibleName(tr("Page"))
        self.take_button = QPushButton(tr("Search by this page"))
        column = QVBoxLayout(self)
        column.addWidget(QLabel(tr("Which page of {name}?", name=readable(path.name))))
        column.addWidget(self.picture)
        row = QHBoxLayout()
        row.addWidget(QLabel(tr("Page")))
        row.addWidget(self.number)
        row.addStretch(1)
        row.addWidget(self.take_button)
        column.addLayout(row)
        self.setAccessibleName(tr("Which page?"))
        self.setFocusProxy(self.number)
        self.number.valueChanged.connect(self._show)
        self.take_button.clicked.connect(self._take)
        self.accepted.connect(self._take)
        self._show(1)

    def _show(self, page: int) -> None:
        ratio = self.devicePixelRatioF()
        width = round(EDGE * ratio)

        def drawn(png: bytes) -> None:
            if isValid(self):
                picture = QPixmap.fromImage(from_bytes(png))
                if not picture.isNull():
                    picture = picture.scaled(
                        QSize(width, width),
                        Qt.AspectRatioMode.KeepAspectRatio,
                        Qt.TransformationMode.SmoothTransformation,
                    )
                    picture.setDevicePixelRatio(ratio)
                self.picture.setPixmap(picture)

        def failed(error: BaseException) -> None:
            if isValid(self):
                self.picture.setText(told(error, tr("The page cannot be shown.")))

        self._jobs.submit(CHANNEL, lambda: self._draw(self._path, page, width), drawn, failed)

    def _take(self) -> None:
        page = self.number.value()
        self.leave()
        self._chosen(page)
