"""People in the library: rows of `sightings`, `people` and `edits`, and how changes to them are written."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, assert_never

import pyarrow as pa

from search.people.records import Anchor, Apart, Change, Edit, Entry, Merge, Move, Name, Place, Sighting, Step
from search.records import Page, TimeSpan, Whole
from search.store.disk import write_atomically
from search.store.schema import (
    EDITS,
    EDITS_SCHEMA,
    PEOPLE,
    PEOPLE_SCHEMA,
    SIGHTINGS,
    SIGHTINGS_SCHEMA,
)
from search.store.sql import one_of
from search.store.tables import Tables, plain_errors

if TYPE_CHECKING:
    from search.store.library import Library

TABLES = (SIGHTINGS, PEOPLE, EDITS)

STAMP = "people.stamp"
"""The file that says up to which versions of the tables people are known."""

CHUNK = 2_000
"""How many values go into one filter."""

TIDY_EVERY = 16
"""After so many edits the tables are compacted: that takes twice as long as an edit, and saves more."""

FEW = 4
"""Up to so many persons, a change of whose face it is alters the rows where they stand."""


@dataclass(frozen=True, slots=True)
class PeopleBatch:
    """What is to be written: sightings that are new or different, ids of those that go, ids of those that
    only change hands (person -> ids), all names if one of them changed, and what the log gets."""

    sightings: Sequence[Sighting] = ()
    gone: Collection[int] = ()
    persons: Mapping[int, Sequence[int]] = field(default_factory=dict)
    names: Mapping[int, str] | None = None
    log: Sequence[Entry] = ()


def sightings(library: "Library", where: str | None = None) -> list[Sighting]:
    """Return the faces that are known, by id; `where` filters over `SIGHTINGS_SCHEMA`."""
    rows = library.rows(SIGHTINGS, SIGHTINGS_SCHEMA.names, where)
    columns = (rows[name].to_pylist() for name in SIGHTINGS_SCHEMA.names)
    return sorted((_sighting(*row) for row in zip(*columns, strict=True)), key=lambda one: one.id)


def of_persons(library: "Library", persons: Iterable[int]) -> list[Sighting]:
    """Return the faces of some persons."""
    return sightings(library, one_of("person", persons))


def of_contents(library: "Library", digests: Collection[str]) -> list[Sighting]:
    """Return the faces in some contents."""
    every = list(digests)
    chunks = (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))
    return [one for chunk in chunks for one in sightings(library, one_of("digest", chunk))]


def names(library: "Library") -> dict[int, str]:
    """Return the names that people have, by person."""
    rows = library.rows(PEOPLE, PEOPLE_SCHEMA.names)
    return dict(sorted(zip(rows["id"].to_pylist(), rows["name"].to_pylist(), strict=True)))


def persons(library: "Library") -> frozenset[int]:
    """Return everybody who has a face, those without a name too."""
    return frozenset(library.rows(SIGHTINGS, ["person"])["person"].unique().to_pylist())


def log(library: "Library") -> list[Entry]:
    """Return the log of edits, the oldest first."""
    rows = library.rows(EDITS, EDITS_SCHEMA.names).sort_by("n")
    return [_entry(row) for row in rows.to_pylist()]


def is_up_to_date(library: "Library", spaces: Iterable[str], limits: Sequence[float]) -> bool:
    """Whether nothing in these spaces has changed since `note_up_to_date` was told the same."""
    try:
        return (library.folder / STAMP).read_text(encoding="utf-8") == _stamp(library, spaces, limits)
    except (OSError, UnicodeDecodeError):
        return False


def note_up_to_date(library: "Library", spaces: Iterable[str], limits: Sequence[float]) -> None:
    """Remember that people are up to date; losing it costs only time."""
    with plain_errors(library.folder):
        write_atomically(library.folder / STAMP, _stamp(library, spaces, limits).encode())


def _stamp(library: "Library", spaces: Iterable[str], limits: Sequence[float]) -> str:
    """Name the tables, their versions, and how many faces are known, as text."""
    tables = [library.version_of(space) for space in spaces]
    return json.dumps([tables, list(limits), len(library.rows(SIGHTINGS, ["id"]))])


def write(tables: Tables, batch: PeopleBatch) -> None:
    """Make the changes; the caller commits or undoes them."""
    table = tables.get(SIGHTINGS)
    _delete(table, [*batch.gone, *(one.id for one in batch.sightings)])
    if batch.sightings:
        table.add(pa.Table.from_pylist([_row(one) for one in batch.sightings], schema=SIGHTINGS_SCHEMA))
    if len(batch.persons) <= FEW:
        for person, ids in batch.persons.items():
            for chunk in _chunks(ids):
                table.update(where=one_of("id", chunk), values={"person": person})
    else:
        _hand_over(table, batch.persons)
    if batch.names is not None:
        named = [{"id": person, "name": name} for person, name in sorted(batch.names.items())]
        tables.get(PEOPLE).add(pa.Table.from_pylist(named, schema=PEOPLE_SCHEMA), mode="overwrite")
    if batch.log:
        rows = [_log_row(entry) for entry in batch.log]
        tables.get(EDITS).add(pa.Table.from_pylist(rows, schema=EDITS_SCHEMA))


def _hand_over(table: Any, persons: Mapping[int, Sequence[int]]) -> None:
    """Write rows anew with their new person."""
    person_of = {number: person for person, ids in persons.items() for number in ids}
    found = [
        row
        for chunk in _chunks(person_of)
        for row in table.search().where(one_of("id", chunk)).limit(None).to_arrow().to_pylist()
    ]
    _delete(table, person_of)
    table.add(
        pa.Table.from_pylist([row | {"person": person_of[row["id"]]} for row in found], SIGHTINGS_SCHEMA)
    )


def _delete(table: Any, ids: Iterable[int]) -> None:
    for chunk in _chunks(ids):
        where = one_of("id", chunk)
        if table.count_rows(where):
            table.delete(where)


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    every = sorted(ids)
    return (every[start : start + CHUNK] for start in range(0, len(every), CHUNK))


def _sighting(
    number: int,
    digest: str,
    page: int | None,
    start_s: float | None,
    end_s: float | None,
    box: Sequence[float],
    n: int | None,
    quality: float,
    group: int,
    person: int,
    region: str | None,
    key: str | None,
) -> Sighting:
    place: Place = Whole()
    if page is not None:
        place = Page(page)
    elif start_s is not None and end_s is not None:
        place = TimeSpan(start_s, end_s)
    left, top, right, bottom = box
    anchor = Anchor(digest, place, (left, top, right, bottom))
    return Sighting(number, anchor, n, quality, group, person, region, key)


def _row(one: Sighting) -> dict[str, Any]:
    place = one.anchor.place
    return {
        "id": one.id,
        "digest": one.anchor.digest,
        "page": place.number if isinstance(place, Page) else None,
        "start_s": place.start_s if isinstance(place, TimeSpan) else None,
        "end_s": place.end_s if isinstance(place, TimeSpan) else None,
        "box": list(one.anchor.box),
        "n": one.n,
        "quality": one.quality,
        "cluster": one.group,
        "person": one.person,
        "region": one.region,
        "key": one.key,
    }


def _log_row(entry: Entry) -> dict[str, Any]:
    row: dict[str, Any] = {"n": entry.n, "at": entry.at, "kind": "edit", "source": "user", "changes": "[]"}
    match entry:
        case Edit(source=source, changes=changes):
            text = json.dumps([_change_row(change) for change in changes], ensure_ascii=False)
            return row | {"source": source, "changes": text}
        case Step(kind=kind):
            return row | {"kind": kind}
        case _:
            assert_never(entry)


def _entry(row: Mapping[str, Any]) -> Entry:
    if row["kind"] != "edit":
        return Step(row["n"], row["at"], row["kind"])
    changes = tuple(_change(one) for one in json.loads(row["changes"]))
    return Edit(row["n"], row["at"], row["source"], changes)


def _change_row(change: Change) -> dict[str, Any]:
    match change:
        case Name(person, name, faces):
            return {"do": "name", "person": person, "name": name, "faces": [_anchor_row(a) for a in faces]}
        case Merge(person, other, faces):
            return {"do": "merge", "person": person, "other": other, "faces": [_anchor_row(a) for a in faces]}
        case Move(person, faces):
            return {"do": "move", "person": person, "faces": [_anchor_row(a) for a in faces]}
        case Apart(person, other):
            return {"do": "apart", "person": person, "other": other}
        case _:
            assert_never(change)


def _change(row: Mapping[str, Any]) -> Change:
    faces = tuple(_anchor(one) for one in row.get("faces", ()))
    match row["do"]:
        case "name":
            return Name(row["person"], row["name"], faces)
        case "merge":
            return Merge(row["person"], row["other"], faces)
        case "move":
            return Move(row["person"], faces)
        case "apart":
            return Apart(row["person"], row["other"])
        case other:
            raise ValueError(f"invalid input: an edit of the kind {other!r}")


def _anchor_row(anchor: Anchor) -> list[Any]:
    """Digest, box, then nothing, a page, or two seconds."""
    place = anchor.place
    where: list[float] = []
    if isinstance(place, Page):
        where = [place.number]
    elif isinstance(place, TimeSpan):
        where = [place.start_s, place.end_s]
    return [anchor.digest, list(anchor.box), *where]


def _anchor(row: Sequence[Any]) -> Anchor:
    digest, (left, top, right, bottom), *where = row
    place: Place = Whole()
    if len(where) == 1:
        place = Page(where[0])
    elif where:
        place = TimeSpan(where[0], where[1])
    return Anchor(digest, place, (left, top, right, bottom))
