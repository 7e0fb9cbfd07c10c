"""The encode stage: one thread with all models. It turns pieces into vectors, and into more pieces."""

import math
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from indexers.base import Part, Piece
from indexers.batch import IDLE_S, Batch, for_reader, for_space
from indexers.channel import Channel
from indexers.flow import Decoded, Finished, Portion, Trouble, Work, Write
from indexers.memory import Tidier
from indexers.reader import Reader, Settling
from indexers.readings import Readings
from search.errors import ModelError
from search.records import Content, Missing, Segment
from search.spaces import Space, Vector, unit_rows
from search.storyboard import Shown

BATCH = 32
"""How many pieces a space is given at once, as long as that takes no longer than a second or so."""

PORTION_BYTES = 16_000_000
"""So much of the many vectors of pages is held of one content before it is written."""

_IDLE_S = 0.2


@dataclass(slots=True)
class _Rows:
    """The segments of one content in one space; vectors arrive later, in any order. `before` were handed on
    already, `weight` bytes is what the pages' many vectors take."""

    segments: list[Segment] = field(default_factory=list)
    vectors: list[Vector | None] = field(default_factory=list)
    tokens: list[Vector | None] = field(default_factory=list)
    before: int = 0
    weight: int = 0

    @property
    def count(self) -> int:
        return self.before + len(self.segments)

    def add(self, segment: Segment, piece: Piece) -> None:
        self.segments.append(segment)
        self.vectors.append(piece.vector)
        self.tokens.append(piece.tokens)
        self.weight += 0 if piece.tokens is None else piece.tokens.nbytes


@dataclass(slots=True)
class _Gathering:
    """One work's results, until the last piece is encoded.

    `queued` counts the pieces that models were given so far, of which some are `waiting`; `parts` says how
    many these were at the end of each part, and which share of the file was read with it.
    """

    work: Work
    rows: dict[str, _Rows]
    content: Content | None = None
    thumbnails: list[tuple[Shown, bytes]] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    trouble: Trouble | None = None
    troubles: dict[str, Trouble] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    languages: Counter[str] = field(default_factory=Counter)
    readings: dict[str, list[Sequence[Piece]]] = field(default_factory=dict)
    waiting: int = 0
    queued: int = 0
    parts: deque[tuple[int, float]] = field(default_factory=deque)
    complete: bool = False

    def reached(self) -> float | None:
        """Return which share of the file has been through the models, where that is more than before."""
        share = None
        while self.parts and self.parts[0][0] <= self.queued - self.waiting:
            _, share = self.parts.popleft()
        return share


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A piece in a batch, and the row of its space that its vector goes to."""

    gathering: _Gathering
    piece: Piece
    n: int


class EncodeStage:
    """Gathers parts, encodes their pieces, and hands on works that are finished.

    Each space is served by a `Space`, which makes vectors, by a `Reader`, which makes more pieces, or by
    nobody (words). One whose model fails is reported once (`lost`) and left out from then on.
    """

    def __init__(
        self,
        spaces: Sequence[Space],
        lost: Callable[[Missing], None],
        batch: int = BATCH,
        readers: Sequence[Reader] = (),
        rest: Callable[[float], None] = lambda _: None,
        readings: Readings | None = None,
        idle_s: float = IDLE_S,
        reached: Callable[[Work, float], None] = lambda _work, _share: None,
    ) -> None:
        """`rest` is told after every batch how many seconds it took, and may wait; what is in `readings`
        is not read again; a model without work for `idle_s` seconds is freed until it is needed again;
        `reached` is told which share of a file, 0..1, is read and encoded by now.
        """
        batches: list[Batch[_Waiting]] = [for_space(space, batch) for space in spaces]
        batches += [for_reader(reader) for reader in readers]
        self._batches = {one.name: one for one in batches}
        self._readers = frozenset(reader.name for reader in readers)
        self._readings = readings
        self._keys = {reader.name: reader.fingerprint.key for reader in readers} if readings else {}
        self._settling = {reader.name: reader.settle for reader in readers if isinstance(reader, Settling)}
        self._lost = lost
        self._rest = rest
        self._idle_s = idle_s
        self._reached = reached
        self._loaded = -math.inf
        self._tidier = Tidier()
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
            while batch := self._due(idle=message is None):
                began = time.monotonic()
                self._make_room(batch)
                self._serve(batch)
                self._tidier.tidy()
                self._rest(time.monotonic() - began)
            self._hand_on(finished)
        for name in self._readers & self._batches.keys():  # what is made of their words needs spaces alone
            self._batches[name].relax(idle_s=0)
        finished.close()

    def _due(self, idle: bool) -> Batch[_Waiting] | None:
        """Return the cheapest model that has a full batch; while nothing comes in, any batch will do. Before
        a model is loaded, what little waits for those that are there comes first: then they can be freed."""
        batches = self._batches.values()
        due = next((one for one in batches if one.is_full or (idle and one.waiting)), None)
        if due is None or not due.is_cold:
            return due
        return next((one for one in batches if one.waiting and not one.is_cold), due)

    def _make_room(self, batch: Batch[_Waiting]) -> None:
        """Free models without work, sooner since another was loaded."""
        if batch.is_cold:
            self._loaded = time.monotonic()
        for one in self._batches.values():
            one.relax(self._idle_s, self._loaded)

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
                gathering.notes.update(dict.fromkeys(part.notes))
                self._add(gathering, part.pieces)
                if part.share is not None:
                    gathering.parts.append((gathering.queued, part.share))
                    self._tell(gathering)
            case Trouble() as trouble:
                gathering.trouble = trouble
        if message.last:
            gathering.complete = True
            self._end(gathering)

    def _add(self, gathering: _Gathering, pieces: Sequence[Piece]) -> None:
        """Make a row of each piece that belongs in one, and queue what a model is to look at."""
        before = {space: rows.count for space, rows in gathering.rows.items()}
        for piece in pieces:
            if piece.space not in before or (piece.payload is not None and not self._queue(gathering, piece)):
                continue
            if piece.language:
                gathering.languages[piece.language] += len(piece.text or "")
            if piece.payload is None or piece.space not in self._readers:
                rows = gathering.rows[piece.space]
                rows.add(_segment(gathering.work, piece, rows.count, before), piece)

    def _queue(self, gathering: _Gathering, piece: Piece) -> bool:
        batch = self._batches.get(piece.space)
        if batch is None:  # its model failed earlier in this run
            gathering.lost.add(piece.space)
            return False
        batch.waiting.append(_Waiting(gathering, piece, len(gathering.rows[piece.space].segments)))
        gathering.waiting += 1
        gathering.queued += 1
        return True

    def _serve(self, batch: Batch[_Waiting]) -> None:
        taken = batch.take()
        known = [self._recalled(batch.name, one) for one in taken]
        chosen = [one for one, said in zip(taken, known, strict=True) if said is None]
        try:
            results = iter(batch.answer(chosen) if chosen else ())
        except ModelError as error:
            self._lose(batch, error, taken)
            return
        for waiting, said in zip(taken, known, strict=True):
            result = said if said is not None else next(results)
            if isinstance(result, Trouble):
                waiting.gathering.troubles[batch.name] = result
            elif isinstance(result, np.ndarray):
                waiting.gathering.rows[batch.name].vectors[waiting.n] = result
            else:
                self._was_read(batch.name, waiting, result, is_new=said is None)
            self._arrived(waiting.gathering)

    def _recalled(self, reader: str, waiting: _Waiting) -> Sequence[Piece] | None:
        if self._readings is None or reader not in self._keys:
            return None
        return self._readings.recall(waiting.gathering.work.item.digest, self._keys[reader], waiting.piece)

    def _was_read(self, reader: str, waiting: _Waiting, said: Sequence[Piece], *, is_new: bool) -> None:
        gathering = waiting.gathering
        if is_new and self._readings is not None:
            self._readings.keep(gathering.work.item.digest, self._keys[reader], waiting.piece, said)
        if reader in self._settling:
            gathering.readings.setdefault(reader, []).append(said)
        else:
            self._add(gathering, said)

    def _lose(self, batch: Batch[_Waiting], error: ModelError, chosen: Sequence[_Waiting]) -> None:
        """Leave a space out of the run: nothing is written for it, so that a later run makes it good."""
        del self._batches[batch.name]
        self._lost(Missing(batch.name, error.message, error.remedy))
        for waiting in (*chosen, *batch.waiting):
            waiting.gathering.lost.add(batch.name)
            self._arrived(waiting.gathering)
        batch.waiting.clear()

    def _arrived(self, gathering: _Gathering) -> None:
        gathering.waiting -= 1
        self._tell(gathering)
        self._end(gathering)

    def _tell(self, gathering: _Gathering) -> None:
        share = gathering.reached()
        if share is not None:
            self._reached(gathering.work, share)

    def _end(self, gathering: _Gathering) -> None:
        """Hand on what is complete; what settles at the end may lead to more to be encoded."""
        if not gathering.complete or gathering.waiting:
            return
        readings, gathering.readings = gathering.readings, {}
        for name, read in readings.items():
            self._add(gathering, self._settling[name](read))
        if not gathering.waiting:
            self._finished.append(gathering)

    def _hand_on(self, finished: Channel[Write]) -> None:
        for gathering in self._finished:
            del self._gatherings[id(gathering.work)]
            finished.put(_made_up(gathering))
        self._finished.clear()
        for gathering in self._gatherings.values():
            for portion in _portions(gathering):
                finished.put(portion)


def _portions(gathering: _Gathering) -> Iterator[Portion]:
    """Take out the rows that are heavy by now; those of pages come from readers and have their vectors."""
    for name, rows in gathering.rows.items():
        if rows.weight >= PORTION_BYTES and name not in gathering.lost:
            yield Portion(gathering.work, name, rows.segments, _stacked(rows.vectors), rows.tokens)
            gathering.rows[name] = _Rows(before=rows.count)


def _made_up(gathering: _Gathering) -> Finished:
    rows = {name: rows for name, rows in gathering.rows.items() if name not in gathering.lost}
    for each in rows.values():
        _fill_parents(each)
    return Finished(
        work=gathering.work,
        content=gathering.content,
        rows={name: (each.segments, _stacked(each.vectors)) for name, each in rows.items()},
        trouble=gathering.trouble,
        troubles=gathering.troubles,
        thumbnails=gathering.thumbnails,
        notes=tuple(gathering.notes),
        language=max(gathering.languages, key=lambda name: gathering.languages[name], default=None),
        tokens={name: each.tokens for name, each in rows.items() if each.weight},
        before={name: each.before for name, each in rows.items() if each.before},
    )


def _fill_parents(rows: _Rows) -> None:
    """Give a segment without a vector the middle of those that it holds: a shot is like its moments."""
    lacking = {one.id: n for n, one in enumerate(rows.segments) if rows.vectors[n] is None}
    held: dict[str, list[Vector]] = {}
    for segment, vector in zip(rows.segments, rows.vectors, strict=True):
        if segment.parent in lacking and vector is not None:
            held.setdefault(segment.parent, []).append(vector)
    for parent, vectors in held.items():
        rows.vectors[lacking[parent]] = unit_rows(np.sum(vectors, axis=0)[None])[0]


def _segment(work: Work, piece: Piece, n: int, before: Mapping[str, int]) -> Segment:
    """Make the `n`-th segment of a piece's space; `before` are those that were there before its part."""
    digest, space = work.item.digest, piece.space
    parent = None if piece.parent is None else Segment(digest, space, before[space] + piece.parent).id
    looks = piece.quality, piece.landmarks
    return Segment(digest, space, n, piece.locator, piece.text, parent, piece.timing, *looks)


def _stacked(vectors: Sequence[Vector | None]) -> Vector | None:
    there = [vector for vector in vectors if vector is not None]
    return np.stack(there) if there else None
