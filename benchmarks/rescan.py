"""No-op rescan of many files against a bare `os.scandir` + `stat` walk of the same tree.

python -m benchmarks.rescan [FILES]
"""

import os
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.common import median_ms, table
from indexers.base import WORD_SPACES
from indexers.metadata import INDEXER as METADATA
from indexers.perceptual import PerceptualSpace
from indexers.pipeline import IndexOptions, index
from search.records import Content, File, Segment
from search.spaces import unit_rows
from search.store import Batch, Library, Mark, Root, SegmentRows

FOLDERS = 200
CHUNK = 5_000


def make_tree(root: Path, count: int) -> None:
    """Small files that look like pictures; nothing opens them, for nothing of them changed."""
    for n in range(FOLDERS):
        (root / f"folder {n:03}").mkdir(parents=True)
    for n in range(count):
        (root / f"folder {n % FOLDERS:03}" / f"{n:06}.jpg").write_bytes(b"\xff\xd8 picture %d" % n)


def remember(root: Path, library: Library) -> None:
    """Write into the library what a first run over good pictures would have left there."""
    space = PerceptualSpace()
    random = np.random.default_rng(0)
    paths = sorted(path for path in root.rglob("*.jpg"))
    with library.writer() as writer:
        writer.add_root(Root(str(root)))
        told = {name: WORD_SPACES[name] for name in METADATA.spaces} | {space.name: space.fingerprint}
        for name, fingerprint in told.items():
            writer.open_space(name, fingerprint)
        for start in range(0, len(paths), CHUNK):
            some = paths[start : start + CHUNK]
            digests = [f"{n:032x}" for n in range(start, start + len(some))]
            facts = [path.stat() for path in some]
            writer.write(
                Batch(
                    contents=[
                        Content(d, "image/jpeg", f.st_size) for d, f in zip(digests, facts, strict=True)
                    ],
                    files=[
                        File(str(p), d, f.st_size, f.st_mtime_ns, str(root))
                        for p, d, f in zip(some, digests, facts, strict=True)
                    ],
                    segments={
                        space.name: SegmentRows(
                            space.fingerprint,
                            [Segment(d, space.name, 0) for d in digests],
                            unit_rows(random.normal(size=(len(some), space.fingerprint.dim))),
                        )
                    },
                    marks=[
                        Mark(d, name, fingerprint.key, segments=int(name == space.name))
                        for name, fingerprint in told.items()
                        for d in digests
                    ],
                )
            )
        writer.optimize()


def bare_walk(folder: str) -> int:
    """The least that finding a change can cost: one `stat` a file."""
    found = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                found += bare_walk(entry.path)
            else:
                found += entry.stat(follow_symlinks=False).st_size >= 0
    return found


def rescan(root: Path, library: Library) -> Counter[str]:
    """One whole run over a tree in which nothing changed."""
    events = index([root], library, [PerceptualSpace()], IndexOptions(), threading.Event())
    return Counter(type(event).__name__ for event in events)


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    count = int(arguments[0]) if arguments else 100_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "files"
        make_tree(root, count)
        library = Library.create(Path(folder) / "library")
        remember(root, library)
        print("what a rescan tells:", dict(rescan(root, library)))
        bare = median_ms(lambda: bare_walk(str(root)), repeats=9)
        ours = median_ms(lambda: rescan(root, library), repeats=9)
        rows = [("scandir + stat", bare, 1.0), ("crossfind, nothing changed", ours, ours / bare)]
        table((f"rescan of {count} files", "ms", "ratio"), rows)
        library.close()


if __name__ == "__main__":
    main(sys.argv[1:])
