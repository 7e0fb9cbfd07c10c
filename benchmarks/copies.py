"""Labelled copies of photos and films: what `benchmarks.duplicates` finds again.

Of every photo there are re-encoded and resized copies, changed ones (cropped, brighter), and further shots of
the same scene, which move a little and are taken some seconds later. Half of the photos carry the time they
were taken, as a camera writes it, and half do not, as after a messenger; what is made keeps what it had.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

Label = Literal["photo", "copy", "changed", "shot"]
Change = Callable[[Image.Image], Image.Image]
TAKEN, FIRST = 36867, datetime(2024, 5, 1, 9)


@dataclass(frozen=True, slots=True)
class Made:
    """One made file: the photo it stems from, what it is to it, and by what change."""

    path: Path
    source: str
    label: Label
    change: str


def _scaled(share: float) -> Change:
    return lambda image: image.resize(
        (max(1, round(share * image.width)), max(1, round(share * image.height)))
    )


def _cropped(share: float) -> Change:
    """Cut this share of each side off."""
    return lambda image: image.crop(
        (
            round(share * image.width),
            round(share * image.height),
            round((1 - share) * image.width),
            round((1 - share) * image.height),
        )
    )


def moved(image: Image.Image, seed: int) -> Image.Image:
    """Take the scene again: a hand that shakes, other light, other noise."""
    chance = np.random.default_rng(seed)
    turned = image.rotate(float(chance.uniform(0.5, 2) * chance.choice((-1, 1))), Image.Resampling.BICUBIC)
    across, down = (chance.uniform(0.01, 0.05, 2) * chance.choice((-1, 1), 2)) * image.size
    shifted = turned.transform(image.size, Image.Transform.AFFINE, (1, 0, across, 0, 1, down))
    inner = _cropped(0.08)(shifted)
    grain = np.asarray(inner, np.float32) * chance.uniform(0.93, 1.07)
    grain += chance.normal(0, 4, grain.shape).astype(np.float32)
    return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8)).resize(image.size)


COPIES: Mapping[str, tuple[Change, str, int]] = {
    "quality 30": (lambda image: image, "JPEG", 30),
    "half the size": (_scaled(0.5), "JPEG", 85),
    "160 pixels": (lambda image: ImageOps.contain(image, (160, 160)), "JPEG", 70),
    "WebP": (lambda image: image, "WEBP", 60),
}
CHANGED: Mapping[str, Change] = {
    "2 % off each side": _cropped(0.02),
    "5 % off each side": _cropped(0.05),
    "15 % off each side": _cropped(0.15),
    "brighter, more contrast": lambda image: ImageEnhance.Contrast(
        ImageEnhance.Brightness(image).enhance(1.25)
    ).enhance(1.2),
}


def is_held_out(photo: Path) -> bool:
    """Whether a photo takes no part in the choice of a constant; drawn from its name, half and half."""
    return hashlib.sha256(photo.name.encode()).digest()[0] % 2 == 0


def make(photos: Sequence[Path], folder: Path) -> list[Made]:
    """Write every photo and what is made of it into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    return [made for number, photo in enumerate(photos) for made in _of(photo, number, folder)]


def _of(photo: Path, number: int, folder: Path) -> Iterator[Made]:
    with Image.open(photo) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGB")
    taken = FIRST + timedelta(hours=number) if number % 2 else None

    def save(
        name: str,
        label: Label,
        picture: Image.Image,
        when: datetime | None,
        form: str = "JPEG",
        quality: int = 92,
    ) -> Made:
        path = folder / f"{photo.stem}, {name.replace('%', 'percent')}.{form.lower()}"
        exif = Image.Exif()
        if when is not None:
            exif.get_ifd(0x8769)[TAKEN] = when.strftime("%Y:%m:%d %H:%M:%S")
        out = io.BytesIO()
        picture.save(out, form, quality=quality, exif=exif)
        path.write_bytes(out.getvalue())
        return Made(path, photo.stem, label, name)

    yield save("photo", "photo", image, taken, quality=95)
    for name, (change, form, quality) in COPIES.items():
        yield save(name, "copy", change(image), taken, form, quality)
    for name, edit in CHANGED.items():
        yield save(name, "changed", edit(image), taken)
    for n in (1, 2):
        later = taken + timedelta(seconds=2 * n) if taken else None
        yield save(f"shot {n}", "shot", moved(image, 2 * number + n), later)
