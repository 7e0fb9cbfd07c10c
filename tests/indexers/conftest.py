"""Small pictures and PDFs made on the spot, a model-free space that counts, and runs over them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pymupdf
import pytest
from PIL import Image

from indexers.base import Job
from indexers.media_types import HEAD_BYTES, sniff
from indexers.model_facts import Facts
from indexers.perceptual import PerceptualSpace
from indexers.pipeline import IndexOptions, index
from indexers.rapid_ocr import RapidOcr
from indexers.reader import Reader
from search.errors import ModelError
from search.records import Failed, Indexed, Missing, Moved, Outcome, Progress, Removed, Skipped, Unchanged
from search.spaces import Fingerprint, Payload, PayloadKind, PictureInput, Space, Vector, unit_rows
from search.store import Library


class ColourSpace:
    """A `scene` space without a model: the mean colour of nine fields; counts what it is given."""

    name = "scene"
    accepts: frozenset[PayloadKind] = frozenset(("picture", "text"))
    picture_input = PictureInput(48, 48)

    def __init__(self, revision: str = "1", fails: bool = False) -> None:
        self.fingerprint = Fingerprint("mean colour", revision, "48 squares", 28)
        self.encoded = 0
        self.batches: list[int] = []
        self.fails = fails

    def encode(self, items: Sequence[Payload]) -> Vector:
        if self.fails:
            raise ModelError("The model of scene cannot be loaded.", "Get it again.")
        self.encoded += len(items)
        self.batches.append(len(items))
        rows = [np.zeros(27) if isinstance(item, str) else _fields(item) for item in items]
        return unit_rows(np.array([[1.0, *row] for row in rows]))

    def close(self) -> None:
        """Nothing is held."""


def _fields(picture: Any) -> Any:
    return picture.reshape(3, 16, 3, 16, 3).mean(axis=(1, 3)).ravel() / 255


@pytest.fixture
def colours() -> type[ColourSpace]:
    return ColourSpace


@pytest.fixture
def scene() -> ColourSpace:
    return ColourSpace()


def _picture(number: int, size: tuple[int, int] = (96, 64)) -> Image.Image:
    """A smooth, colourful picture that differs clearly for every number."""
    random = np.random.default_rng(number)
    small = random.integers(0, 256, (4, 5, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)


@pytest.fixture
def picture() -> Callable[..., Image.Image]:
    return _picture


@pytest.fixture
def save_picture() -> Callable[..., Path]:
    def save(path: Path, number: int = 0, size: tuple[int, int] = (96, 64), **options: Any) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        _picture(number, size).save(path, **options)
        return path

    return save


def _film(
    path: Path,
    pictures: Sequence[Image.Image],
    seconds: float = 2.0,
    *,
    fps: int = 10,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    every: int = 250,
    turned: int = 0,
    tags: dict[str, str] | None = None,
    sound: bool = False,
) -> Path:
    """Write a film that shows each picture for some seconds; no pictures and `sound` make a mere sound file.

    `every` is how many frames lie between keyframes at most, `turned` the degrees a player turns it by.
    """
    with av.open(str(path), "w", options={"movflags": "use_metadata_tags"} if tags else {}) as film:
        film.metadata.update(tags or {})
        stream = film.add_stream(codec, rate=fps) if pictures else None
        if stream is not None:
            stream.width, stream.height = pictures[0].size
            stream.pix_fmt, stream.gop_size = pixels, every
            if turned:
                stream.set_display_rotation(turned)
        heard = film.add_stream("aac", rate=16_000, layout="mono") if sound else None
        for n in range(round(seconds * fps) * len(pictures)):
            assert stream is not None
            frame = av.VideoFrame.from_image(pictures[n // round(seconds * fps)])
            frame.pts, frame.time_base = n, Fraction(1, fps)
            film.mux(stream.encode(frame))
        if stream is not None:
            film.mux(stream.encode(None))
        if heard is not None:
            silence = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.float32), "fltp", "mono")
            silence.sample_rate = 16_000
            film.mux([*heard.encode(silence), *heard.encode(None)])
    return path


@pytest.fixture
def save_film() -> Callable[..., Path]:
    return _film


@pytest.fixture
def save_pdf() -> Callable[..., Path]:
    def save(path: Path, *pages: str, size: tuple[float, float] = (300, 400), **options: Any) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        with pymupdf.open() as document:
            for text in pages:
                document.new_page(width=size[0], height=size[1]).insert_text((20, 40), text)
            document.save(path, **options)
        return path

    return save


class Runs:
    """Indexes folders into one library and keeps what the last run told."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.scene: Space = ColourSpace()
        self.options = IndexOptions(workers=1)
        self.progress: list[Progress] = []
        self.missing: list[Missing] = []

    def __call__(
        self,
        *roots: Path,
        spaces: Sequence[Space] | None = None,
        readers: Sequence[Reader] = (),
        **options: Any,
    ) -> list[Outcome]:
        self.progress, self.missing = [], []
        outcomes: list[Outcome] = []
        chosen = [PerceptualSpace(), self.scene] if spaces is None else list(spaces)
        wishes = replace(self.options, **options)
        for event in index(roots, self.library, chosen, wishes, threading.Event(), readers):
            match event:
                case Progress():
                    self.progress.append(event)
                case Missing():
                    self.missing.append(event)
                case Indexed() | Unchanged() | Moved() | Removed() | Skipped() | Failed():
                    outcomes.append(event)
        return sorted(outcomes, key=lambda outcome: outcome.path)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library.create(tmp_path / "library")
    yield library
    library.close()


@pytest.fixture
def run_index(library: Library) -> Runs:
    return Runs(library)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def rapid_ocr(packaged: Callable[[str, str], Path]) -> RapidOcr:
    """RapidOCR with the models in its wheel, loaded once."""
    models = packaged("rapidocr", "rapidocr/models")
    files = {
        "detector": "PP-OCRv6_det_small.onnx",
        "direction": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
        "recogniser": "PP-OCRv6_rec_small.onnx",
    }
    return RapidOcr(models, Facts({"ocr": files}, "rapidocr"))


@pytest.fixture
def job_of() -> Callable[[Path, PictureInput], Job]:
    """The job of showing a file to a model that takes pictures of this size."""

    def make(path: Path, spec: PictureInput) -> Job:
        status = path.stat()
        media_type = sniff(path.read_bytes()[:HEAD_BYTES], path.name)
        return Job(str(path), "d", media_type, status.st_size, status.st_mtime_ns, "x", {"x": spec})

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    """Write a file into a folder of its own."""

    def save(name: str, data: bytes) -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return save
