"""What may be shown: files, and places in them, that match a query; their order and their groups."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from typing import Literal

from search.records import Content, File, Grouped, Locator
from search.store import fold

Group = Literal["segment", "file", "day", "folder"]
Sort = Literal["relevance", "date", "name"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file, or one place in it, that matches; `when` is its date for sorting and grouping, `more` counts
    the places in the file that are not shown, with the last one that is.

    `partner` is the path of a file that a link joins it with, where the score is that of both together, and
    `alone` what it is without, if anything; `follows`: the partner is what answers the question first.
    """

    score: float
    file: File
    content: Content
    locator: Locator
    when: datetime
    group: Grouped | None = None
    more: int = 0
    partner: str | None = None
    alone: "Candidate | None" = None
    follows: bool = False


class Order:
    """The order of candidates: best, newest or first by name; ties by path and place."""

    def __init__(self, sort: Sort) -> None:
        self._sort = sort

    def __call__(self, candidate: Candidate) -> tuple[object, ...]:
        """Return what candidates are sorted by."""
        path = candidate.file.path
        match self._sort:
            case "relevance":
                return (-candidate.score, candidate.follows, path)
            case "date":
                return (datetime.max - candidate.when, -candidate.score, path)
            case "name":
                return (fold(PurePath(path).name), path, -candidate.score)


def paired_off(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Let each file stand in one pair of two files, its best: the other one is no hit for the same again, and
    what links to everything lifts one file, not all. Without its pair a file is what it is alone."""
    if not any(one.partner for one in candidates):
        return list(candidates)
    taken: set[str] = set()
    kept = []
    for one in sorted(candidates, key=Order("relevance")):
        if one.partner is None:
            kept.append(one)
        elif taken.isdisjoint((one.file.path, one.partner)):
            taken |= {one.file.path, one.partner}
            kept.append(one)
        elif one.alone is not None:
            kept.append(one.alone)
    return kept


def thinned(candidates: Sequence[Candidate], per_file: int) -> list[Candidate]:
    """Keep the first `per_file` places of each file, so that none drives out the others; 0 keeps all."""
    if not per_file:
        return list(candidates)
    counts = Counter(one.file.path for one in candidates)
    seen: Counter[str] = Counter()
    kept = []
    for one in candidates:
        seen[one.file.path] += 1
        nth = seen[one.file.path]
        if nth < per_file or nth == counts[one.file.path] == per_file:
            kept.append(one)
        elif nth == per_file:
            kept.append(replace(one, more=counts[one.file.path] - per_file))
    return kept


def firsts(candidates: Sequence[Candidate], group: Group, sort: Sort) -> list[Candidate]:
    """Keep the first of each day or folder, with how many of its files match, in the order of the days or
    folders by name where that is wanted."""
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(_group_name(candidate, group), []).append(candidate)
    kept = [replace(some[0], group=Grouped(name, len(some))) for name, some in groups.items()]
    return sorted(kept, key=lambda one: fold(one.group.name) if one.group else "") if sort == "name" else kept


def _group_name(candidate: Candidate, group: Group) -> str:
    """Name the day, or else the folder, of a candidate."""
    return str(candidate.when.date() if group == "day" else PurePath(candidate.file.path).parent)
