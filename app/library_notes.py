"""Small notes beside the tables of a library: when folders were last gone through, which are watched.

Losing them harms nothing.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from search.store.disk import write_atomically
from search.store.tables import plain_errors

RUNS, WATCHED = "runs.json", "watched.json"


def note_run(library: Path, folders: Iterable[Path], at: datetime) -> None:
    """Remember that folders were gone through to the end. Raises `LibraryError`."""
    known = last_runs(library) | {str(folder): at.isoformat(timespec="seconds") for folder in folders}
    _write(library / RUNS, known)


def last_runs(library: Path) -> dict[str, str]:
    """Return folder -> when it was last gone through to the end (ISO 8601, local time)."""
    found = _read(library / RUNS)
    return {str(name): str(at) for name, at in found.items()} if isinstance(found, dict) else {}


def watched(library: Path) -> frozenset[str]:
    """Return the folders that are to be watched for changes."""
    found = _read(library / WATCHED)
    return frozenset(map(str, found)) if isinstance(found, list) else frozenset()


def set_watched(library: Path, folder: str, on: bool) -> None:
    """Watch a folder from now on, or no more. Raises `LibraryError`."""
    before = watched(library)
    _write(library / WATCHED, sorted(before | {folder} if on else before - {folder}))


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _write(path: Path, value: Any) -> None:
    with plain_errors(path.parent):
        write_atomically(path, json.dumps(value).encode())
