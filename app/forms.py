"""Hits in the forms that other programs read, and copies of the files that were found."""

import csv
import filecmp
import io
import shutil
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from app.naming import fitting
from search.errors import CrossfindError
from search.new_files import new_file
from search.output import locator_to_json
from search.records import Hit, Region, SearchResult, TimeSpan

COLUMNS = ("rank", "score", "path", "type", "start_s", "end_s", "page", "box", "text")
GROUP_COLUMNS = ("group", "files")
"""What a table of days or folders has beside these: its name, and how many files in it match."""


def as_csv(result: SearchResult) -> str:
    """Return a table with a line of titles; `box` is left, top, right, bottom in shares, with spaces."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    is_grouped = any(hit.group for hit in result.hits)
    table.writerow((*COLUMNS, *(GROUP_COLUMNS if is_grouped else ())))
    for hit in result.hits:
        place = locator_to_json(hit.locator)
        box = " ".join(f"{share:.4f}" for share in place["box"] or ())
        at = (place["start_s"], place["end_s"], place["page"], box)
        group = (hit.group.name, hit.group.files) if hit.group else ()
        table.writerow((hit.rank, hit.score, hit.file.path, hit.content.kind, *at, hit.text, *group))
    return out.getvalue()


def as_paths(result: SearchResult) -> str:
    """Return each file once, a path a line, in the order of the hits."""
    return "".join(f"{path}\n" for path in _paths(result.hits))


def as_m3u(result: SearchResult) -> str:
    """Return a playlist of the films, recordings and pictures; players that know how begin at the moment."""
    lines = ["#EXTM3U"]
    for hit in result.hits:
        if "\n" in hit.file.path or hit.content.kind not in ("video", "audio", "image"):
            continue
        length = -1 if hit.content.duration_s is None else round(hit.content.duration_s)
        lines.append(f"#EXTINF:{length},{hit.file.name}")
        if (moment := _moment(hit)) is not None:
            lines.append(f"#EXTVLCOPT:start-time={moment.start_s:.2f}")
        lines.append(hit.file.path)
    return "\n".join(lines) + "\n"


FORMS = {"csv": as_csv, "paths": as_paths, "m3u": as_m3u}
"""How hits are written down, by name."""


def _moment(hit: Hit) -> TimeSpan | None:
    place = hit.locator.of if isinstance(hit.locator, Region) else hit.locator
    return place if isinstance(place, TimeSpan) else None


def _paths(hits: Iterable[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.file.path for hit in hits))


@dataclass(frozen=True, slots=True)
class Copied:
    """How many files were copied, how many were there already, and what went wrong, by path."""

    copied: int
    there: int
    problems: dict[str, str]


def copy_to(folder: Path, hits: Iterable[Hit]) -> Copied:
    """Copy the files that were found into a folder, with their times, and never over another file.

    A file that is there already is not copied again; another of the same name gets a number.
    Raises `CrossfindError` when the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrossfindError(f"{folder} cannot be made: {error.strerror}.", "Name another folder.") from error
    copied, there = 0, 0
    problems: dict[str, str] = {}
    for path in _paths(hits):
        try:
            is_new = _copy(Path(path), folder)
        except OSError as error:
            problems[path] = error.strerror or str(error)
            continue
        copied, there = copied + is_new, there + (not is_new)
    return Copied(copied, there, problems)


def _copy(source: Path, folder: Path) -> bool:
    """Copy one file; False when the same bytes lie there under one of its names."""
    for number in count(1):
        ending = "" if number == 1 else f" ({number})"
        target = folder / fitting(source.stem, ending + source.suffix)
        try:
            with new_file(target) as beside:
                shutil.copyfile(source, beside)
                with suppress(OSError):  # not every drive keeps times
                    shutil.copystat(source, beside)
        except FileExistsError:
            if filecmp.cmp(source, target, shallow=False):
                return False
            continue
        return True
    raise AssertionError  # count never ends
