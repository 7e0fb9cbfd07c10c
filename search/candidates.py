"""What may be shown: files, and places in them, that match a query; their order and their groups."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import Literal

from search.records import Content, File, Grouped, Locator
from search.store import fold

Group = Literal["segment", "file", "day", "folder"]
Sort = Literal["relevance", "date", "name"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file, or one place in it, that matches; `when` is its date for sorting and grouping."""

    score: float
    file: File
    content: Content
    locator: Locator
    when: datetime
    group: Grouped | None = None


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


def group_name(candidate: Candidate, group: Group) -> str:
    """Name the day, or else the folder, of a candidate."""
    return str(candidate.when.date() if group == "day" else PurePath(candidate.file.path).parent)
