"""Something dear, such as a model: made when it is first needed, let go of when it is not."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class OnDemand(Generic[T]):
    """Holds what `make` makes; safe to use from many threads. What `make` raises, `get` raises, and tries
    anew the next time."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.Lock()
        self._made: T | None = None

    def get(self) -> T:
        """Return the thing, made if it is not there."""
        with self._lock:
            if self._made is None:
                self._made = self._make()
            return self._made

    def close(self) -> None:
        """Let go of the thing; a later `get` makes it again. Who still uses it may go on."""
        with self._lock:
            self._made = None
