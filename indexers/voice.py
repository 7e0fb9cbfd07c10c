"""A spoken query made fit to be understood: read, levelled, trimmed, and freed of noise as a try."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexers.sound import read_stretch
from indexers.sound_fixes import mended, resampled
from indexers.transcript import SAMPLE_RATE
from indexers.video_file import opened
from search.errors import MediaError
from search.records import Fix
from search.spaces import Vector

LONGEST_S = 60.0
"""Nobody asks for longer than this; what follows is not listened to."""

_SECONDS = 30.0
_WINDOW = 512
_NOISY_DB = 15.0
_LEFT = 0.12
"""How much of what is noise is left, so that nothing sounds like bells."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A spoken query: float32 (n,) mono at 16 kHz, and what was done to it. `noise_db` is how far speech
    stands out of the noise, by the loud and the quiet moments."""

    samples: Vector
    fixes: tuple[Fix, ...]
    noise_db: float

    @property
    def is_noisy(self) -> bool:
        """Whether taking the noise away is worth a try."""
        return self.noise_db < _NOISY_DB


def read_voice(path: Path) -> Voice:
    """Read what is spoken in a file, its first minute. Raises `MediaError`; for silence, too."""
    with opened(path, "recording") as container:
        rates = [stream.rate for stream in container.streams.audio]
        stretch = read_stretch(container, 0, sound=True, captions=False, seconds=_SECONDS)
    if not stretch.sound.size:
        raise MediaError(f"There is no sound in {path}, or none that can be decoded.")
    samples: Vector = stretch.sound[: round(LONGEST_S * SAMPLE_RATE)].astype(np.float32) / np.float32(32768)
    told = resampled(rates[0] if rates else None, SAMPLE_RATE)
    found = mended(samples, path, SAMPLE_RATE)
    return Voice(found.samples, (*told, *found.fixes), found.noise_db)


def without_noise(samples: Vector) -> Vector:
    """Return the samples with a steady noise turned down, by a gate for each frequency (spectral subtraction
    after Boll, "Suppression of acoustic noise in speech using spectral subtraction", 1979): what is always
    there, in the quietest fifth of the time, is noise."""
    hop = _WINDOW // 4
    window = np.hanning(_WINDOW + 1)[:-1]
    padded = np.pad(samples.astype(np.float64), (_WINDOW, _WINDOW + hop))
    starts = np.arange(0, len(padded) - _WINDOW, hop)
    frames = padded[starts[:, None] + np.arange(_WINDOW)] * window
    spectra = np.fft.rfft(frames, axis=1)
    power = np.abs(spectra) ** 2
    inner = power[4:-8] if len(power) > 24 else power
    quiet = inner[np.argsort(inner.sum(axis=1))[: max(1, len(inner) // 5)]]
    gain = np.sqrt(np.maximum(1 - 1.5 * quiet.mean(axis=0) / np.maximum(power, 1e-12), _LEFT**2))
    made = np.fft.irfft(spectra * gain, n=_WINDOW, axis=1) * window
    total, weight = np.zeros_like(padded), np.zeros_like(padded)
    for start, frame in zip(starts, made, strict=True):
        total[start : start + _WINDOW] += frame
        weight[start : start + _WINDOW] += window**2
    kept = slice(_WINDOW, _WINDOW + len(samples))
    return np.asarray(total[kept] / np.maximum(weight[kept], 1e-3), np.float32)
