"""Hits in their order, under headings: by file, day, folder, or who is in them."""

import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from search.records import Hit
from ui.language import day, mark, plural, tr
from ui.wording import file_count, file_name, readable, taken

Order = Literal["relevance", "date", "name", "kind", "folder"]
Grouping = Literal["none", "file", "day", "folder", "person"]
People = Mapping[str, tuple[str, ...]]
"""Who is in a content, by its digest."""

FEW = 4
"""So many places in a file are shown until one asks for more."""
PLACES = 10
"""The same where there are no headings."""
NOBODY = mark("Nobody you named")
_BOTH = sys.platform == "win32"


@dataclass(frozen=True, slots=True)
class Group:
    """Hits under one heading; `note` says what holds for all of them."""

    key: str
    title: str
    hits: tuple[Hit, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The row above a group's hits."""

    key: str
    title: str
    note: str
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class More:
    """The row that stands for the hits of a group that are not shown yet."""

    key: str
    hits: tuple[Hit, ...]

    @property
    def title(self) -> str:
        """What the row says."""
        return plural("{n} more in this file", "{n} more in this file", len(self.hits))


Row = Hit | Heading | More


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What is shown of what was found, and in which order. Hits with a score below `least` are left out.

    Groups in `folded` show their heading alone, files in `opened` all of their places.
    """

    order: Order = "relevance"
    backwards: bool = False
    grouping: Grouping = "none"
    least: float = 0.0
    folded: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    people: People = field(default_factory=dict)


def ordered(hits: Sequence[Hit], order: Order, *, backwards: bool = False) -> list[Hit]:
    """Order hits: by relevance as found, newest first, or by name, kind or folder without regard to case."""
    if order == "relevance":
        return list(reversed(hits)) if backwards else list(hits)
    return sorted(hits, key=_KEYS[order], reverse=backwards != (order == "date"))


_KEYS: Mapping[Order, Callable[[Hit], Any]] = {
    "date": taken,
    "name": lambda hit: hit.file.path.replace("\\", "/").rpartition("/")[2].casefold(),
    "kind": lambda hit: hit.content.kind,
    "folder": lambda hit: hit.file.path.casefold(),
}


def groups(hits: Sequence[Hit], by: Grouping, people: People) -> list[Group]:
    """Part hits into groups, in the order in which each first occurs; `none` makes a single one."""
    parted: dict[str, list[Hit]] = {}
    for hit in hits:
        for key in _keys_of(hit, by, people):
            parted.setdefault(key, []).append(hit)
    if by == "person" and NOBODY in parted:
        parted[NOBODY] = parted.pop(NOBODY)  # last
    return [
        Group(key, _title(key, some[0], by), tuple(some), _note(some, by)) for key, some in parted.items()
    ]


@dataclass(frozen=True, slots=True)
class Arranged:
    """The rows to show, and the groups that they show, if any."""

    rows: list[Row]
    groups: tuple[Group, ...] = ()
    others: list[int] = field(default_factory=list)
    """The rows that are no hits, ascending."""


def arranged(hits: Sequence[Hit], wanted: Arrangement) -> Arranged:
    """Return what is to be shown of hits."""
    kept = [hit for hit in hits if hit.score >= wanted.least] if wanted.least > 0 else hits
    inorder = ordered(kept, wanted.order, backwards=wanted.backwards)
    if wanted.grouping == "none":
        rows = _thinned(inorder, wanted.opened)
        return Arranged(rows, (), others_in(rows))
    return under_headings(groups(inorder, wanted.grouping, wanted.people), wanted)


def _thinned(hits: Sequence[Hit], opened: frozenset[str]) -> list[Row]:
    """Return hits without headings; of a file with many places one row stands for those behind the first."""
    left: dict[str, list[Hit]] = {}
    for hit in hits:
        left.setdefault(hit.file.path, []).append(hit)
    left = {path: some for path, some in left.items() if len(some) > PLACES + 1 and path not in opened}
    if not left:
        return list(hits)
    rows: list[Row] = []
    seen: Counter[str] = Counter()
    for hit in hits:
        path = hit.file.path
        seen[path] += 1
        if path not in left or seen[path] <= PLACES:
            rows.append(hit)
        if path in left and seen[path] == PLACES:
            rows.append(More(path, tuple(left[path][PLACES:])))
    return rows


def under_headings(some: Sequence[Group], wanted: Arrangement) -> Arranged:
    """Return groups as rows."""
    rows = [row for group in some for row in rows_of_group(group, wanted)]
    return Arranged(rows, tuple(some), others_in(rows))


def others_in(rows: Sequence[Row]) -> list[int]:
    """Return the numbers of the rows that are no hits, ascending."""
    return [number for number, row in enumerate(rows) if not isinstance(row, Hit)]


def rows_of_group(group: Group, wanted: Arrangement) -> list[Row]:
    """Return a group's heading and below it its hits, as far as they are shown."""
    is_folded = group.key in wanted.folded
    heading = Heading(group.key, group.title, group.note, is_folded)
    if is_folded:
        return [heading]
    is_short = wanted.grouping != "file" or group.key in wanted.opened or len(group.hits) <= FEW + 1
    if is_short:
        return [heading, *group.hits]
    return [heading, *group.hits[:FEW], More(group.key, group.hits[FEW:])]


def _keys_of(hit: Hit, by: Grouping, people: People) -> Sequence[str]:
    match by:
        case "file":
            return (hit.file.path,)
        case "day":
            return (taken(hit).date().isoformat(),)
        case "folder":
            return (folder_of(hit),)
        case "person":
            return people.get(hit.file.digest) or (NOBODY,)
        case "none":
            return ("",)


def folder_of(hit: Hit) -> str:
    """The path of the folder that a hit's file lies in."""
    path = hit.file.path
    at = max(path.rfind("/"), path.rfind("\\")) if _BOTH else path.rfind("/")
    return path[:at] if at > 0 else path[: at + 1]


def _title(key: str, first: Hit, by: Grouping) -> str:
    match by:
        case "file":
            return file_name(first)
        case "day":
            return day(taken(first))
        case "folder":
            return readable(key)
        case _:
            return tr(NOBODY) if key == NOBODY else key


def _note(hits: Sequence[Hit], by: Grouping) -> str:
    if by == "file":
        return plural("{n} place", "{n} places", len(hits))
    return file_count(len({hit.file.path for hit in hits}))
