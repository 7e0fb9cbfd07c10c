"""Watches folders for changes, patiently: drives that come and go, folders renamed, storms of changes.

What changed is told by the folders to look through again; looking is left to an indexing run.
"""

import logging
import os
import stat
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from indexers.beside import ENDINGS
from indexers.ignore import IGNORE_FILE, is_junk_folder
from indexers.media_types import KNOWN_EXTENSIONS
from indexers.walk import contains

logger = logging.getLogger(__name__)

MOST = 50
"""More folders than these are not listed one by one: the whole watched folder is looked through."""

STORM = 5_000
"""Of more changes at once the system may have told us only a part: all is looked through."""

_FLEETING = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp", ".swx", ".lock", "~")
"""How names end of files that programs make for a moment."""

_LOOK_MS = 5_000
_GATHER_MS = 1_000

Told = Callable[[Sequence[Path]], None]


def watch(folders: Sequence[Path], library: Path, told: Told, stop: threading.Event) -> None:
    """Tell, until `stop` is set, which folders inside `folders` are to be looked through again.

    All that are there are told once they are watched: much may have changed while nobody looked. A folder
    that is away is waited for; when one goes, comes back or is another (a drive was mounted on it), all that
    are there are told again, as nothing was watched for a moment.
    Raises `OSError` when the system cannot watch so many folders, `KeyboardInterrupt` in the main thread.
    """
    while not stop.is_set():
        there = _there(folders)
        roots, is_first = list(there), True
        for changed in _changes(roots, library, stop):
            if due := roots if is_first else due_folders(changed, roots):
                told(due)
            is_first = False
            if _there(folders) != there:
                break


def due_folders(changed: Iterable[str], roots: Sequence[Path]) -> list[Path]:
    """Return what to look through: the folders of changed paths that still exist, none inside another."""
    found: set[Path] = set()
    paths = list(changed)
    for path in paths:
        root = next((root for root in roots if contains(str(root), path)), None)
        folder = _existing(Path(path), root) if root is not None else None
        if root is not None and folder is not None and not _is_in_junk(path, root):
            found.add(folder)
    if len(found) > MOST or len(paths) > STORM:
        found = {root for root in roots if any(contains(str(root), str(one)) for one in found)}
    return sorted(one for one in found if not any(parent in found for parent in one.parents))


def is_of_use(path: str, library: Path, *, is_gone: bool = False) -> bool:
    """Whether a change at a path may matter: a file that is indexed, one beside it, or a folder.

    What `is_gone` may have been a folder, whatever its name: they may have dots.
    """
    if contains(str(library), path):
        return False
    name = os.path.basename(path)  # noqa: PTH119  (paths come as text)
    ending = os.path.splitext(name)[1].lower()  # noqa: PTH122
    if ending in KNOWN_EXTENSIONS or ending in ENDINGS or name == IGNORE_FILE:
        return True
    if is_gone:
        return not (name.startswith((".", "~$", "#")) or name.lower().endswith(_FLEETING))
    return not ending or os.path.isdir(path)  # noqa: PTH112


def _changes(folders: Sequence[Path], library: Path, stop: threading.Event) -> Iterator[list[str]]:
    """Yield paths that changed, and nothing now and then; where there is nothing to watch, only nothing."""
    if not folders:
        stop.wait(_LOOK_MS / 1000)
        yield []
        return
    from watchfiles import Change
    from watchfiles import watch as changes

    real = [(os.path.realpath(folder), str(folder)) for folder in folders]
    kept = changes(
        *folders,
        watch_filter=lambda kind, path: is_of_use(path, library, is_gone=kind == Change.deleted),
        debounce=_GATHER_MS,
        stop_event=stop,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        raise_interrupt=True,  # Ctrl-C ends the watching, not just this look
        ignore_permission_denied=True,
    )
    for found in kept:
        yield [_as_given(path, real) for _, path in found]


def _as_given(path: str, real: Iterable[tuple[str, str]]) -> str:
    """Return a path as the library knows it; some systems tell of changes by where links lead."""
    for leads_to, given in real:
        if not contains(given, path) and contains(leads_to, path):
            return given + path[len(leads_to) :]
    return path


def _there(folders: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Return the folders that are there, and which of all folders each is."""
    found = {}
    for folder in folders:
        with suppress(OSError):
            status = folder.stat()
            if stat.S_ISDIR(status.st_mode):
                found[folder] = (status.st_dev, status.st_ino)
    return found


def _is_in_junk(path: str, root: Path) -> bool:
    """Whether a path lies in a folder that no run enters, such as those in which programs keep their own."""
    *above, name = path[len(str(root)) :].split(os.sep)  # noqa: PTH206
    return any(map(is_junk_folder, filter(None, above))) or ("." not in name[1:] and is_junk_folder(name))


def _existing(path: Path, root: Path) -> Path | None:
    """Return the deepest folder above a path, or itself, that exists; None when the root is gone, too."""
    folder = path if path.is_dir() else path.parent
    while contains(str(root), str(folder)):
        if folder.is_dir():
            return folder
        folder = folder.parent
    return None
