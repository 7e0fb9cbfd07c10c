"""Open LanceDB tables, and what its errors mean for a person."""

import errno
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from search.errors import LibraryCorruptError, LibraryError, LibraryMissingError, LibraryReadOnlyError

Table = Any
"""A `lancedb.table.LanceTable`; LanceDB is imported when the first one is opened."""

INDEX_CACHE_BYTES = 512 << 20
METADATA_CACHE_BYTES = 128 << 20
"""LanceDB's own limits are 6 GiB and 1 GiB; the index of a million vectors of 512 values takes 270 MB."""

_FULL = ("no space left", "disk quota exceeded", "not enough space", "storagefull", "os error 28")
_DENIED = ("permission denied", "read-only file system", "access is denied", "os error 13", "os error 30")
_MISTAKES = ("schema error", "sql", "parse")


class Database:
    """The LanceDB connection of one library folder, made at first use and shared with its caches."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._connection: Any = None
        self._guard = threading.Lock()

    def connect(self) -> Any:
        """Return the connection."""
        with self._guard:
            if self._connection is None:
                os.environ.setdefault("LANCEDB_LOG", "error")
                import lancedb

                session = lancedb.Session(INDEX_CACHE_BYTES, METADATA_CACHE_BYTES)
                self._connection = lancedb.connect(str(self.folder), session=session)
            return self._connection

    def close(self) -> None:
        """Let go of the connection; the next use makes a new one."""
        with self._guard:
            self._connection = None


class Tables:
    """The tables of a library, each opened once: at the given versions, or as they are now.

    Safe to use from several threads.
    """

    def __init__(self, database: Database, versions: Mapping[str, int] | None = None) -> None:
        self._database = database
        self._versions = versions or {}
        self._open: dict[str, Table] = {}
        self._guard = threading.Lock()

    def get(self, name: str) -> Table:
        """Open a table. Raises `LibraryCorruptError` when it is not there."""
        with self._guard:
            if name not in self._open:
                self._open[name] = self._opened(name)
            return self._open[name]

    def create(self, name: str, schema: pa.Schema) -> Table:
        """Make an empty table."""
        with self._guard:
            self._open[name] = self._database.connect().create_table(name, schema=schema)
            return self._open[name]

    def drop(self, name: str) -> None:
        """Delete a table with its files; one that is not there is fine."""
        with self._guard:
            self._open.pop(name, None)
            self._database.connect().drop_table(name, ignore_missing=True)

    def names(self) -> set[str]:
        """Return the tables on disk."""
        return {path.stem for path in self._database.folder.glob("*.lance") if path.is_dir()}

    def _opened(self, name: str) -> Table:
        try:
            table = self._database.connect().open_table(name)
        except ValueError as error:
            raise _corrupt(self._database.folder, error) from error
        version = self._versions.get(name)
        if version is not None and table.version != version:
            table.checkout(version)
        return table


def roll_back(tables: Tables, versions: Mapping[str, int]) -> bool:
    """Set tables that moved on from these versions back to them; return whether any had."""
    moved = False
    for name, version in versions.items():
        table = tables.get(name)
        table.checkout_latest()
        if table.version != version:
            table.checkout(version)
            table.restore()
            moved = True
    return moved


@contextmanager
def plain_errors(folder: Path) -> Iterator[None]:
    """Turn what LanceDB and the operating system raise into a sentence for a person."""
    try:
        yield
    except (RuntimeError, OSError, ValueError) as error:
        if not is_damage(error):
            raise
        raise explain(folder, error) from error


def is_damage(error: Exception) -> bool:
    """Whether the disk is to blame: LanceDB uses `ValueError` for unreadable files and for wrong filters."""
    if not isinstance(error, ValueError):
        return True
    text = str(error).lower()
    return text.startswith(("invalid input", "lance error", "version")) and not any(
        sign in text for sign in _MISTAKES
    )


def explain(folder: Path, error: Exception) -> LibraryError:
    """Say what a failure to read or write means: a full disk, a folder that is gone or read-only, damage."""
    text = str(error).lower()
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ENOSPC, errno.EDQUOT) or any(sign in text for sign in _FULL):
        return LibraryError(
            f"The disk that holds the library in {folder} is full.",
            "Free some space and run the same command again; what was written before is kept.",
        )
    if number in (errno.EACCES, errno.EROFS, errno.EPERM) or any(sign in text for sign in _DENIED):
        return LibraryReadOnlyError(
            f"The library in {folder} cannot be written.",
            "Make the folder writable, or use another one with --library DIR. Searching it works as it is.",
        )
    return _corrupt(folder, error) if folder.is_dir() else gone(folder)


def gone(folder: Path) -> LibraryMissingError:
    """Say that a library is no longer where it was a moment ago."""
    return LibraryMissingError(
        f"The library in {folder} cannot be reached.",
        "If its drive was unplugged, plug it in and run the same command again; what was written is kept.",
    )


def _corrupt(folder: Path, error: Exception) -> LibraryCorruptError:
    first_line = str(error).partition("\n")[0][:300]
    return LibraryCorruptError(
        f"A table of the library in {folder} cannot be read ({first_line}).",
        "Check and repair it with: crossfind doctor",
    )
