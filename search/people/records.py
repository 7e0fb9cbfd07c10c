"""What is known of people: where faces are, who they are, and the log of edits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from search.records import Box, Locator, Page, Region, TimeSpan, Whole

Place = Whole | Page | TimeSpan

FACE = "face"
"""The space of faces: boxes with vectors, from a face model."""

REGIONS = "regions"
"""The space of named regions: boxes with names, from the metadata of pictures."""

NOBODY = 0
"""The person that a sighting belongs to which is no face, or the face of a poster or a statue."""

Source = Literal["user", "xmp"]
"""Who made an edit: the person at the keyboard, or the names that a picture's own metadata give."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a face is, in a way that outlives indexing anew and another face model: by content and place."""

    digest: str
    place: Place
    box: Box

    @property
    def locator(self) -> Locator:
        """The place as a hit shows it."""
        return Region(self.place, self.box)


@dataclass(frozen=True, slots=True)
class Sighting:
    """One face in one place. `id` and the groups are numbers from 1 on, never used twice.

    `n` is its segment in the space `face`; None when only the file's metadata tell of it, or the present
    model no longer finds it. `quality` is 0..1. `group` is what the automatic grouping says, `person` the
    same after all edits (`NOBODY` when it is to be passed over). `region` is the name that the file's
    metadata give it. `key` is the fingerprint of the face model by whose vectors the group was found.
    """

    id: int
    anchor: Anchor
    n: int | None
    quality: float
    group: int
    person: int
    region: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """A person gets a name, or loses it (None). `faces` are some of theirs, to know the person again by."""

    person: int
    name: str | None
    faces: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """The other person is the same as `person`. `faces` are some of the other's."""

    person: int
    other: int
    faces: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """These faces belong to a person, whatever the automatic grouping says."""

    person: int
    faces: tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """Two who were taken for one are two: never suggested, and never grouped, as one again."""

    person: int
    other: int


Change = Name | Merge | Move | Apart


@dataclass(frozen=True, slots=True)
class Edit:
    """What was done in one go, and is undone in one go; `n` is its number in the log."""

    n: int
    at: datetime
    source: Source
    changes: tuple[Change, ...]


StepKind = Literal["undo", "redo"]


@dataclass(frozen=True, slots=True)
class Step:
    """An undo or redo of an edit, as it stands in the log."""

    n: int
    at: datetime
    kind: StepKind


Entry = Edit | Step


@dataclass(frozen=True, slots=True)
class Person:
    """One person as lists show them; `name` is None for a group that nobody has named.

    `best` is the sighting to show, `first` and `last` when the earliest and latest of the files were taken.
    """

    id: int
    name: str | None
    faces: int
    files: int
    best: Sighting
    first: datetime | None
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A group that may be the same person as another. `cosine` is the mean over all pairs of their faces;
    `certainty` 0..1 says where it lies between `maybe` and `same` of the face model. `face` and `like` are
    the two that are most alike."""

    person: int
    other: int
    cosine: float
    certainty: float
    face: int
    like: int
