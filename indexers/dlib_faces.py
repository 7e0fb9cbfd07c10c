"""Faces with dlib: its HOG detector, its five landmarks and its 128-d residual network.

Keys in `model.toml` beside the common ones: `[faces] landmarks, embedder, side`. dlib compares its vectors
by Euclidean distance, below about .6 for one person; a library compares cosines of rows of length 1. On 990
pairs of labelled photos that costs nothing that counts: area under the curve .99997 instead of 1.0; one
person's cosines are above about .92. The HOG detector finds faces from 80 pixels on and takes a tenth of a
second; the network detector that dlib also has found hardly more and took twenty times as long. The 68
landmarks are not used: their training data excludes commercial use, and the five do as well.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from indexers.face_finder import Detection, Face
from indexers.face_grid import side_of
from indexers.model_facts import Facts
from indexers.on_demand import OnDemand
from search.errors import ModelError
from search.records import Point
from search.spaces import Pixels, unit_rows

_CHIP, _MARGIN = 150, 0.25  # pixels, and share around the face: what the network was trained on
_ENLARGE = 3.0
"""Small pictures are enlarged at most so much before faces are looked for."""

_COARSE = 2
"""By how much a picture is smaller for a coarse look."""

_SQUARE = 2.23
"""The side of HOG's square in distances from the eyes to the mouth, which lie around its middle."""


class HogDetector:
    """Implements `indexers.face_finder.FaceDetector`. Raises `ModelError` for facts that make no sense."""

    sure = 0.4

    def __init__(self, facts: Facts) -> None:
        self._side = side_of(facts.table("faces"), 1600)
        self._detector = OnDemand(lambda: _dlib().get_frontal_face_detector())

    @property
    def preprocessing(self) -> str:
        """How it looks at pictures."""
        return f"HOG {self._side}"

    def detect(self, picture: Pixels, *, coarse: bool = False) -> list[Detection]:
        """Return the upright faces of a picture, without landmarks. Raises `ModelError`.

        HOG scores are 0 at the threshold and about 2 for a good face; here they end at 1.
        """
        height, width = picture.shape[:2]
        scale = min(self._side / max(height, width), _ENLARGE) / (_COARSE if coarse else 1)
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BICUBIC))
        rectangles, scores, _ = self._detector.get().run(small, 0, 0.0)
        found = []
        for one, score in zip(rectangles, scores, strict=True):
            left, right = (min(max(edge / size[0], 0.0), 1.0) for edge in (one.left(), one.right() + 1))
            top, bottom = (min(max(edge / size[1], 0.0), 1.0) for edge in (one.top(), one.bottom() + 1))
            found.append(Detection((left, top, right, bottom), float(1 - np.exp(-max(score, 0.0)))))
        return found

    def close(self) -> None:
        """Free the detector; a later `detect` makes it again."""
        self._detector.close()


class DlibEmbedder:
    """Implements `indexers.face_finder.FaceEmbedder`; its landmarks are dlib's own, found in the box.

    Raises `ModelError` for facts that make no sense; files are only opened by `embed`.
    """

    def __init__(self, folder: Path, facts: Facts) -> None:
        table = facts.table("faces")
        self._landmarks = folder / table.file("landmarks", "shape_predictor_5_face_landmarks.dat")
        self._embedder = folder / table.file("embedder", "dlib_face_recognition_resnet_model_v1.dat")
        self._networks = OnDemand(self._loaded)

    def embed(self, picture: Pixels, found: Sequence[Detection]) -> list[Face]:
        """Return a face for each detection, its vector from all the detail there is. Raises `ModelError`."""
        dlib = _dlib()
        predictor, network = self._networks.get()
        if not found:
            return []
        height, width = picture.shape[:2]
        shapes = dlib.full_object_detections()
        for one in found:
            shapes.append(predictor(picture, dlib.rectangle(*_square(one, width, height))))
        chips = dlib.get_face_chips(picture, shapes, _CHIP, _MARGIN)
        vectors = unit_rows(np.array(network.compute_face_descriptor(chips)))
        return [
            Face(one.box, one.score, one.landmarks or _points(shape, width, height), vector)
            for one, shape, vector in zip(found, shapes, vectors, strict=True)
        ]

    def close(self) -> None:
        """Free the model; a later `embed` loads it again."""
        self._networks.close()

    def _loaded(self) -> tuple[Any, Any]:
        dlib = _dlib()
        shapes_of = _opened(dlib.shape_predictor, self._landmarks)
        return shapes_of, _opened(dlib.face_recognition_model_v1, self._embedder)


def _square(face: Detection, width: int, height: int) -> tuple[int, int, int, int]:
    """Return the square, in pixels, in which the landmarks are looked for: as HOG would have drawn it."""
    left, top, right, bottom = face.box
    edges = (left * width, top * height, right * width, bottom * height)
    if not face.landmarks:
        return round(edges[0]), round(edges[1]), round(edges[2]) - 1, round(edges[3]) - 1
    points = np.array(face.landmarks) * (width, height)
    eyes, mouth = points[:2].mean(axis=0), points[3:].mean(axis=0)
    (x, y), half = (eyes + mouth) / 2, _SQUARE * float(np.linalg.norm(mouth - eyes)) / 2
    return round(x - half), round(y - half), round(x + half), round(y + half)


def _points(shape: Any, width: int, height: int) -> tuple[Point, ...]:
    """Return eyes and nose of dlib's corners of the eyes and nose: (left eye, right eye, nose)."""
    right_outer, right_inner, left_outer, left_inner, nose = (np.array((p.x, p.y)) for p in shape.parts())
    found = sorted(((right_outer + right_inner) / 2, (left_outer + left_inner) / 2), key=lambda eye: eye[0])
    return tuple((float(x) / width, float(y) / height) for x, y in (*found, nose))


def _dlib() -> Any:
    try:
        import dlib
    except ImportError as error:
        raise ModelError(
            "Faces need the package dlib-bin.", 'Install it: pip install "crossfind[starter]".'
        ) from error
    return dlib


def _opened(kind: Any, file: Path) -> Any:
    if not file.is_file():
        raise ModelError(f"{file} is missing.", "Get the model again.")
    try:
        return kind(str(file))
    except RuntimeError as error:  # dlib's only kind of error
        message = f"{file} cannot be loaded: {' '.join(str(error).split())}"
        raise ModelError(message, "Check it: crossfind models verify.") from error
