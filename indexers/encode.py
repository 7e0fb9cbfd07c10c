"""The encode stage: one thread that turns pieces into vectors, in batches by space."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import numpy as np

from indexers.base import Part, Piece
from indexers.channel import Channel
from indexers.flow import Decoded, Finished, Trouble, Work, Write
from search.errors import ModelError
from search.records import Content, Locator, Missing, Segment
from search.spaces import Payload, Space, Vector

BATCH = 32
"""How many pieces a space is given at once, as long as that takes no longer than a second or so."""

_FIRST_BATCH = 8
_LONGEST_S, _SHORTEST_S = 4.0, 1.0
_IDLE_S = 0.2


@dataclass(slots=True)
class _Rows:
    """The segments of one content in one space; vectors arrive later, in any order."""

    segments: list[Segment] = field(default_factory=list)
    vectors: list[Vector | None] = field(default_factory=list)


@dataclass(slots=True)
class _Gathering:
    """One work's results, until the last piece is encoded."""

    work: Work
    rows: dict[str, _Rows]
    content: Content | None = None
    thumbnails: list[tuple[Locator, bytes]] = field(default_factory=list)
    trouble: Trouble | None = None
    troubles: dict[str, Trouble] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    waiting: int = 0
    complete: bool = False


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A piece in a batch: where its vector goes."""

    gathering: _Gathering
    n: int
    payload: Payload


class EncodeStage:
    """Gathers parts, encodes their pieces, and hands on works that are finished.

    A space whose model fails is reported once (`lost`) and left out from then on.
    """

    def __init__(self, spaces: Sequence[Space], lost: Callable[[Missing], None], batch: int = BATCH) -> None:
        self._batches = {space.name: _Batch(space, batch) for space in spaces}
        self._lost = lost
        self._gatherings: dict[int, _Gathering] = {}
        self._finished: list[_Gathering] = []

    def run(self, decoded: Channel[Decoded], finished: Channel[Write]) -> None:
        """Work until `decoded` is closed and empty, then close `finished`. Raises `StoppedError`."""
        done = False
        while not done:
            done = decoded.finished  # asked first: then what waits in the batches is encoded once more
            message = decoded.get(_IDLE_S)
            if message is not None:
                self._take(message)
            for batch in list(self._batches.values()):
                while batch.is_full or (message is None and batch.waiting):
                    self._encode(batch)
            self._hand_on(finished)
        finished.close()

    def _take(self, message: Decoded) -> None:
        work = message.work
        gathering = self._gatherings.get(id(work))
        if gathering is None:
            gathering = _Gathering(work, {space: _Rows() for space in work.spaces})
            self._gatherings[id(work)] = gathering
        match message.answer:
            case Part() as part:
                gathering.content = gathering.content or part.content
                gathering.thumbnails.extend(part.thumbnails)
                for piece in part.pieces:
                    self._add(gathering, piece)
            case Trouble() as trouble:
                gathering.trouble = trouble
        if message.last:
            gathering.complete = True
            if not gathering.waiting:
                self._finished.append(gathering)

    def _add(self, gathering: _Gathering, piece: Piece) -> None:
        rows = gathering.rows[piece.space]
        n = len(rows.segments)
        if piece.payload is not None:
            batch = self._batches.get(piece.space)
            if batch is None:  # its model failed earlier in this run
                gathering.lost.add(piece.space)
                return
            batch.waiting.append(_Waiting(gathering, n, piece.payload))
            gathering.waiting += 1
        digest = gathering.work.item.digest
        rows.segments.append(Segment(digest, piece.space, n, piece.locator, piece.text))
        rows.vectors.append(piece.vector)

    def _encode(self, batch: "_Batch") -> None:
        chosen = batch.take()
        try:
            results = batch.encode([waiting.payload for waiting in chosen])
        except ModelError as error:
            self._lose(batch, error, chosen)
            return
        for waiting, result in zip(chosen, results, strict=True):
            if isinstance(result, Trouble):
                waiting.gathering.troubles[batch.name] = result
            else:
                waiting.gathering.rows[batch.name].vectors[waiting.n] = result
            self._arrived(waiting.gathering)

    def _lose(self, batch: "_Batch", error: ModelError, chosen: Sequence[_Waiting]) -> None:
        """Leave a space out of the run: nothing is written for it, so that a later run makes it good."""
        del self._batches[batch.name]
        self._lost(Missing(batch.name, error.message, error.remedy))
        for waiting in (*chosen, *batch.waiting):
            waiting.gathering.lost.add(batch.name)
            self._arrived(waiting.gathering)
        batch.waiting.clear()

    def _arrived(self, gathering: _Gathering) -> None:
        gathering.waiting -= 1
        if gathering.complete and not gathering.waiting:
            self._finished.append(gathering)

    def _hand_on(self, finished: Channel[Write]) -> None:
        for gathering in self._finished:
            del self._gatherings[id(gathering.work)]
            finished.put(_made_up(gathering))
        self._finished.clear()


class _Batch:
    """The pieces that wait for one space, and how many it takes at once."""

    def __init__(self, space: Space, most: int) -> None:
        self.name = space.name
        self.waiting: list[_Waiting] = []
        self._space = space
        self._most = most
        self._size = min(_FIRST_BATCH, most)

    @property
    def is_full(self) -> bool:
        return len(self.waiting) >= self._size

    def take(self) -> list[_Waiting]:
        """Take the oldest pieces out of the queue, all of one kind (words or pictures)."""
        kind = type(self.waiting[0].payload)
        chosen = list(takewhile(lambda waiting: type(waiting.payload) is kind, self.waiting[: self._size]))
        del self.waiting[: len(chosen)]
        return chosen

    def encode(self, payloads: Sequence[Payload]) -> list[Vector | Trouble]:
        """Encode, and learn how large the next batch may be. Raises `ModelError`."""
        began = time.monotonic()
        results = self._encode_or_halve(payloads)
        seconds = time.monotonic() - began
        if seconds > _LONGEST_S:
            self._size = max(1, self._size // 2)
        elif seconds < _SHORTEST_S and len(payloads) == self._size:
            self._size = min(self._most, self._size * 2)
        return results

    def _encode_or_halve(self, payloads: Sequence[Payload]) -> list[Vector | Trouble]:
        """Encode; what fails together (too little memory, one bad piece) is tried in halves."""
        try:
            vectors = self._space.encode(payloads)
            if (
                vectors.shape != (len(payloads), self._space.fingerprint.dim)
                or not np.isfinite(vectors).all()
            ):
                raise ValueError(
                    f"{self.name} gave vectors of a wrong shape or with values that are no numbers"
                )
            return list(vectors)
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 (the per-file boundary: one piece is left in the end)
            if len(payloads) == 1:
                return [Trouble("failed", f"{self.name} could not be made: {type(error).__name__}, {error}.")]
            half = len(payloads) // 2
            return [*self._encode_or_halve(payloads[:half]), *self._encode_or_halve(payloads[half:])]


def _made_up(gathering: _Gathering) -> Finished:
    rows = {name: rows for name, rows in gathering.rows.items() if name not in gathering.lost}
    return Finished(
        work=gathering.work,
        content=gathering.content,
        rows={name: (each.segments, _stacked(each.vectors)) for name, each in rows.items()},
        trouble=gathering.trouble,
        troubles=gathering.troubles,
        thumbnails=gathering.thumbnails,
    )


def _stacked(vectors: Sequence[Vector | None]) -> Vector | None:
    there = [vector for vector in vectors if vector is not None]
    return np.stack(there) if there else None
