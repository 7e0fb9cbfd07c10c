"""Joins what the legs of a query found in a file to one score: clues, places, agreement."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.records import Evidence, Locator, Region, TimeSpan, Whole
from search.wording import Terms

AGREEMENT = 0.25
"""How much of the remaining doubt a further leg can take away."""

CROWD = 10
"""A content with so many of the finds of a leg may have driven out others."""

_SLACK = 1e-6
"""Boxes come back from the library with a little less exactness."""

SAID_SPACES = frozenset(("speech", "subtitles", "spoken"))
"""Spaces of what is said: the same words are found in several of them."""


@dataclass(frozen=True, slots=True)
class Clue:
    """One segment that one leg found. `path` is set when only the file at that path was found.

    `source` is the text that was found; the evidence gets a snippet of it when the hit is shown. `exactly` is
    where on its page a passage or picture stands: all that is found on a page agrees, wherever on it that is.
    """

    evidence: Evidence
    path: str | None = None
    source: str | None = None
    terms: Terms | None = None
    exactly: Locator | None = None


Answer = dict[str, list[Clue]]
"""What one leaf of the query found, by digest."""


def fuse(scores: Iterable[float]) -> float:
    """Join the calibrated scores of several legs: the best, and a little for each that agrees."""
    best, *others = sorted(scores, reverse=True)
    doubt = 1 - best
    for score in others:
        doubt *= 1 - AGREEMENT * score
    return 1 - doubt


def places(clues: Sequence[Clue]) -> list[Locator]:
    """Return where the clues point, each place once; the whole only where nothing is more exact."""
    exact = list(dict.fromkeys(c.evidence.locator for c in clues if c.evidence.locator != Whole()))
    return exact or [Whole()]


def apart(scored: Mapping[Locator, float], clues: Sequence[Clue]) -> list[Locator]:
    """Keep the better one of two places of which one holds the other, where the same was found in both: of a
    passage and its sentence, of a shot and its frame, of a block of text and its line. Of equals the smaller
    one stays.
    """
    able = [place for place in scored if isinstance(place, Region | TimeSpan)]
    found: dict[Locator, set[str]] = {place: set() for place in able}
    for clue in clues:
        if clue.evidence.locator in found:
            found[clue.evidence.locator].add(_family(clue))
    kept: list[Locator] = []
    for place in sorted(able, key=lambda place: (-scored[place], _length(place))):
        if not any(found[place] & found[other] and _is_nested(place, other) for other in kept):
            kept.append(place)
    left_out = set(able).difference(kept)
    return [place for place in scored if place not in left_out]


def _family(clue: Clue) -> str:
    return "said" if clue.evidence.space in SAID_SPACES else clue.evidence.space


def _length(place: Locator) -> float:
    """Return seconds of a stretch of time, or the share of the picture that a box covers."""
    match place:
        case TimeSpan(start_s, end_s):
            return end_s - start_s
        case Region(_, (left, top, right, bottom)):
            return (right - left) * (bottom - top)
        case _:
            return 0.0


def _is_nested(one: Locator, other: Locator) -> bool:
    if isinstance(one, Region) and isinstance(other, Region):
        small, large = sorted((one, other), key=_length)
        ends = zip(small.box, large.box, strict=True)
        left, top, right, bottom = (inner - outer for inner, outer in ends)
        return one.of == other.of and min(left, top) >= -_SLACK and max(right, bottom) <= _SLACK
    if not (isinstance(one, TimeSpan) and isinstance(other, TimeSpan)):
        return False
    inner, outer = sorted((one, other), key=_length)
    return outer.start_s <= inner.start_s and inner.end_s <= outer.end_s


class Placed:
    """What clues score, by where they point; each leg counts once. `best` is the score where they are
    strongest, None without any."""

    def __init__(self, clues: Sequence[Clue]) -> None:
        self._there: dict[Locator, dict[str, float]] = {}
        for clue in clues:
            found = clue.evidence
            scores = self._there.setdefault(found.locator, {})
            scores[found.space] = max(found.calibrated, scores.get(found.space, 0.0))
        self._everywhere = self._there.get(Whole(), {})
        exact = [place for place in self._there if place != Whole()] or list(self._there)
        scored = [clues[0].evidence.calibrated] if len(clues) == 1 else map(self.at, exact)
        self.best = max(scored, default=None)

    def __contains__(self, place: Locator) -> bool:
        return place in self._there

    def at(self, place: Locator) -> float:
        """Fuse the clues that speak of one place, or of the whole file."""
        scores = self._there.get(place, self._everywhere)
        is_joined = self._everywhere and scores is not self._everywhere
        joined = _joined(self._everywhere, scores) if is_joined else scores
        return fuse(joined.values()) if joined else 0.0


def score_at(clues: Sequence[Clue], place: Locator) -> float:
    """Fuse the clues that speak of one place, or of the whole file; each leg counts once."""
    return Placed(clues).at(place)


def best_score(clues: Sequence[Clue]) -> float | None:
    """Fuse the clues where they are strongest; None when there are none."""
    return clues[0].evidence.calibrated if len(clues) == 1 else Placed(clues).best


def _joined(scores: dict[str, float], others: dict[str, float]) -> dict[str, float]:
    """Return the better score of each leg."""
    better = {space: max(score, scores.get(space, 0.0)) for space, score in others.items()}
    return scores | better


def crowding(answer: Answer, depth: int, floor: float, wanted: int) -> set[str]:
    """Return the contents that fill a leg, so that it told of hardly any others: where a leg brought all it
    was asked for, nothing below the floor and fewer contents than are wanted, those with `CROWD` finds."""
    scores: defaultdict[str, list[float]] = defaultdict(list)
    shares: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for digest, clues in answer.items():
        for clue in clues:
            scores[clue.evidence.space].append(clue.evidence.calibrated)
            shares[clue.evidence.space][digest] += 1
    full = [
        space
        for space, found in scores.items()
        if len(found) >= depth and min(found) >= floor and len(shares[space]) < wanted
    ]
    return {digest for space in full for digest, count in shares[space].items() if count >= CROWD}


def least_known(answer: Answer, depth: int) -> float:
    """Return the score up to which all is known of every leg: the best of the weakest finds of those that
    brought as much as they were asked for, and -1 where none did."""
    scores: dict[str, list[float]] = {}
    for clue in (clue for clues in answer.values() for clue in clues):
        scores.setdefault(clue.evidence.space, []).append(clue.evidence.calibrated)
    return max((min(found) for found in scores.values() if len(found) >= depth), default=-1.0)
