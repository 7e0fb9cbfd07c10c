"""What a speech engine gives, whichever library it stands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from search.spaces import Vector

SAMPLE_RATE = 16_000
"""Samples a second that speech engines take."""


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word with its punctuation; `probability` 0..1 is how sure the engine is."""

    start_s: float
    end_s: float
    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """A stretch of speech, a sentence or a part of one, in seconds from the first sample."""

    start_s: float
    end_s: float
    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything said, in order. `language` is an ISO 639-1 code (`en`), None when nothing was said."""

    language: str | None
    language_probability: float
    segments: tuple[Spoken, ...]

    @property
    def text(self) -> str:
        """All of it as one text."""
        return " ".join(segment.text for segment in self.segments)


class Transcriber(Protocol):
    """Writes down speech. Implementations load their model on first use."""

    @property
    def languages(self) -> Sequence[str]:
        """The languages it knows, as ISO 639-1 codes. Raises `ModelError`."""

    def transcribe(self, samples: Vector, language: str | None = None) -> Transcript:
        """Write down float32 (n,) mono samples at 16 kHz, -1..1, in this language or the one that is heard.

        Raises `ModelError`.
        """

    def close(self) -> None:
        """Free the model; a later `transcribe` loads it again."""
