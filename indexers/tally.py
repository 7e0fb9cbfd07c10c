"""How far each modality is: how many files it has to read in this run, and how many it has read."""

import threading
import time
from dataclasses import dataclass

from search.records import Learned

_LEAST_S = 2.0
"""Before so many seconds a speed would be a guess."""


@dataclass(slots=True)
class _One:
    done: int = 0
    total: int = 0
    began: float = 0.0
    last: float = 0.0


class Tally:
    """Counts works by the name of their indexer; safe to use from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._by_name: dict[str, _One] = {}

    def begin(self, name: str) -> None:
        """Note that a file is to be read by an indexer."""
        with self._guard:
            self._by_name.setdefault(name, _One()).total += 1

    def end(self, name: str) -> None:
        """Note that one was read, well or in vain."""
        with self._guard:
            one = self._by_name.get(name)
            if one is not None:
                now = time.monotonic()
                one.began = one.began or now
                one.done, one.last = one.done + 1, now

    def told(self) -> tuple[Learned, ...]:
        """Return how far each is, in the order in which they began."""
        with self._guard:
            return tuple(
                Learned(name, one.done, one.total, _rate(one)) for name, one in self._by_name.items()
            )


def _rate(one: _One) -> float:
    """Return files a second since the first was done; 0 where that is not known yet."""
    seconds = one.last - one.began
    return round((one.done - 1) / seconds, 2) if seconds >= _LEAST_S else 0.0
