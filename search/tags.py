"""Things that a picture may show, in words: what a picture is described with."""

import threading
from collections.abc import Sequence
from functools import partial

import numpy as np

from search.kept_vectors import NOT_KEPT, KeptVectors
from search.spaces import QueryEncoder, Vector, unit_rows

_TEMPLATE = "a photo of {}"


class Tags:
    """Words, and how well each fits a picture; encoded at the first question. Thread-safe."""

    def __init__(self, words: Sequence[str] = (), kept: KeptVectors = NOT_KEPT) -> None:
        """`kept` keeps the vectors of the words from one run to the next."""
        self.words = tuple(words)
        self._kept = kept
        self._lock = threading.Lock()
        self._known: dict[str, Vector] = {}

    def fits(self, encoder: QueryEncoder, picture: Vector) -> Vector:
        """Return the cosines of all words, float32 (n,), with a picture, float32 (dim,) of unit length,
        of which what all pictures share was taken off, as is here of the words. Raises `ModelError`."""
        if not self.words:
            return np.zeros(0, np.float32)
        return np.asarray(self._vectors(encoder) @ picture, np.float32)

    def _vectors(self, encoder: QueryEncoder) -> Vector:
        with self._lock:
            key = encoder.fingerprint.key
            if key not in self._known:
                texts = [_TEMPLATE.format(word) for word in self.words]
                what = f"{len(texts)} words for what pictures show"
                made = self._kept.vectors("tags", what, key, texts, partial(_encoded, encoder))
                self._known[key] = unit_rows(made - made.mean(axis=0))
            return self._known[key]


def _encoded(encoder: QueryEncoder, texts: Sequence[str]) -> Vector:
    return np.stack([encoder.encode_text(text) for text in texts])
