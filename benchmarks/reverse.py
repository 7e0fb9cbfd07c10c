"""Whether a picture is found again after it was changed.

    python -m benchmarks.reverse [PHOTOS] [MODEL]

Indexes every photo in CROSSFIND_TEST_MEDIA with one scene model (`starter-scene` unless another is named),
then asks `like:@` with changed copies of PHOTOS of them. The table gives the share whose first hit is the
original, for each kind of vector alone and for the whole search; the baseline is the unchanged copy.
"""

import io
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from app.bootstrap import IndexWishes, Searcher, start_indexing
from app.config import Config
from benchmarks.collections import photos_of
from benchmarks.common import table
from indexers.query_encoder import SpaceEncoder
from search.engine import Engine, SearchOptions

Change = Callable[[Image.Image], Image.Image]


def part(left: float, top: float, right: float, bottom: float) -> Change:
    """Cut out a part, in shares of the sides."""
    return lambda image: image.crop(
        (
            round(left * image.width),
            round(top * image.height),
            round(right * image.width),
            round(bottom * image.height),
        )
    )


def blurred(image: Image.Image) -> Image.Image:
    """Blur by 1.2 % of the width."""
    return image.filter(ImageFilter.GaussianBlur(0.012 * image.width))


def thumbnail(image: Image.Image) -> Image.Image:
    """96 pixels, JPEG quality 30."""
    small, file = image.copy(), io.BytesIO()
    small.thumbnail((96, 96))
    small.save(file, "JPEG", quality=30)
    return Image.open(file).convert("RGB")


CHANGES: Mapping[str, Change] = {
    "none": lambda image: image,
    "corner, 60 % of it": part(0, 0, 0.775, 0.775),
    "middle, 35 % of it": part(0.2, 0.2, 0.8, 0.8),
    "turned by 10°": lambda image: image.rotate(10, Image.Resampling.BICUBIC, expand=True),
    "turned by 90°": lambda image: image.rotate(90, expand=True),
    "mirrored": ImageOps.mirror,
    "blurred": blurred,
    "darkened to 40 %": lambda image: ImageEnhance.Brightness(image).enhance(0.4),
    "96 pixels, quality 30": thumbnail,
}


def found_first(engine: Engine, photos: Sequence[Path], folder: Path, change: Change) -> float:
    """The share of photos that are the first hit of their changed copy."""
    right = 0
    for photo in photos:
        with Image.open(photo) as image:
            change(ImageOps.exif_transpose(image).convert("RGB")).save(folder / "query.png")
        hits = engine.search('like:@"query.png"', SearchOptions(limit=1, floor=0.0, base=folder)).hits
        right += bool(hits) and hits[0].file.path == str(photo)
    return right / len(photos)


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    count = int(arguments[0]) if arguments else 50
    model = arguments[1] if arguments[1:] else "starter-scene"
    media = Path(os.environ["CROSSFIND_TEST_MEDIA"]).resolve()
    photos = photos_of(media)[::-1][:count]
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            library=f"{folder}/library",
            models={"scene": model},
            models_dir=os.environ.get("CROSSFIND_MODELS", ""),
        )
        roots = tuple(sorted(media.glob("photos*")))
        for _ in start_indexing(config, IndexWishes(roots), threading.Event()).events:
            pass
        searcher = Searcher(config)
        engines = {
            space.name: Engine(searcher.library, [SpaceEncoder(space)]) for space in searcher.equipment.spaces
        }
        engines["like:@"] = searcher.engine
        rows = [
            (
                name,
                *(f"{found_first(engine, photos, Path(folder), change):.2f}" for engine in engines.values()),
            )
            for name, change in CHANGES.items()
        ]
        searcher.close()
    table((f"{count} photos, {model}", *engines), rows)


if __name__ == "__main__":
    main(sys.argv[1:])
