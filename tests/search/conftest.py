"""A small library built in a line, and encoders whose vectors a reader can foresee."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from search.engine import Engine
from search.errors import MediaError
from search.records import Content, File, Page, Segment, TimeSpan
from search.spaces import Fingerprint, PictureReference, Thresholds, Vector, unit_rows
from search.store import Batch, Library, Mark, Root, SegmentRows

WORDS = Fingerprint("words", "1", "", 0)
COLOURS = {"red": (220, 30, 30), "green": (30, 200, 40), "blue": (30, 40, 220)}
EPOCH = datetime(2024, 5, 1, 12)


@dataclass
class CaptionEncoder:
    """A picture lies where its caption lies: the sum of one fixed random direction per word.

    A query picture is read as the name of its colour.
    """

    model: str = "captions"
    texts: list[str] = field(default_factory=list)
    space = "scene"
    accepts = frozenset({"text", "picture"})
    thresholds: Thresholds | None = None
    dim = 256

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint(self.model, "1", "", self.dim)

    def encode_text(self, text: str) -> Vector:
        self.texts.append(text)
        return self.vector(text)

    def encode_picture(self, picture: PictureReference) -> Vector:
        return self.vector(nearest_colour(opened(picture)))[None]

    def vector(self, text: str) -> Vector:
        seeds = [zlib.crc32(word.encode()) for word in text.lower().split()]
        rows = [np.random.default_rng(seed).normal(size=self.dim) for seed in seeds]
        return unit_rows(np.sum(rows, axis=0, dtype=np.float32))


@dataclass
class GridEncoder:
    """64 bits of an 8x8 grey picture: which cells are brighter than the middle one."""

    space = "phash"
    accepts = frozenset({"picture"})
    thresholds: Thresholds | None = None
    fingerprint = Fingerprint("grid", "1", "", 64)

    def encode_picture(self, picture: PictureReference) -> Vector:
        return self.vector(opened(picture))[None]

    @staticmethod
    def vector(image: Image.Image) -> Vector:
        grey = np.asarray(image.convert("L").resize((8, 8), Image.Resampling.BOX), np.float32).ravel()
        return np.where(grey > np.median(grey), 0.125, -0.125).astype(np.float32)


@dataclass
class TurningEncoder:
    """The grid of a picture from all four sides, as a space that finds the same picture again."""

    space = "look"
    accepts = frozenset({"picture"})
    thresholds: Thresholds | None = None
    fingerprint = Fingerprint("turning grid", "1", "", 64)

    def encode_picture(self, picture: PictureReference) -> Vector:
        image = opened(picture)
        return np.stack([GridEncoder.vector(image.rotate(90 * n, expand=True)) for n in range(4)])


def opened(picture: PictureReference) -> Image.Image:
    try:
        with Image.open(picture.path) as image:
            return image.convert("RGB")
    except OSError as error:
        raise MediaError(f"{picture.path.name} is not a picture.") from error


def nearest_colour(image: Image.Image) -> str:
    mean = np.asarray(image, np.float64).reshape(-1, 3).mean(axis=0)
    return min(COLOURS, key=lambda name: float(np.abs(mean - COLOURS[name]).sum()))


def scribble(seed: int, size: int = 64) -> Image.Image:
    """A picture unlike the one of any other seed."""
    cells = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    return Image.fromarray(cells).resize((size, size), Image.Resampling.NEAREST)


@dataclass
class Shelf:
    """Collects files, writes them into a real library with `library()`."""

    folder: Path
    captions: CaptionEncoder = field(default_factory=CaptionEncoder)
    contents: dict[str, Content] = field(default_factory=dict)
    files: list[File] = field(default_factory=list)
    rows: dict[str, list[tuple[Segment, Vector | None]]] = field(default_factory=dict)
    opened: list[Library] = field(default_factory=list)
    spaces: dict[str, Fingerprint] = field(default_factory=dict)

    def photo(self, path: str, caption: str = "", picture: Image.Image | None = None, **facts: Any) -> str:
        """Add a photo with its scene vector and perceptual hash; returns its digest."""
        digest = self._file(path, "image/jpeg", **facts)
        if caption:
            self._row(Segment(digest, "scene", 0), self.captions.vector(caption))
        if picture is not None:
            self._row(Segment(digest, "phash", 0), GridEncoder.vector(picture))
            self._row(Segment(digest, "look", 0), GridEncoder.vector(picture))
        return digest

    def pdf(self, path: str, *pages: str, captions: tuple[str, ...] = (), **facts: Any) -> str:
        """Add a PDF with the text, and the look, of its pages; returns its digest."""
        digest = self._file(path, "application/pdf", pages=len(pages), **facts)
        for n, text in enumerate(pages):
            self._row(Segment(digest, "text", n, Page(n + 1), text), None)
        for n, caption in enumerate(captions):
            self._row(Segment(digest, "scene", n, Page(n + 1)), self.captions.vector(caption))
        return digest

    def links(self, digest: str, *targets: tuple[int, str]) -> None:
        """Have pages of a document link to files: `report.pdf#page=4`."""
        for n, (page, target) in enumerate(targets):
            self._row(Segment(digest, "links", n, Page(page), target), None)

    def film(self, path: str, *moments: tuple[float, float, str], said: str = "", **facts: Any) -> str:
        """Add a film that shows captions from a second to another, and what is said in its first 10 s."""
        digest = self._file(path, "video/mp4", duration_s=moments[-1][1], **facts)
        for n, (start_s, end_s, caption) in enumerate(moments):
            segment = Segment(digest, "scene", n, TimeSpan(start_s, end_s))
            self._row(segment, self.captions.vector(caption))
        if said:
            self._row(Segment(digest, "speech", 0, TimeSpan(0, 10), said), None)
        return digest

    def copy(self, digest: str, path: str) -> None:
        """Add another path with the same bytes."""
        self.files.append(File(self._path(path), digest, 10, self._mtime(len(self.files)), str(self.folder)))

    def library(self) -> Library:
        library = Library.create(self.folder.parent / "library")
        self.opened.append(library)
        with library.writer() as writer:
            writer.add_root(Root(str(self.folder)))
            spaces = {
                "text": WORDS,
                "speech": WORDS,
                "links": WORDS,
                "scene": self.captions.fingerprint,
                "phash": GridEncoder.fingerprint,
                "look": TurningEncoder.fingerprint,
                **self.spaces,
            }
            segments: dict[str, SegmentRows] = {}
            marks: list[Mark] = []
            for space, fingerprint in spaces.items():
                if rows := self.rows.get(space):
                    writer.open_space(space, fingerprint)
                    vectors = [vector for _, vector in rows if vector is not None]
                    stacked = np.stack(vectors) if vectors else None
                    segments[space] = SegmentRows(fingerprint, [segment for segment, _ in rows], stacked)
                    marks += [Mark(digest, space, fingerprint.key) for digest in {s.digest for s, _ in rows}]
            writer.write(Batch(list(self.contents.values()), self.files, segments, marks))
        return library

    def engine(self, *encoders: Any, **options: Any) -> Engine:
        """An engine with the scene and near-duplicate encoders, or with those given."""
        return Engine(self.library(), encoders or (self.captions, GridEncoder()), **options)

    def _file(self, path: str, media_type: str, *, mtime: datetime | None = None, **facts: Any) -> str:
        digest = facts.pop("digest", f"d{len(self.contents):04}")
        self.contents[digest] = Content(digest, media_type, 10, **facts)
        stamp = int(mtime.timestamp() * 1e9) if mtime else self._mtime(len(self.files))
        self.files.append(File(self._path(path), digest, 10, stamp, str(self.folder)))
        return digest

    def _row(self, segment: Segment, vector: Vector | None) -> None:
        self.rows.setdefault(segment.space, []).append((segment, vector))

    def _path(self, path: str) -> str:
        return str(self.folder / path)

    @staticmethod
    def _mtime(n: int) -> int:
        return int(EPOCH.timestamp() * 1e9) + n * 10**9


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "files")
    yield made
    for library in made.opened:
        library.close()


@pytest.fixture
def draw() -> Callable[..., Image.Image]:
    return scribble


@pytest.fixture
def caption_encoder() -> type[CaptionEncoder]:
    return CaptionEncoder


@pytest.fixture
def turning_encoder() -> type[TurningEncoder]:
    return TurningEncoder
