"""What hits have in common: how many of them are of a kind, from a year, in a folder, with a tag."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Literal

from search.query import Camera, Dates, InFolder, Kinds, Languages, Part, Place, Tag, month_end
from search.records import Hit, MediaKind, date_of

FacetName = Literal["kind", "date", "folder", "place", "camera", "tag", "language"]

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


def facets(hits: Sequence[Hit]) -> tuple[Facet, ...]:
    """Count the files of the hits by what tells some of them from the others, each file once.

    Dates are told by year, or by month where all are of one year.
    """
    files = {hit.file.path: hit for hit in hits}.values()
    years = {date_of(hit.file, hit.content).year for hit in files}
    counted = Counter(value for hit in files for value in _values(hit, by_month=len(years) == 1))
    by_name: dict[FacetName, list[FacetValue]] = {}
    for (name, label, part), number in counted.most_common():
        by_name.setdefault(name, []).append(FacetValue(label, number, part))
    return tuple(
        Facet(name, _told(name, by_name[name]))
        for name in _ORDER
        if _tells(by_name.get(name, ()), len(files))
    )


_ORDER: tuple[FacetName, ...] = ("kind", "date", "folder", "place", "camera", "tag", "language")


def _tells(values: Sequence[FacetValue], files: int) -> bool:
    return any(value.files < files for value in values)


def _told(name: FacetName, values: Sequence[FacetValue]) -> tuple[FacetValue, ...]:
    chosen = values[:MOST_VALUES]
    return tuple(sorted(chosen, key=lambda one: one.label, reverse=True) if name == "date" else chosen)


def _values(hit: Hit, by_month: bool) -> Iterator[_Value]:
    content = hit.content
    kind: MediaKind = content.kind
    yield "kind", kind, Kinds((kind,))
    yield _date(date_of(hit.file, content).date(), by_month)
    folder = PurePath(hit.file.path).parent
    yield "folder", folder.name or str(folder), InFolder(str(folder))
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
