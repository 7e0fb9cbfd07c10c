"""People: how long an edit takes, how long grouping takes, and how well unknown faces are grouped.

    python -m benchmarks.people edits [FACES]             (default 10000)
    python -m benchmarks.people grouping [FACES]          (default 50000)
    python -m benchmarks.people quality LIBRARY MEDIA     an indexed library of labelled photos

`edits` works on a real library of synthetic faces; the goal is less than 50 ms each. `quality` reads
`identities.jsonl` in the folder of the media ({"file": ..., "people": [...]}) and compares, pair by pair, the
groups with the labels of photos that show one person; it never changes the library.
"""

import json
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.common import clustered, table
from search.engine import Engine, SearchOptions
from search.people.book import People
from search.people.grouping import Known, group
from search.people.places import rivals
from search.people.refresh import refresh
from search.people.vectors import face_vectors
from search.records import Content, File, Region, Segment, Whole
from search.spaces import Fingerprint, Thresholds
from search.store import Batch, Library, Mark, SegmentRows
from search.store import people as rows

DIM = 128
LIMITS = Thresholds(0.5, 0.4)
FACES = Fingerprint("synthetic", "1", "", DIM)
A_PHOTO = 3
REPEATS = 12


def fill(library: Library, faces: int) -> None:
    """Write photos with three faces each, of people who come back some fifty times."""
    vectors = clustered(faces, DIM, clusters=max(1, faces // 50))
    step = A_PHOTO * 500
    with library.writer() as writer:
        writer.open_space("face", FACES)
        for start in range(0, faces, step):
            numbers = range(start, min(start + step, faces))
            digests = [f"{n // A_PHOTO:032x}" for n in numbers]
            boxes = [(0.1 + 0.3 * (n % A_PHOTO), 0.2, 0.3 + 0.3 * (n % A_PHOTO), 0.5) for n in numbers]
            segments = [
                Segment(digest, "face", n % A_PHOTO, Region(Whole(), box), quality=0.8)
                for n, digest, box in zip(numbers, digests, boxes, strict=True)
            ]
            whole = list(dict.fromkeys(digests))
            writer.write(
                Batch(
                    [Content(digest, "image/jpeg", 1) for digest in whole],
                    [File(f"/pictures/{digest}.jpg", digest, 1, 1, "/pictures") for digest in whole],
                    {"face": SegmentRows(FACES, segments, vectors[numbers.start : numbers.stop])},
                    [Mark(digest, "face", FACES.key, segments=A_PHOTO) for digest in whole],
                )
            )
        writer.optimize()


def edits(faces: int) -> Iterator[tuple[object, ...]]:
    """Yield what each edit, list and search takes in a library of so many faces: median and least."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library.create(Path(folder) / "library")
        fill(library, faces)
        yield "grouping all", *timed(lambda: refresh(library, LIMITS), 1)
        yield "refresh, nothing new", *timed(lambda: refresh(library, LIMITS))
        book = People(library, LIMITS)
        people = book.people()
        large, names = people[0].id, count()
        spare = iter([one.id for one in book.faces(large)])
        pairs = iter(_strangers(book, [one.id for one in people[:60]]))
        work: dict[str, Callable[[], object]] = {
            "name": lambda: book.name(large, f"Ada {next(names)}"),
            "split off a face": lambda: book.split(large, [next(spare)]),
            "reject a face": lambda: book.reject([next(spare)]),
            f"merge two groups of {people[0].faces}": lambda: book.merge(*next(pairs)),
            "undo": book.undo,
            "redo": book.redo,
            "list everybody": book.people,
            "faces of one": lambda: book.faces(large),
            "suggestions": book.suggestions,
        }
        for what, run in work.items():
            yield what, *timed(run)
        book.name(large, "Ada")
        engine = Engine(library)
        options = SearchOptions(limit=20)
        yield "search person:Ada", *timed(lambda: engine.search("person:Ada", options))
        yield "search only:Ada", *timed(lambda: engine.search("only:Ada", options))
        library.close()


def timed(work: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """Return median and least milliseconds; nothing is repeated for warming up."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), min(times)


def _strangers(book: People, persons: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield pairs of groups that are not seen together, each group once."""
    seen = {person: {one.anchor.digest for one in book.faces(person)} for person in persons}
    left = list(persons[1:])  # the first is used by other edits
    while left:
        person = left.pop()
        other = next((number for number in left if not seen[number] & seen[person]), None)
        if other is not None:
            left.remove(other)
            yield person, [other]


def grouping(faces: int) -> Iterator[tuple[object, ...]]:
    """Yield how long the pure function takes, and what it makes of clusters that are known."""
    people = max(1, faces // 40)
    draw = np.random.default_rng(0)
    sizes = np.minimum((draw.pareto(1.0, faces) * 3).astype(int), people - 1)
    centres = clustered(people, DIM, clusters=people)
    vectors = centres[sizes] + draw.standard_normal((faces, DIM), dtype=np.float32) * (0.9 / DIM**0.5)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    nobody: list[list[int]] = [[] for _ in range(faces)]
    quality = np.ones(faces)
    began = time.perf_counter()
    found = group(vectors, quality, Known(np.zeros(faces, np.int64), nobody), 0.4)
    yield "all new", faces, time.perf_counter() - began, *agreement(found.tolist(), sizes.tolist())
    found[draw.choice(faces, min(1000, faces), replace=False)] = 0
    began = time.perf_counter()
    again = group(vectors, quality, Known(found, nobody, free=faces + 1), 0.4)
    yield "1,000 new", faces, time.perf_counter() - began, *agreement(again.tolist(), sizes.tolist())


def agreement(found: Sequence[int], truth: Sequence[object]) -> tuple[float, float]:
    """Return pairwise precision and recall of a grouping."""
    together = sum(n * (n - 1) // 2 for n in Counter(zip(found, truth, strict=True)).values())
    grouped = sum(n * (n - 1) // 2 for n in Counter(found).values())
    same = sum(n * (n - 1) // 2 for n in Counter(truth).values())
    return together / max(grouped, 1), together / max(same, 1)


def quality(folder: Path, media: Path) -> Iterator[tuple[object, ...]]:
    """Yield precision and recall of the groups at several thresholds, and whose cosines are how high."""
    lines = (json.loads(line) for line in (media / "identities.jsonl").open(encoding="utf-8"))
    person_of = {str(media / one["file"]): one["people"][0] for one in lines if len(one["people"]) == 1}
    library = Library.open(folder)
    faces = face_vectors(library, rows.sightings(library))
    files = library.files_of({one.anchor.digest for one in faces.sightings})
    path_of = [files[one.anchor.digest][0].path for one in faces.sightings]
    alone = Counter(path_of)
    labelled = [n for n, path in enumerate(path_of) if path in person_of and alone[path] == 1]
    truth = [person_of[path_of[n]] for n in labelled]
    vectors = faces.vectors.astype(np.float32)
    cosines = vectors[labelled] @ vectors[labelled].T
    pairs = [(cosines[a, b], truth[a] == truth[b]) for a, b in combinations(range(len(truth)), 2)]
    same, other = ([float(c) for c, is_same in pairs if is_same is wanted] for wanted in (True, False))
    print(
        f"{len(labelled)} labelled faces of {len(set(truth))} people among {len(vectors)}; "
        f"cosines of one person {_spread(same)}, of two {_spread(other)}"
    )
    beside = rivals([one.anchor for one in faces.sightings])
    clear = np.array([one.quality for one in faces.sightings])
    for threshold in [*np.quantile(other, [0.9, 0.95, 0.99, 0.995, 0.999, 1.0]).tolist(), max(other) + 0.02]:
        known = Known(np.zeros(len(vectors), np.int64), beside)
        found = group(faces.vectors, clear, known, threshold)[labelled].tolist()
        yield "from scratch", threshold, len(set(found)), *agreement(found, truth)
    stored = [faces.sightings[n].person for n in labelled]
    yield "as it is stored", "", len(set(stored)), *agreement(stored, truth)
    library.close()


def _spread(values: Sequence[float]) -> str:
    found: NDArray[np.float64] = np.quantile(values, [0, 0.05, 0.5, 0.95, 1])
    return " / ".join(f"{value:.3f}" for value in found)


def main(arguments: Sequence[str]) -> None:
    """Print the table that is asked for."""
    match arguments:
        case ["edits", *rest]:
            table(("what", "ms, median", "least"), list(edits(int(rest[0]) if rest else 10_000)))
        case ["grouping", *rest]:
            head = ("grouping", "faces", "s", "pairwise precision", "recall")
            table(head, list(grouping(int(rest[0]) if rest else 50_000)))
        case ["quality", library, media]:
            head = ("grouping", "threshold", "groups", "pairwise precision", "recall")
            table(head, list(quality(Path(library), Path(media))))
        case _:
            sys.exit(__doc__)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    main(sys.argv[1:])
