"""What a detector of things gives, whichever library it stands on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from search.records import Box
from search.spaces import Pixels, Vector


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that stands out as one thing. `score` 0..1 is how sure that is; `label` what it seems to be,
    and `label_score` 0..1 how sure the detector is of both, where it tells classes apart.
    `vector`, float32 (dim,), unit length, is what it looks like to a detector that has a space of its own.
    """

    box: Box
    score: float
    label: str | None = None
    label_score: float = 0.0
    vector: Vector | None = field(default=None, compare=False)


class ObjectFinder(Protocol):
    """Finds things in pictures, of whatever kind. Implementations load their model on first use."""

    def find(self, picture: Pixels) -> Sequence[Thing]:
        """Return the things in a picture, the surest first, each once. Raises `ModelError`."""

    def close(self) -> None:
        """Free the model; a later `find` loads it again."""
