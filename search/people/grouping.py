"""Which faces are the same person's: a pure function over vectors and what is known of them.

Groups are joined, the most alike first, while the *mean* cosine over all pairs of their faces is high
enough (average linkage; with unit vectors it is the product of the groups' mean vectors). So one look-alike
pair does not make one person of two, as it would where chains count. New faces come a chunk at a time, the
clear ones first; faces of poor quality follow others into a group but never bring two groups together.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from search.spaces import Vector

CLEAR = 0.35
"""Faces of lower quality do not bring groups together."""

CANDIDATES = 32
"""So many of the most alike groups are tried for each group in one round."""

CHUNK = 2_048
_BLOCK = 8_192

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before: `groups` int64 (n,), the group of each face, 0 for a new one; `rivals`, for each
    face those that must be others; `settled`, groups that never become one of themselves; `owners`, whose a
    group is, where several are one person's; `free`, the first number for a new group."""

    groups: Numbers
    rivals: Sequence[Sequence[int]]
    settled: Collection[int] = ()
    owners: Mapping[int, int] = field(default_factory=dict)
    free: int = 1


def group(vectors: NDArray[np.floating], quality: NDArray[np.float64], known: Known, same: float) -> Numbers:
    """Return the group of each face, int64 (n,).

    `vectors` are (n, dim) unit rows, `quality` is 0..1. New faces join groups or make new ones, numbered from
    `free` on in the order of their first face. A group that is not settled may join another; the settled,
    else the older number stays. The same input gives the same answer; time grows with new faces times groups.
    """
    new = np.flatnonzero(known.groups == 0)
    groups = _Groups(vectors, quality, known)
    clear = quality[new] >= CLEAR
    for kind in (new[clear], new[~clear]):
        for start in range(0, len(kind), CHUNK):
            touched = groups.add(kind[start : start + CHUNK])
            while len(touched):
                touched = groups.round(touched, same)
    return groups.numbers()


class _Groups:
    """Groups under way. A unit is a group of before or a new face; joined units point at one root."""

    def __init__(self, vectors: NDArray[np.floating], quality: NDArray[np.float64], known: Known) -> None:
        names = np.unique(known.groups[known.groups > 0])
        new = np.flatnonzero(known.groups == 0)
        self._vectors, self._known = vectors, known
        self._unit = np.searchsorted(names, known.groups)
        self._unit[new] = len(names) + np.arange(len(new))
        count = len(names) + len(new)
        self._names = np.concatenate([names, np.zeros(len(new), np.int64)])
        self._root = list(range(count))
        self._sums = np.zeros((count, vectors.shape[1]), np.float32)
        self._sizes = np.zeros(count, np.int64)
        self._members: list[list[int]] = [[] for _ in range(count)]
        self._is_clear = np.zeros(count, bool)
        np.logical_or.at(self._is_clear, self._unit, quality >= CLEAR)
        self._is_settled = np.isin(self._names, list(known.settled)) & (self._names > 0)
        owned = [known.owners.get(name, name) for name in names.tolist()]
        self._owner = [*owned, *range(-1, -1 - len(new), -1)]
        for start in range(0, len(vectors), _BLOCK):
            block = np.arange(start, min(start + _BLOCK, len(vectors)))
            self.add(block[known.groups[block] > 0])

    def add(self, faces: Numbers) -> Numbers:
        """Let faces take part from now on; return their units."""
        units = self._unit[faces]
        np.add.at(self._sums, units, self._vectors[faces].astype(np.float32))
        np.add.at(self._sizes, units, 1)
        for face, unit in zip(faces.tolist(), units.tolist(), strict=True):
            self._members[unit].append(face)
        return np.unique(units)

    def round(self, asked: Numbers, same: float) -> Numbers:
        """Join each of the groups asked about with those it is most like; return the groups that grew."""
        there = np.flatnonzero(self._sizes)
        means = (self._sums[there] / self._sizes[there, None]).astype(np.float32)
        rows = np.searchsorted(there, asked)
        grown = {
            self._join(int(there[one]), int(there[other]), same) for one, other in _alike(means, rows, same)
        }
        return np.array(sorted({self._find(unit) for unit in grown if unit is not None}), np.int64)

    def numbers(self) -> Numbers:
        """Return the number of each face's group; new groups are numbered now."""
        roots = np.array([self._find(unit) for unit in range(len(self._root))], np.int64)[self._unit]
        names = self._names.copy()
        unnamed, first = np.unique(roots[names[roots] == 0], return_index=True)
        names[unnamed[np.argsort(first)]] = self._known.free + np.arange(len(unnamed))
        found: Numbers = names[roots]
        return found

    def _join(self, one: int, other: int, same: float) -> int | None:
        """Make one group of two if nothing speaks against it, and return it."""
        one, other = self._find(one), self._find(other)
        if one == other or not self._may(one, other, same):
            return None
        kept, gone = (one, other) if self._rank(one) <= self._rank(other) else (other, one)
        self._root[gone] = kept
        self._sums[kept] += self._sums[gone]
        self._sizes[kept] += self._sizes[gone]
        self._sizes[gone] = 0
        self._members[kept] += self._members[gone]
        self._members[gone] = []
        self._is_clear[kept] |= self._is_clear[gone]
        self._is_settled[kept] |= self._is_settled[gone]
        return kept

    def _rank(self, unit: int) -> tuple[bool, int]:
        return (not self._is_settled[unit], unit)

    def _may(self, one: int, other: int, same: float) -> bool:
        if self._is_settled[one] and self._is_settled[other]:
            return False
        if (
            not (self._is_clear[one] and self._is_clear[other])
            and min(self._sizes[one], self._sizes[other]) > 1
        ):
            return False
        if not (self._is_clear[one] or self._is_clear[other]):
            return False
        mean = float(self._sums[one] @ self._sums[other]) / float(self._sizes[one] * self._sizes[other])
        return mean >= same and not self._are_rivals(one, other)

    def _are_rivals(self, one: int, other: int) -> bool:
        """Whether a face of one is seen together with a face of the other's owner."""
        few, many = (one, other) if self._sizes[one] <= self._sizes[other] else (other, one)
        rivals = (rival for face in self._members[few] for rival in self._known.rivals[face])
        return any(self._owner[self._find(int(self._unit[rival]))] == self._owner[many] for rival in rivals)

    def _find(self, unit: int) -> int:
        root = self._root
        while root[unit] != unit:
            root[unit] = root[root[unit]]
            unit = root[unit]
        return unit


def _alike(means: Vector, rows: Numbers, same: float) -> Iterable[tuple[int, int]]:
    """Return pairs (row, other) of mean vectors with a product of at least `same`, the greatest first."""
    found = [_nearest(means, rows[start : start + CHUNK], same) for start in range(0, len(rows), CHUNK)]
    ones, others, cosines = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.lexsort((others, ones, -cosines))
    return zip(ones[order].tolist(), others[order].tolist(), strict=True)


def _nearest(means: Vector, rows: Numbers, same: float) -> tuple[Numbers, Numbers, Vector]:
    """Return (row, other, product) as three columns, at most `CANDIDATES` for each row."""
    columns: list[tuple[Numbers, Numbers, Vector]] = []
    for start in range(0, len(means), _BLOCK):
        products = means[rows] @ means[start : start + _BLOCK].T
        at, other = np.nonzero(products >= same)
        columns.append((at, other + start, products[at, other]))
    at, other, product = (np.concatenate(column) for column in zip(*columns, strict=True))
    differ = rows[at] != other
    at, other, product = at[differ], other[differ], product[differ]
    order = np.lexsort((other, -product, at))
    at, other, product = at[order], other[order], product[order]
    kept = np.arange(len(at)) - np.searchsorted(at, at) < CANDIDATES
    return rows[at[kept]], other[kept], product[kept]
