"""The words that a library holds, how often each is written, and which of them are near to a word.

Kept as a sorted list and arrays beside it: 200,000 words take about 25 MB and are searched in milliseconds.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_BUCKETS = 32
"""Letters are told apart by the last five bits of their code: enough to leave most words out unread."""


class Written(NamedTuple):
    """A word of the library and how often it is written in it."""

    word: str
    times: int


class Vocabulary:
    """Folded words with their counts; never changes. Safe to use from several threads."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._words = sorted(word for word in counts if word)
        self._counts = [counts[word] for word in self._words]

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.count(word) > 0

    def count(self, word: str) -> int:
        """Return how often a folded word is written; 0 for one that is not."""
        at = bisect_left(self._words, word)
        return self._counts[at] if at < len(self._words) and self._words[at] == word else 0

    def beginning(self, start: str) -> list[Written]:
        """Return the words that begin so, the word itself among them, the most frequent first."""
        first = bisect_left(self._words, start)
        last = bisect_left(self._words, start + "\U0010ffff", lo=first)
        return _frequent(zip(self._words[first:last], self._counts[first:last], strict=True))

    def holding(self, part: str) -> list[Written]:
        """Return the words that hold a part without beginning with it, the most frequent first."""
        return _frequent(self._at(row) for row in self._rows_with(part))

    def near(self, word: str, most: int) -> list[tuple[int, Written]]:
        """Return distance and word for the words within `most` edits (see `distance`), the word itself left
        out; the nearest first, of equally near ones the most frequent."""
        own, lengths = self._signatures
        apart = np.abs(lengths - len(word)) <= most
        differing = np.abs(own[apart].astype(np.int16) - _signature([word])[0]).sum(axis=1)
        rows = np.flatnonzero(apart)[differing <= 2 * most]
        found = [(distance(word, self._words[row], most), self._at(row)) for row in rows.tolist()]
        close = [(edits, one) for edits, one in found if 0 < edits <= most]
        return sorted(close, key=lambda pair: (pair[0], -pair[1].times, pair[1].word))

    def _at(self, row: int) -> Written:
        return Written(self._words[row], self._counts[row])

    def _rows_with(self, part: str) -> Iterator[int]:
        text, starts = self._joined
        at = text.find(part) if part else -1
        while at >= 0:
            row = int(np.searchsorted(starts, at, "right")) - 1
            if starts[row] != at:
                yield row
            following = starts[row] + len(self._words[row])
            at = text.find(part, following)

    @cached_property
    def _joined(self) -> tuple[str, NDArray[np.int64]]:
        """All words, each behind a line break, and where each begins."""
        lengths = np.array([len(word) + 1 for word in self._words], np.int64)
        return "\n" + "\n".join(self._words), np.cumsum(lengths) - lengths + 1

    @cached_property
    def _signatures(self) -> tuple[NDArray[np.uint8], NDArray[np.int16]]:
        lengths = np.array([len(word) for word in self._words], np.int16)
        return _signature(self._words), lengths


def _signature(words: list[str]) -> NDArray[np.uint8]:
    """Count the letters of each word by bucket, uint8 (n, 32): one edit changes at most two of the counts."""
    counts = np.zeros((len(words), _BUCKETS), np.uint8)
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    rows = np.repeat(np.arange(len(words)), [len(word) for word in words])
    np.add.at(counts, (rows, codes % _BUCKETS), 1)
    return counts


def _frequent(found: Iterable[tuple[str, int]]) -> list[Written]:
    return sorted((Written(*one) for one in found), key=lambda one: (-one.times, one.word))


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters must be put in, left out, changed or swapped with their neighbour to make one
    word of the other (optimal string alignment); `most` + 1 when it is more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, against in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(last) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)
