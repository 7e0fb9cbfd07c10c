"""Reads lines of text with RapidOCR: PaddleOCR's detection, direction and recognition models in ONNX Runtime.

Keys in `model.toml` beside the common ones: `[ocr] detector, direction, recogniser` (files).

Finding text takes most of the time, and grows with the pixels that are looked at. So a picture is glanced at
first; only where that shows small letters it is looked at closely. Letters are always read from all the
pixels there are. The direction is decided for all lines that run alike: single ones are often misjudged.
"""

import logging
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexers.model_facts import Facts
from indexers.onnx_graph import load_errors
from indexers.text_lines import Line
from search.errors import ModelError
from search.spaces import Pixels

GLANCE = 800
"""The longer side, in pixels, at which a picture is looked at first."""

LETTERS = 20.0
"""How high lines should be, in pixels, for all of them to be found."""

_WORTH = 1.25
"""A closer look must be at least so many times closer."""

_LEAST_SIDE = 64
_TALL = 1.5
"""From this ratio on RapidOCR turns a line by a quarter to the left before it is read."""

_CLEARLY = 0.75

Corners = NDArray[np.float32]
"""Four corners of each line, float32 (n, 4, 2), in pixels: top left, top right, bottom right, bottom left."""


class RapidOcr:
    """Implements `indexers.text_lines.LineFinder`; safe to use from many threads, one at a time.

    `threads` 0 leaves the number to ONNX Runtime. Raises `ModelError` for facts that make no sense; files are
    only opened by `lines`.
    """

    def __init__(self, folder: Path, facts: Facts, *, threads: int = 0) -> None:
        table = facts.table("ocr")
        self._files = {
            "Det": folder / table.file("detector", "detector.onnx"),
            "Cls": folder / table.file("direction", "direction.onnx"),
            "Rec": folder / table.file("recogniser", "recogniser.onnx"),
        }
        self._threads = threads
        self._lock = threading.Lock()
        self._engine: Any = None

    def lines(self, picture: Pixels) -> list[Line]:
        """Return the lines of a picture, uint8 (height, width, 3), in any order. Raises `ModelError`."""
        with self._lock:
            if self._engine is None:
                self._engine = _engine(self._files, self._threads)
            seen = np.ascontiguousarray(picture[:, :, ::-1])
            try:
                corners = self._corners(seen)
                is_tall = _is_tall(corners)
                wide = self._read(seen, corners[~is_tall], quarters=0)
                return wide + self._read(seen, corners[is_tall], quarters=1)
            except load_errors() as error:  # a model is loaded when it is first needed
                message = f"The model for text in pictures cannot be loaded: {error}."
                raise ModelError(message, "Check it: crossfind models verify.") from error

    def close(self) -> None:
        """Free the models; a later `lines` loads them again."""
        with self._lock:
            self._engine = None

    def _corners(self, seen: Pixels) -> Corners:
        """Find lines: at a glance, then closely if there are small ones."""
        side = max(seen.shape[:2])
        found = self._found(seen, min(side, GLANCE))
        if not len(found):
            return found
        small = float(np.percentile(_sides(found)[1], 25)) * min(side, GLANCE) / side
        closer = min(side, round(min(side, GLANCE) * LETTERS / max(small, 1.0)))
        return self._found(seen, closer) if closer >= _WORTH * GLANCE else found

    def _found(self, seen: Pixels, side: int) -> Corners:
        """Find lines in the picture with its longer side at so many pixels."""
        height, width = seen.shape[:2]
        scale = side / max(height, width)
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = np.asarray(Image.fromarray(seen).resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0))
        missing = [max(0, _LEAST_SIDE - length) for length in small.shape[:2]]
        padded = np.pad(small, ((0, missing[0]), (0, missing[1]), (0, 0)), mode="edge")
        boxes = self._engine(padded, use_det=True, use_cls=False, use_rec=False).boxes
        if boxes is None or not len(boxes):
            return np.zeros((0, 4, 2), np.float32)
        corners = np.asarray(boxes, np.float32) * [width / size[0], height / size[1]]
        return np.asarray(np.clip(corners, 0, [width - 1, height - 1]), np.float32)

    def _read(self, seen: Pixels, corners: Corners, quarters: int) -> list[Line]:
        """Read lines that all run alike, in one of two directions."""
        if not len(corners):
            return []
        crops = self._engine.crop_text_regions(seen, corners)
        upside_down = self._upside_down(crops)
        read = {}
        if upside_down < _CLEARLY:
            read[quarters] = self._recognised(crops)
        if upside_down > 1 - _CLEARLY:
            read[quarters + 2] = self._recognised([np.rot90(crop, 2) for crop in crops])
        best = max(read, key=lambda turn: sum(score for _, score in read[turn]))
        height, width = seen.shape[:2]
        return [
            Line(text, score, _box(each / [width, height]), best)
            for (text, score), each in zip(read[best], corners, strict=True)
            if text
        ]

    def _upside_down(self, crops: Sequence[Pixels]) -> float:
        """Return which share of these lines, by length and certainty, is held to stand on its head."""
        _, result = self._engine.cls_and_rotate(crops)
        weights = [score * crop.shape[1] for (_, score), crop in zip(result.cls_res, crops, strict=True)]
        turned = [w for (label, _), w in zip(result.cls_res, weights, strict=True) if "180" in label]
        return float(sum(turned) / max(sum(weights), 1e-9))

    def _recognised(self, crops: Sequence[Pixels]) -> list[tuple[str, float]]:
        result = self._engine.recognize_txt(crops)
        return [(" ".join(t.split()), float(s)) for t, s in zip(result.txts, result.scores, strict=True)]


def _sides(corners: Corners) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Return the lengths of the longer and the shorter sides of lines."""
    across, down = _lengths(corners)
    return np.maximum(across, down), np.minimum(across, down)


def _lengths(corners: Corners) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    top, right, bottom, left = (
        np.linalg.norm(corners[:, n] - corners[:, (n + 1) % 4], axis=1) for n in range(4)
    )
    return np.maximum(top, bottom), np.maximum(left, right)


def _is_tall(corners: Corners) -> NDArray[np.bool_]:
    """Say of each line whether RapidOCR will turn it: exactly its own rule, whole pixels included."""
    across, down = _lengths(corners)
    return np.asarray(down.astype(int) >= _TALL * np.maximum(across.astype(int), 1))


def _box(corners: NDArray[np.floating]) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _engine(files: dict[str, Path], threads: int) -> Any:
    for file in files.values():
        if not file.is_file():  # RapidOCR would fetch it from the network
            raise ModelError(f"{file} is missing.", "Get the model again.")
    logging.getLogger("RapidOCR").addHandler(logging.NullHandler())  # else it writes to the console
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise ModelError(
            "Text in pictures needs the package rapidocr.", 'Install it: pip install "crossfind[starter]".'
        ) from error
    logging.getLogger("RapidOCR").propagate = False
    settings = {
        "Global.log_level": "critical",
        "Global.use_preprocess_img": False,
        "Global.use_vertical_padding": False,
        "Global.text_score": 0.0,
        "Det.limit_type": "max",
        "Det.limit_side_len": 1 << 20,
        "EngineConfig.onnxruntime.intra_op_num_threads": threads or os.cpu_count() or 1,
        **{f"{part}.model_path": str(file) for part, file in files.items()},
    }
    return RapidOCR(params=settings)
