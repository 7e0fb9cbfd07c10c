"""How far each modality is: how many files it has to read in this run, and how many it has read."""

import threading
from dataclasses import dataclass, field

from indexers.speed import Speed, brief
from search.records import Learned


@dataclass(slots=True)
class _One:
    """`shares` says of contents that are being read, by digest, how much of each is read."""

    done: int = 0
    total: int = 0
    shares: dict[str, float] = field(default_factory=dict)
    speed: Speed = field(default_factory=Speed)

    @property
    def under_way(self) -> float:
        return sum(self.shares.values(), 0.0)


class Tally:
    """Counts works by the name of their indexer; safe to use from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._by_name: dict[str, _One] = {}
        self.is_complete = False
        """Whether all that is to be read in this run is counted."""

    def begin(self, name: str) -> None:
        """Note that a file is to be read by an indexer."""
        with self._guard:
            self._by_name.setdefault(name, _One()).total += 1

    def reach(self, name: str, digest: str, share: float) -> None:
        """Note how much of a content, 0..1, an indexer and its models have read by now."""
        with self._guard:
            one = self._by_name.get(name)
            if one is not None:
                one.shares[digest] = share
                one.speed.note(one.done + one.under_way)

    def end(self, name: str, digest: str) -> None:
        """Note that one was read, well or in vain."""
        with self._guard:
            one = self._by_name.get(name)
            if one is not None:
                one.shares.pop(digest, None)
                one.done += 1
                one.speed.note(one.done + one.under_way)

    def told(self) -> tuple[Learned, ...]:
        """Return how far each is, in the order in which they began."""
        with self._guard:
            return tuple(
                Learned(name, one.done, one.total, brief(one.speed.per_s), round(one.under_way, 3))
                for name, one in self._by_name.items()
            )
