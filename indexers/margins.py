"""The empty margins of a page's picture, so that a model sees its content larger.

A margin is what has, from an edge inwards, the colour of that edge all along, whatever colour that is; from
where anything else stands, be it a lone page number, a thin line or a frame, nothing is cut. What differs no
more than the edge does in itself is a scan's noise. Unlike rules that count dark pixels (`crop_empty` of the
Visual RAG Toolkit), this one needs no white paper and cuts no content.
"""

import numpy as np
from numpy.typing import NDArray

from indexers.boxes import Boxes
from indexers.tiles import Part
from search.spaces import Pixels

_LEAST_KEPT = 0.25
"""A page of which less is left has hardly any content: it stays whole, or a page number would fill it."""

_AROUND = 0.01
"""So much margin stays, in shares of the shorter side."""

_VISIBLE = 6
"""Levels of 255 by which content differs at least, and how many deviations of the noise."""

_NOISIEST = 6
"""Levels by which a margin deviates at most, smoothed."""

_SHADOW = 0.015
"""A scan's edge may be darker: a margin thinner than that may have another one behind it."""


def content_box(picture: Pixels) -> Part:
    """Return what is left of a picture without its margins, in pixels; all of it where little would be."""
    import cv2

    height, width = picture.shape[:2]
    smooth = cv2.blur(picture, (3, 3)).astype(np.int16)
    box = _cut(smooth, _cut(smooth, (0, 0, width, height)))
    around = max(2, round(_AROUND * min(height, width)))
    left, top = max(0, box[0] - around), max(0, box[1] - around)
    right, bottom = min(width, box[2] + around), min(height, box[3] + around)
    if min(box[2] - box[0], box[3] - box[1]) <= 0 or (
        (right - left) * (bottom - top) < _LEAST_KEPT * height * width
    ):
        return 0, 0, width, height
    return left, top, right, bottom


def in_whole(boxes: Boxes, part: Part, size: tuple[int, int]) -> Boxes:
    """Return boxes in shares of a part of a picture, (n, 4), in shares of all of it; `size` is its width and
    height."""
    corner = np.array(part[:2] * 2, np.float32)
    length = np.array([part[2] - part[0], part[3] - part[1]] * 2, np.float32)
    return np.asarray((corner + boxes * length) / np.array(size * 2, np.float32), np.float32)


def _cut(picture: NDArray[np.int16], part: Part) -> Part:
    """Cut a part of a picture, int16 (height, width, 3), smaller by its margins on those sides where no more
    than a shadow was cut off before."""
    height, width = picture.shape[:2]
    left, top, right, bottom = part
    seen = picture[top:bottom, left:right]
    across = seen.swapaxes(0, 1)
    if left < _SHADOW * width:
        left += _margin(across)
    if width - right < _SHADOW * width:
        right -= _margin(across[::-1])
    if top < _SHADOW * height:
        top += _margin(seen)
    if height - bottom < _SHADOW * height:
        bottom -= _margin(seen[::-1])
    return left, top, right, bottom


def _margin(lines: NDArray[np.int16]) -> int:
    """Return how many of the first lines, int16 (lines, length, 3), have the colour of the first all along,
    with that beside a shadow in which blurring mixed both."""
    if not lines.size:
        return 0
    edge = lines[: max(1, round(0.01 * len(lines)))]
    colour = np.median(lines[0], axis=0)
    noise = 1.4826 * float(np.median(np.abs(edge - colour)))
    if noise > _NOISIEST:
        return 0
    apart = np.abs(lines - colour).max(axis=2).max(axis=1)
    other = np.flatnonzero(apart > max(_VISIBLE, _VISIBLE * noise))
    found = int(other[0]) if len(other) else len(lines)
    return min(found + 2, len(lines)) if 0 < found < _SHADOW * len(lines) else found
