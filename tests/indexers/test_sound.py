from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from indexers import sound
from indexers.sound import begins, duration, quiet_place, read_stretch
from indexers.transcript import SAMPLE_RATE
from indexers.video_file import opened
from search.errors import MediaError

BEEPS_S = (1.0, 4.0, 7.5)
CODECS = {
    "wav": "pcm_s16le",
    "flac": "flac",
    "ogg": "libopus",
    "mp3": "mp3",
    "m4a": "aac",
    "mkv": "libopus",
}


def tune(seconds: float, rate: int, beeps=BEEPS_S) -> np.ndarray:
    """Silence with a tone of a quarter second at each of these moments."""
    t = np.arange(round(seconds * rate)) / rate
    loud = sum((((t >= at) & (t < at + 0.25)) for at in beeps), np.zeros(len(t), bool))
    return (0.5 * np.sin(2 * np.pi * 440 * t) * loud).astype(np.float32)


def save(
    path: Path, samples: np.ndarray, codec: str, rate: int, layout: str = "mono", gap_s: float = 0.0
) -> Path:
    """Write sound; after the first second the time stamps leap by `gap_s`."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate, layout=layout)
        shift = av.AudioResampler(format=stream.format.name, layout=layout, rate=rate)
        fifo = av.AudioFifo()
        plain = np.repeat(samples[None], 2 if layout == "stereo" else 1, axis=0)
        whole = av.AudioFrame.from_ndarray(np.ascontiguousarray(plain), "fltp", layout)
        whole.sample_rate, whole.pts, whole.time_base = rate, 0, Fraction(1, rate)
        for part in shift.resample(whole):
            fifo.write(part)
        done = 0
        while (frame := fifo.read(stream.frame_size or 1024, partial=True)) is not None:
            frame.pts, frame.time_base = (
                done + (round(gap_s * rate) if done >= rate else 0),
                Fraction(1, rate),
            )
            done += frame.samples
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def beeps_in(samples: np.ndarray, start_s: float = 0.0) -> list[float]:
    """When a tone begins, in seconds."""
    loud = (
        np.abs(samples.astype(np.float32)).reshape(-1, 160).max(1) > 3000 if len(samples) % 160 == 0 else None
    )
    if loud is None:
        return beeps_in(np.append(samples, np.zeros(-len(samples) % 160, samples.dtype)), start_s)
    quiet_before = np.convolve(loud, np.ones(10), "full")[: len(loud)] - loud == 0
    return [start_s + n * 0.01 for n in np.flatnonzero(loud & quiet_before)]


def whole(path: Path, **options) -> sound.Stretch:
    with opened(path) as container:
        return read_stretch(
            container, options.pop("start", 0), sound=True, captions=True, seconds=60, **options
        )


@pytest.mark.parametrize("ending", CODECS)
@pytest.mark.parametrize(("rate", "layout"), [(48_000, "stereo"), (16_000, "mono")])
def test_sound_is_heard_when_it_is_there(tmp_path, ending, rate, layout):
    path = save(tmp_path / f"a.{ending}", tune(9.0, rate), CODECS[ending], rate, layout)
    heard = whole(path)
    assert heard.next is None
    assert heard.sound.dtype == np.int16
    assert heard.end_s == pytest.approx(9.0, abs=0.15)
    assert beeps_in(heard.sound, heard.start_s) == pytest.approx(BEEPS_S, abs=0.06)


@pytest.mark.parametrize("rate", [8_000, 11_025, 96_000])
def test_any_rate_will_do(tmp_path, rate):
    heard = whole(save(tmp_path / "a.wav", tune(3.0, rate, (1.0,)), "pcm_f32le", rate))
    assert beeps_in(heard.sound) == pytest.approx([1.0], abs=0.03)


@pytest.mark.parametrize("ending", CODECS)
def test_stretches_follow_each_other(tmp_path, monkeypatch, ending):
    monkeypatch.setattr(sound, "STRETCH_S", 8.0)
    monkeypatch.setattr(sound, "_TAIL_S", 3.0)
    times = tuple(np.arange(0.7, 30.0, 1.9))
    path = save(tmp_path / f"a.{ending}", tune(31.0, 24_000, times), CODECS[ending], 24_000)
    found, start, at, parts = [], 0, 0.0, 0
    while start is not None:
        part = whole(path, start=start)
        assert part.start_s == pytest.approx(at, abs=0.001 if start else 0.1)
        found += beeps_in(part.sound, part.start_s)
        start, at, parts = part.next, part.end_s, parts + 1
    assert parts >= 4
    assert found == pytest.approx(times, abs=0.06)
    assert at == pytest.approx(31.0, abs=0.15)


@pytest.mark.parametrize(("gap_s", "parts"), [(2.0, 1), (60.0, 2)])
def test_gaps_are_silence(tmp_path, gap_s, parts):
    path = save(tmp_path / "a.mkv", tune(5.0, 16_000, (0.5, 3.0)), "flac", 16_000, gap_s=gap_s)
    first = whole(path)
    found = beeps_in(first.sound, first.start_s)
    if parts == 2:
        assert first.end_s < 2
        second = whole(path, start=first.next)
        found += beeps_in(second.sound, second.start_s)
        assert second.next is None
    assert found == pytest.approx([0.5, 3.0 + gap_s], abs=0.06)


def test_a_broken_end_costs_only_itself(tmp_path):
    hiss = np.random.default_rng(1).normal(0, 0.01, 144_000).astype(np.float32)
    path = save(tmp_path / "a.flac", tune(9.0, 16_000) + hiss, "flac", 16_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    heard = whole(path)
    assert 3 < heard.end_s < 9
    assert beeps_in(heard.sound) == pytest.approx([at for at in BEEPS_S if at < heard.end_s], abs=0.06)


def test_a_bad_stretch_costs_only_itself(tmp_path):
    path = save(tmp_path / "a.mp3", tune(9.0, 16_000), "mp3", 16_000)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 900] = bytes(900)
    path.write_bytes(data)
    assert beeps_in(whole(path).sound)[0] == pytest.approx(1.0, abs=0.06)


def test_files_without_sound(tmp_path, save_film, picture):
    with opened(save_film(tmp_path / "a.mp4", [picture(1)])) as container:
        assert not begins(container)
        assert duration(container) == pytest.approx(2.0)
    heard = whole(tmp_path / "a.mp4")
    assert (len(heard.sound), heard.captions, heard.next) == (0, (), None)


@pytest.mark.parametrize("data", [b"", b"not sound at all", bytes(5000), b"#EXTM3U\n/etc/hostname\n"])
def test_what_is_no_sound_is_told(tmp_path, data):
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    with pytest.raises(MediaError, match=r"cannot be (opened|read)"):
        whole(path)
    with pytest.raises(MediaError):
        whole(tmp_path / "none.wav")


def test_the_quietest_place_is_chosen():
    noise = np.random.default_rng(1).integers(-9000, 9000, 60 * SAMPLE_RATE).astype(np.int16)
    noise[50 * SAMPLE_RATE : 51 * SAMPLE_RATE] = 5
    assert 50 * SAMPLE_RATE < quiet_place(noise) < 51 * SAMPLE_RATE
    assert quiet_place(noise[:100]) == 100
