"""Paints what answers a question over a page, as a marker pen would: the page shows through."""

from collections.abc import Iterable

import numpy as np
from PIL import Image

from search.pieces import Warm

COOL, HOT = (255, 224, 130), (255, 112, 67)
"""The colours of what is hardly and of what is most warm."""


def painted(page: Image.Image, parts: Iterable[Warm]) -> Image.Image:
    """Return a page, RGB, with its warm parts coloured; where parts overlap the warmer counts."""
    warmth = np.zeros((page.height, page.width), np.float32)
    for part in parts:
        left, top, right, bottom = part.box
        columns = slice(max(0, round(left * page.width)), max(0, round(right * page.width)))
        rows = slice(max(0, round(top * page.height)), max(0, round(bottom * page.height)))
        spot = warmth[rows, columns]
        np.maximum(spot, part.heat, out=spot)
    share = warmth[..., None]
    colour = (1 - share) * np.array(COOL, np.float32) + share * np.array(HOT, np.float32)
    veil = 1 - share**2 * (1 - colour / 255)  # the square: what is lukewarm hardly shows
    return Image.fromarray((np.asarray(page, np.float32) * veil).astype(np.uint8))
