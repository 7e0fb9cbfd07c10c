"""Watches folders for changes, patiently: drives that come and go, folders renamed, storms of changes.

What changed is told by the folders to look through again; looking is left to an indexing run.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from indexers.beside import ENDINGS
from indexers.ignore import IGNORE_FILE
from indexers.media_types import KNOWN_EXTENSIONS
from indexers.walk import contains

logger = logging.getLogger(__name__)

MOST = 50
"""More folders than these are not listed one by one: the whole watched folder is looked through."""

_LOOK_MS = 5_000
_GATHER_MS = 1_000

Told = Callable[[Sequence[Path]], None]


def watch(folders: Sequence[Path], library: Path, told: Told, stop: threading.Event) -> None:
    """Tell, until `stop` is set, which folders inside `folders` are to be looked through again.

    A folder that is away is waited for and told when it is back; nothing is told of one that goes away.
    Raises `OSError` when the system cannot watch so many folders.
    """
    there = _there(folders)
    while not stop.is_set():
        for changed in _changes(there, library, stop):
            if due := due_folders(changed, there):
                told(due)
            if (now := _there(folders)) != there:
                back, there = [one for one in now if one not in there], now
                if back:
                    told(back)
                break


def due_folders(changed: Iterable[str], roots: Sequence[Path]) -> list[Path]:
    """Return what to look through: the folders of changed paths that still exist, none inside another."""
    found: set[Path] = set()
    for path in changed:
        root = next((root for root in roots if contains(str(root), path)), None)
        folder = _existing(Path(path), root) if root is not None else None
        if folder is not None:
            found.add(folder)
    if len(found) > MOST:
        found = {root for root in roots if any(contains(str(root), str(one)) for one in found)}
    return sorted(one for one in found if not any(parent in found for parent in one.parents))


def is_of_use(path: str, library: Path) -> bool:
    """Whether a change at a path may matter: a file that is indexed, one beside it, or a folder."""
    if contains(str(library), path):
        return False
    name = os.path.basename(path)  # noqa: PTH119  (paths come as text)
    ending = os.path.splitext(name)[1].lower()  # noqa: PTH122
    known = ending in KNOWN_EXTENSIONS or ending in ENDINGS or name == IGNORE_FILE
    return known or not ending or os.path.isdir(path)  # noqa: PTH112


def _changes(folders: Sequence[Path], library: Path, stop: threading.Event) -> Iterator[list[str]]:
    """Yield paths that changed, and nothing now and then; where there is nothing to watch, only nothing."""
    if not folders:
        stop.wait(_LOOK_MS / 1000)
        yield []
        return
    from watchfiles import watch as changes

    kept = changes(
        *folders,
        watch_filter=lambda _, path: is_of_use(path, library),
        debounce=_GATHER_MS,
        stop_event=stop,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    )
    for found in kept:
        yield [path for _, path in found]


def _there(folders: Iterable[Path]) -> list[Path]:
    return [folder for folder in folders if folder.is_dir()]


def _existing(path: Path, root: Path) -> Path | None:
    """Return the deepest folder above a path, or itself, that exists; None when the root is gone, too."""
    folder = path if path.is_dir() else path.parent
    while contains(str(root), str(folder)):
        if folder.is_dir():
            return folder
        folder = folder.parent
    return None
