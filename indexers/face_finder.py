"""What a face engine gives, whichever library it stands on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from search.records import Box
from search.spaces import Fingerprint, Pixels, Vector

Point = tuple[float, float]
"""Across and down as shares 0..1 of the upright picture, from its top left corner."""


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
