"""A film at a glance: its storyboard, and the one picture that stands for it."""

import time
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps

from indexers.frame_picture import picture_within
from indexers.frames import FrameReader
from indexers.imaging import THUMBNAIL_SIDE
from search.storyboard import TILE, size_of, tile_place, tile_times

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_SHORT_S = 60.0
"""Films up to this length are gone through; of longer ones keyframes are picked out."""

_NEARLY_BEST = 0.8


def glances(
    reader: FrameReader, duration_s: float, pixel: Fraction | None, deadline: float
) -> list[Image.Image]:
    """Return an upright picture for each tile of a storyboard; nothing when no frame can be decoded.

    What lies behind `deadline` (`time.monotonic`), or behind a broken end, repeats the last picture.
    """
    times = tile_times(duration_s)
    found: list[Image.Image] = []
    frames = _passing(reader, times) if duration_s <= _SHORT_S else map(reader.keyframe_before, times)
    for frame in frames:
        if frame is not None:
            found.append(picture_within(frame, THUMBNAIL_SIDE, pixel))
        elif found:
            found.append(found[-1])
        if time.monotonic() > deadline:
            break
    return found + found[-1:] * (len(times) - len(found))


def _passing(reader: FrameReader, times: tuple[float, ...]) -> Iterator["VideoFrame | None"]:
    """Yield the last frame at or before each time, the first frame for times before it."""
    looks = reader.looks()
    shown = following = next(looks, None)
    for time_s in times:
        while following is not None and following.time_s <= time_s:
            shown, following = following, next(looks, None)
        yield shown.frame if shown else None


def poster(pictures: list[Image.Image]) -> Image.Image:
    """Return the first picture with nearly as much contrast as any: no black, no fading in."""
    contrasts = [float(np.asarray(picture.convert("L")).std()) for picture in pictures]
    best = max(contrasts)
    return next(p for p, c in zip(pictures, contrasts, strict=True) if c >= _NEARLY_BEST * best)


def storyboard(pictures: list[Image.Image]) -> bytes:
    """Return all pictures side by side as a WebP file."""
    sheet = Image.new("RGB", size_of(len(pictures)))
    for number, picture in enumerate(pictures):
        sheet.paste(ImageOps.pad(picture, TILE, Image.Resampling.BILINEAR), tile_place(number))
    file = BytesIO()
    sheet.save(file, "WEBP", quality=60, method=2)
    return file.getvalue()
