import wave
from pathlib import Path

import numpy as np
import pytest

from indexers.waveform import COLUMNS, waveform
from search.errors import MediaError


def save_wave(path: Path, loudness: list[float], rate: int = 8000) -> Path:
    """One second of a tone for each loudness."""
    tone = np.sin(np.arange(rate) * 2 * np.pi * 440 / rate)
    samples = np.concatenate([tone * loud for loud in loudness]) * 32767
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return path


def test_loud_and_quiet_parts_are_where_they_are(tmp_path: Path) -> None:
    peaks = waveform(save_wave(tmp_path / "a.wav", [0.0, 0.8, 0.2]))
    third = len(peaks) // 3
    assert 40 <= len(peaks) <= COLUMNS
    assert max(peaks[: third - 2]) < 0.02
    assert min(peaks[third + 2 : 2 * third - 2]) == pytest.approx(0.8, abs=0.08)
    assert max(peaks[2 * third + 2 :]) == pytest.approx(0.2, abs=0.05)


def test_a_long_recording_has_no_more_columns(tmp_path: Path) -> None:
    assert len(waveform(save_wave(tmp_path / "a.wav", [0.5] * 60), seconds=60)) == COLUMNS


def test_what_takes_too_long_is_left(tmp_path: Path) -> None:
    assert waveform(save_wave(tmp_path / "a.wav", [0.5]), seconds=0) == []


def test_no_recording(tmp_path: Path) -> None:
    (tmp_path / "a.ogg").write_bytes(b"nothing")
    with pytest.raises(MediaError):
        waveform(tmp_path / "a.ogg")
