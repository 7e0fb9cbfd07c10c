"""Work off the GUI thread: one object, one worker thread a channel, the newest request of a channel wins.

Work must not touch widgets; it gets frozen values and returns one. `done` and `failed` are called on
the GUI thread, at most one of them, and only when no newer request came on the same channel meanwhile.
"""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from search.errors import CrossfindError

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Job:
    channel: str
    future: Future[Any]
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None]


class Jobs(QObject):
    """Runs work in the background and brings the result back to the GUI thread."""

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers: dict[str, ThreadPoolExecutor] = {}
        self._newest: dict[str, Future[Any]] = {}
        self._closed = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def submit(
        self,
        channel: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Run `work` on the channel's thread; older work there is cancelled or its result dropped."""
        if self._closed:
            return
        self.cancel(channel)
        future = self._worker(channel).submit(work)
        self._newest[channel] = future
        job = _Job(channel, future, done, failed)
        future.add_done_callback(lambda _: self._finished.emit(job))

    def cancel(self, channel: str) -> None:
        """Forget what is asked on the channel; nothing of it will be delivered."""
        if (older := self._newest.pop(channel, None)) is not None:
            older.cancel()

    def busy(self, channel: str) -> bool:
        """Say whether a result is still to come."""
        return channel in self._newest

    def shutdown(self) -> None:
        """Cancel what waits, wait for what runs, deliver nothing more."""
        self._closed = True
        self._newest.clear()
        for worker in self._workers.values():
            worker.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers.values():
            worker.shutdown(wait=True)

    def _worker(self, channel: str) -> ThreadPoolExecutor:
        if channel not in self._workers:
            self._workers[channel] = ThreadPoolExecutor(1, thread_name_prefix=f"ui-{channel}")
        return self._workers[channel]

    @Slot(object)
    def _deliver(self, job: _Job) -> None:
        if self._newest.get(job.channel) is not job.future:
            return
        del self._newest[job.channel]
        error = job.future.exception()
        if error is None:
            job.done(job.future.result())
            return
        if not isinstance(error, CrossfindError):
            logger.error("a job on channel %s failed", job.channel, exc_info=error)
        job.failed(error)
