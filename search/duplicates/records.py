"""What a search for duplicates asks for, and what it answers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from search.records import Content, File

Kind = Literal["same", "copy", "near", "film"]
"""`same`: the same bytes. `copy`: the same picture, re-encoded or resized. `near`: pictures that look alike
and are not the same: shots of one scene, crops, edits. `film`: films that show the same, whole or in part."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two pictures agree.

    `difference`: laid over each other as they are, how much they differ where they differ most, in deviations
    of the brightness around there; 0 is not at all, copies stay below 0.7. `likeness`: the correlation of
    their brightness so, -1..1. `matched`: the same where corners that both have lie on each other, 0 when
    there are too few of those; `first_shown` and `second_shown` are the shares 0..1 of each that the other
    then covers.
    """

    difference: float
    likeness: float
    matched: float
    first_shown: float
    second_shown: float


class Compare(Protocol):
    """Compares two pictures."""

    def __call__(self, first: Path, second: Path) -> Agreement | None:
        """Return how two picture files agree; None when one cannot be read."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a group. `why` says what it is to another file of the group, "" for the first one.

    `likeness` is how alike the two look, 0..1; one member of a group each `is_largest` and `is_oldest`.
    """

    file: File
    content: Content
    why: str
    likeness: float
    is_largest: bool = False
    is_oldest: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Files that belong together, at least two; the first is the one with the most to see."""

    kind: Kind
    members: tuple[Member, ...]

    @property
    def spare_bytes(self) -> int:
        """How many bytes all but the first take."""
        return sum(member.file.size for member in self.members[1:])
