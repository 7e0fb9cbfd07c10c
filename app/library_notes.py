"""Small notes beside the tables of a library: when folders were last gone through, which are watched.

Losing them harms nothing.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from search.records import Progress
from search.store.disk import write_atomically
from search.store.pause import is_written
from search.store.tables import plain_errors

RUNS, WATCHED, UNDER_WAY = "runs.json", "watched.json", "run.json"


def note_run(library: Path, folders: Iterable[Path], at: datetime) -> None:
    """Remember that folders were gone through to the end. Raises `LibraryError`."""
    known = last_runs(library) | {str(folder): at.isoformat(timespec="seconds") for folder in folders}
    _write(library / RUNS, known)


def last_runs(library: Path) -> dict[str, str]:
    """Return folder -> when it was last gone through to the end (ISO 8601, local time)."""
    found = _read(library / RUNS)
    return {str(name): str(at) for name, at in found.items()} if isinstance(found, dict) else {}


def note_progress(library: Path, progress: Progress | None) -> None:
    """Let other programs see how far the run under way is; None: it is over. Never raises."""
    path = library / UNDER_WAY
    with suppress(OSError):
        if progress is None:
            path.unlink(missing_ok=True)
        else:
            beside = path.with_suffix(".new")  # not worth bringing to the disk: it is old in a second
            beside.write_text(json.dumps(asdict(progress)), encoding="utf-8")
            beside.replace(path)


def progress_of(library: Path) -> dict[str, Any] | None:
    """Return how far the run that writes a library is, in whatever program; None where there is none."""
    found = _read(library / UNDER_WAY)
    return found if isinstance(found, dict) and is_written(library) else None


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
