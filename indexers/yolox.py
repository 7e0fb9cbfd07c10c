"""Things with a YOLOX detector in ONNX (Ge et al., arXiv 2107.08430), whose classes are only hints.

Keys in `model.toml` beside the common ones: `file` (else the only `.onnx` named there), `size`, `input`,
`output`, `labels`, `nms_iou`. The graph takes BGR 0..255, letterboxed from the top left with 114, and gives
(1, n, 5 + classes) for strides 8, 16, 32: the centre from its cell, log width and height, all in strides,
then how sure it is that there is anything, and of each class.

Small things in large pictures are found in tiles: parts of the picture at up to twice the detector's size.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexers.boxes import Boxes, best_apart
from indexers.model_facts import Facts
from indexers.object_finder import Thing
from indexers.onnx_graph import Graph
from indexers.tiles import Part, parts
from search.errors import ModelError
from search.spaces import Pixels

LEAST = 0.1
"""Weaker boxes are noise more often than things."""

MOST = 24
"""The most things that are kept of one picture."""

_STRIDES = (8, 16, 32)
_EDGE = 2.0

Found = tuple[Boxes, NDArray[np.float32]]
"""Boxes in pixels; and (n, 1 + classes): how sure it is a thing, and that it is one of each class."""


class Yolox:
    """Implements `indexers.object_finder.ObjectFinder`. `threads` 0 leaves the number to ONNX Runtime.

    Raises `ModelError` for facts that make no sense; the graph is only opened by `find`.
    """

    def __init__(self, folder: Path, facts: Facts, *, device: str = "auto", threads: int = 0) -> None:
        named = [name for name in facts.table("files").values if name.endswith(".onnx")]
        self._graph = Graph(folder / facts.file("file", named[0] if named else "model.onnx"), device, threads)
        self._size = facts.whole("size", 416)
        if not 32 <= self._size <= 2048 or self._size % _STRIDES[-1]:
            raise facts.wrong("size", "must be a multiple of 32 between 32 and 2048")
        self._input, self._output = facts.text("input", "images"), facts.text("output", "output")
        self._overlap = facts.number("nms_iou", 0.45)
        self._labels = _labels(folder / facts.file("labels", "labels.txt"))

    def find(self, picture: Pixels) -> list[Thing]:
        """Return the things in a picture, uint8 (height, width, 3), the surest first. Raises `ModelError`."""
        height, width = picture.shape[:2]
        found = [self._look(picture, part) for part in parts(height, width, self._size)]
        boxes = np.concatenate([boxes for boxes, _ in found])
        scores = np.concatenate([scores for _, scores in found])
        kept = best_apart(boxes, scores[:, 0], self._overlap)[:MOST]
        shares = np.clip(boxes / np.array([width, height, width, height], np.float32), 0, 1)
        return [self._thing(shares[n], scores[n]) for n in kept]

    def close(self) -> None:
        """Free the model; a later `find` loads it again."""
        self._graph.close()

    def _thing(self, share: Boxes, scores: NDArray[np.float32]) -> Thing:
        left, top, right, bottom = map(float, share)
        best = int(np.argmax(scores[1:]))
        label = self._labels[best] if best < len(self._labels) else None
        return Thing((left, top, right, bottom), float(scores[0]), label, float(scores[1 + best]))

    def _look(self, picture: Pixels, part: Part) -> Found:
        """Find things in a part; those that its inner edges may have cut are left to other parts."""
        left, top, right, bottom = part
        seen = picture[top:bottom, left:right]
        scale = min(self._size / seen.shape[0], self._size / seen.shape[1])
        size = max(1, round(seen.shape[1] * scale)), max(1, round(seen.shape[0] * scale))
        small = np.asarray(Image.fromarray(seen).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))
        ground = np.full((self._size, self._size, 3), 114, np.float32)
        ground[: size[1], : size[0]] = small[:, :, ::-1]
        given = np.ascontiguousarray(ground.transpose(2, 0, 1)[None])
        boxes, scores = self._decoded(self._graph.run([self._output], {self._input: given})[0])
        edges = (left and _EDGE, top and _EDGE, size[0] - _EDGE, size[1] - _EDGE)
        open_right, open_bottom = right == picture.shape[1], bottom == picture.shape[0]
        whole = (boxes[:, 0] >= edges[0]) & (boxes[:, 1] >= edges[1])
        whole &= (boxes[:, 2] <= edges[2]) | open_right
        whole &= (boxes[:, 3] <= edges[3]) | open_bottom
        placed = boxes[whole] / np.float32(scale) + np.array([left, top, left, top], np.float32)
        return np.asarray(placed, np.float32), scores[whole]

    def _decoded(self, raw: NDArray[np.floating]) -> Found:
        cells, strides = _cells(self._size)
        if raw.ndim != 3 or raw.shape[1] != len(cells) or raw.shape[2] < 6:
            message = f"{self._graph.file.name} gives {raw.shape}, which is no YOLOX at {self._size} pixels."
            raise ModelError(message, "Mend the model's model.toml or get the model again.")
        rows = np.asarray(raw[0], np.float32)
        scores = rows[:, 4:].copy()
        scores[:, 1:] *= scores[:, :1]
        sure = scores[:, 0] >= LEAST
        centres = (rows[sure, :2] + cells[sure]) * strides[sure]
        halves = np.exp(np.clip(rows[sure, 2:4], -10, 10)) * strides[sure] / 2
        return np.concatenate([centres - halves, centres + halves], axis=1), scores[sure]


@lru_cache(maxsize=4)
def _cells(size: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return column and row of every cell, (n, 2), and its stride, (n, 1)."""
    grids, strides = [], []
    for stride in _STRIDES:
        side = size // stride
        rows, columns = np.divmod(np.arange(side * side), side)
        grids.append(np.stack([columns, rows], axis=1))
        strides.append(np.full((side * side, 1), stride))
    return np.concatenate(grids).astype(np.float32), np.concatenate(strides).astype(np.float32)


def _labels(file: Path) -> Sequence[str]:
    try:
        return file.read_text(encoding="utf-8").split("\n")
    except OSError:
        return ()
