"""The meaning of what other models wrote down, what is said and what stands in pictures: encoded last.

It is taken from the library: another model of meaning must not make everything be heard and read again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from indexers.ledger import Ledger
from indexers.ocr import OCR
from indexers.paragraphs import is_prose, passages, size
from indexers.speech import HEARD, SHOWN
from search.errors import ModelError
from search.plan import DEPICTED, SPOKEN
from search.records import Locator, Missing, Region, Segment
from search.spaces import Space
from search.store import Batch, Library, Mark, SegmentRows, Writer

SOURCES: Mapping[str, tuple[str, ...]] = {SPOKEN: (HEARD, SHOWN), DEPICTED: (OCR,)}
"""For each space of meanings the spaces of words that it is made of."""

LEAST = 6
"""Tokens. What is shorter says too little to be found by what it means."""

_TEXTS_AT_ONCE = 64

Passages = dict[str, list[Segment]]
"""Contents with what is to be encoded of them."""


class Meant:
    """What is left to be done at the end of a run for one space of meanings, with the model of `meaning`."""

    def __init__(self, library: Library, writer: Writer, ledger: Ledger, space: Space, name: str) -> None:
        self._library = library
        self._writer = writer
        self._ledger = ledger
        self._space = space
        self._name = name
        self._sources = SOURCES[name]

    def catch_up(self, is_stopped: Callable[[], bool]) -> Iterator[Missing]:
        """Encode the words of every content that was heard or read since; a model that fails is told.

        While another model hears or reads everything anew, nothing is done: its words are not served yet.
        """
        if set(self._sources) & self._library.next_spaces().keys():
            return
        worded = {digest for space in self._sources for digest in self._ledger.done(space)}
        try:
            for portion in self._portions(sorted(worded - self._ledger.done(self._name))):
                if not self._write(portion, is_stopped):
                    return
        except ModelError as error:
            yield Missing(self._name, error.message, error.remedy)

    def _portions(self, digests: list[str]) -> Iterator[Passages]:
        """Yield contents with their passages, some at once."""
        portion: Passages = {}
        for digest in digests:
            portion[digest] = self._passages(digest)
            if len(portion) >= _TEXTS_AT_ONCE or sum(map(len, portion.values())) >= _TEXTS_AT_ONCE:
                yield portion
                portion = {}
        if portion:
            yield portion

    def _passages(self, digest: str) -> list[Segment]:
        """What is said is taken by passage, for its sense, and by sentence, for the moment; what stands in a
        picture by its paragraphs."""
        words = [one for space in self._sources for one in self._library.segments(space, digest)]
        found = (
            _written(words) if self._name == DEPICTED else [(one.locator, one.text or "") for one in words]
        )
        meant = [(place, text) for place, text in found if size(text) >= LEAST and is_prose(text)]
        return [Segment(digest, self._name, n, place, text) for n, (place, text) in enumerate(meant)]

    def _write(self, contents: Passages, is_stopped: Callable[[], bool]) -> bool:
        """Encode and write; False when the run was stopped before that."""
        name, fingerprint = self._name, self._space.fingerprint
        segments = [segment for passages in contents.values() for segment in passages]
        vectors = []
        for at in range(0, len(segments), _TEXTS_AT_ONCE):
            if is_stopped():
                return False
            vectors.append(self._space.encode([one.text or "" for one in segments[at : at + _TEXTS_AT_ONCE]]))
        rows = {name: SegmentRows(fingerprint, segments, np.concatenate(vectors))} if segments else {}
        marks = [Mark(d, name, fingerprint.key, segments=len(found)) for d, found in contents.items()]
        self._writer.write(Batch(segments=rows, marks=marks))
        self._writer.lend()
        self._ledger.note(marks)
        return True


def _written(words: Sequence[Segment]) -> Iterator[tuple[Locator, str]]:
    """Yield the passages of each page, picture or moment, made of its blocks of text."""
    blocks = [one for one in sorted(words, key=lambda one: one.n) if one.parent is None and one.text]
    for place, group in groupby(blocks, key=lambda one: _place(one.locator)):
        for passage in passages(one.text or "" for one in group):
            yield place, passage


def _place(locator: Locator) -> Locator:
    return locator.of if isinstance(locator, Region) else locator
