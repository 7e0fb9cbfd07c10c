"""A small real library and the ways tests fill, kill and compare it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from search.records import Content, File, Page, Segment, Whole
from search.spaces import Fingerprint, Vector, unit_rows
from search.store import Batch, Library, Mark, Root, SegmentRows, Thumbnail
from search.store.manifest import read_manifest
from search.store.schema import FIXED
from search.store.tables import Database, Tables

DIM = 16
SCENE = Fingerprint("model-a", "1", "224", DIM)
TEXT = Fingerprint("words", "1", "", 0)
ROOT = "/home/ada/Pictures"


def vectors(count: int, seed: int = 0, dim: int = DIM) -> Vector:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, dim)))


def make_batch(numbers: Sequence[int], scene: Fingerprint = SCENE, words: Sequence[str] = ()) -> Batch:
    """Pictures `d<n>` at ROOT/trip/IMG_<n>.jpg: one scene vector, one page of text, one thumbnail each."""
    digests = [f"d{n}" for n in numbers]
    texts = [words[at] if words else f"page about topic{n}" for at, n in enumerate(numbers)]
    everything = vectors(1000, dim=scene.dim)
    return Batch(
        contents=[Content(d, "image/jpeg", 100, words=f"Canon EOS {d}", camera="Canon") for d in digests],
        files=[
            File(f"{ROOT}/trip/IMG_{n}.jpg", f"d{n}", 100, 1_700_000_000 * 10**9 + n, ROOT) for n in numbers
        ],
        segments={
            "scene": SegmentRows(scene, [Segment(d, "scene", 0) for d in digests], everything[list(numbers)]),
            "text": SegmentRows(
                TEXT, [Segment(d, "text", 0, Page(1), t) for d, t in zip(digests, texts, strict=True)]
            ),
        },
        marks=[
            Mark(d, space, key, segments=1)
            for d in digests
            for space, key in (("scene", scene.key), ("text", TEXT.key))
        ],
        thumbnails=[Thumbnail(d, Whole(), f"webp {d}".encode()) for d in digests],
    )


def fill(library: Library, *batches: Batch, scene: Fingerprint = SCENE) -> None:
    with library.writer() as writer:
        writer.add_root(Root(ROOT))
        writer.open_space("scene", scene)
        writer.open_space("text", TEXT)
        for batch in batches:
            writer.write(batch)


def dump(folder: Path) -> dict[str, Any]:
    """Everything a library says, in an order of its own, so that two can be compared."""
    manifest = read_manifest(folder)
    tables = Tables(Database(folder), manifest.versions)
    rows = {
        name: sorted(repr(row) for row in tables.get(name).search().limit(None).to_arrow().to_pylist())
        for name in (*FIXED, *manifest.segment_tables())
    }
    thumbs = {path.name: path.read_bytes() for path in folder.glob("thumbs/*/*.webp")}
    return {"rows": rows, "roots": manifest.roots, "spaces": manifest.spaces, "thumbs": thumbs}


class World:
    """What the tests share, handed over as the fixture `world`."""

    root = ROOT
    scene = SCENE
    text = TEXT
    dim = DIM
    vectors = staticmethod(vectors)
    batch = staticmethod(make_batch)
    fill = staticmethod(fill)
    dump = staticmethod(dump)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.create(tmp_path / "library")
    yield opened
    opened.close()


@pytest.fixture
def filled(library: Library) -> Library:
    """Forty pictures."""
    fill(library, make_batch(range(40)))
    return library
