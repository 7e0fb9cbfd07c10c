"""Where the figures of a PDF page are: embedded pictures, and drawings such as charts and diagrams.

What is drawn close together is one figure: the boxes of pictures, shadings and lines are painted on a coarse
grid, cells that touch are joined, and each group has the box of what it is made of. Left out are what covers
the page (its scan, its ground), rules and frames, what is small, and what mostly holds text (tables, boxes
around paragraphs).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexers.boxes import Boxes
from search.records import Box

if TYPE_CHECKING:
    import pymupdf

MOST = 12
"""Figures of a page, the largest."""

_CELLS = 160
"""Along the longer side of the page; figures that are closer than about a cell are one."""

_SMALLEST_SIDE, _SMALLEST_AREA = 0.06, 0.012
_LARGEST = 0.85
_GROUND, _GROUND_SIDE = 0.5, 0.9
"""A path that covers more of the page, or is longer, is what others stand on, not part of a figure."""

_RULE = 0.003
"""What is thinner, in shares of its side of the page, is a line."""

_MOST_TEXT, _LABEL = 0.4, 0.1
"""A drawing more of which is covered by text is a table or a framed text; text that covers less of it and
reaches over its edge is its label."""

_FEWEST_PATHS = 4
_MOST_PATHS = 100_000


def figure_boxes(page: "pymupdf.Page") -> list[Box]:
    """Return the boxes of a page's figures, in shares of the upright page, from top to bottom.

    Raises what MuPDF raises for damaged pages (`indexers.documents.pdf_errors`).
    """
    drawn = _Drawn.of(page)
    groups = _groups(np.concatenate([drawn.pictures, drawn.paths]), drawn.ratio)
    found = [box for box in map(drawn.figure, groups) if box is not None]
    largest = sorted(found, key=lambda box: -_area(box))[:MOST]
    return sorted(largest, key=lambda box: (box[1], box[0]))


class _Drawn:
    """What is drawn on a page, float32 (n, 4) each, in shares of the upright page; `ratio` is its height in
    widths."""

    def __init__(self, pictures: Boxes, paths: Boxes, texts: Boxes, ratio: float) -> None:
        self.pictures = pictures[_areas(pictures) < _LARGEST]
        self.paths = paths[~_is_ground(paths)]
        self.texts = texts
        self.ratio = ratio

    @classmethod
    def of(cls, page: "pymupdf.Page") -> "_Drawn":
        """Read it from the page's list of what it draws."""
        kinds: dict[str, list[tuple[float, ...]]] = {"image": [], "path": [], "text": []}
        for what, box in page.get_bboxlog():
            name, _, kind = what.partition("-")
            kind = {"shade": "image", "imgmask": "image"}.get(kind, kind)
            if kind in kinds and name != "ignore":
                kinds[kind].append(box)
        width, height = max(page.rect.width, 1e-3), max(page.rect.height, 1e-3)
        pictures, paths, texts = (_upright(page, kinds[kind][:_MOST_PATHS]) for kind in kinds)
        return cls(pictures, paths, texts, height / width)

    def figure(self, group: Box) -> Box | None:
        """Return the box of one group, None where it is no figure."""
        pictures, paths = self.pictures[_inside(self.pictures, group)], self.paths[_inside(self.paths, group)]
        parts = np.concatenate([pictures, paths])
        if not len(parts):
            return None
        box = _around(parts)
        is_sized = min(box[2] - box[0], box[3] - box[1]) >= _SMALLEST_SIDE and _area(box) >= _SMALLEST_AREA
        if not is_sized or _area(box) > _LARGEST:
            return None
        if not len(pictures) and (len(paths) < _FEWEST_PATHS or self._is_text(box) or _is_ruled(paths)):
            return None
        return self._with_labels(box)

    def _with_labels(self, box: Box) -> Box:
        """Widen a box by the labels that stand at its edge."""
        near = self.texts[_touching(self.texts, box)]
        labels = near[_areas(near) < _LABEL * _area(box)]
        return _around(np.concatenate([np.array([box], np.float32), labels]))

    def _is_text(self, box: Box) -> bool:
        """Whether most of a box is covered by text."""
        grid = np.zeros((64, 64), bool)
        size = np.array([box[2] - box[0], box[3] - box[1]] * 2, np.float32)
        texts = (self.texts[_touching(self.texts, box)] - np.array(box[:2] * 2, np.float32)) / size
        _paint(grid, texts)
        return float(grid.mean()) > _MOST_TEXT


def _groups(boxes: Boxes, ratio: float) -> list[Box]:
    """Return the boxes of what lies together, in shares of the page."""
    import cv2

    width, height = (_CELLS, round(_CELLS * ratio)) if ratio < 1 else (round(_CELLS / ratio), _CELLS)
    grid = np.zeros((max(1, height), max(1, width)), bool)
    _paint(grid, boxes)
    near = cv2.dilate(grid.astype(np.uint8), np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    rows, columns = grid.shape
    return [
        (x / columns, y / rows, (x + w) / columns, (y + h) / rows) for x, y, w, h, _ in stats[1:].tolist()
    ]


def _paint(grid: NDArray[np.bool_], boxes: Boxes) -> None:
    """Set the cells that boxes, in shares of the grid, touch."""
    rows, columns = grid.shape
    scale = np.array([columns, rows, columns, rows], np.float32)
    cells = np.clip(boxes, 0, 1) * scale
    first = np.floor(cells[:, :2]).astype(int)
    last = np.maximum(np.ceil(cells[:, 2:]).astype(int), first + 1)
    for (left, top), (right, bottom) in zip(np.maximum(first, 0).tolist(), last.tolist(), strict=True):
        grid[top:bottom, left:right] = True


def _upright(page: "pymupdf.Page", boxes: Sequence[tuple[float, ...]]) -> Boxes:
    """Return boxes of the page as it is stored in shares of the upright one, without those beside it."""
    given = np.asarray(boxes, np.float64).reshape(-1, 4)
    turn = page.rotation_matrix
    x, y = given[:, 0::2], given[:, 1::2]
    turned_x, turned_y = turn.a * x + turn.c * y + turn.e, turn.b * x + turn.d * y + turn.f
    width, height = max(page.rect.width, 1e-3), max(page.rect.height, 1e-3)
    corners = [turned_x.min(axis=1), turned_y.min(axis=1), turned_x.max(axis=1), turned_y.max(axis=1)]
    shares = np.stack(corners, axis=1) / np.array([width, height] * 2)
    seen = np.isfinite(shares).all(axis=1) & (shares[:, 2:] > 0).all(axis=1) & (shares[:, :2] < 1).all(axis=1)
    return np.asarray(np.clip(shares[seen], 0, 1), np.float32)


def _is_ground(paths: Boxes) -> NDArray[np.bool_]:
    """Which paths are grounds, frames and rules of the page itself."""
    sides = paths[:, 2:] - paths[:, :2]
    return np.asarray((_areas(paths) > _GROUND) | (sides.max(axis=1) > _GROUND_SIDE), bool)


def _is_ruled(paths: Boxes) -> bool:
    """Whether all of a drawing is a grid of lines, as of an empty form."""
    sides = paths[:, 2:] - paths[:, :2]
    return bool((sides.min(axis=1) < _RULE).all())


def _around(boxes: Boxes) -> Box:
    left, top = map(float, boxes[:, :2].min(axis=0))
    right, bottom = map(float, boxes[:, 2:].max(axis=0))
    return left, top, right, bottom


def _inside(boxes: Boxes, outer: Box) -> NDArray[np.bool_]:
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    return np.asarray((middle >= outer[:2]).all(axis=1) & (middle <= outer[2:]).all(axis=1), bool)


def _touching(boxes: Boxes, outer: Box) -> NDArray[np.bool_]:
    return np.asarray((boxes[:, 2:] > outer[:2]).all(axis=1) & (boxes[:, :2] < outer[2:]).all(axis=1), bool)


def _areas(boxes: Boxes) -> NDArray[np.float32]:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=1), np.float32)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
