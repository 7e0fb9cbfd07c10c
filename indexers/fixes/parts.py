"""Several things of which one may be meant, a thing cut off at the edges, and what is too small."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from indexers.face_finder import Face
from indexers.fixes.defect import Defect, Repair
from indexers.object_finder import Thing
from search.records import Box

SMALLEST = 224
"""The shorter side that models of pictures look at; what is smaller, they see enlarged."""

MOST_BOXES = 6
_SURE, _LEAST_AREA, _CLOSE = 0.3, 0.01, 0.35
_PADDING = 0.12
_EDGE = 0.015
_AROUND = 0.2


def diagnose(size: tuple[int, int], things: Sequence[Thing], faces: Sequence[Face]) -> list[Defect]:
    """Say whether a picture is small, shows several things, or one that is cut off."""
    found: list[Defect] = []
    if min(size) < SMALLEST:
        told = f"small: {size[0]} x {size[1]} pixels, and search looks at {SMALLEST} and more"
        found.append(Defect("small", 0.3, told))
    boxes = boxes_of(things, faces)
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in boxes]
    if len(boxes) > 1 and areas[1] >= _CLOSE * areas[0]:
        told = f"{len(boxes)} things that may be meant; one of them can be searched alone"
        found.append(Defect("parts", 0.4, told, boxes=tuple(boxes)))
    elif boxes and (sides := _cut_off(boxes[0])) > 1:
        told = f"a tight crop: what it shows runs out of {sides} of its sides"
        found.append(Defect("tight", 0.3, told, boxes=(boxes[0],)))
    return found


def boxes_of(things: Sequence[Thing], faces: Sequence[Face]) -> list[Box]:
    """Return where things and faces are, the largest first, each with some of what is around it."""
    seen = [thing.box for thing in things if thing.score >= _SURE] + [face.box for face in faces]
    large = [box for box in seen if _area(box) >= _LEAST_AREA]
    return [_padded(box) for box in sorted(large, key=_area, reverse=True)[:MOST_BOXES]]


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _padded(box: Box) -> Box:
    wide, high = _PADDING * (box[2] - box[0]), _PADDING * (box[3] - box[1])
    left, top = max(0.0, box[0] - wide), max(0.0, box[1] - high)
    return (left, top, min(1.0, box[2] + wide), min(1.0, box[3] + high))


def _cut_off(box: Box) -> int:
    return sum((box[0] < _EDGE, box[1] < _EDGE, box[2] > 1 - _EDGE, box[3] > 1 - _EDGE))


def propose(picture: Image.Image, defect: Defect) -> Sequence[Repair]:
    """Enlarge what is small; continue what is cut off, as in a mirror. Which thing, a person says."""
    match defect.kind:
        case "small":
            scale = SMALLEST / min(picture.size)
            size = round(picture.width * scale), round(picture.height * scale)
            within = max(size) <= 8 * SMALLEST
            return [Repair("enlarged", picture.resize(size, Image.Resampling.LANCZOS))] if within else []
        case "tight":
            x, y = round(_AROUND * picture.width), round(_AROUND * picture.height)
            wide = np.pad(np.asarray(picture, np.uint8), ((y, y), (x, x), (0, 0)), "symmetric")
            return [Repair("continued beyond its edges", Image.fromarray(wide))]
        case _:
            return []
