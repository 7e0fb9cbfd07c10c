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

from benchmarks.common import median_ms, table
from indexers.perceptual import PerceptualSpace
from indexers.pipeline import IndexOptions, index
from search.store import Library

FOLDERS = 200


def make_tree(root: Path, count: int) -> None:
    """Empty pictures: they are read once, found unusable, and that is remembered."""
    for n in range(FOLDERS):
        (root / f"folder {n:03}").mkdir(parents=True)
    for n in range(count):
        (root / f"folder {n % FOLDERS:03}" / f"{n:06}.jpg").write_bytes(b"\xff\xd8 no picture %d" % n)


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
        print("first run:", dict(rescan(root, library)))
        print("second run:", dict(rescan(root, library)))
        bare = median_ms(lambda: bare_walk(str(root)), repeats=5)
        ours = median_ms(lambda: rescan(root, library), repeats=5)
        rows = [("scandir + stat", bare, 1.0), ("crossfind, nothing changed", ours, ours / bare)]
        table((f"rescan of {count} files", "ms", "ratio"), rows)
        library.close()


if __name__ == "__main__":
    main(sys.argv[1:])
