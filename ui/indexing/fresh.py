"""While files are being read: what the present query finds by now, said without moving what is looked at."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from search.records import Hit, SearchResult
from ui.backend import Backend, SearchRequest
from ui.indexing.panel import IndexingPanel
from ui.jobs import Jobs
from ui.language import plural, tr
from ui.notices import NoticeBar

_CHANNEL = "fresh"


class FreshHits(QObject):
    """Asks again, in the background, after files came; `wanted` when a person wants to see what is new."""

    wanted = Signal()

    def __init__(
        self,
        backend: Backend,
        jobs: Jobs,
        panel: IndexingPanel,
        asked: Callable[[], SearchRequest | None],
        parent: QObject | None = None,
    ) -> None:
        """`asked` returns what the hits in view are the answer to, None while there is no such thing."""
        super().__init__(parent)
        self._backend, self._jobs, self._panel, self._asked = backend, jobs, panel, asked
        self._shown: frozenset[object] = frozenset()
        self._indexed = 0
        self.bar = NoticeBar()

    def take(self, result: SearchResult) -> None:
        """Remember what is shown now: only what is not among it is new."""
        self._shown = frozenset(map(_key, result.hits))
        self.bar.hush()

    @Slot()
    def look(self) -> None:
        """Ask again if files were read since the last time; called now and then while a run is under way."""
        run, request = self._panel.run_, self._asked()
        indexed = run.counts["indexed"] if run is not None else 0
        if request is None or indexed == self._indexed or self._jobs.busy(_CHANNEL):
            return
        self._indexed = indexed

        def done(result: SearchResult) -> None:
            if self._asked() == request:
                self._tell(result)

        self._jobs.submit(_CHANNEL, lambda: self._backend.search(request), done, lambda _: None)

    @Slot()
    def stop(self) -> None:
        """The run has ended: what it found is about to be shown."""
        self._jobs.cancel(_CHANNEL)
        self._indexed = 0
        self.bar.hush()

    def _tell(self, result: SearchResult) -> None:
        new = len({_key(hit) for hit in result.hits} - self._shown)
        if new and not self._shown:
            self.wanted.emit()  # nothing is in view that could move
        elif new:
            self.bar.say(
                plural("{n} new result since.", "{n} new results since.", new),
                "info",
                tr("Show"),
                self.wanted.emit,
            )


def _key(hit: Hit) -> object:
    return hit.file.path, hit.locator
