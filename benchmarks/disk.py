"""What a library takes on disk: bytes a photo, or megabytes an hour of film and sound, by table.

    python -m benchmarks.disk [FOLDER ...]      (default: the photos of CROSSFIND_TEST_MEDIA)

Every folder gets a library of its own, made by the real command with all models that are installed, and
tidied by `crossfind prune`: what a young library keeps of its last ten minutes is the same for few files and
for many. The baseline is the size of the files themselves.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from benchmarks.common import table
from search.store import Library
from search.store.disk import size_of


def indexed(folder: Path, library: Path) -> tuple[int, float, int]:
    """Index a folder: how many files it has, how many hours they last, how many bytes they are."""
    command = [sys.executable, "-m", "app", "index", str(folder), "--library", str(library), "--json"]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    before = size_of(library)
    tidy = [sys.executable, "-m", "app", "prune", "--library", str(library)]
    subprocess.run(tidy, stdout=subprocess.DEVNULL, check=True)
    print(f"{folder.name}: {before / 1e6:.1f} MB before tidying, {size_of(library) / 1e6:.1f} MB after")
    opened = Library.open(library)
    digests = {known.digest for root in opened.roots for known in opened.known_files(root.path).values()}
    contents = opened.contents(digests).values()
    opened.close()
    return len(digests), sum(one.duration_s or 0 for one in contents) / 3600, size_of(folder)


def parts(library: Path) -> Counter[str]:
    """Bytes by table; the rest under the names of their folders and files."""
    sizes: Counter[str] = Counter()
    for entry in library.iterdir():
        name = entry.name.removesuffix(".lance")
        name = name.rpartition("_")[0] if name.startswith("seg_") else name
        sizes[name] += size_of(entry) if entry.is_dir() else entry.stat().st_size
    return sizes


def main(arguments: Sequence[str]) -> None:
    """Print a table for each folder."""
    folders = [Path(one) for one in arguments] or [Path(os.environ["CROSSFIND_TEST_MEDIA"]) / "photos"]
    for folder in folders:
        with tempfile.TemporaryDirectory() as temporary:
            library = Path(temporary) / "library"
            files, hours, size = indexed(folder, library)
            sizes = parts(library)
        every = sum(sizes.values())
        rows: list[tuple[object, ...]] = [
            (name, bytes_ / 1e6, bytes_ / files / 1e3, bytes_ / 1e6 / hours if hours else "")
            for name, bytes_ in sizes.most_common()
            if bytes_ > every / 200
        ]
        rows.append(("all", every / 1e6, every / files / 1e3, every / 1e6 / hours if hours else ""))
        rows.append(("the files themselves", size / 1e6, size / files / 1e3, ""))
        print(f"\n{folder.name}: {files} files, {hours:.2f} hours, {every / size:.1%} of their size\n")
        table(("part", "MB", "kB a file", "MB an hour"), rows)


if __name__ == "__main__":
    main(sys.argv[1:])
