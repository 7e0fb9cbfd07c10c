"""Pictures that lie on their side or are mirrored: faces and letters know which way is up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from indexers.face_finder import Face
from indexers.fixes.defect import Defect, Repair
from indexers.object_finder import Thing
from indexers.text_lines import Line
from search.spaces import Pixels

QUARTERS = {1: Image.Transpose.ROTATE_90, 2: Image.Transpose.ROTATE_180, 3: Image.Transpose.ROTATE_270}
"""How to turn to the left by so many quarters, without loss."""

_SURE_FACE, _SURE_LINE = 0.6, 0.8
_LETTERS, _TIMES = 6, 3


@dataclass(frozen=True, slots=True)
class Eyes:
    """Models that see more in a picture than measures do; None where there is none."""

    faces: Callable[[Pixels], Sequence[Face]] | None = None
    lines: Callable[[Pixels], Sequence[Line]] | None = None
    things: Callable[[Pixels], Sequence[Thing]] | None = None


def diagnose(
    pixels: Pixels, faces: Sequence[Face], read: Callable[[Pixels], Sequence[Line]] | None
) -> list[Defect]:
    """Say whether a picture must be turned or mirrored, as its faces or its letters tell."""
    sure = [face for face in faces if face.score >= _SURE_FACE and len(face.landmarks) >= 3]
    if sure and (quarters := _quarters_of(sure, pixels.shape)):
        told = f"on its side: {len(sure)} of its faces are turned by {_degrees(quarters)}"
        return [Defect("rotate", 1.0, told, {"quarters": quarters})]
    if read is None:
        return []
    lines = [line for line in read(pixels) if line.score >= _SURE_LINE]
    letters = [sum(_letters(line) for line in lines if line.quarters % 4 == n) for n in range(4)]
    best = int(np.argmax(letters))
    if best and not sure and letters[best] >= _LETTERS and letters[best] >= _TIMES * letters[0]:
        told = f"on its side: {letters[best]} letters can be read once it is turned by {_degrees(best)}"
        return [Defect("rotate", 0.9, told, {"quarters": best})]
    if letters[0] < _LETTERS:
        seen = read(np.ascontiguousarray(pixels[:, ::-1]))
        count = sum(_letters(line) for line in seen if line.score >= _SURE_LINE and line.quarters % 4 == 0)
        if count >= _LETTERS and count >= _TIMES * max(letters):
            return [Defect("mirror", 0.9, f"mirrored: {count} letters can be read once it is turned over")]
    return []


def _letters(line: Line) -> int:
    return sum(letter.isalnum() for letter in line.text)


def _degrees(quarters: int) -> str:
    return {1: "90° to the right", 2: "180°", 3: "90° to the left"}[quarters]


def _quarters_of(faces: Sequence[Face], shape: tuple[int, ...]) -> int:
    """Return by how many quarters to the left a picture must be turned for most of its faces to be upright:
    the nose lies below the eyes."""
    votes = np.zeros(4)
    for face in faces:
        points = np.array(face.landmarks[:3]) * (shape[1], shape[0])
        x, y = points[2] - points[:2].mean(axis=0)
        votes[round(float(np.degrees(np.arctan2(x, y))) / 90) % 4] += face.score
    # a nose to the right of the eyes: the head lies to the left, and the picture must be turned to the right
    return int(-np.argmax(votes)) % 4


def propose(picture: Image.Image, defect: Defect) -> Sequence[Repair]:
    """Turn or mirror it."""
    if defect.kind == "mirror":
        return [Repair("mirrored", ImageOps.mirror(picture))]
    return [turned(picture, int(defect.params["quarters"]))]


def turned(picture: Image.Image, quarters: int) -> Repair:
    """Turn to the left by so many quarters, 1 to 3."""
    degrees = {1: "90° to the left", 2: "180°", 3: "90° to the right"}[quarters]
    return Repair(f"turned by {degrees}", picture.transpose(QUARTERS[quarters]))
