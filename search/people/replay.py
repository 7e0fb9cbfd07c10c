"""From the automatic groups and the log of edits to who is who; the same log always gives the same people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from search.people.places import matched
from search.people.records import Anchor, Apart, Change, Edit, Entry, Merge, Move, Name, Sighting, Step

Finder = Callable[[Sequence[Anchor]], Iterable[int]]
"""From anchors to the ids of those sightings that are still there."""


@dataclass(frozen=True, slots=True)
class History:
    """The edits that hold, oldest first, and those that can be redone, the next one last."""

    done: tuple[Edit, ...]
    undone: tuple[Edit, ...]

    @property
    def ids(self) -> set[int]:
        """All persons that edits speak of, undone ones too: their groups are kept as they are."""
        changes = (change for edit in (*self.done, *self.undone) for change in edit.changes)
        return {person for change in changes for person in _persons(change)}


def history(log: Iterable[Entry]) -> History:
    """Read the log. An edit of the user's ends what could be redone; what files say about names does not."""
    done: list[Edit] = []
    undone: list[Edit] = []
    for entry in log:
        match entry:
            case Edit(source=source):
                done.append(entry)
                if source == "user":
                    undone.clear()
            case Step(kind="undo"):
                undone.append(done.pop())
            case Step(kind="redo"):
                done.append(undone.pop())
    return History(tuple(done), tuple(undone))


@dataclass(slots=True)
class Standing:
    """What all edits together say: names by person, which person another was merged into, faces that were
    put somewhere by hand (sighting id -> person), and pairs that are not one person."""

    names: dict[int, str] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)
    parted: set[tuple[int, int]] = field(default_factory=set)

    def copy(self) -> "Standing":
        """Return one that can be changed apart from this one."""
        return Standing(dict(self.names), dict(self.merged), dict(self.held), set(self.parted))

    def person(self, number: int) -> int:
        """Return who a person is after all merges."""
        while number in self.merged:
            number = self.merged[number]
        return number

    def person_of(self, sighting: Sighting) -> int:
        """Return whose face a sighting is."""
        return self.person(self.held.get(sighting.id, sighting.group))

    def changes(self, sightings: Mapping[int, Sighting]) -> dict[int, int]:
        """Return id -> person of the sightings that are somebody else's than they say."""
        roots = {group: self.person(group) for group in {one.group for one in sightings.values()}}
        told = {
            number: person
            for number, one in sightings.items()
            if (person := roots[one.group]) != one.person or number in self.held
        }
        moved = {number: self.person_of(sightings[number]) for number in told.keys() & self.held.keys()}
        return {
            number: person for number, person in (told | moved).items() if person != sightings[number].person
        }

    def are_apart(self, one: int, other: int) -> bool:
        """Whether an edit says that these are two people."""
        pair = {one, other}
        return any({self.person(a), self.person(b)} == pair for a, b in self.parted)

    def apply(self, change: Change, find: Finder) -> None:
        """Let one change take effect."""
        match change:
            case Name(person, name) if name is None:
                self.names.pop(self.person(person), None)
            case Name(person, name):
                self.names[self.person(person)] = name or ""
            case Merge(person, other):
                self._merge(self.person(person), self.person(other))
            case Move(person, faces):
                self.held.update(dict.fromkeys(find(faces), person))
            case Apart(person, other):
                self.parted.add((person, other))
            case _:
                assert_never(change)

    def _merge(self, person: int, other: int) -> None:
        if person == other:
            return
        name = self.names.pop(other, None)
        if name is not None:
            self.names.setdefault(person, name)
        self.merged[other] = person
        self.parted = {(a, b) for a, b in self.parted if self.person(a) != self.person(b)}


class Faces:
    """Finds the sightings that anchors speak of."""

    def __init__(self, sightings: Iterable[Sighting]) -> None:
        self._ids: dict[Anchor, int] = {}
        self._by_content: dict[str, dict[int, Anchor]] = {}
        self._found: dict[int, tuple[Sequence[Anchor], list[int]]] = {}
        for one in sightings:
            self._ids[one.anchor] = one.id
            self._by_content.setdefault(one.anchor.digest, {})[one.id] = one.anchor

    def __call__(self, anchors: Sequence[Anchor]) -> list[int]:
        """Return the ids of those that are there: at the very place, or overlapping enough.

        What was asked before is remembered, by the very sequence.
        """
        if id(anchors) not in self._found:
            self._found[id(anchors)] = anchors, self._look_for(anchors)
        return self._found[id(anchors)][1]

    def beside(self, anchor: Anchor) -> Iterable[int]:
        """Return the ids of all faces in the same content."""
        return self._by_content.get(anchor.digest, ())

    def _look_for(self, anchors: Sequence[Anchor]) -> list[int]:
        found = [self._ids[anchor] for anchor in anchors if anchor in self._ids]
        moved: dict[str, list[Anchor]] = {}
        for anchor in anchors:
            if anchor not in self._ids and anchor.digest in self._by_content:
                moved.setdefault(anchor.digest, []).append(anchor)
        for digest, lost in moved.items():
            found += matched(dict(enumerate(lost)), self._by_content[digest]).values()
        return found


def replay(edits: Iterable[Edit], find: Finder) -> Standing:
    """Return what these edits, oldest first, make of the people."""
    standing = Standing()
    for edit in edits:
        for change in edit.changes:
            standing.apply(change, find)
    return standing


def _persons(change: Change) -> tuple[int, ...]:
    match change:
        case Name(person) | Move(person):
            return (person,)
        case Merge(person, other) | Apart(person, other):
            return (person, other)
        case _:
            assert_never(change)
