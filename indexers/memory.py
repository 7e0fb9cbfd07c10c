"""Gives memory back to the system that models have asked for and freed again.

The allocator of glibc keeps what lies between pieces still in use, above all in threads of their own: after
some minutes of speech 200 MB, after pages of text 100.
"""

import ctypes
import sys
import time
from collections.abc import Callable

EVERY_S = 5.0


def _trim() -> Callable[[], object] | None:
    """Return what gives memory back, None where the system has nothing of the kind or does so by itself."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # another C library
        return None
    return lambda: trim(0)


class Tidier:
    """Gives memory back now and then; costs some milliseconds each time."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._trim = _trim()
        self._every_s = every_s
        self._last = time.monotonic()

    def tidy(self) -> bool:
        """Give back what is free, unless that was done a short while ago; returns whether it was done."""
        now = time.monotonic()
        if self._trim is None or now - self._last < self._every_s:
            return False
        self._trim()
        self._last = now
        return True
