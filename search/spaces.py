"""Vectors that may be compared with each other, and who makes them.

A `Space` is made by `indexers` (they know the models); the engine only sees a `QueryEncoder`.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from search.records import Box, Fix

Vector = NDArray[np.float32]
Pixels = NDArray[np.uint8]
"""A prepared picture, uint8 (height, width, 3), sRGB, upright, origin top left."""

Sound = NDArray[np.int16]
"""One channel of sound, int16 (samples,), at 16,000 samples a second unless its model wants another rate."""

Payload = str | Pixels | Sound
PayloadKind = Literal["text", "picture", "sound", "face"]
ResizeMode = Literal["shortest", "longest", "squash", "fit"]
Resample = Literal["nearest", "area", "bilinear", "bicubic", "lanczos"]


@dataclass(frozen=True, slots=True)
class PictureInput:
    """How a picture is brought to a model's input, in pixels; plain data, so decoders can do it.

    `shortest`: scale the shorter side, then crop the centre; `longest`: scale the longer side, then
    pad with `fill`; `squash`: scale both sides without keeping the ratio. These give exactly this size;
    `fit` gives at most this size: scaled down as far as needed, never up, nothing padded or cropped.
    """

    width: int
    height: int
    resize: ResizeMode = "shortest"
    resample: Resample = "bicubic"
    fill: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What must be equal for two vectors to be comparable."""

    model: str
    revision: str
    preprocessing: str
    dim: int

    @property
    def key(self) -> str:
        """Eight hex digits that name this fingerprint in table names."""
        text = json.dumps([self.model, self.revision, self.preprocessing, self.dim])
        return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a model's own cosines mean: from `same` on two vectors are of one person (or thing), below `maybe`
    of two."""

    same: float
    maybe: float


class Space(Protocol):
    """One kind of vector. Implementations load their model on first use."""

    @property
    def name(self) -> str:
        """The space's name, as it stands in `seg_<name>` and in evidence."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Model, revision, preprocessing and dimension."""

    @property
    def accepts(self) -> frozenset[PayloadKind]:
        """What `encode` can be given."""

    @property
    def picture_input(self) -> PictureInput | None:
        """How pictures must be prepared; None when the space takes no pictures."""

    def encode(self, items: Sequence[Payload]) -> Vector:
        """Encode payloads of one kind: float32 (n, dim), unit rows, the same alone and in a batch.

        Raises `ModelError` when the model cannot be loaded.
        """

    def close(self) -> None:
        """Free the model; a later `encode` loads it again."""


@dataclass(frozen=True, slots=True)
class PictureReference:
    """A picture given as a query: a file, optionally one page and one region of it."""

    path: Path
    box: Box | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class SoundReference:
    """A recording or film whose sound is a query."""

    path: Path


@dataclass(frozen=True, slots=True)
class Mixture:
    """Texts and pictures to be summed in a space that holds both, each with its factor."""

    parts: tuple[tuple[float, str | PictureReference], ...]


@dataclass(frozen=True, slots=True)
class Composition:
    """A picture that is to be found otherwise: with the change, and without some things, in words.

    `described` says in the user's own words what the picture looked for shows, or is "tags"; `keep` is how
    much of the reference is kept and `insist` how much the change counts beyond the rest, both 0..1, None
    for the usual.
    """

    picture: PictureReference
    change: str
    without: tuple[str, ...] = ()
    described: str | None = None
    keep: float | None = None
    insist: float | None = None


@dataclass(frozen=True, slots=True)
class ClipReference:
    """A film that is a query, or the stretch of it from one second to another."""

    path: Path
    first_s: float | None = None
    last_s: float | None = None


@dataclass(frozen=True, slots=True)
class Footage:
    """What a film shows, moment by moment: `vectors`, float32 (n, dim), unit rows, one or more, from the
    seconds `starts_s`, ascending, to `end_s`. `is_cut`: the film, or the stretch asked for, goes on behind.
    """

    vectors: Vector
    starts_s: tuple[float, ...]
    end_s: float
    is_cut: bool = False


class QueryEncoder(Protocol):
    """What the engine needs of a space: a vector for what a person asked."""

    @property
    def space(self) -> str:
        """The space's name."""

    @property
    def fingerprint(self) -> Fingerprint:
        """Which stored vectors the query vectors may be compared with."""

    @property
    def accepts(self) -> frozenset[PayloadKind]:
        """Which kinds of query this space answers."""

    @property
    def thresholds(self) -> Thresholds | None:
        """What its cosines mean; None where only their background in a library tells."""

    def encode_text(self, text: str) -> Vector:
        """Return float32 (dim,), unit length. Raises `ModelError`."""

    def encode_picture(self, picture: PictureReference) -> Vector:
        """Return float32 (views, dim), unit rows: what is found is what lies near to any of the views.

        Raises `MediaError` or `ModelError`.
        """


@dataclass(frozen=True, slots=True)
class PictureRepair:
    """A query picture with what seems wrong with it undone. `told` completes "Searched with the picture ...".

    `improved`: by its own measure there is less of the defect. `is_guess`: nothing in the picture speaks for
    it. `pixels` are the repaired picture, its longest side some hundred pixels.
    """

    kind: str
    told: str
    evidence: str
    improved: bool
    is_guess: bool
    pixels: Pixels = field(compare=False, repr=False)


class PictureRepairer(Protocol):
    """Who finds out what may be wrong with a query picture. Neither method ever fails a query."""

    def repairs(self, picture: PictureReference) -> Sequence[PictureRepair]:
        """Return at most six repairs, none for a picture with which nothing seems wrong."""

    def turns(self, picture: PictureReference) -> Sequence[PictureRepair]:
        """Return the picture turned by the three right angles, none where it surely is upright."""


@runtime_checkable
class PixelEncoder(QueryEncoder, Protocol):
    """What takes pictures that stand in no file."""

    def encode_pixels(self, pictures: Sequence[Pixels]) -> Vector:
        """Return float32 (n, dim), unit rows. Raises `ModelError`, and `MediaError` where nothing is in them
        that this space is about."""


@runtime_checkable
class FaceEncoder(QueryEncoder, Protocol):
    """What the engine needs of the space of faces: pictures are asked for who is in them."""

    def remark(self, picture: PictureReference) -> str | None:
        """Return what a person should know about how a picture is taken, where that is not plain.

        Raises `MediaError` and `ModelError`.
        """


class Reranker(Protocol):
    """A model that reads texts together with what was asked."""

    def scores(self, question: str, texts: Sequence[str]) -> Vector:
        """Return float32 (n,): the larger, the better a text answers; of no scale. Raises `ModelError`."""


@runtime_checkable
class Literate(Protocol):
    """What knows the words of a language: then they are no misspellings of others."""

    def knows(self, word: str) -> bool:
        """Whether a folded word is one for certain. Raises `ModelError`."""


@runtime_checkable
class TokenEncoder(QueryEncoder, Protocol):
    """What the engine needs of a space of pages by late interaction: a vector for each word of a question."""

    def encode_tokens(self, text: str) -> Vector:
        """Return float32 (tokens, dim), unit rows; none where the model knows no word of it. Raises
        `ModelError`."""


@runtime_checkable
class FilmEncoder(QueryEncoder, Protocol):
    """What the engine needs of a space of pictures that can be asked with films."""

    def encode_film(self, clip: ClipReference) -> Footage:
        """Return the moments of a film, taken as those of the library's films are.

        Raises `MediaError` for a film that cannot be read or shows nothing, and `ModelError`.
        """


@dataclass(frozen=True, slots=True)
class MendedSound:
    """A recording that is a query, better to be heard: `vectors` as of `SoundEncoder.encode_sound`; `fixes`
    tell what was done to it, nothing where nothing was wrong."""

    vectors: Vector
    fixes: tuple[Fix, ...]


@runtime_checkable
class SoundEncoder(QueryEncoder, Protocol):
    """What the engine needs of the space of sounds."""

    def thresholds_for(self, kind: PayloadKind) -> Thresholds | None:
        """What the cosines of this kind of query mean; None where only their background tells."""

    def encode_sound(self, sound: SoundReference) -> Vector:
        """Return float32 (views, dim), unit rows: one for each sound that is to be heard in the file.

        Raises `MediaError` for a file without sound, or silent, and `ModelError`.
        """

    def encode_mended(self, sound: SoundReference) -> MendedSound:
        """Return the same of the recording with its level, its ends and the like put right.

        Raises `MediaError` for a file without sound, or silent, and `ModelError`.
        """


def unit_rows(vectors: NDArray[np.floating]) -> Vector:
    """Scale each row to length 1 in float32; rows of zeros stay zero."""
    rows: Vector = np.asarray(vectors, dtype=np.float32)
    lengths: Vector = np.linalg.norm(rows, axis=-1, keepdims=True)
    unit: Vector = np.divide(rows, np.maximum(lengths, np.finfo(np.float32).tiny), dtype=np.float32)
    return unit


def cosines_with(rows: Vector, query: Vector) -> Vector:
    """Return the cosines of unit rows, float32 (n, dim), with a unit query, float32 (dim,).

    Row by row on this thread. `rows @ query` wakes the linear algebra library's threads, which then keep a
    core busy for some 25 ms waiting for more to do: dear in a search that takes that long altogether.
    """
    cosines: Vector = np.vecdot(rows, query)
    return cosines
