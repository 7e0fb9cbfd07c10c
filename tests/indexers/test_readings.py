"""What was read of a recording survives a run that ends too soon, and nothing of it outlives its use."""

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexers.base import Piece
from indexers.channel import StoppedError
from indexers.pipeline import IndexOptions, index
from indexers.readings import FOLDER, Readings
from search.records import Page, Region, TimeSpan
from search.spaces import Fingerprint, PictureInput
from search.store import Library

SOUND = Piece("speech", TimeSpan(0.0, 2.0), payload=np.arange(8, dtype=np.int16))
SAID = [
    Piece("speech", TimeSpan(0.125, 1.7), "word", timing=((0, 0.125, 1.7),), language="en"),
    Piece(
        "object",
        Region(TimeSpan(0.1, 0.3), (0.1, 0.2, 0.3, 0.7)),
        vector=np.array([0.6, 0.8, 1 / 3], np.float32),
        parent=0,
        quality=float(np.float32(0.3)),
        landmarks=((0.25, 0.5),),
        over="Title",
    ),
]


def same(one: Piece, other: Piece) -> bool:
    parts = ("space", "locator", "text", "parent", "timing", "language", "quality", "landmarks", "over")
    alike = all(getattr(one, name) == getattr(other, name) for name in parts)
    return alike and (one.vector is other.vector or np.array_equal(one.vector, other.vector))


def test_what_was_read_is_recalled_to_the_last_bit_by_another_run(tmp_path: Path) -> None:
    Readings(tmp_path).keep("d", "whisper 1", SOUND, SAID)
    later = Readings(tmp_path)
    recalled = later.recall("d", "whisper 1", SOUND)
    assert recalled is not None
    assert len(recalled) == 2
    assert all(map(same, recalled, SAID))


@pytest.mark.parametrize(
    ("digest", "reader", "piece"),
    [
        ("e", "whisper 1", SOUND),
        ("d", "whisper 2", SOUND),
        ("d", "whisper 1", Piece("speech", TimeSpan(0.0, 2.5), payload=SOUND.payload)),
        ("d", "whisper 1", Piece("speech", TimeSpan(0.0, 2.0), payload=np.arange(1, 9, dtype=np.int16))),
    ],
)
def test_only_the_same_reader_of_the_same_is_answered(
    tmp_path: Path, digest: str, reader: str, piece: Piece
) -> None:
    Readings(tmp_path).keep("d", "whisper 1", SOUND, SAID)
    assert Readings(tmp_path).recall(digest, reader, piece) is None


def test_pages_and_what_is_still_to_be_encoded_are_not_kept(tmp_path: Path) -> None:
    readings = Readings(tmp_path)
    page = Piece("ocr", Page(1), payload=np.zeros((2, 2, 3), np.uint8))
    readings.keep("d", "r", page, [])
    readings.keep("d", "r", SOUND, [Piece("scene", TimeSpan(0, 1), payload=np.zeros(3, np.uint8))])
    assert not (tmp_path / FOLDER).exists()


def test_a_line_that_was_cut_off_costs_only_itself(tmp_path: Path) -> None:
    other = Piece("speech", TimeSpan(2.0, 4.0), payload=SOUND.payload)
    readings = Readings(tmp_path)
    readings.keep("d", "r", SOUND, SAID)
    readings.keep("d", "r", other, SAID)
    file = tmp_path / FOLDER / "d.jsonl"
    file.write_bytes(file.read_bytes()[:-5])
    later = Readings(tmp_path)
    assert later.recall("d", "r", SOUND) is not None
    assert later.recall("d", "r", other) is None
    later.keep("d", "r", other, SAID)
    assert Readings(tmp_path).recall("d", "r", other) is not None


@pytest.mark.parametrize("content", [b"\xff\xfe\n", b"{}\n", b"[1]\n", b'{"key": 3}\n'])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "d.jsonl").write_bytes(content)
    readings = Readings(tmp_path)
    assert readings.recall("d", "r", SOUND) is None
    readings.keep("d", "r", SOUND, SAID)
    assert Readings(tmp_path).recall("d", "r", SOUND) is not None


def test_contents_that_are_written_are_forgotten(tmp_path: Path) -> None:
    readings = Readings(tmp_path)
    readings.keep("d", "r", SOUND, SAID)
    readings.keep("e", "r", SOUND, SAID)
    readings.forget(["d", "unknown"])
    assert [file.name for file in (tmp_path / FOLDER).iterdir()] == ["e.jsonl"]
    readings.clear()
    assert not (tmp_path / FOLDER).exists()


class Watcher:
    """Reads the moments of a film, one at a time; stops the run after some, and says what it was asked."""

    name = "ocr"
    picture_input = PictureInput(64, 64, "fit")
    batch = 1
    fingerprint = Fingerprint("watcher", "1", "", 0)

    def __init__(self, stop: threading.Event, after: int) -> None:
        self._stop, self._after = stop, after
        self.asked: list[TimeSpan] = []

    def read(self, pieces: Sequence[Piece]) -> Sequence[Sequence[Piece]]:
        said = []
        for piece in pieces:
            assert isinstance(piece.locator, TimeSpan)
            assert isinstance(piece.payload, np.ndarray)
            if len(self.asked) == self._after:
                self._stop.set()
                raise StoppedError
            self.asked.append(piece.locator)
            said.append([Piece("ocr", piece.locator, f"grey {int(piece.payload.mean())}")])
        return said

    def close(self) -> None:
        """Nothing to free."""


def test_a_film_that_was_interrupted_is_not_read_twice(
    tmp_path: Path, folder: Path, save_film, picture
) -> None:
    save_film(folder / "film.mp4", [picture(n) for n in range(12)])
    options = IndexOptions(workers=1, modules=("indexers.video", "indexers.ocr"))

    def run(library: Library, after: int) -> list[TimeSpan]:
        stop = threading.Event()
        watcher = Watcher(stop, after)
        list(index([folder], library, [], options, stop, [watcher]))
        return watcher.asked

    whole, stopped = Library.create(tmp_path / "whole"), Library.create(tmp_path / "stopped")
    every = run(whole, 1000)
    first = run(stopped, 3)
    assert (stopped.folder / FOLDER).exists()
    second = run(stopped, 1000)
    assert [len(every), len(first)] == [12, 3]
    assert first + second == every
    (digest,) = whole.matching(None)
    assert stopped.segments("ocr", digest) == whole.segments("ocr", digest)
    assert not (stopped.folder / FOLDER).exists()
