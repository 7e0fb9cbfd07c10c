"""How fast an amount grows, as of late."""

import time
from collections import deque

_WINDOW_S = 60.0
_LEAST_S = 2.0
"""Before so many seconds a speed would be a guess."""

_LEAST_NOTES = 4
"""So many notes are kept however old they are: of a long recording one may come in a minute."""


class Speed:
    """Notes of an amount that grows; the first of them begins the time. For one thread."""

    def __init__(self) -> None:
        self._notes: deque[tuple[float, float]] = deque()

    def note(self, amount: float) -> None:
        """Note how much it is by now."""
        now = time.monotonic()
        if not self._notes or amount != self._notes[-1][1]:
            self._notes.append((now, amount))
        while self._notes[0][0] < now - _WINDOW_S and len(self._notes) > _LEAST_NOTES:
            self._notes.popleft()

    @property
    def per_s(self) -> float:
        """By how much it grows in a second; 0 where that is not known yet."""
        if not self._notes:
            return 0.0
        (since, before), (_, amount) = self._notes[0], self._notes[-1]
        seconds = time.monotonic() - since
        return (amount - before) / seconds if seconds >= _LEAST_S else 0.0


def brief(value: float) -> float:
    """Return a number with three digits: at an hour a film, .000278 files are read in a second."""
    return float(f"{value:.3g}")
