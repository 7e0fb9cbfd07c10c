"""A line of text in a picture, as whichever engine reads it gives it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from search.records import Box
from search.spaces import Pixels


@dataclass(frozen=True, slots=True)
class Line:
    """`score` 0..1 is how sure the engine is of the text; `quarters` says how often the picture must be
    turned by a quarter to the left for the line to stand upright. The box is that of the picture as it is.
    """

    text: str
    score: float
    box: Box
    quarters: int = 0


class LineFinder(Protocol):
    """Reads text in pictures. Implementations load their model on first use."""

    def lines(self, picture: Pixels) -> Sequence[Line]:
        """Return the lines of a picture in any order. Raises `ModelError`."""

    def close(self) -> None:
        """Free the model; a later `lines` loads it again."""
