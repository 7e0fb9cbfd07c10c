"""What the people page asks of the program.

Every method may take its time and is called off the GUI thread. A `CrossfindError` is shown as it stands;
after a `LibraryBusyError` an edit may be tried again: nothing of it was done.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search.records import Locator


@dataclass(frozen=True, slots=True)
class PersonCard:
    """Somebody, or a group of faces that nobody named (`name` ""). `best` is the face to show; `first` and
    `last` are the days (YYYY-MM-DD, or "") of the earliest and latest picture."""

    id: int
    name: str
    faces: int
    files: int
    best: int
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Face:
    """One face: where it is, how clear, 0..1, and how typical of the person, -1..1; None: not known."""

    id: int
    person: int
    path: Path
    locator: Locator
    quality: float = 0.0
    typical: float | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """A `person` who may be the same as the `other`, 0..1 sure; the two faces are the most alike."""

    person: int
    other: int
    certainty: float
    face: Face
    like: Face


@dataclass(frozen=True, slots=True)
class Everybody:
    """All people, those with a name first. `undo` and `redo` say what these would take back and do again;
    `hidden` counts the faces left out; `off`: faces are switched off for this library."""

    people: tuple[PersonCard, ...] = ()
    undo: str = ""
    redo: str = ""
    hidden: int = 0
    off: bool = False


@dataclass(frozen=True, slots=True)
class NamePerson:
    """Give a name; who has it already becomes one with them."""

    person: int
    name: str


@dataclass(frozen=True, slots=True)
class UnnamePerson:
    """Take a name away; the faces stay together."""

    person: int


@dataclass(frozen=True, slots=True)
class MergePeople:
    """The others are this person."""

    person: int
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SplitFaces:
    """Some faces of a person are somebody else, together; `name` may say who."""

    person: int
    faces: tuple[int, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class MoveFaces:
    """These faces are this person's."""

    faces: tuple[int, ...]
    person: int


@dataclass(frozen=True, slots=True)
class RejectFaces:
    """Each of these faces is not who it was taken for."""

    faces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HideFaces:
    """These are no faces, or nobody's that matter."""

    faces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class HidePeople:
    """All faces of these people are nobody's that matter."""

    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PartPeople:
    """Two are not one person: not to be suggested again."""

    person: int
    other: int


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last edit back."""


@dataclass(frozen=True, slots=True)
class Redo:
    """Do again what was taken back last."""


PeopleEdit = (
    NamePerson
    | UnnamePerson
    | MergePeople
    | SplitFaces
    | MoveFaces
    | RejectFaces
    | HideFaces
    | HidePeople
    | PartPeople
    | Undo
    | Redo
)


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did, in a few words ("": it was so already), and what can be undone and redone now."""

    did: str
    undo: str = ""
    redo: str = ""


class PeopleBackend(Protocol):
    """The people behind the window."""

    def everybody(self) -> Everybody:
        """Return who there is; a library that is not there yet has nobody."""

    def faces_of(self, person: int) -> tuple[Face, ...]:
        """Return the faces of a person, the clearest first; person 0: the faces left out."""

    def likenesses(self, limit: int) -> tuple[Likeness, ...]:
        """Return who may be the same as somebody else, the surest first."""

    def edit_people(self, edit: PeopleEdit) -> Edited:
        """Make an edit. Raises `LibraryBusyError` when there is no gap in what is being written."""

    def portrait(self, face: int, edge: int) -> bytes:
        """Return the picture of a face, square, at most `edge` pixels wide: JPEG. Raises `MediaError`."""
