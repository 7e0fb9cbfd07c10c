"""Gives memory back to the system that was asked for and freed again.

The allocator of glibc keeps what lies between pieces still in use, in each of many heaps, and ever larger
pieces go there: after some minutes of speech 200 MB, after pages of text 100, after a film read by all models
600. So large pieces are asked of the system one by one here, and the rest is given back now and then.
"""

import ctypes
import sys
import time

EVERY_S = 5.0
LARGE = 1 << 18
"""Bytes from which on a piece goes back to the system as soon as it is freed: a small frame of a film."""

_ASK_OFTEN = frozenset(("torch", "ctranslate2"))
_LARGE_WITH_THEM = 1 << 25
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8  # of mallopt, malloc.h
_MOST_HEAPS = 2


def _library() -> ctypes.CDLL | None:
    """Return glibc, None where the system has another allocator or gives memory back by itself."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        library = ctypes.CDLL(None)
        return library if library.malloc_trim and library.mallopt else None
    except (OSError, AttributeError):  # another C library
        return None


def keep_little() -> bool:
    """Let this process keep little of what it frees; returns whether there was anything to be done.

    PyTorch and CTranslate2 ask for large pieces in every layer anew and would take a fifth longer: with them
    those are kept.
    """
    library = _library()
    if library is None:
        return False
    library.mallopt(_ARENA_MAX, _MOST_HEAPS)
    large = LARGE if _ASK_OFTEN.isdisjoint(sys.modules) else _LARGE_WITH_THEM
    return bool(library.mallopt(_MMAP_THRESHOLD, large))


class Tidier:
    """Gives memory back now and then; costs some milliseconds each time."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._library = _library()
        self._every_s = every_s
        self._last = time.monotonic()
        keep_little()

    def tidy(self) -> bool:
        """Give back what is free, unless that was done a short while ago; returns whether it was done."""
        now = time.monotonic()
        if self._library is None or now - self._last < self._every_s:
            return False
        keep_little()  # a model may have brought one of those in that ask often
        self._library.malloc_trim(0)
        self._last = now
        return True
