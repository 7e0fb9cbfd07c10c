"""How two pictures agree: as they lie, and where the corners that both have lie on each other."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.duplicates.records import Agreement
from search.duplicates.verdict import SAME_PICTURE, SAME_TONES
from search.spaces import Pixels

SIDE = 320
"""Corners are looked for at this length of the longer side: that of thumbnails."""

LAID_SIDE = 256
CORNERS = 250
LEAST_CORNERS = 8
KEPT = 1_000
_WINDOW = 9
_GRAIN = 6.0
_SMALL = 96
_REACH = 3.0
_LEAST_SHOWN = 0.2


class Agreements:
    """Compares picture files, and remembers what it saw in the last ones. Safe for several threads."""

    def __init__(self) -> None:
        self._seen = lru_cache(KEPT)(_seen)

    def __call__(self, first: Path, second: Path) -> Agreement | None:
        """Return how two picture files agree; None when one cannot be read."""
        one, other = self._seen(first), self._seen(second)
        if one is None or other is None:
            return None
        difference, likeness = _laid_over(one[0], other[0])
        if difference <= SAME_PICTURE and likeness >= SAME_TONES:
            return Agreement(difference, likeness, likeness, 1.0, 1.0)
        matched, first_shown, second_shown = _matched(one, other)
        return Agreement(difference, likeness, matched, first_shown, second_shown)


def _seen(path: Path) -> tuple[Pixels, Any, Any] | None:
    """Return a picture in grey, uint8 (height, width), its corners and their descriptions (ORB)."""
    import cv2
    from PIL import Image

    try:
        with Image.open(path) as opened:
            grey = np.asarray(opened.convert("L"))
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    scale = SIDE / max(grey.shape)
    looked_at = (
        cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale != 1 else grey
    )
    corners, described = cv2.ORB_create(CORNERS, fastThreshold=8).detectAndCompute(looked_at, None)  # type: ignore[attr-defined]
    places = np.array([corner.pt for corner in corners], np.float32).reshape(-1, 2) / scale
    return grey, places, described


def _laid_over(first: Pixels, second: Pixels) -> tuple[float, float]:
    """Return the greatest local difference, and the correlation of the whole, at one size for both."""
    import cv2

    side = min(max(first.shape), max(second.shape), LAID_SIDE)
    scale = side / max(first.shape)
    size = max(_WINDOW, round(first.shape[1] * scale)), max(_WINDOW, round(first.shape[0] * scale))
    one, other = (
        cv2.GaussianBlur(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), (5, 5), 1).astype(np.float32)
        for grey in (first, second)
    )
    window = (_WINDOW, _WINDOW)
    around = cv2.boxFilter(np.abs(one - other), -1, window)
    mean = cv2.boxFilter(one, -1, window)
    deviation = np.sqrt(np.maximum(cv2.boxFilter(one * one, -1, window) - mean * mean, 0))
    small = (_SMALL, _SMALL)
    whole = [cv2.resize(grey, small, interpolation=cv2.INTER_AREA) for grey in (first, second)]
    return float((around / (deviation + _GRAIN)).max()), _correlation(whole[0], whole[1])


def _matched(one: tuple[Pixels, Any, Any], other: tuple[Pixels, Any, Any]) -> tuple[float, float, float]:
    """Move the first picture so that common corners meet (turned, scaled, shifted), and compare there.

    Returns the correlation, and the shares of the first and of the second that both then show.
    """
    import cv2

    (first, places, described), (second, others, described_others) = one, other
    if described is None or described_others is None or min(len(places), len(others)) < LEAST_CORNERS:
        return 0.0, 0.0, 0.0
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(described, described_others)
    if len(pairs) < LEAST_CORNERS:
        return 0.0, 0.0, 0.0
    begin = places[[pair.queryIdx for pair in pairs]]
    end = others[[pair.trainIdx for pair in pairs]]
    cv2.setRNGSeed(1)
    reach = _REACH * max(second.shape) / SIDE
    move, agree = cv2.estimateAffinePartial2D(begin, end, method=cv2.RANSAC, ransacReprojThreshold=reach)
    if move is None or int(agree.sum()) < LEAST_CORNERS:
        return 0.0, 0.0, 0.0
    size = (second.shape[1], second.shape[0])
    shown = cv2.warpAffine(np.full_like(first, 255), move, size) > 200
    second_shown = float(shown.mean())
    scale = float(abs(np.linalg.det(move[:, :2])))
    first_shown = min(1.0, float(shown.sum()) / max(1e-6, scale * first.size))
    if second_shown < _LEAST_SHOWN:
        return 0.0, first_shown, second_shown
    moved = cv2.GaussianBlur(cv2.warpAffine(first, move, size), (5, 5), 1)
    still = cv2.GaussianBlur(second, (5, 5), 1)
    return _correlation(moved[shown], still[shown]), first_shown, second_shown


def _correlation(one: NDArray[Any], other: NDArray[Any]) -> float:
    a = one.astype(np.float32) - float(one.mean())
    b = other.astype(np.float32) - float(other.mean())
    length = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / length if length > 0 else 0.0
