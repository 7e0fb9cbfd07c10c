"""Faces with dlib: its HOG detector, five landmarks and its 128-d residual network.

Keys in `model.toml` beside the common ones: `[faces] landmarks, embedder, side`. dlib compares its vectors
by Euclidean distance, below about .6 for one person; a library compares cosines of rows of length 1. On 990
pairs of labelled photos that costs nothing that counts: area under the curve .99997 instead of 1.0; one
person's cosines are above about .92. The HOG detector finds faces from 80 pixels on and takes a tenth of a
second; the network detector that dlib also has found hardly more and took twenty times as long. The 68
landmarks are not used: their training data excludes commercial use, and the five do as well.
"""

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from indexers.face_finder import Face
from indexers.model_facts import Facts
from search.errors import ModelError
from search.records import Box, Point
from search.spaces import Fingerprint, Pixels, Vector, unit_rows

_CHIP, _MARGIN = 150, 0.25  # pixels, and share around the face: what the network was trained on
_ENLARGE = 3.0
"""Small pictures are enlarged at most so much before faces are looked for."""

_SURE = 0.4
"""From this score on a face is really one; lying faces are often taken for weak upright ones."""


class DlibFaces:
    """Implements `indexers.face_finder.FaceFinder`; safe to use from many threads, one at a time.

    Raises `ModelError` for facts that make no sense; files are only opened by `find`.
    """

    def __init__(self, folder: Path, facts: Facts, revision: str) -> None:
        table = facts.table("faces")
        self._landmarks = folder / table.file("landmarks", "shape_predictor_5_face_landmarks.dat")
        self._embedder = folder / table.file("embedder", "dlib_face_recognition_resnet_model_v1.dat")
        self._side = table.whole("side", 1600)
        if not 80 <= self._side <= 8192:
            raise table.wrong("side", "must be between 80 and 8192 pixels")
        self._fingerprint = Fingerprint(
            facts.text("id"), revision, f"HOG {self._side}", facts.whole("dim", 128)
        )
        self._lock = threading.Lock()
        self._dlib: _Loaded | None = None

    @property
    def fingerprint(self) -> Fingerprint:
        """Model id, the hash of its files, how large pictures are looked at, dimension."""
        return self._fingerprint

    def find(self, picture: Pixels, *, turned: bool = False) -> Sequence[Face]:
        """Return the faces of a picture, the largest first. Raises `ModelError`.

        With `turned`, a picture without a sure upright face is looked at from its other sides as well, and
        the side with the surest face counts.
        """
        with self._lock:
            if self._dlib is None:
                self._dlib = _Loaded(self._landmarks, self._embedder)
            views: list[list[Face]] = []
            for quarters in range(4 if turned else 1):
                view = self._upright(self._dlib, np.ascontiguousarray(np.rot90(picture, quarters)))
                views.append([_turned_back(face, quarters) for face in view])
                if _best(view) >= _SURE:
                    break
            return max(views, key=_best)

    def close(self) -> None:
        """Free the model; a later `find` loads it again."""
        with self._lock:
            self._dlib = None

    def _upright(self, dlib: "_Loaded", picture: Pixels) -> list[Face]:
        height, width = picture.shape[:2]
        scale = min(self._side / max(height, width), _ENLARGE)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))
        found = sorted(dlib.boxes(small), key=lambda box: -box[0].area())
        if scale >= 1:
            return dlib.faces(small, found, 1.0)
        return dlib.faces(picture, found, 1 / scale)  # landmarks and vectors from all the detail there is


class _Loaded:
    """dlib's own objects."""

    def __init__(self, landmarks: Path, embedder: Path) -> None:
        try:
            import dlib
        except ImportError as error:
            raise ModelError(
                "Faces need the package dlib-bin.", 'Install it: pip install "crossfind[starter]".'
            ) from error
        self._dlib: Any = dlib
        self._detector = dlib.get_frontal_face_detector()
        self._landmarks = _opened(dlib.shape_predictor, landmarks)
        self._network = _opened(dlib.face_recognition_model_v1, embedder)

    def boxes(self, picture: Pixels) -> list[tuple[Any, float]]:
        rectangles, scores, _ = self._detector.run(picture, 0, 0.0)
        return list(zip(rectangles, scores, strict=True))

    def faces(self, picture: Pixels, found: Sequence[tuple[Any, float]], scale: float) -> list[Face]:
        if not found:
            return []
        shapes = self._dlib.full_object_detections()
        for box, _ in found:
            edges = (box.left(), box.top(), box.right(), box.bottom())
            shapes.append(self._landmarks(picture, self._dlib.rectangle(*(round(e * scale) for e in edges))))
        chips = self._dlib.get_face_chips(picture, shapes, _CHIP, _MARGIN)
        vectors = unit_rows(np.array(self._network.compute_face_descriptor(chips)))
        height, width = picture.shape[:2]
        rows = zip(shapes, found, vectors, strict=True)
        return [_face(shape, score, vector, width, height) for shape, (_, score), vector in rows]


def _best(faces: Sequence[Face]) -> float:
    return max((face.score for face in faces), default=0.0)


def _face(shape: Any, score: float, vector: Vector, width: int, height: int) -> Face:
    """HOG scores are 0 at the threshold and about 2 for a good face; here they end at 1."""
    box = shape.rect
    left, right = (min(max(edge / width, 0.0), 1.0) for edge in (box.left(), box.right() + 1))
    top, bottom = (min(max(edge / height, 0.0), 1.0) for edge in (box.top(), box.bottom() + 1))
    points = tuple((point.x / width, point.y / height) for point in shape.parts())
    return Face((left, top, right, bottom), float(1 - np.exp(-max(score, 0.0))), points, vector)


def _turned_back(face: Face, quarters: int) -> Face:
    """Give a face found after so many quarter turns to the left its place in the picture before them."""
    box, points = face.box, face.landmarks
    for _ in range(quarters):
        box = _box_back(box)
        points = tuple(_point_back(point) for point in points)
    return replace(face, box=box, landmarks=points)


def _box_back(box: Box) -> Box:
    left, top, right, bottom = box
    return 1 - bottom, left, 1 - top, right


def _point_back(point: Point) -> Point:
    return 1 - point[1], point[0]


def _opened(kind: Any, file: Path) -> Any:
    if not file.is_file():
        raise ModelError(f"{file} is missing.", "Get the model again.")
    try:
        return kind(str(file))
    except RuntimeError as error:  # dlib's only kind of error
        message = f"{file} cannot be loaded: {' '.join(str(error).split())}"
        raise ModelError(message, "Check it: crossfind models verify.") from error
