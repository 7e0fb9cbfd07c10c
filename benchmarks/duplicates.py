"""Whether copies, and other shots of a scene, are found and told apart, and how long that takes.

    python -m benchmarks.duplicates [PHOTOS | scale]

Makes copies, changed files and further shots of every photo in CROSSFIND_TEST_MEDIA (`benchmarks.copies`),
indexes them with the starter set, and asks for duplicates. The table gives precision and recall of pairs over
the photos that no constant was chosen on. The baseline calls every pair a copy whose perceptual hashes differ
in less than an eighth of the bits. With `scale`, 100,000 hashes are paired, against a comparison of all.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np

from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from benchmarks.collections import photos_of
from benchmarks.common import table
from benchmarks.copies import Made, is_held_out, make
from indexers.picture_agreement import Agreements
from search.duplicates import find
from search.duplicates.pairs import close_pairs
from search.store import Library
from search.store.rows import vectors_of

Pair = frozenset[str]
BASELINE = 0.75


def truth(made: Sequence[Made]) -> dict[str, set[Pair]]:
    """What each two files of one photo are: copies, or near."""
    wanted: dict[str, set[Pair]] = {"copy": set(), "near": set()}
    by_source: dict[str, list[Made]] = {}
    for one in made:
        by_source.setdefault(one.source, []).append(one)
    for files in by_source.values():
        for one, other in combinations(files, 2):
            same = {one.label, other.label} <= {"photo", "copy"}
            wanted["copy" if same else "near"].add(frozenset((str(one.path), str(other.path))))
    return wanted


def found_in(library: Library) -> tuple[dict[str, set[Pair]], set[Pair]]:
    """Return the pairs inside the groups of each kind, and all pairs that a chain of groups joins."""
    groups = find(library, Agreements())
    pairs: dict[str, set[Pair]] = {"copy": set(), "near": set()}
    copies_of: dict[str, list[str]] = {}
    for group in groups:
        paths = [member.file.path for member in group.members]
        if group.kind == "copy":
            copies_of |= dict.fromkeys(paths, paths)
        if group.kind in pairs:
            pairs[group.kind] |= {frozenset(pair) for pair in combinations(paths, 2)}
    joined = {
        frozenset((a, b))
        for group in groups
        if group.kind == "near"
        for one, other in combinations([member.file.path for member in group.members], 2)
        for a in copies_of.get(one, [one])
        for b in copies_of.get(other, [other])
    }
    return pairs, joined | pairs["copy"]


def by_hash(library: Library, paths: Mapping[str, str]) -> set[Pair]:
    """The baseline: pairs of files whose hashes alone are close."""
    rows = library.rows("phash", ["digest", "vector"])
    names = [paths[digest] for digest in rows["digest"].to_pylist()]
    pairs = close_pairs(vectors_of(rows), BASELINE)
    return {frozenset((names[a], names[b])) for a, b in zip(pairs.first, pairs.second, strict=True)}


def measured(found: set[Pair], wanted: set[Pair]) -> tuple[str, str]:
    """Precision and recall."""
    right = len(found & wanted)
    return f"{right / max(1, len(found)):.3f}", f"{right / max(1, len(wanted)):.3f}"


def quality(count: int | None) -> None:
    """Print the table of precision and recall."""
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"]).resolve()
    photos = [one for one in photos_of(media) if is_held_out(one)][:count]
    with tempfile.TemporaryDirectory() as folder:
        made = make(photos, Path(folder, "files"))
        config = Config(library=f"{folder}/library", models={"scene": "starter-scene"})
        wishes = IndexWishes((Path(folder, "files"),), only=frozenset({"pictures"}))
        for _ in start_indexing(config, wishes, threading.Event()).events:
            pass
        library = Library.open(Path(folder, "library"))
        began = time.perf_counter()
        pairs, joined = found_in(library)
        took_s = time.perf_counter() - began
        files = library.known_files(str(Path(folder, "files")))
        wanted = truth(made)
        every = wanted["copy"] | wanted["near"]
        baseline = by_hash(library, {known.digest: path for path, known in files.items()})
        library.close()
    rows = [
        ("copies, the hash alone", *measured(baseline, wanted["copy"])),
        ("copies", *measured(pairs["copy"], wanted["copy"])),
        ("copies or near, the hash alone", *measured(baseline, every)),
        ("copies or near", *measured(joined, every)),
    ]
    table((f"{len(made)} files of {len(photos)} photos, {took_s:.0f} s", "precision", "recall"), rows)


def scale(count: int = 100_000, dim: int = 320, flipped: float = 0.06) -> None:
    """Pair hashes of which every second is a copy with some bits flipped."""
    chance = np.random.default_rng(0)
    mix = chance.standard_normal((dim, dim)) * np.linspace(1, 0.05, dim)[:, None]
    half = np.sign(chance.standard_normal((count // 2, dim)) @ mix)
    copies = np.where(chance.random(half.shape) < flipped, -half, half)
    vectors = (np.concatenate([half, copies]) / np.sqrt(dim)).astype(np.float16)
    began = time.perf_counter()
    pairs = close_pairs(vectors, BASELINE)
    took_s = time.perf_counter() - began
    wanted = {(n, n + count // 2) for n in range(count // 2)}
    found = set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))
    rows = vectors[:2_000].astype(np.float32)
    every = vectors.astype(np.float32)
    began = time.perf_counter()
    np.count_nonzero(rows @ every.T >= BASELINE)
    all_s = (time.perf_counter() - began) * count / 2_000 / 2
    table(
        (f"{count} hashes", "seconds", "recall"),
        [
            ("all with all (from 2 % of them)", all_s, "1"),
            ("in cells", took_s, len(found & wanted) / len(wanted)),
        ],
    )


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    if arguments[:1] == ["scale"]:
        scale()
    else:
        quality(int(arguments[0]) if arguments else None)


if __name__ == "__main__":
    main(sys.argv[1:])
