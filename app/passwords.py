"""The passwords that a library remembers, so that locked files can be read again and shown.

They lie in the library's folder, readable by its owner alone.
"""

import json
import os
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from search.errors import CrossfindError, MediaError

NAME = "passwords.json"


def remembered(library: Path) -> tuple[str, ...]:
    """Return the passwords of a library, the newest first; none where there are none, or none readable."""
    try:
        found = json.loads((library / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    return tuple(map(str, found)) if isinstance(found, list) else ()


def unlock(library: Path, paths: Sequence[str], password: str) -> list[str]:
    """Try a password on files, remember it if it opens any, and return those that it opens.

    Raises `CrossfindError` where it opens none, `LibraryError` where it cannot be remembered.
    """
    opened = [path for path in paths if _opens(path, password)]
    if not opened:
        what = "this file" if len(paths) == 1 else "any of these files"
        raise CrossfindError(f"This password does not open {what}.", "Capital letters matter in it.")
    known = remembered(library)
    _write(library, (password, *(one for one in known if one != password)))
    return opened


def forget(library: Path) -> None:
    """Forget all passwords; what was read with them stays findable. Raises `LibraryError`."""
    from search.store.tables import plain_errors  # loads tables, which the window never does

    with plain_errors(library):
        (library / NAME).unlink(missing_ok=True)


def _opens(path: str, password: str) -> bool:
    """Whether a password opens a PDF, an Office document, or the first locked member of a ZIP archive."""
    from indexers.documents import opened
    from indexers.writings import locked

    with suppress(OSError), open(path, "rb") as file:  # noqa: PTH123 (paths come as text)
        if zipfile.is_zipfile(file):
            return _unzips(path, password)
        if locked.is_encrypted(file):
            return locked.unlocked(file, (password,)) is not None

    with suppress(MediaError), opened(path, (password,)):
        return True
    return False


def _unzips(path: str, password: str) -> bool:
    from indexers.writings.archive import opens

    with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(path) as archive:
        locked = next((info for info in archive.infolist() if info.flag_bits & 1), None)
        return locked is not None and opens(archive, locked, password)
    return False


def _write(library: Path, passwords: Sequence[str]) -> None:
    """Write them into a file that nobody else can ever open."""
    from search.store.tables import plain_errors

    beside = library / f".{NAME}.{os.getpid()}.tmp"
    with plain_errors(library):
        library.mkdir(parents=True, exist_ok=True)
        beside.unlink(missing_ok=True)
        number = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(list(passwords), file)
        beside.replace(library / NAME)
