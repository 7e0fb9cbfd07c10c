"""A face engine made of a detector and an embedder: turns pictures, and judges how well faces are seen."""

import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from indexers.face_finder import Detection, Face, FaceDetector, FaceEmbedder
from search.records import Box, Point
from search.spaces import Fingerprint, Pixels

LARGE = 112.0
"""A face of so many pixels is as good as a larger one: embedders look at no more."""

_NEARLY = 0.85
"""The share of a sure score that a face must have for a picture to be turned: many patterns resemble one."""

_PROFILE = 0.5
"""How far, in distances between the eyes, the nose is off their middle when a face is seen from the side."""


class FacePair:
    """Implements `indexers.face_finder.FaceFinder`; safe to use from many threads, one at a time."""

    def __init__(self, detector: FaceDetector, embedder: FaceEmbedder, fingerprint: Fingerprint) -> None:
        self._detector, self._embedder = detector, embedder
        self._fingerprint = fingerprint
        self._lock = threading.Lock()

    @property
    def fingerprint(self) -> Fingerprint:
        """Model, revision, preprocessing and dimension of the vectors."""
        return self._fingerprint

    def find(self, picture: Pixels, *, turned: bool = False) -> Sequence[Face]:
        """Return the faces of a picture, the largest first. Raises `ModelError`.

        With `turned`, a picture without a sure upright face is looked at from its other sides as well, and
        the side with the surest face counts.
        """
        picture = np.ascontiguousarray(picture)
        with self._lock:
            found: Sequence[Detection] = self._detector.detect(picture)
            quarters = self._other_side(picture, _best(found)) if turned else 0
            if quarters:
                picture = _turn(picture, quarters)
                found = self._detector.detect(picture)
            faces = self._embedder.embed(picture, found)
        seen = [_back(replace(face, quality=quality(face, picture)), quarters) for face in faces]
        return sorted(seen, key=lambda face: -_area(face.box))

    def close(self) -> None:
        """Free the models; a later `find` loads them again."""
        with self._lock:
            self._detector.close()
            self._embedder.close()

    def _other_side(self, picture: Pixels, best: float) -> int:
        """Return by how many quarter turns to the left a face comes upright, where it is not so already."""
        chosen, sure = 0, self._detector.sure
        if best >= sure:
            return 0
        best = max(best, _NEARLY * sure)
        for quarters in range(1, 4):
            score = _best(self._detector.detect(_turn(picture, quarters), coarse=True))
            if score > best:
                chosen, best = quarters, score
        return chosen


def quality(face: Face, picture: Pixels) -> float:
    """Return how well it can be told whose face it is, 0..1: how sure, times how large, times how frontal."""
    height, width = map(float, picture.shape[:2])
    left, top, right, bottom = face.box
    size = min((right - left) * width, (bottom - top) * height)
    frontal = max(0.0, 1 - _turned_away(face.landmarks, width / height) / _PROFILE)
    return round(face.score * min(1.0, size / LARGE) * (0.4 + 0.6 * frontal), 4)


def _turned_away(landmarks: Sequence[Point], ratio: float) -> float:
    """Return how far the nose is off the middle of the eyes, along them, in distances between them."""
    points = [complex(x * ratio, y) for x, y in landmarks]
    if len(points) < 3:
        return 0.0
    between = points[1] - points[0]
    if abs(between) < 1e-9:
        return 1.0
    return abs(complex((points[2] - (points[0] + points[1]) / 2) / between).real)


def _turn(picture: Pixels, quarters: int) -> Pixels:
    return np.ascontiguousarray(np.rot90(picture, quarters))


def _best(faces: Sequence[Detection]) -> float:
    return max((face.score for face in faces), default=0.0)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _back(face: Face, quarters: int) -> Face:
    """Give a face found after so many quarter turns to the left its place in the picture before them."""
    box, points = face.box, face.landmarks
    for _ in range(quarters):
        left, top, right, bottom = box
        box = 1 - bottom, left, 1 - top, right
        points = tuple((1 - y, x) for x, y in points)
    return replace(face, box=box, landmarks=points)
