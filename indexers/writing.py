"""The write stage: one thread that writes what is finished, a few hundred files at a time."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

import numpy as np

from indexers.base import FACTS
from indexers.channel import Channel, StoppedError
from indexers.derived import SOURCES
from indexers.facts import FACT_FIELDS
from indexers.flow import Finished, Item, Portion, Presence, Relocated, Trouble, Write
from indexers.places import Places, settled
from indexers.shared import Shared
from search.records import Content, File, Indexed, Moved, Outcome, Segment
from search.spaces import Fingerprint, Vector
from search.store import Batch, Mark, SegmentRows, Thumbnail, Writer

FILES_PER_BATCH = 256
_FIRST_BATCH_S, _BATCH_S = 1.0, 4.0
_LOOK_EVERY_S = 0.2


@dataclass(slots=True)
class _Gathered:
    """What goes into the next batch. `outcomes` are told once it is written."""

    contents: dict[str, Content] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    segments: dict[str, list[Segment]] = field(default_factory=dict)
    vectors: dict[str, list[Vector]] = field(default_factory=dict)
    tokens: dict[str, list[Vector | None]] = field(default_factory=dict)
    marks: list[Mark] = field(default_factory=list)
    thumbnails: list[Thumbnail] = field(default_factory=list)
    stale: dict[str, list[str]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    presence: list[Presence] = field(default_factory=list)
    complete: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return max(len(self.outcomes), len(self.files), len(self.marks) // 3)

    def add(
        self,
        space: str,
        segments: Sequence[Segment],
        vectors: Vector | None,
        tokens: Sequence[Vector | None] | None,
    ) -> None:
        self.segments.setdefault(space, []).extend(segments)
        self.vectors.setdefault(space, []).extend([vectors] if vectors is not None else [])
        self.tokens.setdefault(space, []).extend(tokens or [None] * len(segments))


class WriteStage:
    """Writes batches, so that the library can be searched while the run goes on."""

    def __init__(
        self,
        writer: Writer,
        shared: Shared,
        fingerprints: Mapping[str, Fingerprint],
        report: Callable[[Sequence[Outcome]], None],
        places: Places | None = None,
        written: Callable[[Iterable[str]], None] = lambda _: None,
    ) -> None:
        """`report` is told what became of files, `written` which contents are complete in the library."""
        self._writer = writer
        self._shared = shared
        self._fingerprints = fingerprints
        self._report = report
        self._places = places
        self._written = written
        self._next = _Gathered()
        self._due = time.monotonic() + _FIRST_BATCH_S
        self._lending = 0.0

    def run(self, writes: Channel[Write]) -> None:
        """Write until `writes` is closed and empty; after a stop what is finished is still written.

        Raises `LibraryError` when the library cannot be written.
        """
        try:
            while not writes.finished:
                message = writes.get(_LOOK_EVERY_S)
                if message is not None:
                    self._take(message)
                if self._next.weight >= FILES_PER_BATCH or time.monotonic() >= self._due:
                    self._flush()
                if time.monotonic() >= self._lending:
                    self._writer.lend()
                    self._lending = time.monotonic() + _LOOK_EVERY_S
        except StoppedError:
            for message in writes.drain():
                self._take(message)
        self._flush()

    def _take(self, message: Write) -> None:
        match message:
            case Finished():
                self._finish(message)
            case Portion(_, space, segments, vectors, tokens):
                self._next.add(space, segments, vectors, tokens)
                self._flush()
            case Relocated(files, gone, outcomes):
                self._next.files.update((file.path, file) for file in files)
                self._next.gone.extend(gone)
                self._next.outcomes.extend(outcomes)
            case Presence():
                self._next.presence.append(message)
            case _:
                assert_never(message)

    def _finish(self, done: Finished) -> None:
        work, batch = done.work, self._next
        item = work.item
        marks = list(self._marks_of(done))
        self._shared.tally.end(work.indexer, item.digest)
        trouble = done.trouble or next(iter(done.troubles.values()), None)
        with self._shared.lock:
            item.works -= 1
            item.trouble = item.trouble or trouble
            item.notes.update(dict.fromkeys(done.notes))
            item.segments += sum(mark.segments for mark in marks)
            self._shared.ledger.note(marks)
            if not item.works:
                del self._shared.items[item.digest]
        if trouble is None or not trouble.transient:
            self._gather(done, marks)
        if not item.works:
            batch.complete.append(item.digest)
            batch.gone.extend(item.before.values())
            batch.outcomes.extend(_outcome(item, file) for file in item.files)

    def _gather(self, done: Finished, marks: Iterable[Mark]) -> None:
        work, batch = done.work, self._next
        item = work.item
        batch.marks.extend(marks)
        batch.files.update((file.path, file) for file in item.files)
        if work.is_new or done.language:
            batch.contents[item.digest] = self._learned(done)
        if work.is_new:
            batch.thumbnails += [Thumbnail(item.digest, place, webp) for place, webp in done.thumbnails]
        for name, sources in SOURCES.items():
            if done.rows.keys() & set(sources) and self._shared.ledger.has(name, item.digest):
                self._shared.ledger.reopen(item.digest, [name])
                batch.stale.setdefault(name, []).append(item.digest)
        for space, (segments, vectors) in done.rows.items():
            if space not in done.troubles and done.trouble is None:
                batch.add(space, segments, vectors, done.tokens.get(space))

    def _learned(self, done: Finished) -> Content:
        """Return what is known of a content by now: several indexers may add to it."""
        item = done.work.item
        known = item.content
        if known is None and item.is_known:
            known = self._shared.library.contents([item.digest], own=False).get(item.digest)
        known = known or Content(item.digest, item.media_type, item.size)
        if done.content and FACTS in done.work.spaces:  # what was said before is no longer so
            known = replace(known, **{name: getattr(done.content, name) for name in FACT_FIELDS})
        content = done.content if done.work.is_new and done.content else known
        item.content = replace(known.completed(content), language=done.language or known.language)
        if FACTS in done.work.spaces:
            item.content = settled(item.content, self._places)
        return item.content

    def _marks_of(self, done: Finished) -> Iterable[Mark]:
        digest = done.work.item.digest
        for space in done.work.spaces:
            key = self._fingerprints[space].key
            trouble: Trouble | None = done.trouble or done.troubles.get(space)
            if trouble is not None:
                if not trouble.transient:
                    yield Mark(digest, space, key, trouble.outcome, trouble.reason, 0)
            elif space in done.rows:
                count = done.before.get(space, 0) + len(done.rows[space][0])
                yield Mark(digest, space, key, "done", " ".join(done.notes) or None, count)

    def _flush(self) -> None:
        batch, self._next = self._next, _Gathered()
        self._due = time.monotonic() + _BATCH_S
        for name, digests in batch.stale.items():
            self._writer.unmark(name, digests)
        if batch.files or batch.marks or batch.segments:
            self._writer.write(
                Batch(
                    contents=tuple(batch.contents.values()),
                    files=tuple(batch.files.values()),
                    segments={space: self._rows(batch, space) for space in batch.segments},
                    marks=batch.marks,
                    thumbnails=batch.thumbnails,
                )
            )
        if batch.gone:
            self._writer.remove_files(path for path in batch.gone if path not in batch.files)
        for presence in batch.presence:
            self._writer.set_present(presence.root, presence.present)
        self._written(batch.complete)
        self._report(batch.outcomes)

    def _rows(self, batch: _Gathered, space: str) -> SegmentRows:
        vectors = batch.vectors[space]
        every = np.concatenate(vectors) if vectors else None
        return SegmentRows(self._fingerprints[space], batch.segments[space], every, batch.tokens[space])


def _outcome(item: Item, file: File) -> Outcome:
    """Say what became of one path of an item that is finished."""
    if item.trouble is not None:
        return item.trouble.as_outcome(file.path)
    before = item.before.get(file.path)
    if before is not None and not item.segments:
        return Moved(file.path, before)
    return Indexed(file.path, item.segments, " ".join(item.notes) or None)
