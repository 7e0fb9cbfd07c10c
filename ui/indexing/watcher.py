"""Changes in watched folders, indexed after a quiet moment, one run at a time."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ui.indexing.backend import IndexingBackend
from ui.jobs import Jobs

QUIET_MS = 3_000
"""So long nothing must have changed before a run begins."""

LONGEST_MS = 60_000
"""Where something changes all the time, a run begins after so long all the same."""


class Watcher(QObject):
    """`due(folders)` when changed folders are to be indexed; whoever hears it calls `take` if a run began."""

    due = Signal()
    failed = Signal(object)
    _told = Signal(int, object)

    def __init__(
        self, backend: IndexingBackend, jobs: Jobs, parent: QObject | None = None, quiet_ms: int = QUIET_MS
    ) -> None:
        super().__init__(parent)
        self._backend, self._jobs = backend, jobs
        self._folders: tuple[Path, ...] = ()
        self._stop: Callable[[], None] = _nothing
        self._turn = 0
        self._changed: dict[Path, None] = {}
        self._quiet = QTimer(self, singleShot=True, interval=quiet_ms)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST_MS)
        self._told.connect(self._take_note)
        self._quiet.timeout.connect(self._tell)
        self._longest.timeout.connect(self._tell)

    def watch(self, folders: Sequence[Path]) -> None:
        """Watch these folders and no others."""
        if tuple(folders) == self._folders:
            return
        self.stop()
        self._folders = tuple(folders)
        if not folders:
            return
        turn = self._turn
        told = lambda changed: self._told.emit(turn, changed)  # noqa: E731  (another thread calls it)
        work = lambda: self._backend.watch(folders, told)  # noqa: E731
        self._jobs.submit("watch", work, lambda stop: self._began(turn, stop), self.failed.emit)

    def stop(self) -> None:
        """Watch nothing any more."""
        self._turn += 1
        self._stop()
        self._stop, self._folders = _nothing, ()
        self._changed.clear()
        self._quiet.stop()
        self._longest.stop()

    def take(self) -> list[Path]:
        """Return the folders to be indexed, and forget them."""
        found = list(self._changed)
        self._changed.clear()
        return found

    def again(self) -> None:
        """Say once more what is due, after a quiet moment: a run has ended that was in the way."""
        if self._changed:
            self._quiet.start()

    def _began(self, turn: int, stop: Callable[[], None]) -> None:
        if turn == self._turn:
            self._stop = stop
        else:
            stop()

    @Slot(int, object)
    def _take_note(self, turn: int, folders: Sequence[Path]) -> None:
        if turn == self._turn:
            self._changed |= dict.fromkeys(folders)
            self._quiet.start()
            if not self._longest.isActive():
                self._longest.start()

    @Slot()
    def _tell(self) -> None:
        self._quiet.stop()
        self._longest.stop()
        if self._changed:
            self.due.emit()


def _nothing() -> None:
    """Stop nothing."""
