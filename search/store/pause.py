"""A pause that one process asks of another: a file in the library that an indexing run looks for."""

from pathlib import Path

from filelock import FileLock, Timeout

from search.errors import LibraryError
from search.store.lock import NAME as LOCK
from search.store.tables import plain_errors

NAME = "paused"


def pause(folder: Path) -> None:
    """Ask the run that writes a library to pause. Raises `LibraryError` when there is none."""
    if not is_written(folder):
        raise LibraryError(f"Nothing is being indexed into {folder} now.", "Start with: crossfind index")
    with plain_errors(folder):
        (folder / NAME).touch()


def resume(folder: Path) -> bool:
    """Let a paused run go on; returns whether a pause had been asked for. Raises `LibraryError`."""
    was_paused = is_paused(folder)
    with plain_errors(folder):
        (folder / NAME).unlink(missing_ok=True)
    return was_paused


def is_paused(folder: Path) -> bool:
    """Whether a pause has been asked for."""
    return (folder / NAME).exists()


def is_written(folder: Path) -> bool:
    """Whether a process holds the library for writing."""
    lock = FileLock(folder / LOCK, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False
