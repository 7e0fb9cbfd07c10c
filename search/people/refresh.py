"""After indexing: bring what is known of people up to date with the faces and named regions in the library.

Faces are found again by their place, so numbers, groups and edits stay; new faces join groups or make new
ones; names that files give to regions become edits of their own. Nothing that a person said is ever changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from search.people.book import Known
from search.people.grouping import Known as KnownGroups
from search.people.grouping import group
from search.people.places import matched, rivals
from search.people.records import FACE, NOBODY, REGIONS, Anchor, Edit, Merge, Move, Name, Place, Sighting
from search.people.regions import imported
from search.people.replay import Faces, Standing, replay
from search.people.vectors import face_vectors
from search.records import Page, TimeSpan, Whole
from search.spaces import Thresholds
from search.store import Library
from search.store import people as rows

UNKNOWN_QUALITY = 0.5
"""The quality of a face that only a file's metadata tell of."""

_PLACE = ["digest", "n", "page", "start_s", "end_s", "box"]


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became known: faces that are new, faces that went, and names taken over from files."""

    new: int
    gone: int
    named: int


@dataclass(frozen=True, slots=True)
class _Face:
    """A face that the model found."""

    anchor: Anchor
    n: int
    quality: float


def refresh(library: Library, thresholds: Thresholds | None, patience_s: float = 0.0) -> Refreshed:
    """Do it; costs little when nothing has changed. `thresholds` are those of the model that serves the
    space `face`; without them new faces are groups of their own until there are some.

    Raises `LibraryBusyError` when another process still writes after `patience_s`, `LibraryError`.
    """
    limits = (thresholds.same, thresholds.maybe) if thresholds else ()
    if rows.is_up_to_date(library, (FACE, REGIONS), limits):
        return Refreshed(0, 0, 0)
    with library.writer(rows.TABLES, patience_s) as writer:
        known = Known.read(library)
        found = _Update(library, known, thresholds).run()
        before = known.sightings
        after = {one.id: one for one in found.sightings}
        gone = before.keys() - after.keys()
        differ = [one for one in after.values() if before.get(one.id) != one]
        if differ or gone or found.edits or found.names != rows.names(library):
            writer.write_people(rows.PeopleBatch(differ, gone, {}, found.names, found.edits))
        rows.note_up_to_date(library, (FACE, REGIONS), limits)
        moves = (change for edit in found.edits for change in edit.changes if isinstance(change, Move))
        return Refreshed(len(after.keys() - before.keys()), len(gone), sum(len(one.faces) for one in moves))


@dataclass(frozen=True, slots=True)
class _Found:
    sightings: list[Sighting]
    edits: list[Edit]
    names: Mapping[int, str]


class _Update:
    """One refresh under way."""

    def __init__(self, library: Library, known: Known, thresholds: Thresholds | None) -> None:
        self._library = library
        self._known = known
        self._thresholds = thresholds
        self._free_id = 1 + max(known.sightings, default=0)
        fingerprint = library.spaces().get(FACE)
        self._key = fingerprint.key if fingerprint and thresholds else None
        self._read = frozenset(library.marks(FACE, fingerprint.key)) if fingerprint else frozenset()

    def run(self) -> _Found:
        """Return what is known afterwards."""
        there, regions = self._faces(), self._regions()
        sightings = self._with_regions(self._seen_again(there), regions)
        sightings = self._known_by_edits(sightings)
        find = Faces(sightings)
        standing = replay(self._known.history.done, find)
        sightings = self._grouped(sightings, standing)
        edits = imported(self._known, sightings, regions, standing, find)
        for edit in edits:
            for change in edit.changes:
                standing.apply(change, find)
        return _Found([_owned(one, standing) for one in sightings], edits, standing.names)

    def _faces(self) -> list[_Face]:
        """Read the faces, in an order that does not depend on when each was found."""
        table = self._library.rows(FACE, [*_PLACE, "quality"])
        return [
            _Face(_anchor(row), row["n"], UNKNOWN_QUALITY if row["quality"] is None else row["quality"])
            for row in table.sort_by([("digest", "ascending"), ("n", "ascending")]).to_pylist()
            if row.get("box") is not None
        ]

    def _regions(self) -> list[tuple[Anchor, str]]:
        table = self._library.rows(REGIONS, [*_PLACE, "text"])
        found = table.sort_by([("digest", "ascending"), ("n", "ascending")]).to_pylist()
        return [(_anchor(row), row["text"]) for row in found if row.get("box") and row["text"]]

    def _seen_again(self, there: list[_Face]) -> list[Sighting]:
        """Give the faces that are there their numbers of before, and new ones to new faces."""
        before = {number: one.anchor for number, one in self._known.sightings.items()}
        number_of = {anchor: number for number, anchor in before.items()}
        same = {place: number_of[face.anchor] for place, face in enumerate(there) if face.anchor in number_of}
        left = {number: before[number] for number in before.keys() - set(same.values())}
        lost = {place: face.anchor for place, face in enumerate(there) if place not in same}
        same |= matched(lost, left) if left else {}
        found = [self._sighting(face, same.get(place)) for place, face in enumerate(there)]
        held = self._known.standing.held
        for number in sorted(before.keys() - set(same.values())):
            one = self._known.sightings[number]
            if number in held or one.region is not None or one.anchor.digest not in self._read:
                found.append(replace(one, n=None))
        return found

    def _sighting(self, face: _Face, number: int | None) -> Sighting:
        if number is not None:
            one = self._known.sightings[number]
            is_newly_seen = self._key is not None and one.key != self._key
            group = 0 if is_newly_seen and not self._is_settled(one) else one.group
            key = self._key or one.key
            if (face.anchor, face.n, face.quality) == (one.anchor, one.n, one.quality) and key == one.key:
                return one
            return replace(one, anchor=face.anchor, n=face.n, quality=face.quality, group=group, key=key)
        self._free_id += 1
        return Sighting(self._free_id - 1, face.anchor, face.n, face.quality, 0, 0, None, self._key)

    def _is_settled(self, one: Sighting) -> bool:
        """Whether an edit speaks of the group or of the face itself: then another model changes nothing."""
        ids = self._known.history.ids
        return one.person in ids or one.group in ids or one.id in self._known.standing.held

    def _with_regions(self, sightings: list[Sighting], regions: list[tuple[Anchor, str]]) -> list[Sighting]:
        """Tell faces the names that files give them; a region without a face becomes one."""
        wanted = {place: anchor for place, (anchor, _) in enumerate(regions)}
        at = matched(wanted, {one.id: one.anchor for one in sightings})
        name_of = {number: regions[place][1] for place, number in at.items()}
        held = self._known.standing.held
        found = [
            one if one.region == name_of.get(one.id) else replace(one, region=name_of.get(one.id))
            for one in sightings
            if one.n is not None or one.id in name_of or one.id in held or one.region is None
        ]
        for place, (anchor, name) in enumerate(regions):
            if place not in at:
                found.append(Sighting(self._free_id, anchor, None, UNKNOWN_QUALITY, 0, 0, name))
                self._free_id += 1
        return found

    def _known_by_edits(self, sightings: list[Sighting]) -> list[Sighting]:
        """Put new faces into the groups that edits know them by: everything may have been made anew."""
        new = {one.id: one.anchor for one in sightings if not one.group}
        if not new:
            return sightings
        group_of: dict[int, int] = {}
        for edit in reversed(self._known.history.done):
            for change in edit.changes:
                if isinstance(change, Name | Merge) and change.faces:
                    number = change.person if isinstance(change, Name) else change.other
                    for found in matched(dict(enumerate(change.faces)), new).values():
                        group_of.setdefault(found, number)
        return [replace(one, group=group_of[one.id]) if one.id in group_of else one for one in sightings]

    def _grouped(self, sightings: list[Sighting], standing: Standing) -> list[Sighting]:
        """Find the groups of new faces."""
        group_of = {one.id: one.group for one in sightings}
        free = 1 + max(
            (*group_of.values(), *(one.person for one in sightings), self._known.free_person() - 1)
        )
        if self._thresholds is not None and not all(
            group_of[one.id] for one in sightings if one.n is not None
        ):
            group_of |= self._joined(sightings, standing, self._thresholds.same, free)
            free = 1 + max((free - 1, *group_of.values()))
        for number, found in group_of.items():
            if not found:
                group_of[number] = free
                free += 1
        return [
            one if one.group == group_of[one.id] else replace(one, group=group_of[one.id])
            for one in sightings
        ]

    def _joined(
        self, sightings: list[Sighting], standing: Standing, same: float, free: int
    ) -> dict[int, int]:
        """Return face -> group for the new faces, and for those of groups that were joined.

        Faces are compared with automatic groups, not with all that was merged by hand: so a child's pictures
        still find the child's, and undoing a merge takes later faces along rightly.
        """
        faces = face_vectors(self._library, (one for one in sightings if _takes_part(one, standing)))
        moved: dict[tuple[int, int], int] = {}  # faces of one group that were put with one person are a group
        groups = []
        for one in faces.sightings:
            place = standing.person_of(one), one.group
            is_held = one.id in standing.held
            groups.append(moved.setdefault(place, free + len(moved)) if is_held else one.group)
        if all(groups):
            return {}
        free += len(moved)
        owners = {number: person for (person, _), number in moved.items()}
        home = dict(owners)
        owners |= {number: standing.person(number) for number in set(groups) - owners.keys() - {0}}
        ids = self._known.history.ids
        settled = {number for number, owner in owners.items() if number in ids or owner in ids}
        beside = rivals([one.anchor for one in faces.sightings])
        before = KnownGroups(np.array(groups, np.int64), beside, settled, owners, free)
        quality = np.array([one.quality for one in faces.sightings], np.float64)
        after = group(faces.vectors, quality, before, same).tolist()
        return {
            one.id: home.get(number, number)
            for one, was, number in zip(faces.sightings, groups, after, strict=True)
            if was != number
        }


def _takes_part(one: Sighting, standing: Standing) -> bool:
    if one.n is None:
        return False
    return not (one.group or one.id in standing.held) or standing.person_of(one) != NOBODY


def _owned(one: Sighting, standing: Standing) -> Sighting:
    person = standing.person_of(one)
    return one if person == one.person else replace(one, person=person)


def _anchor(row: Mapping[str, Any]) -> Anchor:
    place: Place = Whole()
    if row["page"] is not None:
        place = Page(row["page"])
    elif row["start_s"] is not None:
        place = TimeSpan(row["start_s"], row["end_s"])
    left, top, right, bottom = row["box"]
    return Anchor(row["digest"], place, (left, top, right, bottom))
