"""The meaning of what other models wrote down, what is said and what stands in pictures: encoded last.

It is taken from the library: another model of meaning must not make everything be heard and read again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from indexers.paragraphs import is_prose, passages, size
from search.plan import DEPICTED, MEANING, SPOKEN
from search.records import Locator, Region, Segment
from search.spaces import Fingerprint, Space
from search.store import SegmentRows

LEAST = 6
"""Tokens. What is shorter says too little to be found by what it means."""


@dataclass(frozen=True, slots=True)
class Meant:
    """Makes a space of meanings with the model of `meaning`; implements `indexers.derived.Maker`.

    What is said is taken by passage, for its sense, and by sentence, for the moment; what stands in a picture
    by its paragraphs.
    """

    name: str
    space: Space

    @property
    def fingerprint(self) -> Fingerprint:
        """The model of its vectors."""
        return self.space.fingerprint

    def texts(self, words: Sequence[Segment]) -> list[Segment]:
        """Return the passages that may mean something."""
        found = written(words) if self.name == DEPICTED else [(one.locator, one.text or "") for one in words]
        meant = [(place, text) for place, text in found if size(text) >= LEAST and is_prose(text)]
        return [Segment(words[0].digest, self.name, n, place, text) for n, (place, text) in enumerate(meant)]

    def encode(self, texts: Sequence[Segment], before: Mapping[str, int]) -> SegmentRows:
        """Encode each text by itself. Raises `ModelError`."""
        del before  # texts are numbered already
        vectors = self.space.encode([text.text or "" for text in texts])
        return SegmentRows(self.fingerprint, texts, vectors)


def meanings(spaces: Sequence[Space]) -> list[Meant]:
    """Return who makes what is said and what stands in pictures, where there is a model of meaning."""
    return [Meant(name, space) for space in spaces if space.name == MEANING for name in (SPOKEN, DEPICTED)]


def written(words: Sequence[Segment]) -> Iterator[tuple[Locator, str]]:
    """Yield the passages of each page, picture or moment, made of its blocks of text."""
    blocks = [one for one in sorted(words, key=lambda one: one.n) if one.parent is None and one.text]
    for place, group in groupby(blocks, key=lambda one: _place(one.locator)):
        for passage in passages(one.text or "" for one in group):
            yield place, passage


def _place(locator: Locator) -> Locator:
    return locator.of if isinstance(locator, Region) else locator
