"""The switch that colours what answers the query on a page of a document."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QToolButton

from search.pieces import Warm
from search.records import Hit
from ui.jobs import Jobs
from ui.language import mark, tr
from ui.preview.backend import PreviewBackend
from ui.preview.picture_view import PictureView
from ui.remedies import told
from ui.wording import page_number

CHANNEL = "preview heat"
NOTHING = mark("Nothing on this page stands out.")


class HeatSwitch(QObject):
    """Asks for each page that is shown while its button is down. Emits `remark(str)`."""

    remark = Signal(str)

    def __init__(
        self, backend: PreviewBackend, jobs: Jobs, picture: PictureView, button: QToolButton, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._picture, self._button = backend, jobs, picture, button
        self._hit: Hit | None = None
        self.query = ""
        button.toggled.connect(self._look)

    def show_hit(self, hit: Hit | None) -> None:
        """Follow what is shown: another file, or another page of it."""
        self._hit = hit
        self._look()

    @Slot()
    def _look(self) -> None:
        hit, query = self._hit, self.query
        self._jobs.cancel(CHANNEL)
        self._picture.show_heat(())
        if hit is None or hit.content.kind != "pdf" or not self._button.isChecked():
            return
        path, page = Path(hit.file.path), page_number(hit.locator)
        self._jobs.submit(CHANNEL, lambda: self._backend.heat(path, query, page), self._show, self._not_known)

    def _show(self, parts: Sequence[Warm]) -> None:
        self._picture.show_heat(parts)
        if not parts:
            self.remark.emit(tr(NOTHING))

    def _not_known(self, error: BaseException) -> None:
        self.remark.emit(told(error, tr("What answers here could not be found out.")))
