"""Which of a tagger's classes a text means: by the meaning of their names where a model of meaning is there,
else by the words that they share.
"""

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.kept_vectors import NOT_KEPT, KeptVectors
from search.spaces import Vector

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Encode:
    """A model of meaning: `key` names it, `texts` gives float32 (n, dim) or raises `ModelError`."""

    key: str
    texts: Callable[[Sequence[str]], Vector]


_ASKED = "the sound of {}"
_SHARPNESS = 0.05
"""How much less similar a class may be for its weight to fall to a third."""

_LEAST_WEIGHT = 0.02
_NEUTRAL = (
    "a contract of sale",
    "the quarterly report of a company",
    "how to fill in a form",
    "a beautiful colour",
    "my passport and my papers",
    "a portrait of a woman",
    "the history of a small country",
    "a mountain in winter",
    "questions about taxes",
    "an old photo",
    "a table with numbers",
    "a dress with flowers",
)
"""What makes no sound: how near such texts come to the nearest class is how near chance comes."""

_UNSURE, _SURE = 0.18, 0.45
"""Where between chance and the name itself a text begins to mean a sound, and where it surely does."""

_WORDS_UNSURE, _WORDS_SURE = 0.3, 0.6
_EMPTY_WORDS = frozenset(("a", "an", "the", "of", "on", "in", "at", "is", "are", "to", "and", "or", "sound"))
_ENDINGS = ("ings", "ing", "ers", "er", "ies", "es", "ed", "s", "y", "e")


class ClassNames:
    """The names of a tagger's classes, encoded at the first query. Safe to use from many threads."""

    def __init__(
        self, names: Sequence[str], encode: Encode | None = None, kept: KeptVectors = NOT_KEPT
    ) -> None:
        self.names = tuple(names)
        said = [(phrase, n) for n, name in enumerate(self.names) for phrase in phrases(name)]
        self._phrases = tuple(phrase for phrase, _ in said)
        self._owners = np.array([n for _, n in said])
        self._encode, self._kept = encode, kept
        self._lock = threading.Lock()
        self._vectors: Vector | None = None
        self._chance = 0.0

    def weights(self, text: str) -> tuple[Scores, float]:
        """Return the classes' weights, float64 (n,) of unit length, and 0..1 how surely they are meant.

        Raises `ModelError`.
        """
        if self._encode is None:
            found = np.array([_shared(_stems(text), _stems(phrase)) for phrase in self._phrases])
            low, high = _WORDS_UNSURE, _WORDS_SURE
        else:
            vectors = self._encoded(self._encode)
            found = np.asarray(vectors @ self._encode.texts([_ASKED.format(text)])[0], np.float64)
            low, high = (self._chance + share * (1 - self._chance) for share in (_UNSURE, _SURE))
        similar = np.full(len(self.names), -1.0)
        np.maximum.at(similar, self._owners, found)
        best = float(similar.max())
        weights = np.exp((similar - best) / _SHARPNESS)
        weights[weights < _LEAST_WEIGHT] = 0.0
        return weights / np.linalg.norm(weights), float(np.clip((best - low) / (high - low), 0.0, 1.0))

    def _encoded(self, encode: Encode) -> Vector:
        with self._lock:
            if self._vectors is None:
                texts = [_ASKED.format(text) for text in (*self._phrases, *_NEUTRAL)]
                what = f"the names of {len(self.names)} sounds"
                vectors = self._kept.vectors("sound-classes", what, encode.key, texts, encode.texts)
                self._vectors = vectors[: len(self._phrases)]
                self._chance = float((vectors[len(self._phrases) :] @ self._vectors.T).max(axis=1).mean())
            return self._vectors


def phrases(name: str) -> Iterator[str]:
    """Yield what a class may be called: `Violin, fiddle` also by its parts, `Police car (siren)` turned."""
    name = name.lower()
    ways = [name, *(part.strip() for part in re.sub(r"\(.*?\)", "", name).split(","))]
    if turned := re.fullmatch(r"(.*) \((.*)\)", name):
        ways.append(f"{turned[2]} {turned[1]}")
    yield from dict.fromkeys(way for way in ways if way and not way.startswith("etc"))


def _stems(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKD", text.lower())
    return frozenset(_stem(word) for word in re.findall(r"[^\W\d_]+", plain) if word not in _EMPTY_WORDS)


def _stem(word: str) -> str:
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), "")
    stem = word.removesuffix(ending)
    return stem[:-1] if stem[-2:-1] == stem[-1:] else stem


def _shared(asked: frozenset[str], named: frozenset[str]) -> float:
    """Return 0..1 how far two sets of words are the same; what is asked may say more than a name."""
    both = len(asked & named)
    return both / len(named) * (0.5 + 0.5 * both / len(asked)) if both else 0.0
