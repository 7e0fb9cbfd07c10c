"""Which pictures are worth comparing: few for each, by their vectors and the time they were taken."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

import numpy as np

from search.duplicates.pairs import Numbers, Pairs, close_pairs
from search.spaces import Vector

LEAST = {"phash": 0.66, "look": 0.68}
"""Cosines from which on pictures are compared: copies stay above 0.75 of `phash`, other shots and crops
mostly above 0.75 of `look`."""

NEAREST = 8
"""So many of the nearest pictures are compared with each."""

CROWD = 60
"""A picture with more others than this that look like it is one of many of a kind, such as scanned letters:
its look tells nothing, and only its hash is asked."""

BURST_S = 10.0
NEXT = 4
"""Of what was taken so soon before, so many are compared with each picture."""

LOOSE = 0.5
"""Of `look`; between pictures that were taken right after each other this is enough to compare them."""


def likely(spaces: Mapping[str, Vector], taken: Sequence[datetime | None]) -> list[tuple[int, int]]:
    """Return pairs of rows, the smaller one first, in order; `spaces` are (n, dim) rows for the same
    pictures, zeros where a picture has no vector."""
    found: set[tuple[int, int]] = set()
    for name, least in LEAST.items():
        if name in spaces:
            found |= set(_nearest(close_pairs(spaces[name], least), name == "look"))
    look = spaces.get("look")
    for one, other in _soon_after(taken):
        if look is None or float(look[one] @ look[other]) >= LOOSE:
            found.add((min(one, other), max(one, other)))
    return sorted(found)


def _nearest(pairs: Pairs, without_crowds: bool) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one is among the nearest of the other."""
    if not len(pairs):
        return
    ends = np.concatenate([pairs.first, pairs.second])
    others = np.concatenate([pairs.second, pairs.first])
    cosines = np.concatenate([pairs.cosine, pairs.cosine])
    order = np.lexsort((-cosines, ends))
    ends, others = ends[order], others[order]
    starts: Numbers = np.flatnonzero(np.r_[True, ends[1:] != ends[:-1]])
    counts = np.diff(np.r_[starts, len(ends)])
    rank = np.arange(len(ends)) - np.repeat(starts, counts)
    kept = rank < NEAREST
    if without_crowds:
        kept &= np.repeat(counts, counts) <= CROWD
    for one, other in zip(ends[kept].tolist(), others[kept].tolist(), strict=True):
        yield min(one, other), max(one, other)


def _soon_after(taken: Sequence[datetime | None]) -> Iterator[tuple[int, int]]:
    """Yield rows that were taken soon after each other."""
    timed = sorted((moment, row) for row, moment in enumerate(taken) if moment is not None)
    for at, (moment, row) in enumerate(timed):
        for later, other in islice(timed, at + 1, at + 1 + NEXT):
            if (later - moment).total_seconds() > BURST_S:
                break
            yield row, other
