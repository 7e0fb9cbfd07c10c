"""What is made of the words that other models wrote down, at the end of a run, without reading any file."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from indexers.ledger import Ledger
from indexers.ocr import OCR
from indexers.speech import HEARD, SHOWN
from search.errors import ModelError
from search.plan import DEPICTED, PAGE, SPOKEN
from search.records import Missing, Segment
from search.spaces import Fingerprint
from search.store import Batch, Library, Mark, SegmentRows, Writer

SOURCES: Mapping[str, tuple[str, ...]] = {SPOKEN: (HEARD, SHOWN), DEPICTED: (OCR,), PAGE: ("text", OCR)}
"""For each space that is made so the spaces of words that it is made of."""

AT_ONCE = 64
"""Texts."""


class Maker(Protocol):
    """How one space is made of words."""

    @property
    def name(self) -> str:
        """The space."""

    @property
    def fingerprint(self) -> Fingerprint:
        """The model of its vectors."""

    def texts(self, words: Sequence[Segment]) -> Sequence[Segment]:
        """Return what is to be encoded of all the words of one content, in order of place."""

    def encode(self, texts: Sequence[Segment], before: Mapping[str, int]) -> SegmentRows:
        """Return what is to be stored of texts, all or none of those of one place; `before` says how many
        segments of a content are stored already. Raises `ModelError`.
        """


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Some texts of a content; `ends`: there are none behind them."""

    digest: str
    texts: Sequence[Segment]
    ends: bool


class Derived:
    """What is left to be done at the end of a run for one space."""

    def __init__(self, library: Library, writer: Writer, ledger: Ledger, maker: Maker) -> None:
        self._library = library
        self._writer = writer
        self._ledger = ledger
        self._maker = maker
        self._sources = SOURCES[maker.name]

    def catch_up(self, is_stopped: Callable[[], bool]) -> Iterator[Missing]:
        """Encode the words of every content that was heard or read since; a model that fails is told.

        While another model hears or reads everything anew, nothing is done: its words are not served yet.
        """
        if set(self._sources) & self._library.next_spaces().keys():
            return
        worded = {digest for space in self._sources for digest in self._ledger.done(space)}
        left = sorted(worded - self._ledger.done(self._maker.name))
        written: Counter[str] = Counter()
        try:
            for some in _portions(stretch for digest in left for stretch in self._stretches(digest)):
                if is_stopped():
                    return
                self._write(some, written)
        except ModelError as error:
            yield Missing(self._maker.name, error.message, error.remedy)

    def _stretches(self, digest: str) -> Iterator[_Stretch]:
        """Cut the texts of a content between its pages, so that a book does not have to be held at once."""
        words = [one for space in self._sources for one in self._library.segments(space, digest)]
        some: list[Segment] = []
        for _, group in groupby(self._maker.texts(words), key=lambda one: one.locator):
            if len(some) >= AT_ONCE:
                yield _Stretch(digest, some, ends=False)
                some = []
            some += group
        yield _Stretch(digest, some, ends=True)

    def _write(self, stretches: Sequence[_Stretch], written: Counter[str]) -> None:
        name, key = self._maker.name, self._maker.fingerprint.key
        texts = [text for stretch in stretches for text in stretch.texts]
        rows = {name: self._maker.encode(texts, written)} if texts else {}
        written.update(segment.digest for found in rows.values() for segment in found.segments)
        ended = [stretch.digest for stretch in stretches if stretch.ends]
        marks = [Mark(digest, name, key, segments=written.pop(digest, 0)) for digest in ended]
        self._writer.write(Batch(segments=rows, marks=marks))
        self._writer.lend()
        self._ledger.note(marks)


def _portions(stretches: Iterable[_Stretch]) -> Iterator[list[_Stretch]]:
    """Yield as many at a time as have a fair number of texts, or there are contents."""
    some: list[_Stretch] = []
    for stretch in stretches:
        some.append(stretch)
        if len(some) >= AT_ONCE or sum(len(one.texts) for one in some) >= AT_ONCE:
            yield some
            some = []
    if some:
        yield some
