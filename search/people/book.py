"""The people of a library: who there is, what may be the same, and every edit, each of which can be undone.

An edit is computed in memory and written as one commit: one row in the log, and the faces that change hands.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from search.people import suggest
from search.people.names import PersonError, find_person, readable_name
from search.people.places import together
from search.people.records import (
    NOBODY,
    Anchor,
    Apart,
    Change,
    Edit,
    Entry,
    Merge,
    Move,
    Name,
    Person,
    Sighting,
    Step,
    StepKind,
    Suggestion,
)
from search.people.replay import Faces, History, Standing, history, replay
from search.spaces import Thresholds
from search.store import Library, Writer
from search.store import people as rows
from search.store.schema import FILES

PATIENCE_S = 10.0
"""So long an edit waits for a gap in what an indexing run writes; there is one several times a second."""

WITNESSES = 24
"""So many faces are kept with a name, to know the person again when everything else is made anew."""

Dates = dict[str, tuple[datetime, datetime]]


@dataclass(slots=True)
class Known:
    """What is known at one commit of the library. `dates` is filled when it is first asked for."""

    generation: int
    sightings: dict[int, Sighting]
    log: list[Entry]
    history: History
    find: Faces
    standing: Standing
    dates: Dates = field(default_factory=dict)

    @classmethod
    def read(cls, library: Library) -> "Known":
        """Read it from the library."""
        generation = library.generation
        sightings = {one.id: one for one in rows.sightings(library)}
        log = rows.log(library)
        told = history(log)
        find = Faces(sightings.values())
        return cls(generation, sightings, log, told, find, replay(told.done, find))

    def free_person(self) -> int:
        """Return a number that no person ever had."""
        taken = (number for one in self.sightings.values() for number in (one.group, one.person))
        return 1 + max((*taken, *self.history.ids), default=0)

    def free_entry(self) -> int:
        """Return the number of the next entry in the log."""
        return 1 + (self.log[-1].n if self.log else 0)

    def of(self, person: int) -> list[Sighting]:
        """Return the faces of a person, the clearest first."""
        found = (one for one in self.sightings.values() if one.person == person)
        return sorted(found, key=lambda one: (-one.quality, one.id))

    def witnesses(self, person: int) -> tuple[Anchor, ...]:
        """Return some of a person's faces, from different files as far as there are such."""
        best: dict[str, Anchor] = {}
        for one in self.of(person):
            best.setdefault(one.anchor.digest, one.anchor)
        return tuple(best.values())[:WITNESSES]


class People:
    """The people of one library. Safe to use from several threads; what others change is seen at once.

    `thresholds` are those of the face model that serves the library; without them nothing is suggested. Every
    edit raises `LibraryError` while it cannot be written, and `PersonError` when it makes no sense.
    """

    def __init__(self, library: Library, thresholds: Thresholds | None = None) -> None:
        self._library = library
        self._thresholds = thresholds
        self._guard = threading.RLock()
        self._known: Known | None = None

    def people(self) -> list[Person]:
        """Return everybody: those with a name first, then the groups with most faces."""
        with self._guard:
            known = self._newest()
            if not known.dates:
                known.dates = self._dates()
            members: dict[int, list[Sighting]] = {}
            for one in known.sightings.values():
                members.setdefault(one.person, []).append(one)
            members.pop(NOBODY, None)
            people = [self._person(known, number, faces) for number, faces in members.items()]
        return sorted(people, key=lambda one: (one.name is None, -one.faces, one.id))

    def faces(self, person: int) -> list[Sighting]:
        """Return the faces of a person (or those of `NOBODY`), the clearest first."""
        with self._guard:
            return self._newest().of(person)

    def face(self, number: int) -> Sighting:
        """Return one face. Raises `PersonError`."""
        with self._guard:
            return _face(self._newest(), number)

    def find(self, text: str) -> int:
        """Return the person of that name or number. Raises `PersonError` with who may be meant."""
        with self._guard:
            known = self._newest()
            return find_person(text, known.standing.names, {one.person for one in known.sightings.values()})

    def names(self) -> dict[int, str]:
        """Return the names that people have, by person."""
        with self._guard:
            return dict(self._newest().standing.names)

    def history(self) -> History:
        """Return the edits that hold and those that can be redone."""
        with self._guard:
            return self._newest().history

    def suggestions(self, limit: int = 50) -> list[Suggestion]:
        """Return groups that may be one person, the surest first; reads all vectors of faces."""
        if self._thresholds is None:
            return []
        with self._guard:
            known = self._newest()
        return suggest.suggestions(self._library, known.sightings, known.standing, self._thresholds, limit)

    def name(self, person: int, name: str) -> Edit | None:
        """Name a person; when another has this name already, the two become one. None: it is so already."""
        wanted = readable_name(name)

        def changes(known: Known) -> list[Change]:
            _exists(known, person)
            names = known.standing.names
            if names.get(person) == wanted:
                return []
            others = [number for number, other in names.items() if other == wanted]
            if others:
                return [Merge(others[0], person, known.witnesses(person))]
            return [Name(person, wanted, known.witnesses(person))]

        return self._edit(changes)

    def forget(self, person: int) -> Edit | None:
        """Take a person's name away; the faces stay a group. None: there is no name."""
        return self._edit(lambda known: [Name(person, None)] if person in known.standing.names else [])

    def merge(self, person: int, others: Sequence[int]) -> Edit | None:
        """Say that others are this person. Their name goes unless the person has none."""

        def changes(known: Known) -> list[Change]:
            for number in (person, *others):
                _exists(known, number)
            return [
                Merge(person, one, known.witnesses(one)) for one in dict.fromkeys(others) if one != person
            ]

        return self._edit(changes)

    def split(self, person: int, faces: Sequence[int], name: str | None = None) -> Edit | None:
        """Say that these faces of a person are somebody else, together; the two are never one again."""
        wanted = None if name is None else readable_name(name)

        def changes(known: Known) -> list[Change]:
            taken = [_face(known, number) for number in faces]
            if strange := [one.id for one in taken if one.person != person]:
                raise PersonError(f"Face {strange[0]} is not one of this person's.")
            if taken and len(taken) == len(known.of(person)):
                raise PersonError("These are all faces of this person.", "Leave out those that are right.")
            other = known.free_person()
            named = [] if wanted is None else [Name(other, wanted)]
            return [Move(other, _anchors(taken)), Apart(person, other), *named] if taken else []

        return self._edit(changes)

    def move(self, faces: Sequence[int], person: int) -> Edit | None:
        """Say whose these faces are."""

        def changes(known: Known) -> list[Change]:
            _exists(known, person)
            taken = [one for one in (_face(known, number) for number in faces) if one.person != person]
            return [Move(person, _anchors(taken))] if taken else []

        return self._edit(changes)

    def reject(self, faces: Sequence[int]) -> Edit | None:
        """Say that each of these faces is not who it was taken for; each becomes a group of its own."""

        def changes(known: Known) -> list[Change]:
            made: list[Change] = []
            for place, number in enumerate(dict.fromkeys(faces)):
                one = _face(known, number)
                other = known.free_person() + place
                made += [Move(other, (one.anchor,)), Apart(one.person, other)]
            return made

        return self._edit(changes)

    def hide(self, faces: Sequence[int]) -> Edit | None:
        """Say that these are no faces, or nobody's that matter: posters, statues, passers-by."""

        def changes(known: Known) -> list[Change]:
            taken = [one for one in (_face(known, number) for number in faces) if one.person != NOBODY]
            return [Move(NOBODY, _anchors(taken))] if taken else []

        return self._edit(changes)

    def part(self, person: int, other: int) -> Edit | None:
        """Say that two are not one person: they are not suggested, and not grouped, together again."""

        def changes(known: Known) -> list[Change]:
            _exists(known, person)
            _exists(known, other)
            apart = person == other or known.standing.are_apart(person, other)
            return [] if apart else [Apart(person, other)]

        return self._edit(changes)

    def undo(self) -> Edit:
        """Take the last edit back and return it. Raises `PersonError` when there is none or it cannot be."""
        return self._step("undo")

    def redo(self) -> Edit:
        """Do again what was undone last, and return it. Raises `PersonError`."""
        return self._step("redo")

    def _newest(self) -> Known:
        if self._known is None or self._known.generation != self._library.generation:
            self._known = Known.read(self._library)
        return self._known

    def _edit(self, changes: Callable[[Known], list[Change]]) -> Edit | None:
        with self._library.writer(rows.TABLES, PATIENCE_S) as writer, self._guard:
            known = self._newest()
            made = tuple(changes(known))
            if not made:
                return None
            edit = Edit(known.free_entry(), _now(), "user", made)
            after = known.standing.copy()
            for change in made:
                after.apply(change, known.find)
            self._commit(writer, known, after, edit)
            return edit

    def _step(self, kind: StepKind) -> Edit:
        with self._library.writer(rows.TABLES, PATIENCE_S) as writer, self._guard:
            known = self._newest()
            edits = known.history.done if kind == "undo" else known.history.undone
            if not edits:
                raise PersonError(f"There is nothing to {'undo' if kind == 'undo' else 'redo'}.")
            step = Step(known.free_entry(), _now(), kind)
            done = history((*known.log, step)).done
            self._commit(writer, known, replay(done, known.find), step)
            return edits[-1]

    def _commit(self, writer: Writer, known: Known, after: Standing, entry: Entry) -> None:
        """Check, write, and know it without reading it again."""
        moved = after.changes(known.sightings)
        persons: dict[int, list[int]] = {}
        for number, person in moved.items():
            persons.setdefault(person, []).append(number)
        self._check(known, moved)
        names = after.names if after.names != known.standing.names else None
        writer.write_people(rows.PeopleBatch(persons=persons, names=names, log=[entry]))
        for number, person in moved.items():
            known.sightings[number] = replace(known.sightings[number], person=person)
        known.log.append(entry)
        known.history, known.standing = history(known.log), after
        known.generation = self._library.generation

    def _check(self, known: Known, moved: dict[int, int]) -> None:
        """Refuse what would make two faces that are seen together one person."""
        for number, person in moved.items():
            anchor = known.sightings[number].anchor
            for other in known.find.beside(anchor) if person != NOBODY else ():
                rival = known.sightings[other]
                same = moved.get(other, rival.person) == person
                if other != number and same and together(anchor.place, rival.anchor.place):
                    place = self._path(anchor.digest)
                    raise PersonError(
                        f"Both are in {place}, and two faces in one picture are never one person.",
                        f"Take the wrong one away first: crossfind people reject {number}, or {other}.",
                    )

    def _path(self, digest: str) -> str:
        files = self._library.files_of([digest]).get(digest)
        return files[0].path if files else "one picture"

    def _dates(self) -> Dates:
        found: Dates = {}
        table = self._library.rows(FILES, ["digest", "date"])
        for digest, date in zip(table["digest"].to_pylist(), table["date"].to_pylist(), strict=True):
            first, last = found.get(digest, (date, date))
            found[digest] = min(first, date), max(last, date)
        return found

    def _person(self, known: Known, number: int, faces: list[Sighting]) -> Person:
        digests = {one.anchor.digest for one in faces}
        dates = [known.dates[digest] for digest in digests if digest in known.dates]
        best = min(faces, key=lambda one: (-one.quality, one.id))
        first = min((first for first, _ in dates), default=None)
        last = max((last for _, last in dates), default=None)
        return Person(number, known.standing.names.get(number), len(faces), len(digests), best, first, last)


def _anchors(faces: Iterable[Sighting]) -> tuple[Anchor, ...]:
    return tuple(one.anchor for one in faces)


def _face(known: Known, number: int) -> Sighting:
    if number not in known.sightings:
        raise PersonError(f"There is no face {number}.", "See: crossfind people list PERSON")
    return known.sightings[number]


def _exists(known: Known, person: int) -> None:
    if person == NOBODY or not any(one.person == person for one in known.sightings.values()):
        raise PersonError(f"There is no person {person}.", "See: crossfind people list")


def _now() -> datetime:
    return datetime.now()
