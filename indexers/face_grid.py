"""Detectors whose answer is a grid of anchors: the picture as their input, the grids, what overlaps.

They know faces of some 16 to 400 pixels. So a picture is looked at twice: as large as is useful, and small in
the middle of a grey frame, where faces are found that fill it or are cut off by its edge.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from indexers.face_finder import Detection
from indexers.model_facts import Facts
from search.errors import ModelError
from search.spaces import Pixels, Vector

STRIDES = (8, 16, 32)
"""Pixels from one cell of a grid to the next, in the order in which the models answer."""

SMALL, FRAME = 320, 160
"""The longer side of the small look and the width of its frame, in pixels."""

_GREY = 127
_NOTHING_NEW = 1.5
_MOST = 5_000


@dataclass(frozen=True, slots=True)
class Candidates:
    """What one grid sees, in pixels of the model's input: boxes (n, 4) left, top, right, bottom, scores (n,),
    and five points (n, 5, 2) each."""

    boxes: Vector
    scores: Vector
    points: Vector


Look = Callable[[Pixels], Sequence[Candidates]]
"""Takes a picture whose sides are multiples of 32 pixels."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How a detector looks: the longer `side` of the large look in pixels, from which score on it is a face,
    and from which share of overlap on two boxes are one face."""

    side: int
    score: float
    overlap: float

    @classmethod
    def of(cls, facts: Facts, score: float, overlap: float) -> "Sight":
        """Read `[faces] side, score, overlap` of a `model.toml`. Raises `ModelError`."""
        table = facts.table("faces")
        sight = cls(side_of(table, 1280), table.number("score", score), table.number("overlap", overlap))
        if not 0 < sight.score < 1:
            raise table.wrong("score", "must lie between 0 and 1")
        return sight

    def __str__(self) -> str:
        return f"{self.side} {self.score:g} {self.overlap:g}"


def side_of(table: Facts, usual: int) -> int:
    """Read how large a detector looks at pictures. Raises `ModelError`."""
    side = table.whole("side", usual)
    if not 80 <= side <= 8192:
        raise table.wrong("side", "must be between 80 and 8192 pixels")
    return side


def detections(
    picture: Pixels, look: Look, sight: Sight, *, coarse: bool = False, room: int | None = None
) -> list[Detection]:
    """Return the faces of a picture of any size, the surest first; with `coarse`, only the small look's.

    `room` is the side of the only square that the model takes, 640 pixels or more; None where any will do.
    Raises `ModelError` for less.
    """
    if room is not None and room < SMALL + 2 * FRAME:
        raise ModelError(f"The face detector takes pictures of {room} pixels; too few.", "Use another one.")
    height, width = picture.shape[:2]
    found = _seen(picture, look, min(SMALL / max(height, width), 3.0), FRAME, room)
    if not coarse and max(height, width) > _NOTHING_NEW * SMALL:
        found += _seen(
            picture, look, min(min(sight.side, room or sight.side) / max(height, width), 1.0), 0, room
        )
    boxes, scores, points = (np.concatenate(each) for each in zip(*found, strict=True))
    extent = np.array((width, height), np.float32)
    result = []
    for n in _surest(boxes, scores, sight.overlap):
        left, top, right, bottom = (float(v) for v in np.clip(boxes[n] / np.tile(extent, 2), 0, 1))
        if right > left and bottom > top:
            marks = tuple((float(x), float(y)) for x, y in points[n] / extent)
            result.append(Detection((left, top, right, bottom), float(scores[n]), marks))
    return result


def cells(shape: tuple[int, ...], stride: int, each: int = 1) -> Vector:
    """Return where the cells of a grid begin, float32 (n, 2) across and down, each cell `each` times."""
    down, across = np.mgrid[: shape[0] // stride, : shape[1] // stride] * stride
    return np.stack([across, down], axis=-1).reshape(-1, 2).repeat(each, axis=0).astype(np.float32)


def _seen(
    picture: Pixels, look: Look, scale: float, frame: int, room: int | None
) -> list[tuple[Vector, Vector, Vector]]:
    """Look at a picture scaled and in a frame; return boxes, scores and points in its own pixels."""
    height, width = picture.shape[:2]
    size = max(1, round(width * scale)), max(1, round(height * scale))
    image = Image.fromarray(picture)
    if size != (width, height):
        image = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
    rows, columns = (room or -(-(side + 2 * frame) // 32) * 32 for side in (size[1], size[0]))
    whole = np.full((rows, columns, 3), _GREY if frame else 0, np.uint8)
    whole[frame : frame + size[1], frame : frame + size[0]] = np.asarray(image)
    ratio = np.array((width / size[0], height / size[1]), np.float32)
    return [
        ((one.boxes - frame) * np.tile(ratio, 2), one.scores, (one.points - frame) * ratio)
        for one in look(whole)
    ]


def _surest(boxes: Vector, scores: Vector, overlap: float) -> Iterator[int]:
    """Yield the boxes, the surest first, that are not mostly what a surer one has already."""
    left = np.argsort(-scores, kind="stable")[:_MOST]
    areas = np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1)
    while len(left):
        first, left = left[0], left[1:]
        yield int(first)
        common = np.minimum(boxes[first, 2:], boxes[left, 2:]) - np.maximum(boxes[first, :2], boxes[left, :2])
        shared = np.prod(np.maximum(common, 0), axis=1)
        left = left[shared <= overlap * (areas[first] + areas[left] - shared)]
