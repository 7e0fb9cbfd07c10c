"""Metadata filters, twice: as SQL over the library's `files` table and as Python over one file's facts.

The two must agree for every filter and row, empty columns included. Every condition is written so that
it is never NULL, so that NOT, AND and OR mean the same in SQL as in Python.
"""

import math
import os
import re
from dataclasses import dataclass
from datetime import datetime, time
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import assert_never

from search.errors import CrossfindError
from search.query import (
    And,
    Camera,
    Collected,
    Dates,
    Extensions,
    Filter,
    InFolder,
    Kinds,
    Languages,
    Lasting,
    Name,
    Near,
    Not,
    Or,
    OwnField,
    Part,
    Place,
    Rated,
    Tag,
)
from search.records import Content, File, date_of
from search.store.lists import field_part, fields_text, place_part, places_text, tag_part, tags_text
from search.store.rows import folder_text
from search.store.sql import one_of, quote
from search.store.text import fold

EARTH_KM = 6371.0088

DEEPEST = 40
"""How deeply the database's parser lets conditions be nested, counted as `_shallow` does."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What filters ask about one file, as the columns of `files` hold it (text folded)."""

    name: str | None = None
    folder: str | None = None
    ext: str | None = None
    kind: str | None = None
    date: datetime | None = None
    camera: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    duration_s: float | None = None
    language: str | None = None
    tags: str | None = None
    rating: int | None = None
    place: str | None = None
    fields: str | None = None
    digest: str | None = None


def facts_of(file: File, content: Content) -> Facts:
    """Return the facts of a file, the same that its row in `files` holds."""
    name = os.path.basename(file.path)  # noqa: PTH119 (of all files listed: a Path is ten times as dear)
    dot = name.rfind(".")
    return Facts(
        fold(name),
        folder_text(file.path),
        fold(name[dot + 1 :]) if dot > 0 else "",
        content.kind,
        date_of(file, content),
        None if content.camera is None else fold(content.camera),
        content.latitude,
        content.longitude,
        content.duration_s,
        content.language,
        tags_text(content.tags),
        content.rating,
        places_text(content.place, content.place_names),
        fields_text(content.fields),
        file.digest,
    )


def to_filter(part: Part) -> str:
    """Write a part for which `is_filter` holds as SQL over `files`; never NULL.

    Raises `CrossfindError` when it is nested more deeply than the database can read.
    """
    depth, condition = _written(part, negated=False)
    if depth > DEEPEST:
        raise CrossfindError("These filters are nested too deeply.", "Take some brackets away.")
    return condition


def matches(part: Part, facts: Facts) -> bool:
    """Decide a part for which `is_filter` holds, in Python; agrees with `to_filter`."""
    match part:
        case And(parts):
            return all(matches(p, facts) for p in parts)
        case Or(parts):
            return any(matches(p, facts) for p in parts)
        case Not(inner):
            return not matches(inner, facts)
        case _:
            return _holds(_only_filter(part), facts)


def _only_filter(part: Part) -> Filter:
    if not isinstance(part, Filter):
        raise TypeError(f"{type(part).__name__} is no metadata filter")
    return part


def _written(part: Part, negated: bool) -> tuple[int, str]:
    """Return how deep the SQL of a part is, and the SQL; NOT is moved inwards, down to the conditions.

    The database's parser takes a time that doubles with every NOT inside a NOT.
    """
    match part:
        case And(parts) | Or(parts):
            operator = "AND" if isinstance(part, And) != negated else "OR"
            return _shallow(operator, [_written(p, negated) for p in parts])
        case Not(inner):
            return _written(inner, not negated)
        case _:
            condition = _condition(_only_filter(part))
            return 0, f"(NOT {condition})" if negated else condition


def _shallow(operator: str, parts: list[tuple[int, str]]) -> tuple[int, str]:
    """Join many conditions, the deepest last and leftmost: a chain of thousands would be too deep."""
    heapify(parts)
    while len(parts) > 1:
        right_depth, right = heappop(parts)
        left_depth, left = heappop(parts)
        depth = max(left_depth + 1, right_depth + 2)
        heappush(parts, (depth, f"({left} {operator} {right})"))
    return parts[0]


def _condition(node: Filter) -> str:
    match node:
        case Name(part):
            return f"(name IS NOT NULL AND contains(name, {quote(fold(part))}))"
        case Camera(part):
            return f"(camera IS NOT NULL AND contains(camera, {quote(fold(part))}))"
        case Kinds(kinds):
            return f"(kind IS NOT NULL AND {one_of('kind', kinds)})"
        case Extensions(endings):
            return f"(ext IS NOT NULL AND {one_of('ext', map(fold, endings))})"
        case Languages(codes):
            return f"(language IS NOT NULL AND {one_of('language', codes)})"
        case InFolder(folder):
            needle, absolute = _needle(folder)
            function = "starts_with" if absolute else "contains"
            return f"(folder IS NOT NULL AND {function}(folder, {quote(needle)}))"
        case Dates():
            first, last = _bounds(node)
            return f"(date IS NOT NULL AND date >= {_moment(first)} AND date <= {_moment(last)})"
        case Lasting(least, most):
            bounds = [
                f"duration_s {sign} {s!r}" for sign, s in ((">=", least), ("<=", most)) if s is not None
            ]
            return f"({' AND '.join(['duration_s IS NOT NULL', *bounds])})"
        case Near():
            return f"(latitude IS NOT NULL AND longitude IS NOT NULL AND {_within(node)})"
        case Tag() | Place() | OwnField():
            column, parts = _listed(node)
            held = [f"contains({column}, {quote(part)})" for part in parts]
            return f"({' AND '.join([f'{column} IS NOT NULL', *held])})"
        case Rated(lowest, highest):
            within = f"rating IS NOT NULL AND rating >= {lowest} AND rating <= {highest}"
            return f"(rating IS NULL OR ({within}))" if lowest <= 0 <= highest else f"({within})"
        case Collected():
            return f"(digest IS NOT NULL AND {one_of('digest', sorted(_collected(node)))})"
        case _:
            assert_never(node)


def _holds(node: Filter, facts: Facts) -> bool:
    match node:
        case Name(part):
            return facts.name is not None and fold(part) in facts.name
        case Camera(part):
            return facts.camera is not None and fold(part) in facts.camera
        case Kinds(kinds):
            return facts.kind in kinds
        case Extensions(endings):
            return facts.ext is not None and facts.ext in map(fold, endings)
        case Languages(codes):
            return facts.language in codes
        case InFolder(folder):
            needle, absolute = _needle(folder)
            here = facts.folder
            return here is not None and (here.startswith(needle) if absolute else needle in here)
        case Dates():
            first, last = _bounds(node)
            return facts.date is not None and first <= facts.date <= last
        case Lasting(least, most):
            length = facts.duration_s
            return length is not None and (least or 0) <= length and (most is None or length <= most)
        case Near():
            return _is_within(node, facts.latitude, facts.longitude)
        case Tag() | Place() | OwnField():
            column, parts = _listed(node)
            text: str | None = getattr(facts, column)
            return text is not None and all(part in text for part in parts)
        case Rated(lowest, highest):
            return lowest <= (facts.rating or 0) <= highest
        case Collected():
            return facts.digest in _collected(node)
        case _:
            assert_never(node)


def _listed(node: Tag | Place | OwnField) -> tuple[str, list[str]]:
    """Return the column of a list, and what must be in it."""
    match node:
        case Tag(tag):
            return "tags", [tag_part(tag)]
        case Place(name):
            return "place", [place_part(part) for part in name.split(",")]
        case OwnField(name, value):
            return "fields", [field_part(name, value)]


def _collected(node: Collected) -> frozenset[str]:
    if node.digests is None:
        raise TypeError("what is in a collection is looked up before it is a filter")
    return node.digests


def _needle(folder: str) -> tuple[str, bool]:
    """Return what the `folder` column must contain, or begin with when the second value is True."""
    path = str(Path(folder).expanduser()) if folder.startswith("~") else folder
    text = fold(path.replace("\\", "/") if os.sep == "\\" else path)
    absolute = text.startswith("/") or re.match("[a-z]:/", text) is not None
    inner = text.strip("/")
    if re.match("[a-z]:", inner):
        return f"{inner}/", absolute
    return (f"/{inner}/" if inner else "/"), absolute


def _bounds(node: Dates) -> tuple[datetime, datetime]:
    first = datetime.combine(node.first, time.min) if node.first else datetime.min
    return first, datetime.combine(node.last, time.max) if node.last else datetime.max


def _moment(moment: datetime) -> str:
    return f"CAST('{moment.isoformat(sep=' ', timespec='microseconds')}' AS TIMESTAMP(6))"


def _reach(node: Near) -> tuple[float, float]:
    """Return the cosine of the point's latitude and the haversine of the radius as an angle."""
    angle = min(node.radius_km / EARTH_KM, math.pi)
    return math.cos(math.radians(node.latitude)), math.sin(angle / 2) ** 2


def _within(node: Near) -> str:
    cosine, reach = _reach(node)
    north = f"power(sin(radians(latitude - ({node.latitude!r})) / 2), 2)"
    east = f"power(sin(radians(longitude - ({node.longitude!r})) / 2), 2)"
    return f"{north} + cos(radians(latitude)) * {cosine!r} * {east} <= {reach!r}"


def _is_within(node: Near, latitude: float | None, longitude: float | None) -> bool:
    if latitude is None or longitude is None:
        return False
    cosine, reach = _reach(node)
    north = math.sin(math.radians(latitude - node.latitude) / 2) ** 2
    east = math.sin(math.radians(longitude - node.longitude) / 2) ** 2
    return north + math.cos(math.radians(latitude)) * cosine * east <= reach
