"""Cuts very long pictures, such as screenshots of a whole conversation, into strips that can be read."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from PIL import Image

from search.records import Box

LONG = 3.0
"""From this ratio of its sides on a picture is cut."""

_LENGTH, _SEARCHED = 2.0, 0.2
"""How long a strip is, in shorter sides, and how far around its end a quiet place to cut is looked for."""

_MOST = 40


def is_long(size: tuple[int, int]) -> bool:
    """Whether a picture of this size is to be cut."""
    return max(size) > LONG * min(size)


def strips(picture: Image.Image) -> Iterator[tuple[Box, Image.Image]]:
    """Yield the strips of a picture from top to bottom, or left to right, with their boxes in shares of it.

    Cuts lie where least changes along them, so that hardly a line of text is cut; strips do not overlap.
    """
    tall = picture.height >= picture.width
    whole = max(picture.size)
    for start, end in pairwise([0, *_cuts(picture, tall), whole]):
        edges = (0, start, picture.width, end) if tall else (start, 0, end, picture.height)
        box = (0.0, start / whole, 1.0, end / whole) if tall else (start / whole, 0.0, end / whole, 1.0)
        yield box, picture.crop(edges)


def _cuts(picture: Image.Image, tall: bool) -> list[int]:
    grey = np.asarray(picture.convert("L"), np.float32)
    unrest = np.abs(np.diff(grey, axis=1 if tall else 0)).sum(axis=1 if tall else 0)
    length = max(_LENGTH * min(picture.size), len(unrest) / _MOST)
    around = max(1, round(_SEARCHED * length))
    cuts: list[int] = []
    while len(unrest) - (cuts[-1] if cuts else 0) > length + around:
        end = round((cuts[-1] if cuts else 0) + length)
        near = unrest[end - around : end + around]
        quiet = np.flatnonzero(near == near.min())
        middle = quiet[np.argmin(np.abs(quiet - around))]
        cuts.append(end - around + int(middle))
    return cuts
