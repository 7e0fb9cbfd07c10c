"""What the query bar asks of the program; see `ui.backend`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search.records import Box, Suggestion


@dataclass(frozen=True, slots=True)
class Repair:
    """A way to repair a query picture: `told` goes behind "the picture"; `number` counts from 1."""

    number: int
    kind: str
    told: str
    improved: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a picture: sentences, repairs, and places of things that may be meant."""

    evidence: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    parts: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class HeardWord:
    """One word that was said; an unsure one should be looked at."""

    text: str
    unsure: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """A spoken query: as words to search for, and word by word as it was understood."""

    query: str
    words: tuple[HeardWord, ...]


class QueryBackend(Protocol):
    """Answers for the query bar. Every method may take its time and raises `CrossfindError`."""

    def suggest(self, text: str, limit: int) -> Sequence[Suggestion]:
        """Return whole queries that may be meant by what is typed so far, what is likeliest first."""

    def page_image(self, path: Path, page: int, width: int) -> bytes:
        """Draw a picture, or page `page` (from 1) of a document, `width` pixels wide: PNG bytes.

        Raises `MediaError`.
        """

    def faces_in(self, path: Path, page: int | None) -> Sequence[Box]:
        """Return where the faces in a picture or page are, the largest first.

        Raises `MediaError`, and `ModelError` without a model for faces.
        """

    def examine(self, path: Path) -> Examined:
        """Say what may be wrong with a picture. Raises `MediaError`."""

    def repaired_image(self, path: Path, number: int, width: int) -> bytes:
        """Draw a picture as `examine` saw it (0), or one of its repairs, at most `width` wide: PNG bytes.

        Raises `MediaError`.
        """

    def listen(self, path: Path) -> Heard:
        """Write down what is said in a recording.

        Raises `MediaError` where nothing can be understood, and `ModelError` without a model for speech.
        """
