"""How much of what spoils a query picture is undone, and what that costs clean pictures.

    python -m benchmarks.fixes [PHOTOS] [MODEL] [tune]

Indexes every photo in CROSSFIND_TEST_MEDIA with one scene model (`clip-mini` unless another is named).
Queries are other views of PHOTOS of them: a part, smaller, encoded anew, then spoiled (`benchmarks.spoiling`)
at one severity. Every query is asked with `--fix off` (spoiled), `--fix auto`, with the first repair
proposed (always), and repaired with what only the spoiler knows (oracle); `clean`
is the view before it was spoiled. Thresholds were chosen on every other photo (`tune`); the queries are else
the rest.
"""

import os
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageOps

from app.bootstrap import IndexWishes, Searcher, start_indexing
from app.config import Config
from benchmarks.collections import photos_of
from benchmarks.common import table
from benchmarks.spoiling import SPOILINGS, Picture, Spoiling, seen_again
from indexers.fixes.diagnosis import diagnose, examine
from search.engine import Engine, SearchOptions
from search.picture_asking import Fixing

WAYS = ("clean", "spoiled", "auto", "always", "oracle")
DEPTHS = (1, 5, 10)
MIXES = (
    ("turned", "dark"),
    ("letterbox", "dark"),
    ("noise", "dark"),
    ("skewed, corners", "noise"),
    ("in a scene", "blur"),
)


@dataclass(slots=True)
class Tally:
    """Ranks (from 1; 99 for not found) by the way of asking."""

    ranks: dict[str, list[int]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def recall(self, way: str, depth: int) -> float:
        return float(np.mean([rank <= depth for rank in self.ranks[way]]))

    def row(self) -> list[str]:
        cells = ["/".join(f"{100 * self.recall(way, depth):.0f}" for depth in DEPTHS) for way in WAYS]
        return [*cells, self.share()]

    def share(self) -> str:
        """How much of what an oracle gains is gained."""
        gain = sum(self.recall("oracle", depth) - self.recall("spoiled", depth) for depth in DEPTHS)
        ours = sum(self.recall("auto", depth) - self.recall("spoiled", depth) for depth in DEPTHS)
        return f"{ours / gain:.0%}" if gain > 0.02 else "-"


class Asking:
    """Asks an engine with pictures that stand in no file yet."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine, self._folder = engine, folder
        self._count = 0
        self._clean: dict[Path, int] = {}
        self.seconds: dict[str, list[float]] = {"off": [], "auto": []}
        self.applied: list[str] = []

    def clean(self, photo: Path, view: Picture) -> int:
        """Return the rank at which the unspoiled view finds its photo."""
        if photo not in self._clean:
            self._clean[photo] = self.rank(view, photo)
        return self._clean[photo]

    def rank(self, picture: Picture, wanted: Path, fix: Fixing = "off") -> int:
        """Return the rank at which a photo is found."""
        self._count += 1
        name = f"query{self._count}.png"  # a new name each time: nothing is remembered
        picture.save(self._folder / name, compress_level=1)
        began = time.perf_counter()
        options = SearchOptions(limit=10, floor=0.0, base=self._folder, fix=fix)
        result = self._engine.search(f'like:@"{name}"', options)
        self.seconds[fix].append(time.perf_counter() - began)
        self.applied = [f.kind for f in result.fixes if f.applied]
        paths = [hit.file.path for hit in result.hits]
        (self._folder / name).unlink()
        return paths.index(str(wanted)) + 1 if str(wanted) in paths else 99


def opened(photo: Path) -> Picture:
    with Image.open(photo) as image:
        return ImageOps.exif_transpose(image).convert("RGB")


def view_of(photo: Path) -> Picture:
    """Return the other view of a photo, the same every time."""
    return seen_again(opened(photo), np.random.default_rng(list(photo.name.encode())))


def spoiled_by(
    steps: Sequence[Spoiling], view: Picture, rng: Generator, others: Sequence[Picture]
) -> tuple[Picture, Picture]:
    """Spoil a view in one step, which an oracle undoes, or in several, of which it knows the beginning."""
    spoiled, oracle = view, view
    for step in steps:
        spoiled, oracle = step.spoil(spoiled, rng, others)
    return spoiled, oracle if len(steps) == 1 else view


def levels_of(defect: str) -> list[Spoiling]:
    return [one for one in SPOILINGS if one.defect == defect]


def measure(asking: Asking, photos: Sequence[Path], kinds: Sequence[str], others: Sequence[Picture]) -> Tally:
    """Ask for each photo, spoiled as these kinds say, in every way."""
    tally = Tally()
    for n, photo in enumerate(photos):
        view = view_of(photo)
        rng = np.random.default_rng([n, len(kinds[0])])
        steps = [levels[n % len(levels)] for levels in map(levels_of, kinds)]
        spoiled, oracle = spoiled_by(steps, view, rng, others)
        candidates = examine(spoiled).candidates
        always = candidates[0].picture if candidates else spoiled
        tally.ranks["clean"].append(asking.clean(photo, view))
        tally.ranks["spoiled"].append(asking.rank(spoiled, photo))
        tally.ranks["auto"].append(asking.rank(spoiled, photo, "auto"))
        tally.ranks["always"].append(asking.rank(always, photo) if candidates else tally.ranks["spoiled"][-1])
        as_good = oracle is view
        tally.ranks["oracle"].append(asking.clean(photo, view) if as_good else asking.rank(oracle, photo))
    return tally


def harm(asking: Asking, photos: Sequence[Path]) -> list[str]:
    """Ask with clean views: off against auto, and what is wrongly diagnosed and applied."""
    off, auto, seen, applied = [], [], 0, 0
    for photo in photos:
        view = view_of(photo)
        off.append(asking.clean(photo, view))
        auto.append(asking.rank(view, photo, "auto"))
        seen += bool(diagnose(view))
        applied += bool(asking.applied)
    cells = [
        "/".join(f"{100 * np.mean([rank <= depth for rank in ranks]):.1f}" for depth in DEPTHS)
        for ranks in (off, auto)
    ]
    loss = [100 * (np.mean([r <= d for r in off]) - np.mean([r <= d for r in auto])) for d in DEPTHS]
    times = [1000 * float(np.median(asking.seconds[way][-len(photos) :])) for way in ("off", "auto")]
    return [
        *cells,
        "/".join(f"{one:.1f}" for one in loss),
        f"{seen / len(photos):.1%}",
        f"{applied / len(photos):.1%}",
        f"{times[0]:.0f} / {times[1]:.0f} ms",
    ]


def main(arguments: Sequence[str]) -> None:
    """Print the tables."""
    count = int(arguments[0]) if arguments else 20
    model = arguments[1] if arguments[1:] else "clip-mini"
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"]).resolve()
    large = [photo for photo in photos_of(media) if min(opened(photo).size) >= 250]
    photos = large[0::2] if "tune" in arguments else large[1::2]
    others = [opened(photo) for photo in large[:40:4]]
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        config = Config(
            library=f"{folder}/library",
            models={"scene": model},
            models_dir=os.environ.get("CROSSFIND_MODELS", ""),
        )
        wishes = IndexWishes(tuple(sorted(media.glob("photos*"))), only=frozenset({"pictures"}))
        for _ in start_indexing(config, wishes, threading.Event()).events:
            pass
        searcher = Searcher(config)
        asking = Asking(searcher.engine, base)
        asking.rank(opened(photos[0]), photos[0])
        print(f"{len(photos)} clean views, {model}, Recall@1/5/10 in %")
        head = ("off", "auto", "lost", "something seen", "applied", "a query, off / auto")
        table(head, [harm(asking, photos)])
        print(f"\n{count} photos, Recall@1/5/10 in %")
        kinds = [*dict.fromkeys((one.defect,) for one in SPOILINGS), *MIXES]
        rows, whole = [], Tally()
        chosen = [name for name in os.environ.get("DEFECTS", "").split(";") if name]
        for kind in kinds:
            if chosen and kind[0] not in chosen:
                continue
            tally = measure(asking, photos[:count], kind, others)
            rows.append((" + ".join(kind), *tally.row()))
            print("|", " | ".join(rows[-1]), "|", flush=True)
            for way in WAYS if len(kind) == 1 else ():
                whole.ranks[way] += tally.ranks[way]
        rows.append(("all single defects", *whole.row()))
        print()
        table(("defect", *WAYS, "share of the oracle's gain"), rows)
        searcher.close()


if __name__ == "__main__":
    main(sys.argv[1:])
