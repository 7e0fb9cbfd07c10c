"""The meaning of what is said: sentences and passages of the library are encoded when all else is done."""

from collections.abc import Callable, Iterator

import numpy as np

from indexers.ledger import Ledger
from indexers.paragraphs import is_prose, size
from indexers.speech import HEARD, SHOWN
from search.errors import ModelError
from search.plan import SPOKEN
from search.records import Missing, Segment
from search.spaces import Space
from search.store import Batch, Library, Mark, SegmentRows, Writer

SOURCES = (HEARD, SHOWN)

LEAST = 6
"""Tokens. What is shorter says too little to be found by what it means."""

_TEXTS_AT_ONCE = 64

Passages = dict[str, list[Segment]]
"""Contents with what is said in them: passages, for their sense, and their sentences, for the moment."""


class Spoken:
    """What is left to be done at the end of a run, with the model of `meaning`."""

    def __init__(self, library: Library, writer: Writer, ledger: Ledger, space: Space) -> None:
        self._library = library
        self._writer = writer
        self._ledger = ledger
        self._space = space

    def catch_up(self, is_stopped: Callable[[], bool]) -> Iterator[Missing]:
        """Encode what is said in every content that was heard since; a model that fails is told.

        While another speech model hears everything anew, nothing is done: its passages are not served yet.
        """
        if set(SOURCES) & self._library.next_spaces().keys():
            return
        heard = {digest for space in SOURCES for digest in self._ledger.done(space)}
        try:
            for portion in self._portions(sorted(heard - self._ledger.done(SPOKEN))):
                if not self._write(portion, is_stopped):
                    return
        except ModelError as error:
            yield Missing(SPOKEN, error.message, error.remedy)

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
        found = [
            one
            for space in SOURCES
            for one in self._library.segments(space, digest)
            if one.text and size(one.text) >= LEAST and is_prose(one.text)
        ]
        return [Segment(digest, SPOKEN, n, one.locator, one.text) for n, one in enumerate(found)]

    def _write(self, contents: Passages, is_stopped: Callable[[], bool]) -> bool:
        """Encode and write; False when the run was stopped before that."""
        fingerprint = self._space.fingerprint
        segments = [segment for passages in contents.values() for segment in passages]
        vectors = []
        for at in range(0, len(segments), _TEXTS_AT_ONCE):
            if is_stopped():
                return False
            vectors.append(self._space.encode([one.text or "" for one in segments[at : at + _TEXTS_AT_ONCE]]))
        rows = {SPOKEN: SegmentRows(fingerprint, segments, np.concatenate(vectors))} if segments else {}
        marks = [Mark(d, SPOKEN, fingerprint.key, segments=len(found)) for d, found in contents.items()]
        self._writer.write(Batch(segments=rows, marks=marks))
        self._ledger.note(marks)
        return True
