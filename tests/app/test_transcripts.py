import json
import threading
from pathlib import Path

import pytest

from app.transcripts import transcript
from indexers.pipeline import IndexOptions, index
from search.errors import CrossfindError
from search.records import Content, File, Segment, TimeSpan
from search.spaces import Fingerprint
from search.store import Batch, Library, Mark, SegmentRows

LONG = " ".join(["word"] * 24)
TIMING = tuple((5 * n, 60.0 + n, 60.9 + n) for n in range(24))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """One recording of two passages, the first of two sentences."""
    library = Library.create(tmp_path / "library")
    words = Fingerprint("m", "1", "", 0)
    said = [
        Segment("d", "speech", 0, TimeSpan(1, 4), "One. Two & three."),
        Segment("d", "speech", 1, TimeSpan(1, 2), "One.", "d:speech:0", ((0, 1.0, 2.0),)),
        Segment("d", "speech", 2, TimeSpan(2.5, 4), "Two & three.", "d:speech:0"),
        Segment("d", "speech", 3, TimeSpan(60, 3725.25), LONG, None, TIMING),
    ]
    with library.writer() as writer:
        writer.open_space("speech", words)
        writer.write(
            Batch(
                contents=[Content(digest, "audio/flac", 1) for digest in ("d", "e")],
                files=[File(f"/r/it's {digest}.flac", digest, 1, 1, "/r") for digest in ("d", "e")],
                segments={"speech": SegmentRows(words, said)},
                marks=[Mark("d", "speech", words.key, segments=4)],
            )
        )
    return library


def test_subrip(library: Library) -> None:
    blocks = transcript(library, Path("/r/it's d.flac"), "srt").split("\n\n")
    assert blocks[0] == "1\n00:00:01,000 --> 00:00:02,000\nOne."
    assert blocks[1] == "2\n00:00:02,500 --> 00:00:04,000\nTwo & three."
    assert blocks[2].startswith("3\n00:01:00,000 --> 00:01:15,900\nword word")
    assert blocks[3].startswith("4\n00:01:16,000 --> 00:01:23,900\nword")
    assert all(len(line) <= 42 for block in blocks for line in block.split("\n"))
    assert sum(block.count("word") for block in blocks) == 24


def test_webvtt(library: Library) -> None:
    told = transcript(library, Path("/r/it's d.flac"), "vtt")
    assert told.startswith("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nOne.\n\n00:00:02.500 --> ")


def test_text(library: Library) -> None:
    assert transcript(library, Path("/r/it's d.flac"), "txt") == f"One. Two & three.\n{LONG}\n"


def test_words_with_their_times(library: Library) -> None:
    told = json.loads(transcript(library, Path("/r/it's d.flac"), "json"))
    assert [one["text"] for one in told] == ["One.", "Two & three.", LONG]
    assert told[0]["words"] == [{"start_s": 1.0, "end_s": 2.0, "text": "One."}]
    assert (told[2]["end_s"], told[2]["words"][23]["text"]) == (3725.25, "word")


def test_what_has_no_transcript_is_told(library: Library) -> None:
    with pytest.raises(CrossfindError, match="not in the library"):
        transcript(library, Path("/r/none.flac"), "txt")
    with pytest.raises(CrossfindError, match="no speech"):
        transcript(library, Path("/r/it's e.flac"), "txt")


def test_subtitles_stand_in_for_speech(library: Library, tmp_path: Path) -> None:
    import av
    import numpy as np

    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "film.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n", "utf-8")
    with av.open(str(folder / "film.mkv"), "w") as film:
        shown = film.add_stream("mpeg4", rate=1)
        shown.width, shown.height = 64, 48
        film.mux(shown.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8))))
        film.mux(shown.encode(None))
    options = IndexOptions(workers=1, modules=("indexers.speech",))
    list(index([folder], library, [], options, threading.Event()))
    assert transcript(library, folder / "film.mkv", "srt") == "1\n00:00:01,000 --> 00:00:02,000\nHello\n\n"
