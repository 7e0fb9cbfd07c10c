"""One writer at a time, across processes; whoever waits in vain is told who holds the library.

Two locks make that bearable. `lock` is held by whoever may write everything: an indexing run, from its first
moment to its last. `lock.tables` is held by whoever is writing just now; between two batches a run lends it
to those who want to write a few small tables (people, for one) and say so by the file `lock.wanted`.
"""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from search.errors import LibraryBusyError
from search.store.disk import write_atomically
from search.store.tables import explain, plain_errors

NAME = "lock"
TABLES = "lock.tables"
WANTED = "lock.wanted"
HOLDER = "lock.holder.json"

_POLL_S = 0.005
_ASK_EVERY_S = 0.5
_HEAD_START_S = 0.05
"""So long the lender stands back, that one who waits is sure to be first."""

_RETURNED_WITHIN_S = 300.0
_SHORTLY_S = 5.0


class TablesLock:
    """The right to write tables now; made by `writer_lock`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder / TABLES, thread_local=False, poll_interval=_POLL_S)

    def take(self, within_s: float) -> None:
        """Take it, waiting at most so long. Raises `LibraryBusyError`, `LibraryReadOnlyError`."""
        try:
            self._lock.acquire(timeout=within_s)
        except Timeout:
            raise _busy(self._folder) from None
        except OSError as error:
            raise explain(self._folder, error) from error

    def ask_for(self, within_s: float) -> None:
        """Take it, asking whoever holds it to lend it. Raises as `take` does."""
        deadline = time.monotonic() + within_s
        while (left := deadline - time.monotonic()) > _ASK_EVERY_S:
            try:
                self._lock.acquire(timeout=0)
                return
            except Timeout:
                with plain_errors(self._folder):
                    (self._folder / WANTED).touch()
            except OSError as error:
                raise explain(self._folder, error) from error
            try:
                self._lock.acquire(timeout=min(left, _ASK_EVERY_S))
                return
            except Timeout:
                continue
        self.take(max(left, 0.0))

    def is_wanted(self) -> bool:
        """Whether somebody waits for it."""
        return (self._folder / WANTED).exists()

    def lend(self) -> None:
        """Let who waits write, and take it back when they are done. Raises `LibraryBusyError`."""
        (self._folder / WANTED).unlink(missing_ok=True)
        self._lock.release()
        time.sleep(_HEAD_START_S)
        self.take(_RETURNED_WITHIN_S)

    def release(self) -> None:
        """Give it up."""
        self._lock.release()


@contextmanager
def writer_lock(folder: Path) -> Iterator[TablesLock]:
    """Hold the library for writing everything.

    The operating system frees the locks when their process dies, so a crash blocks nobody.
    Raises `LibraryBusyError` at once when it is held, `LibraryReadOnlyError` when it cannot be written.
    """
    lock = FileLock(folder / NAME, timeout=0, thread_local=False)
    tables = TablesLock(folder)
    try:
        lock.acquire()
    except Timeout:
        raise _busy(folder) from None
    except OSError as error:
        raise explain(folder, error) from error
    try:
        note = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.time()}
        with plain_errors(folder):
            write_atomically(folder / HOLDER, json.dumps(note).encode())
        tables.take(_SHORTLY_S)  # whoever writes a few tables is done in a moment
        yield tables
    finally:
        tables.release()
        (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


@contextmanager
def tables_lock(folder: Path, patience_s: float) -> Iterator[TablesLock]:
    """Hold the library for writing a few tables, waiting for a gap in what others write.

    Raises `LibraryBusyError` when there is none within `patience_s`, `LibraryReadOnlyError`.
    """
    tables = TablesLock(folder)
    tables.ask_for(patience_s)
    try:
        yield tables
    finally:
        tables.release()


def _busy(folder: Path) -> LibraryBusyError:
    return LibraryBusyError(
        f"The library in {folder} is being written by {_holder(folder)}.",
        "Wait until it is done, or stop it.",
    )


def _holder(folder: Path) -> str:
    try:
        note = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
        since = datetime.fromtimestamp(note["since"]).strftime("%Y-%m-%d %H:%M:%S")
        return f"process {int(note['pid'])} on {note['host']} since {since}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
