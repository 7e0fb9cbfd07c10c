"""Finds things in pictures and encodes each by what it shows; and answers what is asked about them.

A detector that only says where things are has each cut out and encoded by the picture model of the space
`scene`, so that anything can be asked for that this model knows; one with a space of its own encodes them
itself. What the detector takes a thing for is kept as a word as well where it is sure.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Protocol

import numpy as np
from PIL import Image

from indexers import imaging
from indexers.base import Piece
from indexers.boxes import overlaps
from indexers.object_finder import ObjectFinder, Thing
from indexers.objects import LABEL, OBJECT
from search.errors import ModelError
from search.records import Box, Region, TimeSpan
from search.spaces import (
    Fingerprint,
    PayloadKind,
    PictureInput,
    PictureReference,
    Pixels,
    Space,
    Thresholds,
    Vector,
)

SIDE = 1600
MARGIN = 0.2
"""How much of its surroundings a thing is encoded with, as a share of its size."""

SURE = 0.4
"""From this score on what the detector takes a thing for is kept."""

_RULES = f"at {SIDE}, margin {MARGIN}, 1"
_WORDS = 3
"""More words than this are a description, to be asked as it is; fewer the name of a thing."""

_GAP_S, _SAME_PLACE, _SAME_LOOK = 4.0, 0.5, 0.8


def fingerprint_of(detector: str, revision: str, scene: Space) -> Fingerprint:
    """Return what must be equal for things to be comparable: the detector and the picture model."""
    made_by = scene.fingerprint
    model = f"{detector} + {made_by.model}"
    return Fingerprint(model, f"{revision} {made_by.key}", _RULES, made_by.dim)


class ObjectReader:
    """Implements `indexers.reader.Reader` and `Settling` for the space `object`; gives the words of `label`,
    too. `load` gives the detector at first use; `scene` stays its owner's to close, and is None where the
    detector gives vectors itself.
    """

    name = OBJECT
    picture_input = PictureInput(SIDE, SIDE, "fit")
    batch = 4

    def __init__(
        self, load: Callable[[], ObjectFinder], scene: Space | None, fingerprint: Fingerprint
    ) -> None:
        if scene is not None and scene.picture_input is None:
            raise ModelError(f"The model {scene.fingerprint.model} takes no pictures.")
        self.fingerprint = fingerprint
        self._load, self._scene = load, scene
        self._finder: ObjectFinder | None = None

    def read(self, pieces: Sequence[Piece]) -> Sequence[Sequence[Piece]]:
        """Find the things in the picture, uint8 (height, width, 3), of each piece. Raises `ModelError`."""
        self._finder = self._finder or self._load()
        pictures = [_pixels(piece) for piece in pieces]
        things = [self._finder.find(picture) for picture in pictures]
        vectors = self._vectors(pictures, things)
        return [
            [_piece(piece, thing, next(vectors)) for thing in found]
            for piece, found in zip(pieces, things, strict=True)
        ]

    def settle(self, readings: Sequence[Sequence[Piece]]) -> Sequence[Piece]:
        """Keep each thing once: in a film what stays where it is, is one thing. Add the words."""
        found = list(chain.from_iterable(readings))
        if any(_span(piece) for piece in found):
            found = _lasting(found)
        words = [Piece(LABEL, piece.locator, piece.text) for piece in found if piece.text]
        return [*found, *words]

    def close(self) -> None:
        """Free the detector; a later `read` loads it again."""
        if self._finder is not None:
            self._finder.close()

    def _vectors(self, pictures: Sequence[Pixels], things: Sequence[Sequence[Thing]]) -> Iterator[Vector]:
        """Return what each thing of each picture looks like, in turn."""
        if self._scene is None or self._scene.picture_input is None:
            return (thing.vector for found in things for thing in found if thing.vector is not None)
        wanted = self._scene.picture_input
        cut = [
            imaging.prepare(_cut_out(picture, thing), wanted)
            for picture, found in zip(pictures, things, strict=True)
            for thing in found
        ]
        return iter(self._scene.encode(cut)) if cut else iter(())


class Labels:
    """Stands for the space `label` in a run: its words come from `ObjectReader`, it reads nothing itself."""

    name = LABEL
    picture_input: PictureInput | None = None
    batch = 1

    def __init__(self, detector: str, revision: str) -> None:
        self.fingerprint = Fingerprint(detector, revision, f"from {SURE} at {SIDE}, 1", 0)

    def read(self, pieces: Sequence[Piece]) -> Sequence[Sequence[Piece]]:
        """Return nothing for each piece."""
        return [() for _ in pieces]

    def close(self) -> None:
        """There is nothing to free."""


class Texts(Protocol):
    """What turns texts into vectors of the space of things: a picture model, or the detector's own tower."""

    def encode(self, items: Sequence[str], /) -> Vector:
        """Return float32 (n, dim), unit rows. Raises `ModelError`."""


class ObjectQueries:
    """Implements `search.spaces.QueryEncoder`: what is asked about things is asked of the model that made
    their vectors.
    """

    space = OBJECT
    accepts: frozenset[PayloadKind] = frozenset({"text"})

    def __init__(self, texts: Texts, fingerprint: Fingerprint) -> None:
        self.fingerprint = fingerprint
        self._texts = texts

    def encode_text(self, text: str) -> Vector:
        """Return float32 (dim,), unit length. Raises `ModelError`."""
        said = text if len(text.split()) > _WORDS else f"a photo of a {text}"
        vector: Vector = self._texts.encode([said])[0]
        return vector

    @property
    def thresholds(self) -> Thresholds | None:
        """None: only the background in a library tells what cosines mean."""
        return None

    def encode_picture(self, picture: PictureReference) -> Vector:
        """Things are asked for in words: raises `ModelError`."""
        raise ModelError(f"Objects are not compared with a picture such as {picture.path.name}.")


def _pixels(piece: Piece) -> Pixels:
    assert isinstance(piece.payload, np.ndarray)
    return piece.payload.astype(np.uint8, copy=False)


def _cut_out(picture: Pixels, thing: Thing) -> Image.Image:
    """Return a thing with its surroundings."""
    height, width = picture.shape[:2]
    left, top, right, bottom = thing.box
    across, down = (right - left) * MARGIN, (bottom - top) * MARGIN
    first, last = int(max(left - across, 0) * width), int(np.ceil(min(right + across, 1) * width))
    upper, lower = int(max(top - down, 0) * height), int(np.ceil(min(bottom + down, 1) * height))
    part = picture[upper : max(lower, upper + 1), first : max(last, first + 1)]
    return Image.fromarray(np.ascontiguousarray(part))


def _piece(seen: Piece, thing: Thing, vector: Vector) -> Piece:
    assert not isinstance(seen.locator, Region)
    label = thing.label if thing.label_score >= SURE else None
    return Piece(OBJECT, Region(seen.locator, thing.box), label, vector=vector, quality=thing.score)


def _lasting(seen: Iterable[Piece]) -> list[Piece]:
    """Join what is seen at the same place in moments that follow each other, as it was seen best."""
    kept: list[Piece] = []
    for piece in seen:
        before = next((n for n in range(len(kept) - 1, -1, -1) if _goes_on(kept[n], piece)), None)
        if before is None:
            kept.append(piece)
        else:
            kept[before] = _joined(kept[before], piece)
    return kept


def _goes_on(before: Piece, piece: Piece) -> bool:
    first, second = _span(before), _span(piece)
    if first is None or second is None or not first.end_s <= second.start_s <= first.end_s + _GAP_S:
        return False
    boxes = np.array([_box(before), _box(piece)], np.float32)
    if overlaps(boxes[0], boxes[1:])[0] < _SAME_PLACE:
        return False
    assert before.vector is not None
    assert piece.vector is not None
    is_same = before.text is not None and before.text == piece.text
    return is_same or float(np.vecdot(before.vector, piece.vector)) >= _SAME_LOOK


def _joined(before: Piece, piece: Piece) -> Piece:
    first, second = _span(before), _span(piece)
    assert first is not None
    assert second is not None
    best = piece if (piece.quality or 0) > (before.quality or 0) else before
    whole = TimeSpan(first.start_s, second.end_s)
    return replace(best, locator=Region(whole, _box(best)), text=best.text or before.text or piece.text)


def _box(piece: Piece) -> Box:
    assert isinstance(piece.locator, Region)
    return piece.locator.box


def _span(piece: Piece) -> TimeSpan | None:
    place = piece.locator.of if isinstance(piece.locator, Region) else piece.locator
    return place if isinstance(place, TimeSpan) else None
