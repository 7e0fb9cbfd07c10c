"""Finds faces in pictures, and people in the shots of films, whichever engine looks for them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np

from indexers.base import Piece
from indexers.face_finder import Face, FaceFinder
from indexers.face_tracks import Track, tracks
from indexers.faces import FACE, INPUT
from indexers.shots import shown_s
from search.records import Page, Region, TimeSpan, Whole
from search.spaces import Fingerprint, Pixels, Thresholds

RULES = f"faces 1, {INPUT.width}"
"""Part of the fingerprint: another text makes the next run look for faces again."""

SMALLEST = 24
"""Faces of fewer pixels are left out: nobody could tell whose they are."""


class FaceReader:
    """Implements `indexers.reader.Reader` for the space `face`; `load` gives the engine at first use.

    `fingerprint` is the engine's own.
    """

    name = FACE
    picture_input = INPUT
    batch = 1

    def __init__(
        self, load: Callable[[], FaceFinder], fingerprint: Fingerprint, thresholds: Thresholds
    ) -> None:
        self.fingerprint = fingerprint
        self._load = load
        self._thresholds = thresholds
        self._finder: FaceFinder | None = None

    def read(self, pieces: Sequence[Piece]) -> Sequence[Sequence[Piece]]:
        """Return the faces in each picture, uint8 (height, width, 3), the largest first, or the people in
        each shot, uint8 (n, height, width, 3), as they come. Raises `ModelError`."""
        return [self._read(piece) for piece in pieces]

    def _read(self, piece: Piece) -> list[Piece]:
        assert isinstance(piece.payload, np.ndarray)
        assert not isinstance(piece.locator, Region)
        pixels: Pixels = np.asarray(piece.payload, np.uint8)
        if pixels.ndim == 3:
            return [_found(piece.locator, face) for face in self._faces(pixels, turned=True)]
        return self._people(pixels, [(start, end) for _, start, end in piece.timing])

    def _people(self, pictures: Iterable[Pixels], times: Sequence[tuple[float, float]]) -> list[Piece]:
        seen = [self._faces(picture, turned=False) for picture in pictures]
        return [_person(one, times) for one in tracks(seen, self._thresholds)]

    def _faces(self, picture: Pixels, *, turned: bool) -> list[Face]:
        self._finder = self._finder or self._load()
        height, width = picture.shape[:2]
        found = self._finder.find(picture, turned=turned)
        return [face for face in found if _side(face, width, height) >= SMALLEST]

    def close(self) -> None:
        """Free the model; a later `read` loads it again."""
        if self._finder is not None:
            self._finder.close()


def _side(face: Face, width: int, height: int) -> float:
    left, top, right, bottom = face.box
    return min((right - left) * width, (bottom - top) * height)


def _person(track: Track, times: Sequence[tuple[float, float]]) -> Piece:
    """Make a piece of who was seen: from the first to the last moment, vector and quality of the best view,
    and the place in the picture that is shown of this stretch."""
    span = TimeSpan(times[track.first][0], times[track.last][1])
    shown = shown_s(span.start_s, span.end_s)
    best, there = track.seen[track.best], track.seen[min(track.seen, key=lambda n: _away(times[n], shown))]
    return _found(span, replace(best, box=there.box, landmarks=there.landmarks))


def _away(span: tuple[float, float], time_s: float) -> float:
    """Return how far a time lies outside of a stretch."""
    return max(span[0] - time_s, time_s - span[1], 0.0)


def _found(of: Whole | Page | TimeSpan, face: Face) -> Piece:
    box = tuple(round(edge, 4) for edge in face.box)
    points = tuple((round(x, 4), round(y, 4)) for x, y in face.landmarks)
    place = Region(of, (box[0], box[1], box[2], box[3]))
    return replace(Piece(FACE, place, vector=face.vector), quality=face.quality, landmarks=points)
