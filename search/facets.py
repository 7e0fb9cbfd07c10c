"""What hits have in common: how many of them are of a kind, from a year, in a folder, with a tag."""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from search.query import Camera, Dates, InFolder, Kinds, Languages, Part, Place, Somebody, Tag, month_end
from search.records import Hit, MediaKind, date_of

FacetName = Literal["kind", "date", "person", "folder", "place", "camera", "tag", "language"]

People = Mapping[str, tuple[str, ...]]
"""Who is in a content, by its digest."""

FEW_YEARS = 3
MOST_VALUES = 8
"""How many values of a facet are told."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value: how many files among the hits have it, and the filter that keeps to it."""

    label: str
    files: int
    filter: Part


@dataclass(frozen=True, slots=True)
class Facet:
    """Values of one kind, the commonest first, dates from the newest on."""

    name: FacetName
    values: tuple[FacetValue, ...]


_Value = tuple[FacetName, str, Part]


def facets(hits: Sequence[Hit], people: People | None = None) -> tuple[Facet, ...]:
    """Count the files of the hits by what tells some of them from the others, each file once.

    Dates are told by year, or by month where all are of one year. `people` says who is in the contents.
    """
    files = {hit.file.path: hit for hit in hits}.values()
    years = {date_of(hit.file, hit.content).year for hit in files}
    who, by_month = people or {}, len(years) == 1
    counted = Counter(value for hit in files for value in _values(hit, by_month, who))
    by_name: dict[FacetName, list[FacetValue]] = {}
    for (name, label, part), number in counted.most_common():
        by_name.setdefault(name, []).append(FacetValue(label, number, part))
    return tuple(
        Facet(name, _told(name, by_name[name]))
        for name in _ORDER
        if _tells(by_name.get(name, ()), len(files))
    )


def histogram(hits: Sequence[Hit]) -> tuple[FacetValue, ...]:
    """Count the files of the hits by year, or by month where they span no more than `FEW_YEARS`.

    From the oldest to the newest, without gaps: what lies between has 0 files.
    """
    files = {hit.file.path: hit for hit in hits}.values()
    days = [date_of(hit.file, hit.content).date() for hit in files]
    if not days:
        return ()
    first, last = min(days), max(days)
    by_month = last.year - first.year < FEW_YEARS
    counted = Counter((day.year, day.month if by_month else 1) for day in days)
    month, found = first.replace(month=first.month if by_month else 1, day=1), []
    while month <= last:
        _, label, part = _date(month, by_month)
        found.append(FacetValue(label, counted[month.year, month.month], part))
        months = month.year * 12 + month.month - 1 + (1 if by_month else 12)
        month = date(months // 12, months % 12 + 1, 1)
    return tuple(found)


_ORDER: tuple[FacetName, ...] = ("kind", "date", "person", "folder", "place", "camera", "tag", "language")


def _tells(values: Sequence[FacetValue], files: int) -> bool:
    return any(value.files < files for value in values)


def _told(name: FacetName, values: Sequence[FacetValue]) -> tuple[FacetValue, ...]:
    chosen = values[:MOST_VALUES]
    return tuple(sorted(chosen, key=lambda one: one.label, reverse=True) if name == "date" else chosen)


def _values(hit: Hit, by_month: bool, people: People) -> Iterator[_Value]:
    content = hit.content
    kind: MediaKind = content.kind
    yield "kind", kind, Kinds((kind,))
    yield _date(date_of(hit.file, content).date(), by_month)
    for name in people.get(hit.file.digest, ()):
        yield "person", name, Somebody(name)
    folder = os.path.dirname(hit.file.path)  # noqa: PTH120 (path objects take ten times as long)
    yield "folder", os.path.basename(folder) or folder, InFolder(folder)  # noqa: PTH119
    if content.place:
        yield "place", content.place, Place(content.place)
    if content.camera:
        yield "camera", content.camera, Camera(content.camera)
    for tag in content.tags:
        yield "tag", tag, Tag(tag)
    if content.language:
        yield "language", content.language, Languages((content.language,))


def _date(day: date, by_month: bool) -> _Value:
    if by_month:
        first = day.replace(day=1)
        return "date", f"{first:%Y-%m}", Dates(first, month_end(first.year, first.month))
    return "date", str(day.year), Dates(date(day.year, 1, 1), date(day.year, 12, 31))
