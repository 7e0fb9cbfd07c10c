"""Models that know sounds: they hear windows of a few seconds, and answer text and examples."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from search.spaces import Fingerprint, PayloadKind, Sound, Thresholds, Vector

SILENT = 0.001
"""A root mean square below this share of full scale (-60 dB) is silence: nothing is to be found in it."""

LOUDEST = 32768.0
"""What full scale is in 16-bit samples."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a window holds: float32 (dim,), unit length; `text` is what it sounds like, if that is known."""

    start_s: float
    end_s: float
    vector: Vector
    text: str | None = None


class SoundModel(Protocol):
    """Serves the space `sound`, for indexing and for queries; loads its model on first use."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Model, revision and how windows are cut; the vectors' dimension."""

    @property
    def rate_hz(self) -> int:
        """How many samples a second it is given."""

    def hear(self, samples: Sound) -> Sequence[Heard]:
        """Cut mono sound to windows, in seconds from its first sample; silence gives none.

        Raises `ModelError`.
        """

    def as_query(self, vectors: Vector) -> Vector:
        """Return what finds windows that sound like these: float32 (n, dim), unit rows."""

    def encode_text(self, text: str) -> Vector:
        """Return float32 (dim,), unit length. Raises `ModelError`."""

    def thresholds_for(self, kind: PayloadKind) -> Thresholds | None:
        """What the cosines of a query mean; None where only a library's background tells."""

    def close(self) -> None:
        """Free the model; the next use loads it again."""


def loudness(samples: NDArray[np.float32], length: int, hop: int) -> NDArray[np.float32]:
    """Return the root mean square of each full stretch of `length` samples, one every `hop`: float32 (n,)."""
    stretches = np.lib.stride_tricks.sliding_window_view(samples, length)[::hop]
    squares = np.einsum("ij,ij->i", stretches, stretches, dtype=np.float64)
    loud: NDArray[np.float32] = np.sqrt(squares / length).astype(np.float32)
    return loud
