"""Faces cut out of their pictures: from the small picture in the library where that is sharp enough."""

from pathlib import Path

from PIL import Image

from indexers.base import USUAL_LIMITS
from indexers.page_image import moment_image
from indexers.query_encoder import upright_picture
from search.errors import MediaError
from search.people.records import Anchor
from search.records import Box, Page, TimeSpan
from search.spaces import PictureReference

_AROUND = 0.35
"""So much of the face's size is shown around it, on each side."""

_SHARP = 0.6
"""A face that has this share of the pixels wanted is sharp enough."""

_MOST_PIXELS = 3000


def portrait(path: Path, thumbnail: Path | None, anchor: Anchor, edge: int) -> Image.Image:
    """Return the square around a face, RGB, at most `edge` pixels wide.

    The original is read where the `thumbnail` shows too little of it; one that is away does not matter then.
    Raises `MediaError` when there is neither.
    """
    small = _opened(thumbnail) if thumbnail else None
    if small is not None and _face_pixels(small, anchor.box) >= _SHARP * edge:
        return _square(small, anchor.box, edge)
    try:
        return _square(_original(path, anchor, edge), anchor.box, edge)
    except MediaError:
        if small is None:
            raise
        return _square(small, anchor.box, edge)


def _original(path: Path, anchor: Anchor, edge: int) -> Image.Image:
    left, top, right, bottom = anchor.box
    need = min(_MOST_PIXELS, round(edge / max(right - left, bottom - top, 0.01)))
    match anchor.place:
        case TimeSpan() as moment:
            return moment_image(path, moment, need)
        case Page(number):
            return upright_picture(PictureReference(path, page=number), need, USUAL_LIMITS)
        case _:
            return upright_picture(PictureReference(path), need, USUAL_LIMITS)


def _opened(path: Path) -> Image.Image | None:
    try:
        with Image.open(path) as image:
            return image.convert("RGB")
    except (OSError, ValueError):
        return None


def _face_pixels(picture: Image.Image, box: Box) -> float:
    left, top, right, bottom = box
    return max((right - left) * picture.width, (bottom - top) * picture.height)


def _square(picture: Image.Image, box: Box, edge: int) -> Image.Image:
    """Cut out the square around a box (shares of the picture), moved so that it lies within it."""
    left, top, right, bottom = box
    side = (1 + 2 * _AROUND) * _face_pixels(picture, box)
    side = max(1.0, min(side, picture.width, picture.height))
    x = (left + right) / 2 * picture.width - side / 2
    y = (top + bottom) / 2 * picture.height - side / 2
    x = min(max(x, 0.0), picture.width - side)
    y = min(max(y, 0.0), picture.height - side)
    wide = max(1, min(edge, round(side)))
    area = (x, y, x + side, y + side)
    return picture.resize((wide, wide), Image.Resampling.BICUBIC, box=area)
