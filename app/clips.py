"""Clips for other programs: cut into a folder of the program's own, and kept there for some days."""

import hashlib
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from app import cutting, paths
from app.cutting import Asked
from search.errors import CrossfindError, MediaError
from search.store.disk import size_of

KEPT_S = 7 * 86_400
"""Who was given a clip may still need it so long: a video editor names a file and copies nothing."""

MOST_BYTES = 2_000_000_000
"""Beyond this the oldest clips go sooner."""


def clips(wanted: Iterable[Asked]) -> list[Path]:
    """Cut each stretch into a file named after its source and time; what was cut before is given again.

    Raises `CrossfindError` for the first that cannot be cut.
    """
    folder = paths.cache_dir() / "clips"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = [_clip(folder, one) for one in wanted]
    except OSError as error:
        raise CrossfindError(f"The clip cannot be written to {folder}: {error.strerror}.") from error
    _sweep(folder, {path.parent for path in made})
    return made


def _clip(folder: Path, one: Asked) -> Path:
    place = folder / _key(one)
    if (known := _only(place)) is not None:
        place.touch()
        return known
    beside = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        for _, made in cutting.write([one], beside):
            if isinstance(made, CrossfindError):
                raise made
        with suppress(OSError):  # somebody else was quicker
            beside.rename(place)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    if (cut := _only(place)) is None:
        raise MediaError(f"{one.path.name} could not be cut.", "Try again.")
    return cut


def _key(one: Asked) -> str:
    """Name a stretch of a file as it is now."""
    try:
        stat = one.path.stat()
    except OSError as error:
        raise MediaError(f"{one.path} cannot be read: {error.strerror}.") from error
    what = f"{one.path}\n{stat.st_mtime_ns}\n{stat.st_size}\n{one.start_s:.3f}\n{one.end_s:.3f}"
    return hashlib.sha256(what.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def _only(place: Path) -> Path | None:
    return next(place.iterdir(), None) if place.is_dir() else None


def _sweep(folder: Path, kept: set[Path]) -> None:
    """Delete clips that were not asked for in a long time, and the oldest of too many."""
    oldest = sorted(_aged(folder), reverse=True)
    held = sum(size_of(place) for _, place in oldest)
    for age_s, place in oldest:
        if place not in kept and (age_s > KEPT_S or held > MOST_BYTES):
            held -= size_of(place)
            shutil.rmtree(place, ignore_errors=True)


def _aged(folder: Path) -> Sequence[tuple[float, Path]]:
    now, found = time.time(), []
    for place in folder.iterdir():
        with suppress(OSError):
            found.append((now - place.stat().st_mtime, place))
    return found
