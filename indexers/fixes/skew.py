"""Pictures that stand askew: empty corners tell by how much, or else the lines in them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexers.fixes.defect import Defect, Family, Look, Repair, graded

LEAST_ANGLE, MOST_TILT = 2.0, 16.0
_CORNERS = 0.03, 0.65
_ASKEW = 2.2
_STRONG_LINES = 0.14
_MASK_SIDE = 160

Mask = NDArray[np.uint8]


def diagnose(look: Look) -> list[Defect]:
    """Look for empty corners, then for lines that all lean the same way."""
    if min(look.size) < 64:
        return []
    empty = empty_corners(look)
    share = float(empty.mean())
    if _CORNERS[0] < share < _CORNERS[1]:
        angle = _lean_of(1 - empty)
        if angle is not None:
            told = f"askew by {abs(angle):.0f}°: {share:.0%} of it are empty corners"
            params = {"angle": angle, "corners": 1.0}
            return [Defect("skew", graded(share, *_CORNERS), told, params)]
    angle, strength, share = leaning(look)
    if LEAST_ANGLE < abs(angle) < MOST_TILT and strength > _ASKEW and share > _STRONG_LINES:
        told = f"askew by {abs(angle):.0f}°: {strength:.1f} times as many lines lean so as stand upright"
        return [Defect("skew", graded(strength, _ASKEW, 8.0) * 0.7, told, {"angle": angle, "corners": 0.0})]
    return []


def empty_corners(look: Look) -> Mask:
    """Return what is of one colour and reaches into a corner: 1 there, uint8 (height, width)."""
    import cv2

    rgb = look.rgb.copy()
    height, width = rgb.shape[:2]
    mask = np.zeros((height + 2, width + 2), np.uint8)
    near = (6, 6, 6)
    flags = 4 | (1 << 8) | cv2.FLOODFILL_MASK_ONLY | cv2.FLOODFILL_FIXED_RANGE
    for x, y in ((0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)):
        if not mask[y + 1, x + 1]:
            cv2.floodFill(rgb, mask, (x, y), (0, 0, 0), near, near, flags)
    return np.asarray(mask[1:-1, 1:-1], np.uint8)


def _lean_of(content: Mask) -> float | None:
    """Return by how many degrees (counter-clockwise) the outline of what is not empty is turned.

    None where the outline is no turned rectangle, whole or clipped by the edges of the picture.
    """
    import cv2

    closed = cv2.morphologyEx(content, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return None
    outline = max(outlines, key=cv2.contourArea)
    hull = cv2.convexHull(outline)
    area = max(cv2.contourArea(hull), 1.0)
    if cv2.contourArea(outline) < 0.88 * area:
        return None
    corners = cv2.approxPolyDP(hull, 0.012 * cv2.arcLength(hull, True), True).reshape(-1, 2).astype(float)
    height, width = content.shape
    angles: list[float] = []
    weights: list[float] = []
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along_edge = (max(x0, x1) < 3 or min(x0, x1) > width - 4) or (
            max(y0, y1) < 3 or min(y0, y1) > height - 4
        )
        if not along_edge:
            angles.append(-np.degrees(np.arctan2(y1 - y0, x1 - x0)))
            weights.append(float(np.hypot(x1 - x0, y1 - y0)))
    if len(angles) < 3:
        return None
    quarter = np.exp(4j * np.radians(angles))
    mean = complex(np.average(quarter, weights=weights))
    lean = float(np.degrees(np.angle(mean)) / 4)
    return lean if abs(mean) > 0.95 and abs(lean) >= LEAST_ANGLE else None


def leaning(look: Look) -> tuple[float, float, float]:
    """Return the angle in degrees (counter-clockwise) at which most lines lean, how many times as much edge
    lies there as within a degree of upright and level, and which share of all edges that is."""
    import cv2

    grey = cv2.GaussianBlur(look.grey, (0, 0), 1.0)
    x, y = cv2.Sobel(grey, -1, 1, 0), cv2.Sobel(grey, -1, 0, 1)
    power = np.hypot(x, y)
    strong = power > max(20.0, float(np.percentile(power, 85)))
    lean = (-np.degrees(np.arctan2(y[strong], x[strong])) + 45) % 90 - 45
    counts, _ = np.histogram(lean, bins=90, range=(-45, 45), weights=power[strong])
    padded = np.concatenate([counts[-1:], counts, counts[:1]])
    smooth = (padded[:-2] + padded[1:-1] + padded[2:]) / max(float(counts.sum()), 1e-6)
    best = int(np.argmax(smooth))
    upright = float(smooth[43:47].max())
    return best - 44.5, float(smooth[best]) / max(upright, 1e-3), float(smooth[best])


def propose(picture: Image.Image, defect: Defect) -> Sequence[Repair]:
    """Turn it back and keep what is full; where it leans far, it may have been turned the other way."""
    angle = defect.params["angle"]
    turns = [angle] if abs(angle) < 30 else [angle, angle - 90 if angle > 0 else angle + 90]
    return [
        Repair(f"set upright by {abs(turn):.0f}°", straightened(picture, turn, defect.params["corners"] > 0))
        for turn in turns
    ]


def straightened(picture: Image.Image, lean: float, has_corners: bool) -> Image.Image:
    """Turn back by `lean` degrees, and cut out the largest upright part that is full."""
    full = 1 - empty_corners(Look(picture)) if has_corners else np.ones((64, 64), np.uint8)
    mask = Image.fromarray(full * 255).resize(picture.size, Image.Resampling.NEAREST)
    turned = picture.rotate(-lean, Image.Resampling.BICUBIC, expand=True)
    there = mask.rotate(-lean, Image.Resampling.NEAREST, expand=True)
    scale = _MASK_SIDE / max(there.size)
    small = there.resize(
        (max(1, round(there.width * scale)), max(1, round(there.height * scale))), Image.Resampling.BOX
    )
    left, top, right, bottom = _largest(np.asarray(small) > 250)
    if right - left < 8 or bottom - top < 8:
        return turned
    wide, high = turned.width / small.width, turned.height / small.height
    return turned.crop((round(left * wide), round(top * high), round(right * wide), round(bottom * high)))


def _largest(full: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """Return the largest upright rectangle without a gap: left, top, right, bottom."""
    heights = np.zeros(full.shape[1] + 1, int)
    best, found = 0, (0, 0, 0, 0)
    for row, line in enumerate(full):
        heights[:-1] = np.where(line, heights[:-1] + 1, 0)
        open_: list[int] = []
        for x, height in enumerate(heights):
            while open_ and heights[open_[-1]] >= height:
                tall = int(heights[open_.pop()])
                left = open_[-1] + 1 if open_ else 0
                if tall * (x - left) > best:
                    best, found = tall * (x - left), (left, row + 1 - tall, x, row + 1)
            open_.append(x)
    return found


def measure(look: Look, defect: Defect) -> float:
    """Return how much is empty, or how much more leans than stands upright."""
    if defect.params["corners"] > 0:
        return float(empty_corners(look).mean())
    angle, strength, _ = leaning(look)
    return strength if abs(angle) > LEAST_ANGLE else 0.0


FAMILY = Family(diagnose, propose, measure)
