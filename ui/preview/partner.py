"""Shows a place of a pair of files that answers a question: in the hit's own file, or in its partner."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from PySide6.QtCore import QObject, Signal

from search.errors import CrossfindError
from search.mentions import quoted
from search.records import Hit, Locator
from ui.backend import Backend, SearchRequest
from ui.jobs import Jobs
from ui.language import tr
from ui.preview.stage import Stage
from ui.wording import readable

CHANNEL = "preview partner"


class Partner(QObject):
    """Puts the hit, or a file that a link joins it with, on the stage. Emits `remark(str)` where that file is
    not there."""

    remark = Signal(str)

    def __init__(self, backend: Backend, jobs: Jobs, stage: Stage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend, self._jobs, self._stage = backend, jobs, stage
        self._hit: Hit | None = None
        self._words: tuple[str, ...] = ()

    def show_hit(self, hit: Hit | None, words: Sequence[str]) -> None:
        """Show a hit with these words of the query pointed out, or that nothing is selected."""
        self._jobs.cancel(CHANNEL)
        self._hit, self._words = hit, tuple(words)
        self._stage.show_hit(hit, self._words)

    def go_to(self, locator: Locator, path: str | None = None) -> None:
        """Show a place of the hit's file, or of the file at `path`."""
        self._jobs.cancel(CHANNEL)
        if path is not None:
            self._ask(path, locator)
            return
        shown = self._stage.hit
        if self._hit is not None and shown is not None and shown.file.path != self._hit.file.path:
            self._stage.show_hit(self._hit, self._words)
        self._stage.go_to(locator)

    def _ask(self, path: str, locator: Locator) -> None:
        name = PurePath(path).name

        def work() -> Hit | None:
            found = self._backend.search(SearchRequest(f"name:{quoted(name)}", floor=0.0))
            return next((hit for hit in found if hit.file.path == path), None)

        def show(hit: Hit | None) -> None:
            if hit is None:
                gone()
            else:
                self._stage.show_hit(replace(hit, locator=locator, evidence=()), self._words)

        def gone(_: object = None) -> None:
            self.remark.emit(tr("{name} is not in the library any more.", name=readable(name)))

        def failed(error: BaseException) -> None:
            self.remark.emit(error.message) if isinstance(error, CrossfindError) else gone()

        self._jobs.submit(CHANNEL, work, show, failed)
