"""Boxes in a picture, and which of those that lie upon each other to keep."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]
"""Left, top, right, bottom of each, float32 (n, 4), all in one unit."""


def overlaps(one: Boxes, others: Boxes) -> NDArray[np.float32]:
    """Return the share that one box, (4,), has in common with each of the others of all that both cover."""
    width = np.minimum(one[2], others[:, 2]) - np.maximum(one[0], others[:, 0])
    height = np.minimum(one[3], others[:, 3]) - np.maximum(one[1], others[:, 1])
    common = np.clip(width, 0, None) * np.clip(height, 0, None)
    areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    whole = (one[2] - one[0]) * (one[3] - one[1]) + areas - common
    return np.asarray(common / np.maximum(whole, 1e-9), np.float32)


def best_apart(
    boxes: Boxes, scores: Sequence[float] | NDArray[np.floating], most_overlap: float
) -> list[int]:
    """Return which boxes to keep, best first: of those that overlap more than this only the best."""
    left = np.argsort(-np.asarray(scores, np.float64), kind="stable")
    kept: list[int] = []
    while len(left):
        best = int(left[0])
        kept.append(best)
        left = left[1:][overlaps(boxes[best], boxes[left[1:]]) <= most_overlap]
    return kept
