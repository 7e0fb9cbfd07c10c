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
    the places in the file that are not shown, with the last one that is."""

    score: float
    file: File
    content: Content
    locator: Locator
    when: datetime
    group: Grouped | None = None
    more: int = 0


class Order:
    """The order of candidates: best, newest or first by name; ties by path and place."""

    def __init__(self, sort: Sort) -> None:
        self._sort = sort

    def __call__(self, candidate: Candidate) -> tuple[object, ...]:
        """Return what candidates are sorted by."""
        path = candidate.file.path
        match self._sort:
            case "relevance":
                return (-candidate.score, path)
            case "date":
                return (datetime.max - candidate.when, -candidate.score, path)
            case "name":
                return (fold(PurePath(path).name), path, -candidate.score)


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
