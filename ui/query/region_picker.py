"""Panels over the window in which a part of a picture is marked, or one of its faces or things chosen."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from search.records import Box
from ui.jobs import Jobs
from ui.language import tr
from ui.overlay import Overlay
from ui.pictures import from_bytes
from ui.query.region import RegionView
from ui.remedies import told
from ui.wording import readable

CHANNEL = "region picture"
WIDTH = 900

Draw = Callable[[Path, int, int], bytes]


class RegionPicker(Overlay):
    """Shows a picture, or a page of a document; `chosen` gets the part that is taken, None for all of it.

    `frames` are parts to choose from; without them a box is drawn. `others` are further buttons.
    """

    def __init__(
        self,
        path: Path,
        page: int | None,
        draw: Draw,
        jobs: Jobs,
        chosen: Callable[[Box | None], None],
        parent: QWidget,
        *,
        box: Box | None = None,
        frames: Sequence[Box] = (),
        heading: str = "",
        others: Sequence[tuple[str, Callable[[], None]]] = (),
    ) -> None:
        super().__init__(parent)
        self._chosen = chosen
        self.view = RegionView()
        self.whole = QPushButton(tr("All of it"))
        self.whole.setToolTip(tr("Search by all of the picture (Delete)"))
        self.take_button = QPushButton(tr("Search by this"))
        told = heading or tr("Draw a box on {name} to search by a part of it", name=readable(path.name))
        column = QVBoxLayout(self)
        column.addWidget(QLabel(told))
        column.addWidget(self.view)
        row = QHBoxLayout()
        for text, act in others:
            button = QPushButton(text)
            button.clicked.connect(lambda _=False, act=act: self._do(act))
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.whole)
        row.addWidget(self.take_button)
        column.addLayout(row)
        self.setAccessibleName(told)
        self.setFocusProxy(self.view)
        self.whole.setVisible(not frames)
        self.whole.clicked.connect(lambda: self.view.mark(None))
        self.take_button.clicked.connect(self.take)
        self.view.taken.connect(self.take)
        self.accepted.connect(self.take)
        if frames:
            self.view.show_frames(frames)
        else:
            self.view.mark(box)
        jobs.submit(CHANNEL, lambda: draw(path, page or 1, WIDTH), self._show, self._say)

    @Slot()
    def take(self) -> None:
        """Search by what is marked."""
        box = self.view.box
        self.leave()
        self._chosen(box)

    def _do(self, act: Callable[[], None]) -> None:
        self.leave()
        act()

    def _show(self, png: bytes) -> None:
        if isValid(self):
            self.view.show_picture(QPixmap.fromImage(from_bytes(png)))

    def _say(self, error: BaseException) -> None:
        if isValid(self):
            self.view.show_message(told(error, tr("The picture cannot be shown.")))
