"""What is done to a spoken query before it is understood."""

import wave
from pathlib import Path

import numpy as np
import pytest

from indexers.sound_fixes import mended
from indexers.transcript import SAMPLE_RATE
from indexers.voice import read_voice, without_noise
from search.errors import MediaError
from search.spaces import Vector

HERE = Path("query.wav")


def spoken(seconds: float = 2.0, loud: float = 0.4) -> Vector:
    """Bursts of a tone, as syllables are."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (loud * np.sin(2 * np.pi * 220 * time) * (np.sin(2 * np.pi * 3 * time) > 0)).astype(np.float32)


@pytest.mark.parametrize("count", [1, 300, 5_000, 40_001])
def test_a_steady_noise_is_turned_down_and_speech_is_not(count: int) -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, count).astype(np.float32)
    assert without_noise(noise).shape == (count,)
    if count > 5_000:
        speech = spoken(count / SAMPLE_RATE)[:count]
        quiet = speech == 0
        cleaned = without_noise(speech + noise)
        assert float(cleaned[quiet].std()) < 0.6 * float(noise.std())
        assert float(np.corrcoef(cleaned, speech)[0, 1]) > 0.95
        assert mended(speech + noise, HERE, SAMPLE_RATE).noise_db < mended(speech, HERE, SAMPLE_RATE).noise_db


def test_a_file_of_another_rate_is_read(tmp_path: Path) -> None:
    path = tmp_path / "query.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8_000)
        out.writeframes((spoken()[::2] * 32767).astype("<i2").tobytes())
    voice = read_voice(path)
    assert [fix.kind for fix in voice.fixes] == ["resample"]
    assert len(voice.samples) == pytest.approx(2 * SAMPLE_RATE, rel=0.05)
    path.write_bytes(b"no sound")
    with pytest.raises(MediaError):
        read_voice(path)
