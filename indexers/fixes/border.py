"""Bars and margins of one colour around a picture."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from indexers.fixes.defect import Defect, Family, Look, Repair, cut, graded
from search.records import Box
from search.spaces import Pixels

LEAST, MUCH = 0.08, 0.4
_LEAST_KEPT = 0.2
_STEADY, _SAME = 4.0, 8.0


def diagnose(look: Look) -> list[Defect]:
    """Look for a border; one that would leave hardly anything is a drawing on paper, not a border."""
    box = content_box(look)
    share = 1 - (box[2] - box[0]) * (box[3] - box[1])
    if not LEAST < share < 1 - _LEAST_KEPT:
        return []
    told = f"bars or margins: {share:.0%} of it is an even border"
    return [Defect("border", graded(share, LEAST, MUCH), told, boxes=(box,))]


def content_box(look: Look) -> Box:
    """Return where the picture inside its border is, in shares; all of it where there is none.

    A line belongs to the border when it is even in all colours and like the outermost one.
    """
    rgb = look.rgb
    height, width = rgb.shape[:2]
    top, bottom = _inner(rgb)
    if bottom - top < 2:
        return (0.0, 0.0, 1.0, 1.0)
    left, right = _inner(rgb[top:bottom].transpose(1, 0, 2))
    if right - left < 2:
        return (0.0, 0.0, 1.0, 1.0)
    return (left / width, top / height, right / width, bottom / height)


def _inner(lines: Pixels) -> tuple[int, int]:
    """Return the first line that is no border and the one behind the last; lines (n, length, 3)."""

    def edge(order: Sequence[int]) -> int:
        first = lines[order[0]].mean(axis=0)
        for count, n in enumerate(order):
            line = lines[n]
            is_even = float(line.std(axis=0).max()) <= _STEADY
            if not is_even or float(np.abs(line.mean(axis=0) - first).max()) > _SAME:
                return count
        return len(order)

    n = len(lines)
    first = edge(range(n))
    return (0, n) if first == n else (first, n - edge(range(n - 1, -1, -1)))


def propose(picture: Image.Image, defect: Defect) -> Sequence[Repair]:
    """Cut the border off."""
    return [Repair("without its border", cut(picture, defect.boxes[0]))]


def measure(look: Look, _: Defect) -> float:
    """Return which share of a picture is border."""
    left, top, right, bottom = content_box(look)
    return 1 - (right - left) * (bottom - top)


FAMILY = Family(diagnose, propose, measure)
