"""A recording that is a query, made fit for a model: no shift, no silence at its ends, no mere whisper."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.errors import MediaError
from search.records import Fix
from search.spaces import Vector

_SILENT = 3e-4
"""A recording whose loudest moments stay below this is silent; a whisper at arm's length is at 0.005."""

_QUIET, _LEVEL = 0.1, 0.7
_SHIFTED = 0.005
_CLIPPED, _CLIPPED_SHARE = 0.998, 1e-3
_TRIM_S, _LEAST_TRIM_S = 0.25, 0.5
_FRAME_S = 0.02


@dataclass(frozen=True, slots=True)
class Mended:
    """A recording, float32 (n,), one channel in -1..1, and what was done to it. `noise_db` is how far its
    loud moments stand out of its quiet ones."""

    samples: Vector
    fixes: tuple[Fix, ...]
    noise_db: float


def resampled(told_hz: int | None, rate_hz: int) -> tuple[Fix, ...]:
    """Return what is told of a recording of another rate than the model's."""
    return () if told_hz in (None, rate_hz) else (_did("resample", f"{told_hz} to {rate_hz} Hz"),)


def mended(samples: Vector, path: Path, rate_hz: int) -> Mended:
    """Take a constant shift away, trim silence, and bring the level up. Raises `MediaError` for silence."""
    done: list[Fix] = []
    clipped = float(np.mean(np.abs(samples) >= _CLIPPED))
    if clipped > _CLIPPED_SHARE:
        told = f"{clipped:.1%} of the recording is clipped: record it more softly or from farther away"
        done.append(Fix("clipping", applied=False, detail=told, confidence_gain=0.0))
    shift = float(samples.mean())
    samples = samples - shift
    if abs(shift) > _SHIFTED:
        done.append(_did("offset", f"a constant shift of {shift:+.3f} taken away"))
    loudness = _loudness(samples, rate_hz)
    if float(np.percentile(loudness, 98)) < _SILENT:
        raise MediaError(f"Nothing is to be heard in {path}: it is silent.")
    trimmed = _trimmed(samples, loudness, rate_hz)
    if len(samples) - len(trimmed) > _LEAST_TRIM_S * rate_hz:
        done.append(_did("trim", f"{(len(samples) - len(trimmed)) / rate_hz:.1f} s of silence cut off"))
        samples = trimmed
    peak = float(np.percentile(np.abs(samples), 99.9))
    if 0 < peak < _QUIET:
        done.append(_did("level", f"made {20 * np.log10(_LEVEL / peak):.0f} dB louder"))
        samples = np.clip(samples * (_LEVEL / peak), -1, 1)
    return Mended(samples.astype(np.float32), tuple(done), _stands_out(_loudness(samples, rate_hz)))


def _did(kind: str, detail: str) -> Fix:
    return Fix(kind, applied=True, detail=detail, confidence_gain=0.0)


def _loudness(samples: Vector, rate_hz: int) -> Vector:
    """Return the root mean square of each 20 ms."""
    size = round(_FRAME_S * rate_hz)
    count = max(1, len(samples) // size)
    frames = samples[: count * size].reshape(count, -1)
    return np.asarray(np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1)), np.float32)


def _trimmed(samples: Vector, loudness: Vector, rate_hz: int) -> Vector:
    """Cut off what lies before the first and behind the last moment that is loud enough."""
    loud = np.flatnonzero(loudness > max(_SILENT, 0.03 * float(np.percentile(loudness, 98))))
    size, rim = round(_FRAME_S * rate_hz), round(_TRIM_S * rate_hz)
    return samples[max(0, int(loud[0]) * size - rim) : (int(loud[-1]) + 1) * size + rim]


def _stands_out(loudness: Vector) -> float:
    low, high = np.percentile(loudness, (10, 90))
    return float(20 * np.log10(max(float(high), 1e-6) / max(float(low), 1e-6)))
