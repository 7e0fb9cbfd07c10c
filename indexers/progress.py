"""Counts a run's files and guesses how long the rest will take."""

import time
from collections import Counter
from collections.abc import Sequence

from indexers.speed import Speed, brief
from indexers.tally import Tally
from search.records import Learned, Missing, Outcome, Progress, Removed, Unchanged

_EVERY_S = 0.25


class Meter:
    """How far a run is. `found` grows while folders are walked; the total is told when that is over."""

    def __init__(self) -> None:
        self.found = 0
        self.is_total = False
        self._done = 0
        self._worked = 0
        self._began = time.monotonic()
        self._files = Speed()
        self._files.note(0)
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
        self._files.note(self._worked)

    def is_due(self) -> bool:
        """Whether it is time to tell again: a few times a second."""
        return time.monotonic() - self._told >= _EVERY_S

    def progress(self, tally: Tally, stage: str | None = None) -> Progress:
        """Tell how far the run is; speed and time left are those of files that really took work."""
        now = self._told = time.monotonic()
        learned = tally.told()
        total = self.found if self.is_total else None
        speed = self._files.per_s if self._worked else self._done / max(now - self._began, 1e-3)
        left = self._left(learned if tally.is_complete else ())
        return Progress(self._done, total, brief(speed), left, stage or self._stage(), learned)

    def _left(self, learned: Sequence[Learned]) -> float | None:
        """Return the seconds left, None where they are not known, or none are.

        Once all that is to be `learned` is counted, they follow from the speeds of what is not learned yet: a
        long film is no whole file for an hour. Before that files are counted.
        """
        if not self.is_total:
            return None
        left: float = self.found - self._done
        per_s = self._files.per_s
        if learned:
            rest = [one for one in learned if one.done < one.total]
            left = sum(one.total - one.read for one in rest)
            per_s = sum(one.files_per_s for one in rest)
        return left / per_s if left and per_s > 0 else None

    def _stage(self) -> str:
        return "indexing" if self._worked or self.is_total else "looking for files"
