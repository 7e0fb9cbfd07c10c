"""What a face engine gives, and what it is put together from: a detector and an embedder.

All places are shares 0..1 of the upright picture, from its top left corner.
"""

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
class Detection:
    """Where a face is. `score` 0..1 is how sure the detector is; `landmarks` may be none.

    Landmarks are the eyes, the tip of the nose, and perhaps the corners of the mouth; pairs: left first.
    """

    box: Box
    score: float
    landmarks: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Face:
    """A face in a picture: a detection with its vector, float32 (dim,), length 1.

    `quality` 0..1 says how well it can be told whose it is: sure, large and seen from the front is 1.
    """

    box: Box
    score: float
    landmarks: tuple[Point, ...]
    vector: Vector = field(compare=False, repr=False)
    quality: float = 1.0


class FaceDetector(Protocol):
    """Finds upright faces. Implementations load their model on first use."""

    @property
    def preprocessing(self) -> str:
        """What it is and how it looks at pictures: another text means other faces."""

    @property
    def sure(self) -> float:
        """From this score on a face is surely upright; weaker ones may lie on their side."""

    def detect(self, picture: Pixels, *, coarse: bool = False) -> Sequence[Detection]:
        """Return the faces of a picture of any size; `coarse` is quicker and misses small ones.

        Raises `ModelError`.
        """

    def close(self) -> None:
        """Free the model; a later `detect` loads it again."""


class FaceEmbedder(Protocol):
    """Tells faces apart. Implementations load their model on first use."""

    def embed(self, picture: Pixels, found: Sequence[Detection]) -> Sequence[Face]:
        """Return a face for each detection, in their order; it may know the landmarks better.

        Raises `ModelError`.
        """

    def close(self) -> None:
        """Free the model; a later `embed` loads it again."""


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
