"""How records are said to a person: names, places inside a file, sizes, dates, durations. No widgets."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from search.records import Box, Hit, Locator, MediaKind, Page, Region, TimeSpan, Whole
from search.units import unit_of
from ui.language import mark, number, plural, tr

_SPACES = {
    "scene": mark("What it shows"),
    "look": mark("Same picture, changed"),
    "phash": mark("Looks the same"),
    "text": mark("Words in it"),
    "ocr": mark("Words in the picture"),
    "meaning": mark("Similar meaning"),
    "object": mark("An object in it"),
    "label": mark("An object in it"),
    "speech": mark("What is said"),
    "subtitles": mark("Its subtitles"),
    "depicted": mark("Similar meaning in the picture"),
    "figure": mark("A figure in it looks like it"),
    "page": mark("The page answers it"),
    "page_look": mark("The page shows it"),
    "spoken": mark("What is said means this"),
    "sound": mark("What it sounds like"),
    "person": mark("Who it shows"),
    "face": mark("The same face"),
    "name": mark("Its name"),
    "metadata": mark("Its details"),
}
_PASSAGES = "meaning"
CLEAR = 0.25
"""Weaker evidence is not worth a frame."""

AS_GOOD = 0.8
"""Passages that answer at least so well as the best one, in shares of that, are pointed out with it."""

_KINDS: dict[MediaKind, tuple[str, str]] = {
    "image": (mark("Picture", context="kind"), mark("Pictures", context="kind")),
    "pdf": (mark("PDF", context="kind"), mark("PDFs", context="kind")),
    "document": (mark("Document", context="kind"), mark("Documents", context="kind")),
    "video": (mark("Video", context="kind"), mark("Videos", context="kind")),
    "audio": (mark("Sound", context="kind"), mark("Sounds", context="kind")),
    "other": (mark("Other file", context="kind"), mark("Other files", context="kind")),
}


_UNITS = {
    "page": mark("page"),
    "slide": mark("slide"),
    "sheet": mark("sheet"),
    "chapter": mark("chapter"),
    "message": mark("message"),
    "member": mark("member"),
    "part": mark("part"),
}


def kind_name(kind: str, *, one: bool = False) -> str:
    """Say a kind of file, several of them or one, with a capital letter."""
    names = next((names for known, names in _KINDS.items() if known == kind), None)
    return tr(names[0 if one else 1], context="kind") if names else kind[:1].upper() + kind[1:]


def space_name(space: str) -> str:
    """Say what a leg compares; spaces this window has never heard of keep their own name."""
    return tr(_SPACES[space]) if space in _SPACES else space.replace("_", " ").capitalize()


def place(locator: Locator, unit: str = "page") -> str | None:
    """Say where inside the file a hit is, as short as a badge; None for the whole file. `unit` is what its
    places are called, "" if it has none."""
    match locator:
        case Whole():
            return None
        case Page(number, picture):
            where = f"{unit_name(unit)} {number}" if unit else None
            if unit == "page":
                where = tr("p. {page}", page=number)
            shown = tr("picture {number}", number=picture) if picture else None
            return ", ".join(filter(None, (where, shown))) or None
        case TimeSpan(start_s):
            return clock(start_s)
        case Region(of):
            return place(of, unit)
        case _:
            assert_never(locator)


def unit_name(unit: str) -> str:
    """Say what a place of a file is called, see `search.units`."""
    return tr(_UNITS[unit]) if unit in _UNITS else unit


def place_in(hit: Hit) -> str | None:
    """Say where inside its file a hit is; None for the whole file, and for a text of a single part."""
    return place(hit.locator, unit_in(hit))


def unit_in(hit: Hit) -> str:
    """Say what the places of a hit's file are called; "" for a text of a single part."""
    unit = unit_of(hit.content.media_type)
    return "" if unit == "part" and (hit.content.pages or 1) == 1 else unit


def regions(hit: Hit) -> tuple[Box, ...]:
    """Return what is to be framed in the picture, page or moment that a hit shows, in shares of it.

    The hit's own box and those of clear evidence there; of boxes inside each other only the inner ones.
    Passages of text are not framed but marked, see `passages`.
    """
    at = hit.locator.of if isinstance(hit.locator, Region) else hit.locator
    own = (one for one in hit.evidence if one.path is None)
    clear = (one for one in own if one.calibrated >= CLEAR and one.space != _PASSAGES)
    places = [hit.locator, *(one.locator for one in clear)]
    boxes = dict.fromkeys(one.box for one in places if isinstance(one, Region) and one.of == at)
    return tuple(box for box in boxes if not any(_holds(box, other) for other in boxes if other != box))


def passages(hit: Hit) -> tuple[Box, ...]:
    """Return where the passages stand on the page of a hit that answer best, in shares of it."""
    at = hit.locator.of if isinstance(hit.locator, Region) else hit.locator
    found = {
        one.locator.box: one.calibrated
        for one in reversed(hit.evidence)
        if one.path is None and one.space == _PASSAGES
        if isinstance(one.locator, Region) and one.locator.of == at
    }
    least = max(CLEAR, AS_GOOD * max(found.values(), default=0.0))
    return tuple(box for box, score in reversed(found.items()) if score >= least)


def _holds(box: Box, other: Box) -> bool:
    return box[0] <= other[0] and box[1] <= other[1] and box[2] >= other[2] and box[3] >= other[3]


def page_number(locator: Locator) -> int:
    """The page to show, from 1."""
    match locator:
        case Page(number):
            return number
        case Region(of):
            return page_number(of)
        case Whole() | TimeSpan():
            return 1
        case _:
            assert_never(locator)


def moment_of(locator: Locator) -> TimeSpan | None:
    """The moment of a film or recording that a hit is in; None when it is all of it."""
    match locator:
        case TimeSpan():
            return locator
        case Region(of):
            return moment_of(of)
        case Whole() | Page():
            return None
        case _:
            assert_never(locator)


def clock(seconds: float) -> str:
    """Write a position in time: 0:07, 12:30, 1:02:03."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def duration(seconds: float) -> str:
    """Write how long something takes, roughly."""
    if seconds < 90:
        return tr("{n} s", n=max(1, round(seconds)))
    minutes = round(seconds / 60)
    if minutes < 90:
        return tr("{minutes} min", minutes=minutes)
    return tr("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)


def time_left(seconds: float) -> str:
    """Say how long something will still take."""
    return tr("{duration} left", duration=duration(seconds))


LEAST_SPEED = 1 / 60
"""In files per second. Slower is a film or a book: how long it still takes says more."""


def speed(files_per_s: float) -> str:
    """Say how fast files are read, in files per second, or per minute where that says more."""
    if files_per_s < 0.95:
        return tr("{n} files/min", n=number(max(1, 60 * files_per_s)))
    return tr("{n} files/s", n=number(files_per_s, 0 if files_per_s >= 10 else 1))


def took(ms: float) -> str:
    """Write how long an answer took."""
    return tr("{n} ms", n=number(ms)) if ms < 1000 else tr("{n} s", n=number(ms / 1000, 1))


def part_of(done: int, total: int) -> str:
    """Say how far something is: 12 of 60."""
    return tr("{done} of {total}", done=number(done), total=number(total))


def file_size(size: int) -> str:
    """Write a number of bytes as file managers do."""
    if size < 1000:
        return tr("{n} bytes", n=size)
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.5:
            return f"{number(value, 1 if value < 9.95 else 0)} {unit}"
    return f"{number(value / 1000, 1)} TB"


def taken(hit: Hit) -> datetime:
    """When the picture was taken, else when the file was changed; local time without a zone."""
    if hit.content.taken_at is not None:
        return hit.content.taken_at.replace(tzinfo=None)
    try:
        return datetime.fromtimestamp(hit.file.mtime_ns / 1e9)
    except (OverflowError, OSError, ValueError):
        return datetime.min


def readable(path: str) -> str:
    """Make a path or file name fit to be shown: bytes that are no text become replacement marks."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def file_name(hit: Hit) -> str:
    """The file's name on one line."""
    return " ".join(readable(hit.file.name).split())


def file_count(files: int) -> str:
    """Say a number of files."""
    return plural("{n} file", "{n} files", files)


def result_count(results: int) -> str:
    """Say a number of results."""
    return plural("{n} result", "{n} results", results)


def counts(files: Mapping[MediaKind, int]) -> str:
    """Say what a library holds, the largest kind first."""
    ordered = Counter(files).most_common()
    return " · ".join(kind_count(kind, n) for kind, n in ordered if n)


def kind_count(kind: MediaKind, files: int) -> str:
    """Say a number of files of a kind."""
    match kind:
        case "image":
            return plural("{n} picture", "{n} pictures", files)
        case "pdf":
            return plural("{n} PDF", "{n} PDFs", files)
        case "document":
            return plural("{n} document", "{n} documents", files)
        case "video":
            return plural("{n} video", "{n} videos", files)
        case "audio":
            return plural("{n} sound", "{n} sounds", files)
        case "other":
            return plural("{n} other file", "{n} other files", files)
        case _:
            assert_never(kind)
