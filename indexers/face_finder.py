"""What a face engine gives, whichever library it stands on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from indexers.model_facts import Facts
from search.records import Box, Point
from search.spaces import Fingerprint, Pixels, Thresholds, Vector

LEAST_BETWEEN = 0.05
"""How far `maybe` lies below `same` where a model does not say."""


def thresholds_of(facts: Facts) -> Thresholds:
    """Read `[faces] same, maybe` of a `model.toml`; `same_person_cosine` is another word for `same`.

    Without `maybe` there is little between one person and two. Raises `ModelError`.
    """
    table = facts.table("faces")
    known = facts.number("same_person_cosine") if facts.has("same_person_cosine") else None
    same = table.number("same", known)
    maybe = table.number("maybe", same - LEAST_BETWEEN)
    if not -1 < maybe < same < 1:
        raise table.wrong("maybe", "must be a cosine below same")
    return Thresholds(same, maybe)


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture. `score` 0..1 is how sure the detector is; `vector` is float32 (dim,), length 1."""

    box: Box
    score: float
    landmarks: tuple[Point, ...]
    vector: Vector = field(compare=False, repr=False)


class FaceFinder(Protocol):
    """Finds faces and says whose they may be. Implementations load their model on first use."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Model, revision, preprocessing and dimension of the vectors."""

    def find(self, picture: Pixels, *, turned: bool = False) -> Sequence[Face]:
        """Return the faces of a picture, the largest first. Raises `ModelError`.

        With `turned`, a picture without a sure upright face is looked at from its other sides as well;
        boxes and landmarks are always those of the picture as it was given.
        """

    def close(self) -> None:
        """Free the model; a later `find` loads it again."""
