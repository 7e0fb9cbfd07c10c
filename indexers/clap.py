"""Sounds and their descriptions in one space with a CLAP-type model.

Keys in `model.toml` beside the common ones: `dim`, `sample_rate_hz`, `window_s`, `hop_s` and what its towers
read, see `indexers.clap_transformers` and `indexers.clap_onnx`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from indexers.model_facts import Facts
from indexers.sound_model import LOUDEST, SILENT, Heard, loudness
from search.errors import ModelError
from search.spaces import Fingerprint, PayloadKind, Sound, Thresholds, Vector, unit_rows

BATCH = 8
"""How many windows the model hears at once."""

_LEAST_S = 1.0
"""Shorter sounds get silence behind them: what is short is repeated, and a click would become a buzz."""

_LOOK_S = 0.5
"""A window is silent when no stretch of this length in it can be heard."""


Waves = Sequence[NDArray[np.float32]]
"""Mono sounds, float32 samples -1..1."""


@dataclass(frozen=True, slots=True)
class ClapFacts:
    """What `model.toml` says of the space and of how sound is cut."""

    facts: Facts
    dim: int
    rate_hz: int
    window_s: float
    hop_s: float

    @classmethod
    def of(cls, facts: Facts) -> "ClapFacts":
        """Read them. Raises `ModelError` where they make no sense."""
        rate_hz = facts.whole("sample_rate_hz", 48_000)
        if not 8_000 <= rate_hz <= 192_000:
            raise facts.wrong("sample_rate_hz", "must be between 8000 and 192000")
        window_s, hop_s = facts.number("window_s", 5.0), facts.number("hop_s", 2.5)
        if not 1 <= window_s <= 60:
            raise facts.wrong("window_s", "must be between 1 and 60")
        if not 0.1 <= hop_s <= window_s:
            raise facts.wrong("hop_s", "must be between 0.1 and window_s")
        return cls(facts, facts.whole("dim"), rate_hz, window_s, hop_s)

    def check(self, rate_hz: int, longest_s: float, dim: int) -> None:
        """Compare them with what the model's own files say. Raises `ModelError`."""
        if rate_hz != self.rate_hz:
            raise self.facts.wrong("sample_rate_hz", f"must be {rate_hz}")
        if self.window_s > longest_s:
            raise self.facts.wrong("window_s", f"must be at most {longest_s:g}")
        if dim != self.dim:
            raise self.facts.wrong("dim", f"must be {dim}")


class Towers(Protocol):
    """What makes vectors, float32 (n, dim), of sounds and of texts; safe to use from many threads, its files
    are only opened when there is something to encode. Everything but `close` raises `ModelError`."""

    def hear(self, waves: Waves) -> Vector:
        """Encode at least one wave, none longer than a window and each at least a second long."""

    def read(self, texts: Sequence[str]) -> Vector:
        """Encode at least one text."""

    def close(self) -> None:
        """Free the models; the next use loads them again."""


class Clap:
    """Implements `indexers.sound_model.SoundModel`. Raises `ModelError` for facts that make no sense."""

    def __init__(self, facts: Facts, revision: str, towers: Towers) -> None:
        told = ClapFacts.of(facts)
        self.rate_hz = told.rate_hz
        self._window_s, self._hop_s = told.window_s, told.hop_s
        how = f"{self.rate_hz} Hz, {self._window_s:g} s every {self._hop_s:g} s, 1"
        self.fingerprint = Fingerprint(facts.text("id"), revision, how, told.dim)
        self._towers = towers

    def hear(self, samples: Sound) -> Sequence[Heard]:
        """Hear windows of `window_s`, one every `hop_s`; each speaks for the time nearest to its middle."""
        if not samples.size:
            return []
        window, hop = round(self._window_s * self.rate_hz), round(self._hop_s * self.rate_hz)
        starts = _starts(len(samples), window, hop)
        edges = _edges(starts, min(window, len(samples)), len(samples))
        heard = [
            (samples[start : start + window], begin, end)
            for start, (begin, end) in zip(starts, pairwise(edges), strict=True)
            if not self._is_silent(samples[start : start + window])
        ]
        vectors = self._vectors([wave for wave, _, _ in heard])
        return [
            Heard(begin / self.rate_hz, end / self.rate_hz, vector)
            for (_, begin, end), vector in zip(heard, vectors, strict=True)
        ]

    def as_query(self, vectors: Vector) -> Vector:
        """Return them as they are: the space is made to compare sounds."""
        return vectors

    def encode_text(self, text: str) -> Vector:
        """Return float32 (dim,), unit length. Raises `ModelError`."""
        vector: Vector = unit_rows(_sane(self._towers.read([text])))[0]
        return vector

    def thresholds_for(self, kind: PayloadKind) -> Thresholds | None:  # noqa: ARG002 (the protocol's)
        """None: only a library's background tells what cosines mean."""
        return None

    def close(self) -> None:
        """Free the model; the next use loads it again."""
        self._towers.close()

    def _is_silent(self, window: Sound) -> bool:
        look = min(len(window), round(_LOOK_S * self.rate_hz))
        loud = loudness(window.astype(np.float32) / LOUDEST, look, max(1, look // 2))
        return float(loud.max()) < SILENT

    def _vectors(self, windows: Sequence[Sound]) -> Iterator[Vector]:
        """Yield a vector of unit length for each window, which holds at least one sample."""
        least = round(_LEAST_S * self.rate_hz)
        for at in range(0, len(windows), BATCH):
            waves = [
                np.pad(one, (0, max(0, least - len(one)))).astype(np.float32) / np.float32(LOUDEST)
                for one in windows[at : at + BATCH]
            ]
            yield from unit_rows(_sane(self._towers.hear(waves)))


def has_fusion(name: str) -> ModelError:
    """Make the error that refuses a model whose front end draws by lot, so that vectors would differ."""
    message = f"{name} is a CLAP model with fusion, which Crossfind cannot use."
    return ModelError(message, "Choose one without, such as clap-htsat-unfused.")


def _sane(vectors: Vector) -> Vector:
    if not np.isfinite(vectors).all():
        raise ModelError("The model makes numbers that are none.", "Check it: crossfind models verify.")
    return vectors


def _starts(length: int, window: int, hop: int) -> list[int]:
    """Return where windows begin; the last ends with the sound, one that is shorter than a window is one."""
    starts = list(range(0, max(1, length - window + 1), hop))
    return starts if starts[-1] + window >= length else [*starts, length - window]


def _edges(starts: Sequence[int], window: int, length: int) -> list[int]:
    """Return the samples between which each window is the nearest, from 0 to the end."""
    return [0, *((before + after + window) // 2 for before, after in pairwise(starts)), length]
