"""What may be wrong with a query picture, said in a form that people, the search and tests understand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from search.records import Box, Point
from search.spaces import Pixels

Kind = Literal[
    "border",
    "screenshot",
    "perspective",
    "panels",
    "rotate",
    "skew",
    "mirror",
    "specks",
    "noise",
    "blur",
    "motion",
    "blocks",
    "dark",
    "bright",
    "contrast",
    "cast",
    "parts",
    "tight",
    "cover",
    "small",
]

Grey = NDArray[np.float32]

SIDE = 512
"""Everything is measured at this longest side; a smaller picture as it is."""


@dataclass(frozen=True, slots=True)
class Defect:
    """Something that looks wrong. `severity` 0..1 orders defects; `evidence` is a sentence with the measure.

    `boxes` (shares of the upright picture, origin top left) and `corners` (clockwise from the top left one)
    say where; `params` what a repair needs to know.
    """

    kind: Kind
    severity: float
    evidence: str
    params: Mapping[str, float] = field(default_factory=dict)
    boxes: tuple[Box, ...] = ()
    corners: tuple[Point, ...] = ()


class Look:
    """A picture as it is measured: its longest side at most `SIDE`, RGB, upright, origin top left."""

    def __init__(self, picture: Image.Image) -> None:
        self.original = picture
        self.picture = reduced(picture, SIDE)

    @cached_property
    def rgb(self) -> Pixels:
        """The measured picture, uint8 (height, width, 3)."""
        return np.asarray(self.picture, np.uint8)

    @cached_property
    def grey(self) -> Grey:
        """Its brightness 0..255, float32 (height, width)."""
        return np.asarray(self.picture.convert("L"), np.float32)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the measured picture."""
        return self.picture.size


@dataclass(frozen=True, slots=True)
class Repair:
    """One way to undo a defect: what is told of it ("Searched with the picture <told>"), and the result."""

    told: str
    picture: Image.Image = field(compare=False)


@dataclass(frozen=True, slots=True)
class Family:
    """Defects of one kind of cause. `measure` says how much of a defect a picture has: a repair lowers it."""

    diagnose: Callable[[Look], Sequence[Defect]]
    propose: Callable[[Image.Image, Defect], Sequence[Repair]]
    measure: Callable[[Look, Defect], float]


def reduced(picture: Image.Image, side: int) -> Image.Image:
    """Scale a picture down so that its longest side is at most `side`; a smaller one stays as it is."""
    scale = side / max(picture.size)
    if scale >= 1:
        return picture
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    return picture.resize(size, Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BICUBIC)


def cut(picture: Image.Image, box: Box) -> Image.Image:
    """Return a part of a picture, at least one pixel of it."""
    left, top = round(box[0] * picture.width), round(box[1] * picture.height)
    right, bottom = round(box[2] * picture.width), round(box[3] * picture.height)
    return picture.crop((left, top, max(left + 1, right), max(top + 1, bottom)))


def graded(value: float, fires_at: float, plain_at: float) -> float:
    """Return a severity: 0.3 where a measure just fires, 1 where the defect is plain to see."""
    share = (value - fires_at) / (plain_at - fires_at)
    return round(float(min(1.0, 0.3 + 0.7 * max(0.0, share))), 3)
