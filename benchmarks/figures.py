"""Figures of pages as pictures of their own: how much better a page is found by its photo, and the cost.

    python -m benchmarks.figures [--pages 100] [--seed 0]

PDFs are written with a photo of CROSSFIND_TEST_MEDIA on each page, somewhere among text, a sixth to a third
of the page. Each is asked for by a caption and by its photo, cropped and smaller; what counts is the vector
of the page as a whole, of its figures, or the better of both. The models of pictures are those that a folder
of models (CROSSFIND_MODELS) and installed packages have.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pymupdf
from numpy.typing import NDArray
from PIL import Image

from app.models.installed import installed
from app.models.spaces import build_spaces
from benchmarks.common import table
from benchmarks.halves import rows
from benchmarks.planted import FACTS, FILLER, VALUES
from indexers.documents import render
from indexers.figures import figure_boxes
from indexers.imaging import prepare
from indexers.page_figures import drawn
from indexers.query_encoder import caption_of
from search.spaces import PictureInput, Pixels, Space, Vector

PER_FILE = 5
WIDTH, HEIGHT = 595, 842
STEPS = ("drawing a page", "finding its figures", "drawing them", "encoding a page", "encoding a figure")


@dataclass(frozen=True, slots=True)
class Planted:
    """A photo on a page (from 1) of a file: its caption, and a changed copy."""

    file: str
    page: int
    caption: str
    copy: Path


@dataclass(slots=True)
class Seen:
    """Pages and figures as a model takes them, the page that each figure is on, from 0, and what that took of
    the processor, in seconds."""

    pages: list[Pixels] = field(default_factory=list)
    figures: list[Pixels] = field(default_factory=list)
    on: list[int] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))


def planted(folder: Path, copies: Path, count: int, seed: int) -> list[Planted]:
    """Write files of `PER_FILE` pages with a photo each."""
    random = np.random.default_rng(seed)
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"]) / "photos"
    labelled = rows("photos/captions.jsonl")
    chosen = [labelled[n] for n in random.permutation(len(labelled))[:count]]
    found = []
    for first in range(0, len(chosen), PER_FILE):
        name = f"report {first // PER_FILE:03}.pdf"
        with pymupdf.open() as document:
            for number, row in enumerate(chosen[first : first + PER_FILE], start=1):
                photo = media / str(row["file"])
                _page(document.new_page(width=WIDTH, height=HEIGHT), photo, random)
                copy = _changed(photo, copies / f"{first + number}.jpg", random)
                caption = str(row["captions"][0]).replace('"', "").rstrip(".")
                found.append(Planted(name, number, caption, copy))
            document.save(folder / name)
    return found


def _page(page: pymupdf.Page, photo: Path, random: np.random.Generator) -> None:
    """Write text around a photo."""
    with Image.open(photo) as image:
        ratio = image.height / image.width
    width = float(random.uniform(0.4, 0.6)) * WIDTH
    height = min(width * ratio, 0.5 * HEIGHT)
    width = height / ratio
    left = float(random.uniform(40, WIDTH - 40 - width))
    top = float(random.uniform(60, HEIGHT - 60 - height))
    rect = pymupdf.Rect(left, top, left + width, top + height)
    page.insert_image(rect, filename=str(photo))
    for area in (pymupdf.Rect(50, 50, 545, top - 8), pymupdf.Rect(50, rect.y1 + 8, 545, HEIGHT - 40)):
        lines = [FILLER[random.integers(len(FILLER))] for _ in range(int(area.height // 40))]
        for _ in range(int(area.height // 60)):
            values = {name: str(random.choice(some)) for name, some in VALUES.items()}
            lines.append(FACTS[random.integers(len(FACTS))][0].format(**values))
        if area.height > 20:
            page.insert_textbox(area, " ".join(lines), fontsize=10)


def _changed(photo: Path, target: Path, random: np.random.Generator) -> Path:
    """Write a copy, cropped to about three quarters and smaller."""
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    x, y = random.uniform(0.0, 0.14, 2)
    wide, high = image.size
    cut = image.crop((int(x * wide), int(y * high), int((x + 0.86) * wide), int((y + 0.86) * high)))
    cut.thumbnail((360, 360))
    cut.save(target, quality=70)
    return target


def seen(folder: Path, asked: Sequence[Planted], spec: PictureInput) -> Seen:
    """Draw all pages and their figures."""
    found, need = Seen(), 2 * max(spec.width, spec.height)
    for n, one in enumerate(asked):
        with pymupdf.open(folder / one.file) as document:
            page = document[one.page - 1]
            times = [time.process_time()]
            found.pages.append(prepare(render(page, need), spec))
            times.append(time.process_time())
            boxes = figure_boxes(page)
            times.append(time.process_time())
            found.figures += (prepare(drawn(page, box, need), spec) for box in boxes)
            found.on += [n] * len(boxes)
            times.append(time.process_time())
            for step, began, ended in zip(STEPS, times, times[1:], strict=False):
                found.spent[step] += ended - began
    return found


def measured(space: Space, folder: Path, asked: Sequence[Planted]) -> Iterator[tuple[object, ...]]:
    """Yield a line for each kind of question and each way of looking; print the cost."""
    assert space.picture_input is not None
    found = seen(folder, asked, space.picture_input)
    began = time.process_time()
    pages = space.encode(found.pages)
    between = time.process_time()
    figures = space.encode(found.figures)
    found.spent["encoding a page"] = between - began
    found.spent["encoding a figure"] = time.process_time() - between
    told = (f"{step} {1000 * took / len(asked):.1f}" for step, took in found.spent.items())
    print(
        f"\n{space.fingerprint.model}: {len(figures)} figures on {len(asked)} pages; ms: {', '.join(told)}\n"
    )
    copies = [prepare(Image.open(one.copy).convert("RGB"), space.picture_input) for one in asked]
    questions = {
        "a caption": space.encode([caption_of(one.caption) for one in asked]),
        "a changed copy": space.encode(copies),
    }
    for kind, vectors in questions.items():
        whole = vectors @ pages.T
        best = np.full_like(whole, -1.0)
        for page, scores in zip(found.on, (vectors @ figures.T).T, strict=True):
            best[:, page] = np.maximum(best[:, page], scores)
        ways = {"the page": whole, "its figures": best, "the better": np.maximum(whole, best)}
        for way, scores in ways.items():
            yield kind, way, *_shares(scores)


def _shares(scores: Vector) -> tuple[float, float, float]:
    """Return R@1, R@5 and the mean reciprocal rank; question n asks for page n."""
    ranks: NDArray[np.int64] = (scores > np.diagonal(scores)[:, None]).sum(axis=1) + 1
    return float((ranks == 1).mean()), float((ranks <= 5).mean()), float((1 / ranks).mean())


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    models = os.environ.get("CROSSFIND_MODELS", "")
    with tempfile.TemporaryDirectory() as scratch:
        files, copies = Path(scratch) / "files", Path(scratch) / "copies"
        files.mkdir()
        copies.mkdir()
        asked = planted(files, copies, options.pages, options.seed)
        known = installed(models).models
        made = (space for one in known if one.manifest.task == "scene" for space in build_spaces(one))
        for space in made:
            if space.name == "scene":
                lines = list(measured(space, files, asked))
                table(("question", "looked at", "R@1", "R@5", "MRR"), lines)


if __name__ == "__main__":
    main()
