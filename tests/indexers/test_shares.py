"""Whatever is read in parts tells with each of them how much of the file is read."""

import wave
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from indexers import documents, enclosed, film_reading, page_figures, pictures, sound, texts, video, views
from indexers.base import BUILTIN, Job, Part, load
from indexers.media_types import HEAD_BYTES, sniff
from search.spaces import PictureInput

MADE_OF_PICTURES = PictureInput(64, 64)
MESSAGE = b"From ada Mon May  1 09:30:00 2023\nFrom: Ada\nSubject: Nr %d\n\n" + b"Some words. " * 20 + b"\n\n"


def save_tiff(path: Path, picture: Callable[[int], Image.Image]) -> Path:
    first, *others = map(picture, range(5))
    first.save(path, save_all=True, append_images=others)
    return path


def save_recording(path: Path) -> Path:
    """Write 30 s of a voice that pauses every second."""
    loud = np.sin(np.arange(8000 * 30) / 5) * (np.arange(8000 * 30) % 8000 < 6000)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes((20_000 * loud).astype("<i2").tobytes())
    return path


@pytest.fixture
def file_of(tmp_path, picture, save_film, save_pdf) -> Callable[[str], Path]:
    def make(kind: str) -> Path:
        path = tmp_path / f"a.{kind}"
        match kind:
            case "tif":
                return save_tiff(path, picture)
            case "pdf":
                return save_pdf(path, *map(str, range(5)))
            case "mp4" | "webm":
                codec = "libvpx-vp9" if kind == "webm" else "libx264"
                return save_film(path, [picture(n) for n in range(5)], 1.5, codec=codec, every=5)
            case "wav":
                return save_recording(path)
        path.write_bytes(b"".join(MESSAGE % n for n in range(5)))
        return path

    return make


@pytest.fixture(autouse=True)
def short_parts(monkeypatch):
    """Let parts be so short that small files have several."""
    for module, name, value in (
        *((module, "PAGES_PER_PART", 2) for module in (documents, page_figures)),
        *((pictures, "FRAMES_PER_PART", 2), (views, "PIXELS_PER_PART", 1), (video, "MOMENTS_PER_PART", 1)),
        *((sound, "STRETCH_S", 8.0), (sound, "_TAIL_S", 3.0), (texts, "SIGNS_PER_PART", 1)),
        *((views, "MOMENTS_PER_PART", 1), (enclosed, "SECONDS_PER_PART", 0.0)),
    ):
        monkeypatch.setattr(module, name, value)
    yield
    film_reading.close()


def parts_of(path: Path, name: str) -> list[Part]:
    indexer = load(BUILTIN).named(name)
    status = path.stat()
    media_type = sniff(path.read_bytes()[:HEAD_BYTES], path.name)
    assert media_type in indexer.media_types
    spaces = dict.fromkeys(indexer.spaces, MADE_OF_PICTURES)
    job = Job(str(path), "d", media_type, status.st_size, status.st_mtime_ns, name, spaces)
    parts = [indexer.extract(job)]
    while (following := parts[-1].next) is not None:
        parts.append(indexer.extract(replace(job, start=following)))
    return parts


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *(("pictures", "tif"), ("ocr", "tif"), ("objects", "tif"), ("faces", "tif")),
        *(("documents", "pdf"), ("figures", "pdf"), ("pages", "pdf")),
        *(("videos", "mp4"), ("ocr", "mp4"), ("objects", "mp4"), ("faces", "mp4"), ("videos", "webm")),
        *(("sound", "wav"), ("speech", "wav")),
        *(("texts", "mbox"), ("enclosed", "mbox")),
    ],
)
def test_every_part_but_the_last_tells_how_much_is_read(file_of, name, kind):
    *parts, last = parts_of(file_of(kind), name)
    shares = [part.share or 0.0 for part in parts]  # of a film the first part is an overview
    assert len(shares) >= 2
    assert last.share is None
    assert 0 < shares[-1] < 1
    assert shares[-1] >= 0.5
    assert all(one < other for one, other in pairwise(shares))
