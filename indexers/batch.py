"""Pieces that wait for one model, and how many it is given at once."""

import math
import time
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Generic, Protocol, TypeVar

import numpy as np

from indexers.base import Piece
from indexers.channel import StoppedError
from indexers.flow import Trouble
from indexers.reader import Reader
from search.errors import ModelError
from search.spaces import Payload, Space, Vector, unit_rows

LEAN = 0.6
"""How much what a text stands under counts in its vector, beside its own words."""

IDLE_S = 60.0
"""A model that had nothing to do for so long gives its memory back. Files are read one modality after the
other, so a long film would else hold the models of all of them at once."""

BRIEFLY_S = 5.0
"""The same once another model was loaded since, which wants room."""

_FIRST_BATCH = 8
_LONGEST_S, _SHORTEST_S = 4.0, 1.0

Answer = Vector | Sequence[Piece]
"""What a model makes of one piece: its vector, or what there is to read in it."""


class Waiting(Protocol):
    """Whatever waits; its piece has a payload."""

    @property
    def piece(self) -> Piece:
        """The piece."""


W = TypeVar("W", bound=Waiting)


class Batch(Generic[W]):
    """What waits for the model of the space `name`; learns how much it can be given at once.

    `serve` answers pieces of one kind of payload in their order and raises `ModelError` when the model
    cannot be used at all; `close` frees it until it is needed again.
    """

    def __init__(
        self,
        name: str,
        serve: Callable[[Sequence[Piece]], Sequence[Answer]],
        most: int,
        close: Callable[[], None] = lambda: None,
    ) -> None:
        self.name = name
        self.waiting: list[W] = []
        self._serve = serve
        self._close = close
        self._used: float | None = None
        self._most = most
        self._size = min(_FIRST_BATCH, most)

    @property
    def is_full(self) -> bool:
        """Whether a whole batch waits."""
        return len(self.waiting) >= self._size

    @property
    def is_cold(self) -> bool:
        """Whether the next question to the model may have it loaded first."""
        return self._used is None

    def take(self) -> list[W]:
        """Take the oldest pieces out of the queue, all of one kind (words, pictures or sound)."""
        kind = _kind(self.waiting[0].piece.payload)
        chosen = list(takewhile(lambda one: _kind(one.piece.payload) == kind, self.waiting[: self._size]))
        del self.waiting[: len(chosen)]
        return chosen

    def answer(self, chosen: Sequence[W]) -> list[Answer | Trouble]:
        """Ask the model, and learn how large the next batch may be. Raises `ModelError`."""
        began = time.monotonic()
        results = self._answer_or_halve([one.piece for one in chosen])
        self._used = time.monotonic()
        seconds = self._used - began
        if seconds > _LONGEST_S:
            self._size = max(1, self._size // 2)
        elif seconds < _SHORTEST_S and len(chosen) == self._size:
            self._size = min(self._most, self._size * 2)
        return results

    def relax(self, idle_s: float = IDLE_S, loaded: float = -math.inf) -> bool:
        """Free the model when nothing waits for it and it was last asked `idle_s` seconds ago or longer, or
        `BRIEFLY_S` where another was `loaded` since (seconds of the monotonic clock); returns whether it was
        freed now. One that was not asked since is left alone: another may use it too.
        """
        if self.waiting or self._used is None:
            return False
        wanted_s = min(BRIEFLY_S, idle_s) if self._used <= loaded else idle_s
        if time.monotonic() - self._used < wanted_s:
            return False
        self._close()
        self._used = None
        return True

    def _answer_or_halve(self, pieces: Sequence[Piece]) -> list[Answer | Trouble]:
        """Ask; what fails together (too little memory, one bad piece) is tried in halves."""
        try:
            answers: list[Answer | Trouble] = list(self._serve(pieces))
            if len(answers) != len(pieces):
                raise ValueError(f"{self.name} gave {len(answers)} answers to {len(pieces)} pieces")
            return answers
        except (ModelError, StoppedError):
            raise
        except Exception as error:  # noqa: BLE001 (the per-file boundary: one piece is left in the end)
            if len(pieces) == 1:
                return [Trouble("failed", f"{self.name} could not be made: {type(error).__name__}, {error}.")]
            half = len(pieces) // 2
            return [*self._answer_or_halve(pieces[:half]), *self._answer_or_halve(pieces[half:])]


def for_space(space: Space, most: int) -> Batch[W]:
    """Return the queue of a space, whose answers are vectors."""

    def serve(pieces: Sequence[Piece]) -> Sequence[Vector]:
        payloads = [piece.payload for piece in pieces if piece.payload is not None]
        vectors = space.encode(payloads)
        if vectors.shape != (len(payloads), space.fingerprint.dim) or not np.isfinite(vectors).all():
            raise ValueError(f"{space.name} gave vectors of a wrong shape or with values that are no numbers")
        return list(in_context(space, vectors, [piece.over for piece in pieces]))

    return Batch(space.name, serve, most, space.close)


def in_context(space: Space, vectors: Vector, over: Sequence[str | None]) -> Vector:
    """Let the vectors of texts, float32 (n, dim), lean to those of what they stand under (decision 0048)."""
    told = list(dict.fromkeys(text for text in over if text))
    if not told:
        return vectors
    contexts = dict(zip(told, space.encode(told), strict=True))
    leaning = [
        vector + LEAN * contexts[text] if text else vector for vector, text in zip(vectors, over, strict=True)
    ]
    return unit_rows(np.stack(leaning))


def for_reader(reader: Reader) -> Batch[W]:
    """Return the queue of a reader, whose answers are pieces."""
    return Batch(reader.name, reader.read, reader.batch, reader.close)


def _kind(payload: Payload | None) -> str:
    return "text" if isinstance(payload, str) or payload is None else str(payload.dtype)
