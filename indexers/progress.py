"""Counts a run's files and guesses how long the rest will take."""

import time
from collections import Counter, deque
from collections.abc import Sequence

from search.records import Learned, Missing, Outcome, Progress, Removed, Unchanged

_WINDOW_S = 30.0
_EVERY_S = 0.25


class Meter:
    """How far a run is. `found` grows while folders are walked; the total is told when that is over."""

    def __init__(self) -> None:
        self.found = 0
        self.is_total = False
        self._done = 0
        self._worked = 0
        self._began = time.monotonic()
        self._history: deque[tuple[float, int]] = deque([(self._began, 0)])
        self._told = 0.0

    def count(self, files: int) -> None:
        """Note that the walk met more files."""
        self.found += files

    def note(self, outcomes: Sequence[Outcome | Missing]) -> None:
        """Note files that are done."""
        kinds = Counter(map(type, outcomes))
        done = len(outcomes) - kinds[Removed] - kinds[Missing]
        self._done += done
        self._worked += done - kinds[Unchanged]
        now = time.monotonic()
        self._history.append((now, self._worked))
        while self._history[0][0] < now - _WINDOW_S and len(self._history) > 2:
            self._history.popleft()

    def is_due(self) -> bool:
        """Whether it is time to tell again: a few times a second."""
        return time.monotonic() - self._told >= _EVERY_S

    def progress(self, stage: str | None = None, learned: tuple[Learned, ...] = ()) -> Progress:
        """Tell how far the run is; speed and time left are those of files that really took work."""
        now = self._told = time.monotonic()
        since, before = self._history[0]
        rate = (self._worked - before) / max(now - since, 1e-3)
        total = self.found if self.is_total else None
        left = (self.found - self._done) / rate if total is not None and rate > 0 else None
        speed = rate if self._worked else self._done / max(now - self._began, 1e-3)
        return Progress(self._done, total, round(speed, 2), left, stage or self._stage(), learned)

    def _stage(self) -> str:
        return "indexing" if self._worked or self.is_total else "looking for files"
