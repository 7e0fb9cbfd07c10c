"""Names that the metadata of files give to regions become edits, each region once; a user's edits win."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from search.people.book import Known
from search.people.places import together
from search.people.records import Anchor, Change, Edit, Merge, Move, Name, Sighting
from search.people.replay import Faces, Standing
from search.store.text import fold

Region = tuple[Anchor, str]


def imported(
    known: Known, sightings: Sequence[Sighting], regions: Iterable[Region], standing: Standing, find: Faces
) -> list[Edit]:
    """Return one edit for each name that files tell and that was not taken over before.

    A face that a person put somewhere by hand, or whose group has a name, stays. A whole group takes the name
    when all its named faces agree; else only the faces themselves do. What was taken over and undone stays
    undone.
    """
    seen = {
        anchor
        for entry in known.log
        if isinstance(entry, Edit) and entry.source == "xmp"
        for change in entry.changes
        if isinstance(change, Move)
        for anchor in change.faces
    }
    sighting_of = {one.id: one for one in sightings}
    by_name: dict[str, list[tuple[Anchor, str, Sighting]]] = {}
    for anchor, name in regions:
        found = [] if anchor in seen else find((anchor,))
        if found and _is_open(sighting_of[found[0]], standing):
            by_name.setdefault(fold(name), []).append((anchor, name, sighting_of[found[0]]))
    importer = _Importer(known, sightings, standing, find, by_name)
    return [edit for folded in sorted(by_name) if (edit := importer.edit(folded)) is not None]


def _is_open(one: Sighting, standing: Standing) -> bool:
    return one.id not in standing.held and standing.person_of(one) not in standing.names


class _Importer:
    """Makes the edits one after the other, as each changes who is who for the next."""

    def __init__(
        self,
        known: Known,
        sightings: Sequence[Sighting],
        standing: Standing,
        find: Faces,
        by_name: dict[str, list[tuple[Anchor, str, Sighting]]],
    ) -> None:
        self._find, self._by_name = find, by_name
        self._n = known.free_entry()
        groups = (one.group for one in sightings)
        self._free = max((known.free_person(), *(1 + group for group in groups)))
        self._settled = known.history.ids
        self._person_of_name = {fold(name): person for person, name in standing.names.items()}
        self._anchor_of = {one.id: one.anchor for one in sightings}
        self._person_of = {one.id: standing.person_of(one) for one in sightings}
        self._members: dict[int, set[int]] = {}
        for number, person in self._person_of.items():
            self._members.setdefault(person, set()).add(number)
        self._names_in: dict[int, set[str]] = {}
        for folded, named in by_name.items():
            for _, _, one in named:
                self._names_in.setdefault(self._person_of[one.id], set()).add(folded)

    def edit(self, folded: str) -> Edit | None:
        """Return the edit that gives this name to its faces and, where it can, to their groups."""
        named = self._by_name[folded]
        groups = {self._person_of[one.id] for _, _, one in named}
        whole = sorted(g for g in groups if self._names_in[g] == {folded} and g not in self._settled)
        changes: list[Change] = []
        person = self._person_of_name.get(folded)
        if person is None:
            person = whole.pop(0) if whole else self._free
            self._free += 1
            changes.append(Name(person, named[0][1]))
        changes += [Merge(person, other) for other in whole if self._joins(person, other)]
        placed = tuple(self._placed(person, named))
        if not placed:
            return None
        self._n += 1
        return Edit(self._n - 1, datetime.now(), "xmp", (*changes, Move(person, placed)))

    def _joins(self, person: int, other: int) -> bool:
        """Join two persons unless they are seen together somewhere."""
        theirs = self._members.get(other, set())
        if any(self._is_beside(number, person) for number in theirs):
            return False
        for number in list(theirs):
            self._give(number, person)
        return True

    def _placed(self, person: int, named: Sequence[tuple[Anchor, str, Sighting]]) -> Iterable[Anchor]:
        """Yield the anchors of the faces that may be this person's: one in a picture."""
        for anchor, _, one in named:
            if not self._is_beside(one.id, person):
                self._give(one.id, person)
                yield anchor

    def _is_beside(self, number: int, person: int) -> bool:
        """Whether another face of this person is seen together with a face."""
        anchor = self._anchor_of[number]
        return any(
            other != number
            and self._person_of[other] == person
            and together(anchor.place, self._anchor_of[other].place)
            for other in self._find.beside(anchor)
        )

    def _give(self, number: int, person: int) -> None:
        self._members[self._person_of[number]].discard(number)
        self._members.setdefault(person, set()).add(number)
        self._person_of[number] = person
