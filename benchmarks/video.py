"""What a film costs: frames needed against frames decoded, speed, memory, disk.

    python -m benchmarks.video [MINUTES ...]      (default 5)

Films are made here from the photos in CROSSFIND_TEST_MEDIA: shots of 3 to 12 s, half with a moving camera,
640 x 360, 15 frames a second, once with keyframes where an encoder likes them and once with one a second, as
telephones make them. Two models encode them: the small one in CROSSFIND_MODELS/clip-mini, and an OpenCLIP
ViT-B-32 with random weights, the least of those that the catalogue offers. The baseline encodes as many
pictures fed from memory, before and after. Memory is that of the real command with the models it finds for
pictures.
"""

import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice, product
from pathlib import Path

import av
from PIL import Image, ImageOps

from benchmarks.collections import photos_of
from benchmarks.common import start_children_as_the_command, table
from benchmarks.indexing import bare_rate, spaces
from benchmarks.memory import peak_mb
from indexers.frames import FrameReader
from indexers.perceptual import PerceptualSpace
from indexers.pipeline import IndexOptions, index
from indexers.video_file import moving_pictures, opened
from search.spaces import Space
from search.store import Library
from search.store.disk import size_of

SIZE, RATE = (640, 360), 15


def shown(photos: Sequence[Path]) -> Iterator[Image.Image]:
    """Frames without end: one photo after the other, still or passing by."""
    chance = random.Random(1)
    while True:
        wide = ImageOps.fit(Image.open(chance.choice(photos)).convert("RGB"), (SIZE[0] + 320, SIZE[1]))
        length, moves = chance.randint(3 * RATE, 12 * RATE), chance.random() < 0.5
        for n in range(length):
            left = 320 * n // length if moves else 0
            yield wide.crop((left, 0, left + SIZE[0], SIZE[1]))


def make_film(path: Path, photos: Sequence[Path], minutes: float, every_s: int) -> Path:
    """Write a film: keyframes at cuts, and at most so many seconds apart."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=RATE, options={"preset": "superfast"})
        stream.width, stream.height = SIZE
        stream.pix_fmt, stream.gop_size = "yuv420p", every_s * RATE
        for n, picture in enumerate(islice(shown(photos), round(minutes * 60 * RATE))):
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = n, Fraction(1, RATE)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    return path


def decoding(path: Path) -> tuple[int, int, float]:
    """Frames decoded, frames looked at, and seconds of film a second, by reading alone."""
    with opened(path) as container:
        stream = moving_pictures(container)
        assert stream is not None
        reader, began = FrameReader(container, stream), time.perf_counter()
        looks = sum(1 for _ in reader.looks())
        return reader.decoded, looks, reader.end_s / (time.perf_counter() - began)


def indexing(film: Path, space: Space, folder: Path) -> tuple[int, float, float]:
    """Moments kept, seconds of a whole run, and MB on disk."""
    library, began = Library.create(folder), time.perf_counter()
    for _ in index([film.parent], library, [space, PerceptualSpace()], IndexOptions(), threading.Event()):
        pass
    seconds = time.perf_counter() - began
    moments = next(one.segments for one in library.status().spaces if one.name == "scene")
    library.close()
    return moments, seconds, size_of(folder) / 1e6


def what_it_takes(film: Path, minutes: float, every_s: int) -> tuple[object, ...]:
    """Read a film alone, and with the real command, and return the cells of its row."""
    decoded, looks, speed = decoding(film)
    with tempfile.TemporaryDirectory() as home:
        os.environ["CROSSFIND_HOME"] = home
        command = [sys.executable, "-m", "app", "index", str(film.parent), "--only", "videos", "--json"]
        own, child, _ = peak_mb(command)
    counts = round(minutes * 60 * RATE), decoded, looks
    return f"{minutes:g} min, {every_s} s", *counts, f"{speed:.0f} x", f"{own:.0f} + {child:.0f}"


def shares(name: str, space: Space, photos: Sequence[Path], film: Path, minutes: float) -> tuple[object, ...]:
    """Index a film with one model, and return the cells of its row."""
    with tempfile.TemporaryDirectory() as temporary:
        before = bare_rate(space, photos, 10)
        moments, seconds, disk = indexing(film, space, Path(temporary) / "library")
        bare = (before + bare_rate(space, photos, 10)) / 2
    share = f"{moments / seconds / bare:.0%}"
    return name, moments, bare, f"{minutes * 60 / seconds:.0f} x", share, f"{disk / minutes * 60:.0f}"


def main(arguments: Sequence[str]) -> None:
    """Print both tables."""
    photos = photos_of(Path(os.environ.get("CROSSFIND_TEST_MEDIA", "")))
    lengths = [float(argument) for argument in arguments] or [5.0]
    with tempfile.TemporaryDirectory() as temporary:
        models = list(spaces(Path(temporary)))
        taken, ours = [], []
        for n, (minutes, every_s) in enumerate(product(lengths, (10, 1))):
            folder = Path(temporary) / f"films{n}"
            folder.mkdir()
            film = make_film(folder / "film.mp4", photos, minutes, every_s)
            taken.append(what_it_takes(film, minutes, every_s))
            ours += [(taken[-1][0], *shares(*model, photos, film, minutes)) for model in models]
    which = "film, keyframes"
    table((which, "frames", "decoded", "looked at", "reading alone", "peak MB, command + decoder"), taken)
    print()
    table((which, "model", "needed", "bare model, pictures/s", "indexing", "share", "MB an hour"), ours)


if __name__ == "__main__":
    start_children_as_the_command()
    main(sys.argv[1:])
