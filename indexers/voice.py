"""A spoken query made fit to be understood: read, levelled, trimmed, and freed of noise as a try."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexers.sound import read_stretch
from indexers.transcript import SAMPLE_RATE
from indexers.video_file import opened
from search.errors import MediaError
from search.records import Fix
from search.spaces import Vector

LONGEST_S = 60.0
"""Nobody asks for longer than this; what follows is not listened to."""

_SECONDS = 30.0
_SILENT = 3e-4
"""A recording whose loudest moments stay below this is silent; a whisper at arm's length is at 0.005."""

_QUIET, _LEVEL = 0.1, 0.7
_SHIFTED = 0.005
_CLIPPED, _CLIPPED_SHARE = 0.998, 1e-3
_TRIM_S, _LEAST_TRIM_S = 0.25, 0.5
_FRAME_S = 0.02
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
    fixes = []
    if rates and rates[0] != SAMPLE_RATE:
        fixes.append(_did("resample", f"{rates[0]} to {SAMPLE_RATE} Hz"))
    samples: Vector = stretch.sound[: round(LONGEST_S * SAMPLE_RATE)].astype(np.float32) / np.float32(32768)
    return mended(samples, tuple(fixes), path)


def mended(samples: Vector, fixes: tuple[Fix, ...], path: Path) -> Voice:
    """Take a constant shift away, trim silence, and bring the level up. Raises `MediaError` for silence."""
    done = list(fixes)
    clipped = float(np.mean(np.abs(samples) >= _CLIPPED))
    if clipped > _CLIPPED_SHARE:
        told = f"{clipped:.1%} of the recording is clipped: speak more softly or farther away"
        done.append(Fix("clipping", applied=False, detail=told, confidence_gain=0.0))
    shift = float(samples.mean())
    samples = samples - shift
    if abs(shift) > _SHIFTED:
        done.append(_did("offset", f"a constant shift of {shift:+.3f} taken away"))
    loudness = _loudness(samples)
    if float(np.percentile(loudness, 98)) < _SILENT:
        raise MediaError(f"Nothing is to be heard in {path}: it is silent.", "Check the microphone.")
    trimmed = _trimmed(samples, loudness)
    if len(samples) - len(trimmed) > _LEAST_TRIM_S * SAMPLE_RATE:
        done.append(_did("trim", f"{(len(samples) - len(trimmed)) / SAMPLE_RATE:.1f} s of silence cut off"))
        samples = trimmed
    peak = float(np.percentile(np.abs(samples), 99.9))
    if 0 < peak < _QUIET:
        done.append(_did("level", f"made {20 * np.log10(_LEVEL / peak):.0f} dB louder"))
        samples = np.clip(samples * (_LEVEL / peak), -1, 1)
    return Voice(samples.astype(np.float32), tuple(done), _stands_out(_loudness(samples)))


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


def _did(kind: str, detail: str) -> Fix:
    return Fix(kind, applied=True, detail=detail, confidence_gain=0.0)


def _loudness(samples: Vector) -> Vector:
    """Return the root mean square of each 20 ms."""
    size = round(_FRAME_S * SAMPLE_RATE)
    count = max(1, len(samples) // size)
    frames = samples[: count * size].reshape(count, -1)
    return np.asarray(np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1)), np.float32)


def _trimmed(samples: Vector, loudness: Vector) -> Vector:
    """Cut off what lies before the first and behind the last moment that is loud enough."""
    loud = np.flatnonzero(loudness > max(_SILENT, 0.03 * float(np.percentile(loudness, 98))))
    size, rim = round(_FRAME_S * SAMPLE_RATE), round(_TRIM_S * SAMPLE_RATE)
    return samples[max(0, int(loud[0]) * size - rim) : (int(loud[-1]) + 1) * size + rim]


def _stands_out(loudness: Vector) -> float:
    low, high = np.percentile(loudness, (10, 90))
    return float(20 * np.log10(max(float(high), 1e-6) / max(float(low), 1e-6)))
