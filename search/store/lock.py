"""One writer at a time, across processes; whoever waits in vain is told who holds the library."""

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
HOLDER = "lock.holder.json"


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the library for writing.

    The operating system frees the lock when its process dies, so a crash blocks nobody.
    Raises `LibraryBusyError` at once when it is held, `LibraryReadOnlyError` when it cannot be written.
    """
    lock = FileLock(folder / NAME, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        raise LibraryBusyError(
            f"The library in {folder} is being written by {_holder(folder)}.",
            "Wait until it is done, or stop it.",
        ) from None
    except OSError as error:
        raise explain(folder, error) from error
    try:
        note = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.time()}
        with plain_errors(folder):
            write_atomically(folder / HOLDER, json.dumps(note).encode())
        yield
    finally:
        (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    try:
        note = json.loads((folder / HOLDER).read_text(encoding="utf-8"))
        since = datetime.fromtimestamp(note["since"]).strftime("%Y-%m-%d %H:%M:%S")
        return f"process {int(note['pid'])} on {note['host']} since {since}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
