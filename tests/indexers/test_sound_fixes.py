"""What is done to a recording before it is understood or compared."""

from pathlib import Path

import numpy as np
import pytest

from indexers.sound_fixes import Mended, mended, resampled
from search.errors import MediaError
from search.spaces import Vector

HERE = Path("query.wav")
RATES = pytest.mark.parametrize("rate_hz", [16_000, 48_000])


def bursts(rate_hz: int, loud: float = 0.4) -> Vector:
    """Two seconds of a tone that comes and goes, as syllables do."""
    time = np.arange(2 * rate_hz) / rate_hz
    return (loud * np.sin(2 * np.pi * 220 * time) * (np.sin(2 * np.pi * 3 * time) > 0)).astype(np.float32)


def kinds(made: Mended) -> list[str]:
    return [fix.kind for fix in made.fixes]


@RATES
def test_a_good_recording_is_left_alone(rate_hz: int) -> None:
    samples = bursts(rate_hz)
    made = mended(samples, HERE, rate_hz)
    assert made.fixes == ()
    assert np.allclose(made.samples, samples, atol=1e-4)


@RATES
def test_each_fault_is_mended_and_told(rate_hz: int) -> None:
    silence = np.zeros(rate_hz, np.float32)
    faulty = np.concatenate([silence, bursts(rate_hz, loud=0.02), silence]) + np.float32(0.02)
    made = mended(faulty, HERE, rate_hz)
    assert kinds(made) == ["offset", "trim", "level"]
    assert all(fix.applied for fix in made.fixes)
    assert abs(float(made.samples.mean())) < 0.01
    assert len(made.samples) < 2.8 * rate_hz
    assert 0.5 < float(np.abs(made.samples).max()) <= 1


def test_clipping_is_told_and_not_mended() -> None:
    made = mended(np.clip(5 * bursts(16_000), -1, 1), HERE, 16_000)
    assert [(fix.kind, fix.applied) for fix in made.fixes] == [("clipping", False)]
    assert "clipped" in made.fixes[0].detail


@pytest.mark.parametrize("shift", [0.0, 0.3])
def test_silence_is_one_sentence(shift: float) -> None:
    with pytest.raises(MediaError, match="it is silent"):
        mended(np.full(16_000, shift, np.float32), HERE, 16_000)


def test_another_rate_is_told() -> None:
    assert resampled(None, 16_000) == resampled(16_000, 16_000) == ()
    assert [(fix.kind, fix.detail) for fix in resampled(44_100, 16_000)] == [
        ("resample", "44100 to 16000 Hz")
    ]
