"""Clips around hits, or of a stretch of a file, as new files beside each other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from app.naming import fitting
from indexers.cutting import Cut, cut
from search.errors import CrossfindError, MediaError
from search.records import Hit, Region, TimeSpan

_CLOCK = r"(?:(?:(\d+):)?(\d{1,3}):)?(\d+(?:\.\d+)?)"
_SPAN = re.compile(rf"{_CLOCK}\.\.{_CLOCK}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A stretch of a file that is to become a new one."""

    path: Path
    start_s: float
    end_s: float


def span(text: str) -> tuple[float, float] | None:
    """Read `1:23..1:40`, `83..100.5` or `1:02:03..1:02:30` as seconds; None for anything else."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        return None
    hours = [float(group or 0) for group in found.groups()]
    first, last = (3600 * h + 60 * m + s for h, m, s in (hours[:3], hours[3:]))
    return first, last


def asked_by(hits: Iterable[Hit], margin_s: float) -> Iterator[Asked]:
    """Yield the stretches of the hits that have a time, `margin_s` seconds longer at both ends."""
    for hit in hits:
        place = hit.locator.of if isinstance(hit.locator, Region) else hit.locator
        if isinstance(place, TimeSpan):
            end_s = max(place.end_s, place.start_s + 0.5) + margin_s
            length_s = hit.content.duration_s
            ends = min(end_s, length_s) if length_s else end_s
            yield Asked(Path(hit.file.path), max(0.0, place.start_s - margin_s), ends)


def write(
    wanted: Iterable[Asked], folder: Path, *, exact: bool = False
) -> Iterator[tuple[Asked, Cut | CrossfindError]]:
    """Write clips into a folder, named after their source and time, and yield what came of each.

    Nothing is overwritten: a name that is taken gets a number. Raises `CrossfindError` when the folder cannot
    be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrossfindError(f"{folder} cannot be made: {error.strerror}.", "Name another folder.") from error
    for one in wanted:
        try:
            made: Cut | CrossfindError = cut(
                one.path, one.start_s, one.end_s, _free(folder, one), exact=exact
            )
        except MediaError as error:
            made = error
        yield one, made


def _free(folder: Path, one: Asked) -> Path:
    times = f"{_clock(one.start_s)}-{_clock(one.end_s)}"
    ends = (f" {times}{'' if n == 1 else f' ({n})'}{one.path.suffix}" for n in count(1))
    names = (fitting(one.path.stem, end) for end in ends)
    return next(folder / name for name in names if not (folder / name).exists())


def _clock(seconds: float) -> str:
    """Write a time as a part of a file name: no colons, which Windows does not take."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02}m{rest:02}s" if hours else f"{minutes}m{rest:02}s"
