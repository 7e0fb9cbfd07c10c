"""Share of the bare model's throughput that indexing pictures reaches.

    python -m benchmarks.indexing [PHOTOS]

The baseline encodes the same pictures, already decoded and prepared in memory, in the same batches.
Uses the ONNX model in CROSSFIND_MODELS/clip-mini and an OpenCLIP ViT-B-32 with random weights (its cost
is that of the trained one), on the photos in CROSSFIND_TEST_MEDIA.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from app.models.installed import installed
from app.models.spaces import build_spaces
from benchmarks.collections import copies, photos_of
from benchmarks.common import start_children_as_the_command, table
from indexers.encode import BATCH
from indexers.imaging import prepare
from indexers.perceptual import PerceptualSpace
from indexers.pipeline import IndexOptions, index
from search.records import Indexed
from search.spaces import Space
from search.store import Library


def bare_rate(space: Space, photos: Sequence[Path], seconds: float) -> float:
    """Pictures a second of the model alone, fed from memory; other pixels each time: it may remember."""
    assert space.picture_input is not None
    pixels = [prepare(Image.open(photo), space.picture_input) for photo in photos[:BATCH]]
    batch = [pixels[n % len(pixels)] for n in range(BATCH)]
    space.encode(batch)
    rounds, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        rounds += 1
        space.encode([picture ^ np.uint8(rounds % 255 + 1) for picture in batch])
    return rounds * len(batch) / (time.perf_counter() - began)


def indexing_rate(models: Sequence[Space], root: Path, library: Library) -> float:
    """Files a second of a whole run: walk, digest, decode, encode, write."""
    spaces: list[Space] = [*models, PerceptualSpace()]
    began = time.perf_counter()
    events = index([root], library, spaces, IndexOptions(), threading.Event())
    indexed = sum(isinstance(event, Indexed) for event in events)
    return indexed / (time.perf_counter() - began)


def spaces(folder: Path) -> Iterator[tuple[str, Space]]:
    """The models to measure."""
    small = installed(os.environ.get("CROSSFIND_MODELS", "")).get("clip-mini")
    if small is not None:
        yield "clip-mini (ONNX)", build_spaces(small, "cpu")[0]
    from benchmarks.random_clip import random_model  # not above: decoding processes import this file too

    large = random_model("ViT-B-32", "laion2b_s34b_b79k", folder)
    yield "ViT-B-32 (OpenCLIP)", build_spaces(large, "cpu")[0]


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    count = int(arguments[0]) if arguments else 400
    photos = photos_of(Path(os.environ.get("CROSSFIND_TEST_MEDIA", "")))
    rows = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        root = copies(photos, folder / "photos", count)
        for n, (name, space) in enumerate(spaces(folder)):
            before = bare_rate(space, photos, 15)
            library = Library.create(folder / f"library{n}")
            ours = indexing_rate([space], root, library)
            library.close()
            bare = float(np.mean([before, bare_rate(space, photos, 15)]))
            rows.append((name, bare, ours, f"{ours / bare:.0%}"))
    table((f"{count} photos", "bare model, pictures/s", "crossfind index, files/s", "share"), rows)


if __name__ == "__main__":
    start_children_as_the_command()
    main(sys.argv[1:])
