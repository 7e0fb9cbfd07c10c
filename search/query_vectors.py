"""Vectors of what a person asks, each made once: as long as the model and what is asked stay the same."""

import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar, cast

from search.digests import Digests
from search.spaces import (
    ClipReference,
    FilmEncoder,
    Footage,
    MendedSound,
    PictureReference,
    PictureRepair,
    PixelEncoder,
    QueryEncoder,
    SoundEncoder,
    SoundReference,
    TokenEncoder,
    Vector,
)

T = TypeVar("T")

KEPT = 256
"""So many vectors (or sets of views) are remembered, those used last; some 4 kB each."""

Single = str | PictureReference | SoundReference
"""What is encoded by itself."""


class QueryVectors:
    """The vectors of texts, pictures and sounds that were asked for. Thread-safe.

    A file is known by its content, so a copy of it is not encoded again and a changed one is. Who asks for
    what is just being encoded waits for it.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self.digests = Digests()
        self._kept = kept
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def of(self, encoder: QueryEncoder, ask: Single) -> Vector:
        """Return the query's vectors, float32 (views, dim), not to be written to: a text has one view.

        Raises `MediaError` and `ModelError`, and remembers neither.
        """
        return self.remembered((*_model(encoder), self._identity(ask)), lambda: _encoded(encoder, ask))

    def film(self, encoder: FilmEncoder, clip: ClipReference) -> Footage:
        """Return the moments of a film. Raises `MediaError` and `ModelError`."""
        identity = "film", self.digests.identity(clip.path), clip.first_s, clip.last_s
        return self.remembered((*_model(encoder), identity), lambda: encoder.encode_film(clip))

    def tokens_of(self, encoder: TokenEncoder, text: str) -> Vector:
        """Return a vector for each word of a text, float32 (words, dim), likewise. Raises `ModelError`."""
        return self.remembered((*_model(encoder), "tokens", text), lambda: encoder.encode_tokens(text))

    def of_mended(self, encoder: SoundEncoder, ask: SoundReference) -> MendedSound:
        """Return the vectors of a recording that was put right. Raises `MediaError` and `ModelError`."""
        key = (*_model(encoder), "mended", self._identity(ask))
        return self.remembered(key, lambda: encoder.encode_mended(ask))

    def of_repairs(
        self, encoder: PixelEncoder, ask: PictureReference, repairs: Sequence[PictureRepair]
    ) -> Vector:
        """Return the vectors of the repaired pictures of a query in one batch, float32 (n, dim), likewise."""
        names = tuple((repair.kind, repair.told) for repair in repairs)
        key = (*_model(encoder), self._identity(ask), names)
        return self.remembered(key, lambda: encoder.encode_pixels([repair.pixels for repair in repairs]))

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` returned, or returns now, for this key."""
        with self._lock:
            found = self._known.get(key)
            if found is None:
                mine: Future[T] = Future()
                self._known[key] = mine
                while len(self._known) > self._kept:
                    self._known.popitem(last=False)
            else:
                self._known.move_to_end(key)
        if found is not None:
            return cast("T", found.result())
        try:
            made = make()
        except BaseException as error:
            with self._lock:
                self._known.pop(key, None)
            mine.set_exception(error)
            raise
        mine.set_result(made)
        return made

    def _identity(self, ask: Single) -> Hashable:
        match ask:
            case str():
                return ("text", ask)
            case PictureReference(path, box, page):
                return ("picture", self.digests.identity(path), box, page)
            case SoundReference(path):
                return ("sound", self.digests.identity(path))


def _model(encoder: QueryEncoder) -> tuple[Hashable, ...]:
    """What makes a vector: spaces of one model share what is asked of them."""
    return type(encoder), encoder.fingerprint


def _encoded(encoder: QueryEncoder, ask: Single) -> Vector:
    match ask:
        case str():
            vectors = encoder.encode_text(unicodedata.normalize("NFC", ask))[None]
        case PictureReference():
            vectors = encoder.encode_picture(ask)
        case SoundReference():
            assert isinstance(encoder, SoundEncoder)
            vectors = encoder.encode_sound(ask)
    vectors.setflags(write=False)
    return vectors
