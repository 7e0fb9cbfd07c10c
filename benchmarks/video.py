"""What a film costs: frames needed against frames decoded, speed, memory, disk.

    python -m benchmarks.video [MINUTES ...]      (default 2 20)

Films are made here from the photos in CROSSFIND_TEST_MEDIA: shots of 3 to 12 s, half with a moving camera,
640 x 360 at 15 frames a second. The ONNX model in CROSSFIND_MODELS/clip-mini encodes them; the baseline
encodes as many pictures fed from memory, in the same run. Memory is that of the real command.
"""

import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
from PIL import Image, ImageOps

from app.models.installed import installed
from app.models.spaces import build_spaces
from benchmarks.collections import photos_of
from benchmarks.common import table
from benchmarks.indexing import bare_rate
from benchmarks.memory import peak_mb
from indexers.frames import FrameReader
from indexers.perceptual import PerceptualSpace
from indexers.pipeline import IndexOptions, index
from indexers.video_file import moving_pictures, opened
from search.records import Indexed
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


def make_film(path: Path, photos: Sequence[Path], minutes: float) -> Path:
    """Write a film as cheaply as can be: keyframes at cuts and every ten seconds."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=RATE, options={"preset": "ultrafast", "sc_threshold": "40"})
        stream.width, stream.height = SIZE
        stream.pix_fmt, stream.gop_size = "yuv420p", 10 * RATE
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


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    photos = photos_of(Path(os.environ.get("CROSSFIND_TEST_MEDIA", "")))
    model = installed(os.environ.get("CROSSFIND_MODELS", "")).get("clip-mini")
    if model is None:
        raise SystemExit("Point CROSSFIND_MODELS to a folder with clip-mini.")
    rows = []
    for minutes in [float(argument) for argument in arguments] or [2.0, 20.0]:
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            (folder / "films").mkdir()
            film = make_film(folder / "films" / "film.mp4", photos, minutes)
            decoded, looks, read_speed = decoding(film)
            space = build_spaces(model, "cpu")[0]
            bare = bare_rate(space, photos, 10)
            library, began = Library.create(folder / "library"), time.perf_counter()
            events = list(
                index([film.parent], library, [space, PerceptualSpace()], IndexOptions(), threading.Event())
            )
            seconds = time.perf_counter() - began
            moments = sum(event.segments for event in events if isinstance(event, Indexed)) / 2
            disk = size_of(library.folder) / 1e6 / (minutes / 60)
            library.close()
            os.environ["CROSSFIND_HOME"] = str(folder / "home")
            own, child, _ = peak_mb([sys.executable, "-m", "app", "index", str(film.parent), "--json"])
        frames = round(minutes * 60 * RATE)
        rows.append(
            (
                *(f"{minutes:g} min", frames, decoded, looks, round(moments), f"{read_speed:.0f} x"),
                *(f"{minutes * 60 / seconds:.0f} x", f"{moments / seconds / bare:.0%}"),
                *(f"{own:.0f} + {child:.0f}", f"{disk:.0f}"),
            )
        )
    head = (
        "film",
        "frames",
        "decoded",
        "looked at",
        "needed",
        "reading alone",
        "indexing",
        "of the bare model",
    )
    table((*head, "peak MB, command + decoder", "MB an hour"), rows)


if __name__ == "__main__":
    main(sys.argv[1:])
