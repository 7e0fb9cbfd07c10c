"""From what stands in the query bar to a result: the newest question wins, a slow one is announced."""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from search.records import SearchResult
from ui.backend import Backend, SearchRequest
from ui.jobs import Jobs
from ui.query.text import Asked

CHANNEL = "search"


class SearchFlow(QObject):
    """Emits one of `found`, `failed` or `nothing_asked` for the newest question."""

    found = Signal(object, object)
    failed = Signal(object, object)
    nothing_asked = Signal()
    slow = Signal()

    def __init__(self, backend: Backend, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend, self._jobs = backend, jobs
        self._waiting = QTimer(self, singleShot=True, interval=300)
        self._waiting.timeout.connect(self.slow)

    def warm_up(self) -> None:
        """Load what the first query needs, before it is asked."""
        self._jobs.submit(CHANNEL, self._backend.warm_up, lambda _: None, lambda _: None)

    @Slot(object, object)
    def ask(self, asked: Asked, floor: float | None = None) -> None:
        """Ask this instead of whatever was asked before."""
        self._waiting.stop()
        self._backend.stop_search()
        if not asked.query:
            self._jobs.cancel(CHANNEL)
            self.nothing_asked.emit()
            return
        request = SearchRequest(asked.query, floor=floor, fixing=asked.fixing)

        def done(result: SearchResult) -> None:
            self._waiting.stop()
            self.found.emit(asked, result)

        def failed(error: BaseException) -> None:
            self._waiting.stop()
            self.failed.emit(asked, error)

        self._waiting.start()
        self._jobs.submit(CHANNEL, lambda: self._backend.search(request), done, failed)
