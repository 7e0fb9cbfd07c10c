"""A photo of a page, a screen or a print: its four corners are found and it is seen from the front."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexers.fixes.border import content_box
from indexers.fixes.defect import Defect, Family, Grey, Look, Repair, cut, graded
from search.records import Point

_AREA = 0.1, 0.92
_ANGLES = 55, 125
_EDGE_STEP, _SUPPORT = 14.0, 0.8
_EMPTY = 8.0
_LEVEL = 0.02
_LONGEST = 2048
_AWAY = 4.0

Corners = NDArray[np.float64]


def diagnose(look: Look) -> list[Defect]:
    """Look for the largest four-sided thing with sharp edges and something in it."""
    found = largest_quad(look)
    if found is None:
        return []
    corners, support = found
    width, height = look.size
    share = _area(corners) / (width * height)
    told = f"a picture or page within the photo: four straight edges around {share:.0%} of it"
    points = tuple((float(x) / width, float(y) / height) for x, y in corners)
    return [Defect("perspective", graded(support, _SUPPORT, 1.0), told, {"share": share}, corners=points)]


def largest_quad(look: Look) -> tuple[Corners, float] | None:
    """Return the corners, float64 (4, 2) in pixels, clockwise from the top left one, and how much of the
    outline lies on an edge; None where there is no such thing."""
    width, height = look.size
    if min(width, height) < 96:
        return None
    best: tuple[float, Corners, float] | None = None
    for corners in _quads(look.rgb):
        area = _area(corners)
        if not _AREA[0] < area / (width * height) < _AREA[1] or not _is_rectangle_like(corners):
            continue
        if _touches(corners, width, height) or _is_empty(look.grey, corners):
            continue
        support = _support(look.grey, corners)
        if support >= _SUPPORT and (best is None or area > best[0]):
            best = area, corners, support
    return (best[1], best[2]) if best else None


def _quads(rgb: NDArray[np.uint8]) -> Iterator[Corners]:
    """Yield four-sided outlines found at several thresholds: of edges, and of what is brighter or darker."""
    import cv2

    grey = cv2.GaussianBlur(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
    masks = [cv2.dilate(cv2.Canny(grey, low, 3 * low), np.ones((3, 3), np.uint8)) for low in (20, 50)]
    masks += [np.asarray((grey > level) * 255, np.uint8) for level in (80, 128, 176, 216)]
    least = 4 * (_AREA[0] * grey.size) ** 0.5 * 0.8  # a square has the shortest outline
    for mask in masks:
        outlines, _ = cv2.findContours(mask, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)  # of holes as well
        for outline in outlines:
            if cv2.arcLength(outline, True) < least or cv2.contourArea(outline) < _AREA[0] * grey.size:
                continue
            hull = cv2.convexHull(outline)
            corners = cv2.approxPolyDP(hull, 0.025 * cv2.arcLength(hull, True), True).reshape(-1, 2)
            if len(corners) == 4 and cv2.contourArea(outline) > 0.85 * cv2.contourArea(hull):
                yield _in_order(corners.astype(np.float64))


def _in_order(corners: Corners) -> Corners:
    """Order clockwise, as seen, from the corner nearest to the top left."""
    middle = corners.mean(axis=0)
    turn = np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))
    ordered = corners[turn]
    return np.roll(ordered, -int(np.argmin(ordered.sum(axis=1))), axis=0)


def _area(corners: Corners) -> float:
    x, y = corners[:, 0], corners[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _is_rectangle_like(corners: Corners) -> bool:
    before, after = np.roll(corners, 1, axis=0) - corners, np.roll(corners, -1, axis=0) - corners
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    angles = np.degrees(np.arccos(np.clip((before * after).sum(axis=1) / np.maximum(lengths, 1e-6), -1, 1)))
    sides = np.linalg.norm(after, axis=1)
    return bool(
        angles.min() > _ANGLES[0] and angles.max() < _ANGLES[1] and sides.max() < 6 * max(sides.min(), 1.0)
    )


def _touches(corners: Corners, width: int, height: int) -> bool:
    """Whether two corners or more lie at the edge of the photo: then it is the photo's own outline."""
    x, y = corners[:, 0], corners[:, 1]
    at_edge = (x < _AWAY) | (y < _AWAY) | (x > width - _AWAY - 1) | (y > height - _AWAY - 1)
    return int(at_edge.sum()) >= 2


def _is_empty(grey: Grey, corners: Corners) -> bool:
    """Whether hardly anything is to be seen between the corners."""
    import cv2

    mask = np.zeros(grey.shape, np.uint8)
    middle = corners.mean(axis=0)
    cv2.fillConvexPoly(mask, np.rint(middle + 0.8 * (corners - middle)).astype(np.int32), (1,))
    return bool(grey[mask > 0].std() < _EMPTY)


def _support(grey: Grey, corners: Corners) -> float:
    """Return on which share of its length the weakest side has a step from within to without."""
    middle = corners.mean(axis=0)
    height, width = grey.shape
    shares = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = start + (end - start) * np.linspace(0.06, 0.94, 48)[:, None]
        normal = np.array([end[1] - start[1], start[0] - end[0]])
        normal = normal / max(float(np.linalg.norm(normal)), 1e-6)
        normal = normal if float(np.dot(normal, along.mean(axis=0) - middle)) > 0 else -normal

        def value(away: float, along: Corners = along, normal: Corners = normal) -> Grey:
            at = np.rint(along + away * normal).astype(int)
            found: Grey = grey[np.clip(at[:, 1], 0, height - 1), np.clip(at[:, 0], 0, width - 1)]
            return found

        shares.append(float((np.abs(value(4) - value(-4)) > _EDGE_STEP).mean()))
    return min(shares)


def is_level(corners: Sequence[Point]) -> bool:
    """Whether four corners (shares, clockwise from the top left one) are those of an upright rectangle."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    return max(abs(x0 - x3), abs(x1 - x2), abs(y0 - y1), abs(y2 - y3)) < _LEVEL


def propose(picture: Image.Image, defect: Defect) -> Sequence[Repair]:
    """See it from the front; a frame or margin of one colour is cut off."""
    flat = rectified(picture, defect.corners)
    return [Repair("cut out and seen from the front", cut(flat, content_box(Look(flat))))]


def rectified(picture: Image.Image, corners: Sequence[Point]) -> Image.Image:
    """Return what lies between four corners, as a rectangle as long and wide as its longer sides."""
    import cv2

    points = np.array(corners, np.float64) * picture.size
    sides = np.linalg.norm(np.roll(points, -1, axis=0) - points, axis=1)
    width, height = max(sides[0], sides[2]), max(sides[1], sides[3])
    scale = min(1.0, _LONGEST / max(width, height))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    goal = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(points.astype(np.float32), goal)
    rgb = np.ascontiguousarray(np.asarray(picture, np.uint8))
    flat = np.asarray(cv2.warpPerspective(rgb, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)
    inset = round(0.012 * min(size))
    return Image.fromarray(flat[inset : size[1] - inset, inset : size[0] - inset])


def measure(look: Look, _: Defect) -> float:
    """Return which share of a photo lies around the picture in it."""
    found = largest_quad(look)
    return 1 - _area(found[0]) / (look.size[0] * look.size[1]) if found else 0.0


FAMILY = Family(diagnose, propose, measure)
