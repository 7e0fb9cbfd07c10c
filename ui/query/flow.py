"""From what stands in the query bar to a result: the newest question wins, a slow one is announced."""

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from search.records import SearchResult
from ui.backend import Backend, SearchRequest
from ui.jobs import Jobs
from ui.query.text import Asked

CHANNEL = "search"


class SearchFlow(QObject):
    """Emits one of `found`, `failed` or `nothing_asked` for the newest question.

    `by_moment` says whether each place in a file is asked for by itself; `has_more` whether the last answer
    was as long as it could be.
    """

    found = Signal(object, object)
    failed = Signal(object, object)
    nothing_asked = Signal()
    slow = Signal()

    def __init__(self, backend: Backend, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend, self._jobs = backend, jobs
        self.by_moment = False
        self.has_more = False
        self._asked: tuple[Asked, SearchRequest] | None = None
        self._waiting = QTimer(self, singleShot=True, interval=300)
        self._waiting.timeout.connect(self.slow)

    @property
    def answered(self) -> SearchRequest | None:
        """The question that was answered last; None while another one is being asked."""
        is_open = self._asked is None or self._jobs.busy(CHANNEL)
        return None if is_open or self._asked is None else self._asked[1]

    def warm_up(self) -> None:
        """Load what the first query needs, before it is asked."""
        self._jobs.submit(CHANNEL, self._backend.warm_up, lambda _: None, lambda _: None)

    @Slot(object, object)
    def ask(self, asked: Asked, floor: float | None = None) -> None:
        """Ask this instead of whatever was asked before."""
        self._waiting.stop()
        self._backend.stop_search()
        self._asked, self.has_more = None, False
        if not asked.query:
            self._jobs.cancel(CHANNEL)
            self.nothing_asked.emit()
            return
        self._waiting.start()
        by_moment = self.by_moment
        self._submit(asked, SearchRequest(asked.query, 1000, floor, asked.fixing, by_moment))

    def grow(self) -> None:
        """Ask again for ten times as many hits, if there are more and nothing else is being asked."""
        if self._asked is not None and self.has_more and not self._jobs.busy(CHANNEL):
            asked, request = self._asked
            self._submit(asked, replace(request, limit=10 * request.limit))

    def _submit(self, asked: Asked, request: SearchRequest) -> None:
        def done(result: SearchResult) -> None:
            self._waiting.stop()
            self._asked, self.has_more = (asked, request), len(result.hits) >= request.limit
            self.found.emit(asked, result)

        def failed(error: BaseException) -> None:
            self._waiting.stop()
            self.failed.emit(asked, error)

        self._jobs.submit(CHANNEL, lambda: self._backend.search(request), done, failed)
