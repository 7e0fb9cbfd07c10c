"""Sounds of recordings and films, from the file to the library and back, with the real tagger."""

import threading
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexers.base import USUAL_LIMITS, Job
from indexers.model_facts import Facts
from indexers.pipeline import IndexOptions, index
from indexers.sound import read_stretch
from indexers.sound_model import Heard
from indexers.sound_query import SoundQueries, different
from indexers.sound_reader import SoundReader
from indexers.sounds import INDEXER
from indexers.video_file import opened
from indexers.yamnet import Yamnet
from search.engine import Engine, SearchOptions
from search.errors import MediaError, ModelError
from search.records import Failed, Indexed, Missing, TimeSpan, Unchanged
from search.spaces import Fingerprint
from search.store import Library


def job(path: Path, media_type: str, start: int = 0) -> Job:
    return Job(str(path), "d", media_type, 1, 1, "sound", {"sound": None}, limits=USUAL_LIMITS, start=start)


class Ear:
    """A model that hears one window in everything, or fails."""

    rate_hz = 16_000

    def __init__(self, revision: str = "1", *, fails: bool = False) -> None:
        self.fingerprint = Fingerprint("ear", revision, "", 2)
        self.given: list[int] = []
        self._fails = fails

    def hear(self, samples: np.ndarray) -> list[Heard]:
        if self._fails:
            raise ModelError("The model is damaged.", "crossfind models verify")
        self.given.append(len(samples))
        return [Heard(0.0, len(samples) / 16_000, np.array([1, 0], np.float32), "Something")]

    def close(self) -> None:
        """Nothing is held."""


def run(library: Library, folder: Path, *models: Any) -> dict[str, Any]:
    options = IndexOptions(workers=1, modules=("indexers.speech", "indexers.sounds"))
    readers = [SoundReader(model) for model in models]
    events = index([folder], library, [], options, threading.Event(), readers)
    return {Path(getattr(one, "path", "")).name: one for one in events if not hasattr(one, "stage")}


@pytest.fixture
def sounds(folder: Path, media_dir: Path) -> Path:
    """Recordings of every kind, silence, and nothing that could be heard."""
    import av

    for name in ("dog-barking.ogg", "heavy-rain.ogg", "crows.flac", "cows.wav", "timeline_street.ogg"):
        (folder / name).write_bytes((media_dir / "sounds" / name).read_bytes())
    for name in ("mix_c.webm", "bikes.mp4"):
        (folder / name).write_bytes((media_dir / "video" / name).read_bytes())
    with av.open(str(folder / "quiet.wav"), "w") as file:
        stream = file.add_stream("pcm_s16le", rate=44_100, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 2 * 44_100), np.int16), "s16", "stereo")
        frame.sample_rate = 44_100
        file.mux(stream.encode(frame))
    (folder / "broken.wav").write_bytes(b"RIFF\0\0\0\0WAVE")
    return folder


def assert_put_right(engine: Engine, sounds: Path) -> None:
    """What is recorded at a whisper is put right, or only told, as the person wants it."""
    with opened(sounds / "crows.flac") as container:
        samples = read_stretch(container, 0, sound=True, captions=False, seconds=60).sound
    with wave.open(str(sounds.parent / "whisper.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(16_000)
        out.writeframes((samples / 100).astype("<i2").tobytes())
    results = {
        fix: engine.search('sound:@"whisper.wav"', SearchOptions(base=sounds.parent, fix=fix))
        for fix in ("auto", "suggest", "off")
    }
    assert results["auto"].hits[0].file.name == "crows.flac"
    assert all(hit.score < results["auto"].hits[0].score for hit in results["off"].hits)
    assert results["suggest"].hits == results["off"].hits
    assert [(fix.kind, fix.applied) for fix in results["auto"].fixes] == [("level", True)]
    assert [(fix.kind, fix.applied) for fix in results["suggest"].fixes] == [("level", False)]
    assert "44 dB louder" in results["auto"].fixes[0].detail
    assert results["suggest"].fixes[0].detail.startswith("With --fix auto")
    assert results["off"].fixes == ()


def test_recordings_and_films_are_found_by_text_and_by_example(
    sounds: Path, library: Library, models_dir: Path, media_dir: Path
) -> None:
    if not (models_dir / "yamnet").is_dir():
        pytest.skip("there is no YAMNet")
    facts = Facts({"id": "yamnet", "dim": 1024}, "yamnet")
    model = Yamnet(models_dir / "yamnet", facts, "1", device="cpu", threads=2)
    outcomes = run(library, sounds, model)
    assert isinstance(outcomes["broken.wav"], Failed)
    assert [outcomes[name] for name in ("quiet.wav", "bikes.mp4")] == [
        Indexed(str(sounds / name), 0) for name in ("quiet.wav", "bikes.mp4")
    ]
    engine = Engine(library, [SoundQueries(model)])
    for query, expected in {
        'sound:"dog barking"': {"dog-barking.ogg": 0, "timeline_street.ogg": 51},
        'sound:"emergency vehicle"': {"timeline_street.ogg": 6},
        "sound:rain": {"heavy-rain.ogg": 0, "mix_c.webm": 25.667},
        'sound:@"crows.flac"': {"crows.flac": 0, "timeline_street.ogg": 41},
        "sound:helicopter": {},
        "sound:contract": {},
    }.items():
        found = {}
        for hit in engine.search(query, SearchOptions(base=sounds)).hits:
            assert isinstance(hit.locator, TimeSpan)
            found[hit.file.name] = hit.locator.start_s
        assert found == pytest.approx(expected, abs=1.0), query
    (film,) = engine.search("sound:rain type:video").hits
    assert film.locator.end_s == pytest.approx(30.667, abs=1)
    assert "Rain" in (film.text or "")
    with pytest.raises(MediaError, match="silent"):
        engine.search(f'sound:@"{sounds / "quiet.wav"}"')
    with pytest.raises(MediaError, match="does not exist"):
        engine.search("sound:@none.wav")
    assert_put_right(engine, sounds)
    everywhere = engine.search("rain", SearchOptions(base=sounds)).hits
    assert [hit.file.name for hit in everywhere] == ["heavy-rain.ogg", "mix_c.webm"]
    assert everywhere[1].score < 0.7


def test_only_another_model_listens_again(library: Library, folder: Path, media_dir: Path) -> None:
    path = folder / "alarm.ogg"
    path.write_bytes((media_dir / "sounds" / "alarm.ogg").read_bytes())
    first, second = Ear(), Ear("2")
    assert run(library, folder)["alarm.ogg"] == Indexed(str(path), 0)
    assert run(library, folder, first)["alarm.ogg"] == Indexed(str(path), 1)
    assert run(library, folder, first)["alarm.ogg"] == Unchanged(str(path))
    assert run(library, folder, second)["alarm.ogg"] == Indexed(str(path), 1)
    assert (len(first.given), len(second.given)) == (1, 1)
    assert library.spaces()["sound"] == second.fingerprint


def test_a_model_that_cannot_be_used_leaves_only_sounds_out(
    library: Library, folder: Path, media_dir: Path
) -> None:
    path = folder / "alarm.ogg"
    path.write_bytes((media_dir / "sounds" / "alarm.ogg").read_bytes())
    outcomes = run(library, folder, Ear(fails=True))
    assert Missing("sound", "The model is damaged.", "crossfind models verify") in outcomes.values()
    assert [hit.file.name for hit in Engine(library).search("alarm").hits] == ["alarm.ogg"]
    assert run(library, folder, Ear())["alarm.ogg"] == Indexed(str(path), 1)


def test_without_a_model_the_way_to_one_is_told(library: Library) -> None:
    gap = Missing("sound", "no model for searching sounds is installed", "crossfind models pull yamnet")
    assert Engine(library, [], {"sound": gap}).search("sound:rain").missing == (gap,)
    assert [one.space for one in Engine(library).search("sound:@a.wav").missing] == ["sound"]


def test_damaged_recordings_are_heard_as_far_as_they_go(media_dir: Path) -> None:
    for name, kind in (("audio_bad/cut.flac", "audio/flac"), ("audio_odd/mp3_named.wav", "audio/mpeg")):
        part = INDEXER.extract(job(media_dir / "hostile" / name, kind))
        assert len(part.pieces) == 1
        assert part.content is not None
    for name in ("empty.wav", "header_only.wav"):
        with pytest.raises(MediaError):
            INDEXER.extract(job(media_dir / "hostile" / "audio_bad" / name, "audio/x-wav"))


def test_an_example_with_several_sounds_asks_for_each() -> None:
    one, other = np.array([1, 0, 0], np.float32), np.array([0, 1, 0], np.float32)
    near = np.array([0.9, 0.1, 0], np.float32)
    views = different([other, one, near / np.linalg.norm(near), one])
    assert len(views) == 2
    assert views[0] @ one > 0.99
    np.testing.assert_allclose(views[1], other)
