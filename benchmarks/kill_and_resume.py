"""Kills an indexing run at random moments, resumes it, and compares the library with an uninterrupted one.

    python -m benchmarks.kill_and_resume [--kills 50] [--files 120] [--seed 0]

Batches are made small, so that many kills hit the middle of a write. Exit status 0 means that files,
contents, segments, vectors, marks and thumbnails were the same every time.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import pymupdf
from PIL import Image

from indexers import writing
from indexers.perceptual import PerceptualSpace
from indexers.pipeline import IndexOptions, index
from search.records import Indexed
from search.store import Library


def make_files(folder: Path, count: int) -> None:
    """Write pictures (some twice), PDFs of several pages, films of several shots, and what cannot be read."""
    folder.mkdir()
    numbers = np.random.default_rng(0)
    for n in range(count):
        small = numbers.integers(0, 256, (5, 7, 3), dtype=np.uint8)
        Image.fromarray(small).resize((320, 240), Image.Resampling.BICUBIC).save(folder / f"{n:04}.jpg")
        if n % 10 == 0:
            (folder / f"{n:04} copy.jpg").write_bytes((folder / f"{n:04}.jpg").read_bytes())
        if n % 15 == 0:
            (folder / f"{n:04} broken.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes([n % 256]) * 40)
        if n % 12 == 0:
            with pymupdf.open() as document:
                for page in range(5):
                    document.new_page(width=200, height=300).insert_text((20, 40), f"file {n} page {page}")
                document.save(folder / f"{n:04}.pdf", no_new_id=True)
        if n % 12 == 4:
            make_film(folder / f"{n:04}.mkv", [folder / f"{shot:04}.jpg" for shot in range(n - 4, n + 1)])


def make_film(path: Path, pictures: Sequence[Path]) -> None:
    """Show each picture for two seconds."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for n in range(20 * len(pictures)):
            frame = av.VideoFrame.from_image(Image.open(pictures[n // 20]))
            frame.pts, frame.time_base = n, Fraction(1, 10)
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))


def index_all(folder: Path, library: Path, told: Callable[[str], object] = str) -> None:
    """Index with small batches."""
    writing.FILES_PER_BATCH, writing._FIRST_BATCH_S, writing._BATCH_S = 8, 0.1, 0.2
    opened = Library.create(library)
    events = index([folder], opened, [PerceptualSpace()], IndexOptions(workers=2), threading.Event())
    for event in events:
        if isinstance(event, Indexed):
            told(event.path)


def start(folder: Path, library: Path) -> "subprocess.Popen[bytes]":
    """Start a run in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.kill_and_resume", "--run", str(folder), str(library)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def killed(folder: Path, library: Path, dice: random.Random) -> bool:
    """Kill a run after a random number of files and some milliseconds; False when it was done before."""
    with start(folder, library) as process:
        assert process.stdout is not None
        for _ in range(dice.randrange(0, 40)):
            if not process.stdout.readline():
                break
        time.sleep(dice.random() * 0.4)
        was_running = process.poll() is None
        process.kill()
    return was_running


def rows_of(library: Path, folder: Path) -> dict[str, Any]:
    """Read everything that two equal libraries have in common."""
    opened = Library.open(library)
    files = opened.known_files(str(folder))
    digests = sorted({facts.digest for facts in files.values()})
    found: dict[str, Any] = {"files": dict(files), "contents": opened.contents(digests)}
    for space, fingerprint in sorted(opened.spaces().items()):
        segments = [segment for digest in digests for segment in opened.segments(space, digest)]
        found[f"marks {space}"] = dict(opened.marks(space, fingerprint.key))
        found[f"segments {space}"] = segments
        if fingerprint.dim:
            found[f"vectors {space}"] = opened.vectors(space, [segment.id for segment in segments]).tobytes()
    thumbnails = sorted((library / "thumbs").rglob("*.webp"))
    found["thumbnails"] = [(path.relative_to(library), path.read_bytes()) for path in thumbnails]
    status = opened.status()
    found["counts"] = (
        status.files,
        status.contents,
        [(s.name, s.segments, s.contents) for s in status.spaces],
    )
    opened.close()
    return found


def described(name: str, whole: Any, resumed: Any) -> str:
    """Say how one kind of rows differs."""
    if not isinstance(whole, dict | list):
        return f"{name}: {whole!r:.200} became {resumed!r:.200}"
    extra = [row for row in resumed if row not in whole]
    lost = [row for row in whole if row not in resumed]
    return f"{name}: {len(lost)} lost {lost!r:.200}, {len(extra)} extra {extra!r:.200}"


def main(arguments: Sequence[str]) -> int:
    """Kill, resume, compare; print the result."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--files", type=int, default=120)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--run", nargs=2, type=Path)
    options = parser.parse_args(arguments)
    if options.run:
        folder, library = options.run
        index_all(folder, library, told=partial(print, flush=True))
        return 0
    dice = random.Random(options.seed)
    kills = libraries = differing = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "files"
        make_files(folder, options.files)
        index_all(folder, Path(temporary) / "whole")
        whole = rows_of(Path(temporary) / "whole", folder)
        while kills < options.kills:
            library = Path(temporary) / f"library {libraries}"
            while kills < options.kills and killed(folder, library, dice):
                kills += 1
            index_all(folder, library)
            resumed = rows_of(library, folder)
            different = [
                described(name, whole[name], resumed[name]) for name in whole if whole[name] != resumed[name]
            ]
            libraries += 1
            differing += bool(different)
            print(f"library {libraries}: {kills} kills so far, {different or 'nothing'} differs", flush=True)
    print(f"{kills} kills, {libraries} libraries of {len(whole['files'])} files, {differing} of them differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
