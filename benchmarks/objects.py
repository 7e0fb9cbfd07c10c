"""Objects: how often `object:<class>` finds a photo with the thing and frames it, and the time a photo takes.

    python -m benchmarks.objects PHOTOS MODELS [--detector yolox-nano] [--scene clip-mini]

PHOTOS holds `captions.jsonl` with lines that have `file` and `objects` (`label`, `bbox_xywh` in pixels). For
each labelled class: is the first hit a photo with it, and of as many hits as there are such photos (five at
most), how many are such photos, and how many of the boxes overlap a labelled one by a half or more? For
comparison, `scene:<class>` over whole photos. The time is taken on `--timed` photos of the folder: the bare
detector and picture model are fed them from memory, before and after the run, which also starts its workers.
"""

import argparse
import json
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from app.bootstrap import Equipment
from app.config import Config
from benchmarks.common import start_children_as_the_command
from indexers.boxes import overlaps
from indexers.pipeline import IndexOptions, index
from indexers.query_encoder import SpaceEncoder
from search.engine import Engine, SearchOptions
from search.records import Hit, Region
from search.spaces import QueryEncoder
from search.store import Library

MOST = 5


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", type=Path)
    parser.add_argument("models", type=Path)
    parser.add_argument("--detector", default="yolox-nano")
    parser.add_argument("--scene", default="clip-mini")
    parser.add_argument("--timed", type=int, default=150)
    options = parser.parse_args()
    chosen = {"object": options.detector, "scene": options.scene}
    equipment = Equipment(replace(Config(), models_dir=options.models, models=chosen))
    objects = equipment.objects
    if objects is None:
        raise SystemExit("; ".join(gap.told for gap in equipment.missing))
    lines = (options.photos / "captions.jsonl").read_text(encoding="utf-8").splitlines()
    truth = {one["file"]: one["objects"] for one in map(json.loads, lines) if one.get("objects")}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "photos"
        folder.mkdir()
        for name in truth:
            (folder / name).write_bytes((options.photos / name).read_bytes())
        library = Library.create(Path(scratch) / "library")
        readers = objects.readers()
        modules = ("indexers.objects", "indexers.pictures")
        spaces = [space for space in equipment.spaces if space.name == "scene"]
        list(index([folder], library, spaces, IndexOptions(modules=modules), threading.Event(), readers))
        _time(sorted(options.photos.glob("*.jpg"))[: options.timed], readers, spaces, Path(scratch))
        encoders: list[QueryEncoder] = [objects.encoder(), *(SpaceEncoder(space) for space in spaces)]
        engine = Engine(library, encoders)
        for prefix in ("object", "scene"):
            _print(prefix, engine, truth, folder)


def _time(photos: Sequence[Path], readers: Sequence[Any], spaces: Sequence[Any], scratch: Path) -> None:
    """Index photos and feed the bare models with them; print both times."""
    folder = scratch / "timed"
    folder.mkdir()
    for path in photos:
        (folder / path.name).write_bytes(path.read_bytes())
    library = Library.create(scratch / "timed library")
    before = _bare(readers[0], folder, spaces[0])
    began = time.perf_counter()
    modules = ("indexers.objects", "indexers.pictures")
    list(index([folder], library, spaces, IndexOptions(modules=modules), threading.Event(), readers))
    ours = (time.perf_counter() - began) / len(photos)
    bare = (before + _bare(readers[0], folder, spaces[0])) / 2
    library.close()
    print(
        f"{len(photos)} photos: {ours:.2f} s a photo, all stages; bare models {bare:.2f} s: {bare / ours:.0%}"
    )


def _bare(reader: Any, folder: Path, scene: Any) -> float:
    """Time the detector and the picture model on whole pictures and cut out things."""
    from indexers.base import Piece
    from search.records import Whole

    pictures = [np.asarray(Image.open(path).convert("RGB")) for path in sorted(folder.iterdir())]
    reader.read([Piece("object", Whole(), payload=pictures[0])])
    began = time.perf_counter()
    for picture in pictures:
        reader.read([Piece("object", Whole(), payload=picture)])
    spec = scene.picture_input
    blank = [np.zeros((spec.height, spec.width, 3), np.uint8)] * 32
    for _ in range(len(pictures) // len(blank) + 1):
        scene.encode(blank)
    return (time.perf_counter() - began) / len(pictures)


def _print(prefix: str, engine: Engine, truth: dict[str, list[dict[str, Any]]], folder: Path) -> None:
    classes = sorted({one["label"] for boxes in truth.values() for one in boxes})
    first, among, framed, silent = [], [], [], 0
    for label in classes:
        right = {name for name, boxes in truth.items() if any(one["label"] == label for one in boxes)}
        most = min(MOST, len(right))
        hits = engine.search(f'{prefix}:"{label}"', SearchOptions(limit=MOST)).hits
        silent += not hits
        first.append(bool(hits) and hits[0].file.name in right)
        among.append(sum(hit.file.name in right for hit in hits[:MOST]) / most)
        framed.append(sum(_is_framed(hit, truth, label, folder) for hit in hits[:most]) / most)
    print(
        f"{prefix}: of {len(classes)} classes: first hit right {np.mean(first):.3f}, photos among the first "
        f"{MOST} {np.mean(among):.3f}, right boxes {np.mean(framed):.3f}, nothing found for {silent}"
    )
    absent = ("submarine", "castle", "microscope", "tractor", "violin", "volcano", "camel", "anchor")
    sure = [query for query in absent if engine.search(f"{prefix}:{query}").hits]
    print(f"  things that no photo shows and that find something: {len(sure)} of {len(absent)} {sure}")


def _is_framed(hit: Hit, truth: dict[str, list[dict[str, Any]]], label: str, folder: Path) -> bool:
    """Whether the box of a hit overlaps one of its class by a half or more."""
    boxes = [one["bbox_xywh"] for one in truth.get(hit.file.name, []) if one["label"] == label]
    if not boxes or not isinstance(hit.locator, Region):
        return False
    with Image.open(folder / hit.file.name) as image:
        width, height = image.size
    corners = np.array(boxes, np.float32)
    corners[:, 2:] += corners[:, :2]
    corners /= np.array([width, height, width, height], np.float32)
    return bool(overlaps(np.array(hit.locator.box, np.float32), corners).max() >= 0.5)


if __name__ == "__main__":
    start_children_as_the_command()
    main()
