"""Tells files that a query names apart by what is in them."""

import hashlib
import threading
from collections import OrderedDict
from functools import partial
from pathlib import Path

from search.errors import MediaError

DIGEST_BYTES = 16
"""Contents are known by a BLAKE2b of so many bytes, in hex."""

LARGE = 1 << 26
"""A file of more bytes is known by its path, size and time of change: reading it all takes too long."""

_KEPT = 64


class Digests:
    """Remembers the digests of files that were asked with, until they change. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, int, int], str] = OrderedDict()

    def identity(self, path: Path) -> str:
        """Return what two files share only when they hold the same; a large one shares it with none.

        Raises `MediaError` for a path that is no file.
        """
        path_text, size, mtime_ns = self._stamp(path)
        return self.digest(path) if size <= LARGE else f"{path_text}:{size}:{mtime_ns}"

    def digest(self, path: Path) -> str:
        """Return the digest by which a library knows the content. Raises `MediaError`."""
        stamp = self._stamp(path)
        with self._lock:
            if stamp in self._known:
                self._known.move_to_end(stamp)
                return self._known[stamp]
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=DIGEST_BYTES))
        except OSError as error:
            raise MediaError(f"{path} cannot be read: {error.strerror}.") from error
        with self._lock:
            self._known[stamp] = digest.hexdigest()
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return digest.hexdigest()

    @staticmethod
    def _stamp(path: Path) -> tuple[str, int, int]:
        try:
            if not path.exists():
                raise MediaError(f"{path} does not exist.", "Check the path behind the @.")
            if not path.is_file():
                raise MediaError(f"{path} is no file.", "Check the path behind the @.")
            status = path.stat()
        except OSError as error:
            raise MediaError(f"{path} cannot be read: {error.strerror}.") from error
        return str(path), status.st_size, status.st_mtime_ns
