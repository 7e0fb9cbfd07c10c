"""A bounded queue between the stages of a run that can be closed, and stopped from anywhere."""

import threading
from collections import deque
from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
_LOOK_EVERY_S = 0.1


class StoppedError(Exception):
    """The run was stopped while a stage waited."""


class Channel(Generic[T]):
    """Items wait in order until somebody takes them; who puts waits while there is too much.

    `capacity` bounds the sum of the weights: an item gets in as long as the sum is below it.
    While `held` is set nothing passes: who puts or gets waits as if it were full or empty.
    """

    def __init__(self, capacity: int, stopped: threading.Event, held: threading.Event | None = None) -> None:
        self._capacity = capacity
        self._stopped = stopped
        self._held = held or threading.Event()
        self._items: deque[tuple[T, int]] = deque()
        self._weight = 0
        self._undone = 0
        self._closed = False
        self._changed = threading.Condition()

    def put(self, item: T, weight: int = 1) -> None:
        """Add an item when there is room. Raises `StoppedError`."""
        with self._changed:
            while self._weight >= self._capacity or self._held.is_set():
                self._wait()
            self._items.append((item, weight))
            self._weight += weight
            self._undone += 1
            self._changed.notify_all()

    def get(self, timeout_s: float | None = None) -> T | None:
        """Take the oldest item; None when the channel is closed and empty, or after the time-out.

        Raises `StoppedError`.
        """
        waited = 0.0
        with self._changed:
            while not self._items or self._held.is_set():
                is_over = self._closed and not self._items
                if is_over or (timeout_s is not None and waited >= timeout_s):
                    return None
                self._wait()
                waited += _LOOK_EVERY_S
            item, weight = self._items.popleft()
            self._weight -= weight
            self._changed.notify_all()
            return item

    def done(self) -> None:
        """Say that one of the items that were taken is done with."""
        with self._changed:
            self._undone -= 1
            self._changed.notify_all()

    def join(self) -> None:
        """Wait until all that was put is done with. Raises `StoppedError`."""
        with self._changed:
            while self._undone > 0:
                self._wait()

    def crowds(self, more_than: int) -> bool:
        """Wait until more than so many items are undone at a time; False when it was closed before that.

        Raises `StoppedError`.
        """
        with self._changed:
            while self._undone <= more_than:
                if self._closed:
                    return False
                self._wait()
            return True

    def drain(self) -> list[T]:
        """Take everything that waits, also after a stop."""
        with self._changed:
            items = [item for item, _ in self._items]
            self._items.clear()
            self._weight = 0
            return items

    def close(self) -> None:
        """Say that nothing more will come."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def finished(self) -> bool:
        """Whether the channel is closed and everything was taken."""
        with self._changed:
            return self._closed and not self._items

    def __iter__(self) -> Iterator[T]:
        while (item := self.get()) is not None:
            yield item

    def _wait(self) -> None:
        if self._stopped.is_set():
            raise StoppedError
        self._changed.wait(_LOOK_EVERY_S)
