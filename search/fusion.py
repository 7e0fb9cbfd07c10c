"""From what the legs of a query found to one score per file: clues, agreement, and the tree's own logic."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.filters import Facts, is_filter, matches
from search.query import And, Filter, Leaf, Not, Or, Part, Scored, children
from search.records import Evidence, Locator, Whole
from search.wording import Terms

AGREEMENT = 0.25
"""How much of the remaining doubt a further leg can take away."""

NEUTRAL = 0.5
"""What a filter or a NOT is worth beside parts that rank, as in `beach OR type:pdf`."""

SURE = 0.5
"""From this score on a file counts as holding what a NOT takes out."""


@dataclass(frozen=True, slots=True)
class Clue:
    """One segment that one leg found. `path` is set when only the file at that path was found.

    `source` is the text that was found; the evidence gets a snippet of it when the hit is shown.
    """

    evidence: Evidence
    path: str | None = None
    source: str | None = None
    terms: Terms | None = None


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


def score_at(clues: Sequence[Clue], place: Locator) -> float:
    """Fuse the clues that speak of one place, or of the whole file; each leg counts once."""
    best: dict[str, float] = {}
    for clue in clues:
        evidence = clue.evidence
        if evidence.locator in (place, Whole()):
            best[evidence.space] = max(evidence.calibrated, best.get(evidence.space, 0.0))
    return fuse(best.values()) if best else 0.0


def best_score(clues: Sequence[Clue]) -> float | None:
    """Fuse the clues where they are strongest; None when there are none."""
    if len(clues) == 1:
        return clues[0].evidence.calibrated
    return max((score_at(clues, place) for place in places(clues)), default=None) if clues else None


class Judge:
    """Decides the query for single files: the truth about AND, OR, NOT and filters, at file scope."""

    def __init__(self, answers: Mapping[int, Answer], floor: float) -> None:
        self._answers = answers
        self._floor = floor

    def clues(self, part: Part, digest: str, path: str) -> list[Clue]:
        """Return what was found that speaks for a file; what a NOT looks for does not."""
        if isinstance(part, Not):
            return []
        if isinstance(part, Leaf):
            found = self._answers.get(id(part), {}).get(digest, ())
            return [clue for clue in found if clue.path in (None, path)]
        return [clue for inner in children(part) for clue in self.clues(inner, digest, path)]

    def bound(self, part: Part, digest: str) -> float | None:
        """Return what a file of this content can score at most; None when it cannot match."""
        return self._score(part, _Subject(digest, None, None, None), self._floor)

    def score(
        self, part: Part, digest: str, path: str, facts: Facts, place: Locator | None = None
    ) -> float | None:
        """Return the score 0..1 of one file, or of one place in it; None when it does not match."""
        return self._score(part, _Subject(digest, path, facts, place), self._floor)

    def _score(self, part: Part, subject: "_Subject", floor: float) -> float | None:
        match part:
            case And(parts):
                return self._all(parts, subject, floor)
            case Or(parts):
                return self._any(parts, subject, floor)
            case Not(inner):
                if subject.facts is None:
                    return 1.0
                return None if self._score(inner, subject, max(floor, SURE)) is not None else 1.0
            case _ if isinstance(part, Filter):
                return 1.0 if subject.facts is None or matches(part, subject.facts) else None
            case _:
                return self._leaf(part, subject, floor)

    def _all(self, parts: Sequence[Part], subject: "_Subject", floor: float) -> float | None:
        """The weighted mean of the parts that rank; filters and NOT only decide."""
        total = weights = 0.0
        for part in parts:
            score = self._score(part, subject, floor)
            if score is None:
                return None
            if _ranks(part):
                weight = part.weight if isinstance(part, Scored) else 1.0
                total += weight * score
                weights += weight
        return total / weights if weights else 1.0

    def _any(self, parts: Sequence[Part], subject: "_Subject", floor: float) -> float | None:
        """The best part, each in proportion to the heaviest weight; what only decides is `NEUTRAL`."""
        heaviest = max((part.weight for part in parts if isinstance(part, Scored)), default=1.0)
        best: float | None = None
        for part in parts:
            score = self._score(part, subject, floor)
            if score is not None:
                weight = part.weight / heaviest if isinstance(part, Scored) else 1.0
                best = max(best or 0.0, score * weight if _ranks(part) else NEUTRAL)
        return best

    def _leaf(self, leaf: Leaf, subject: "_Subject", floor: float) -> float | None:
        clues: Sequence[Clue] = self._answers.get(id(leaf), {}).get(subject.digest, ())
        if subject.path is not None and any(clue.path is not None for clue in clues):
            clues = [clue for clue in clues if clue.path in (None, subject.path)]
        best = best_score(clues)
        if best is None or best < floor:
            return None
        return best if subject.place is None else score_at(clues, subject.place)


@dataclass(frozen=True, slots=True)
class _Subject:
    digest: str
    path: str | None
    facts: Facts | None
    place: Locator | None


def _ranks(part: Part) -> bool:
    return not isinstance(part, Not) and not is_filter(part)
