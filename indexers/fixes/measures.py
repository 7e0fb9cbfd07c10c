"""Measures of what spoils a picture: brightness 0..255, float32 (height, width), longest side about 512."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexers.fixes.defect import Grey

_FLAT_SHARE = 0.15
_BLOCK = 8
_LEAST = 16


def noise_sigma(grey: Grey) -> float:
    """Return the deviation of Gaussian noise, measured where the picture is flattest.

    Immerkær's mask (Fast noise variance estimation, 1996) takes away planes and slopes; of blocks of 8 x 8
    those with the smallest response count, so that texture is not taken for noise. Blocks that are clipped
    to black or white say nothing.
    """
    import cv2

    if min(grey.shape) < _LEAST:
        return 0.0
    mask = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
    response = np.abs(cv2.filter2D(grey, -1, mask))[1:-1, 1:-1]
    strength = _blocks(response).mean(axis=(1, 2))
    level = _blocks(grey[1:-1, 1:-1]).mean(axis=(1, 2))
    usable = strength[(level > 12) & (level < 243)]
    if len(usable) < 8:
        return 0.0
    flattest = np.sort(usable)[: max(4, round(_FLAT_SHARE * len(usable)))]
    return float(np.sqrt(np.pi / 2) * flattest.mean() / 6)


def _blocks(image: Grey) -> Grey:
    """Cut into blocks of 8 x 8: (n, 8, 8)."""
    h, w = (image.shape[0] // _BLOCK) * _BLOCK, (image.shape[1] // _BLOCK) * _BLOCK
    cells = image[:h, :w].reshape(h // _BLOCK, _BLOCK, w // _BLOCK, _BLOCK)
    return cells.transpose(0, 2, 1, 3).reshape(-1, _BLOCK, _BLOCK)


def speck_mask(rgb: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which pixels are black or white specks: extreme, and far from the median around them."""
    import cv2

    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    around = cv2.medianBlur(grey, 5 if min(grey.shape) > 8 else 3)
    is_extreme = (grey <= 8) | (grey >= 247)
    return np.asarray(is_extreme & (cv2.absdiff(grey, around) > 40), np.bool_)


def edge_sigma(grey: Grey) -> float:
    """Return how blurred the sharpest edges are: the sigma in pixels of a Gaussian that would do it.

    An edge blurred once more by a known sigma loses a share of its gradient that tells how blurred it was
    (Zhuo and Sim, Defocus map estimation from a single image, 2011). The sharper third of the strong edges
    counts, so that a background out of focus is no blur. 0 where there are no edges to tell.
    """
    import cv2

    if min(grey.shape) < _LEAST:
        return 0.0
    once = 1.0
    gradient = _gradient(grey)
    again = _gradient(np.asarray(cv2.GaussianBlur(grey, (0, 0), once), np.float32))
    level = max(6.0, float(np.percentile(gradient, 95)) * 0.6)
    ridge = gradient >= cv2.dilate(gradient, np.ones((3, 3), np.uint8)) - 1e-3
    edges = ridge & (gradient > level)
    if int(edges.sum()) < 40:
        return 0.0
    ratio = np.maximum(gradient[edges] / np.maximum(again[edges], 1e-3), 1.0005)
    sigmas = np.minimum(once / np.sqrt(ratio**2 - 1), 12.0)
    return float(np.percentile(sigmas, 25))


def _gradient(grey: Grey) -> Grey:
    import cv2

    return np.asarray(np.hypot(cv2.Sobel(grey, -1, 1, 0) / 8, cv2.Sobel(grey, -1, 0, 1) / 8), np.float32)


def directional_energy(grey: Grey) -> tuple[float, float]:
    """Return how unequal fine detail is by direction (1 is equal) and the direction in degrees that lacks it.

    The structure tensor of the second differences: motion wipes out what changes along it.
    """
    import cv2

    fine = grey - cv2.GaussianBlur(grey, (0, 0), 1.5)
    x, y = cv2.Sobel(fine, -1, 1, 0), cv2.Sobel(fine, -1, 0, 1)
    xx, yy, xy = float((x * x).mean()), float((y * y).mean()), float((x * y).mean())
    middle, half = (xx + yy) / 2, float(np.hypot((xx - yy) / 2, xy))
    ratio = (middle + half + 1e-3) / max(middle - half, 1e-3)
    strongest = 0.5 * np.degrees(np.arctan2(2 * xy, xx - yy))
    return ratio, float((strongest + 90) % 180)


def blockiness(grey: Grey) -> float:
    """Return by how much steps at the lines of an 8 x 8 grid exceed those elsewhere; 1 is no grid.

    All eight offsets are tried both ways, since cropping shifts the grid.
    """

    def along(steps: Grey) -> float:
        by_line = steps.mean(axis=0)
        sums = [float(by_line[offset::8].mean()) for offset in range(8)]
        best = int(np.argmax(sums))
        return (sums[best] + 0.05) / ((sum(sums) - sums[best]) / 7 + 0.05)

    if min(grey.shape) < 32:
        return 1.0
    wide = np.minimum(np.abs(np.diff(grey, axis=1)), 40)
    high = np.minimum(np.abs(np.diff(grey, axis=0)), 40).T
    return min(along(wide), along(high))


@dataclass(frozen=True, slots=True)
class Exposure:
    """Percentiles of brightness 0..255 and the shares that are all black and all white."""

    p1: float
    p50: float
    p99: float
    black: float
    white: float


def exposure(grey: Grey) -> Exposure:
    """Measure how a picture is lit."""
    p1, p50, p99 = (float(p) for p in np.percentile(grey, [1, 50, 99]))
    return Exposure(p1, p50, p99, float((grey <= 3).mean()), float((grey >= 252).mean()))
