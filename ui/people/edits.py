"""Edits one after the other: none is lost, and one that must wait for the indexer is tried again."""

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from search.errors import LibraryBusyError
from ui.jobs import Jobs
from ui.people.backend import Edited, PeopleBackend, PeopleEdit

if TYPE_CHECKING:
    from collections.abc import Sequence

CHANNEL = "people-edit"
AGAIN_MS = 2000


class Edits(QObject):
    """Makes edits in the order in which they were asked for.

    `done(edit, Edited)` and `failed(error)` tell how each ended, `waiting(n)` how many are still to be made
    because the library is being written, and that none is any more (0).
    """

    done = Signal(object, object)
    failed = Signal(object)
    waiting = Signal(int)

    def __init__(
        self, backend: PeopleBackend, jobs: Jobs, parent: QObject | None = None, again_ms: int = AGAIN_MS
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs = backend, jobs
        self._queue: deque[PeopleEdit] = deque()
        self._again = QTimer(self, singleShot=True, interval=again_ms)
        self._again.timeout.connect(self._next)

    @property
    def pending(self) -> "Sequence[PeopleEdit]":
        """What is still to be made."""
        return tuple(self._queue)

    def make(self, edit: PeopleEdit) -> None:
        """Make an edit after those that were asked for before."""
        self._queue.append(edit)
        if len(self._queue) == 1:
            self._next()

    @Slot()
    def _next(self) -> None:
        if self._queue:
            edit = self._queue[0]
            self._jobs.submit(CHANNEL, lambda: self._backend.edit_people(edit), self._made, self._not_made)

    def _made(self, edited: Edited) -> None:
        edit = self._queue.popleft()
        self.waiting.emit(0)
        self.done.emit(edit, edited)
        self._next()

    def _not_made(self, error: BaseException) -> None:
        if isinstance(error, LibraryBusyError):
            self.waiting.emit(len(self._queue))
            self._again.start()
            return
        self._queue.popleft()
        self.failed.emit(error)
        self._next()
