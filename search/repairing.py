"""Whether a repaired query picture finds more than the picture as it is: see docs/decisions/0035.

The original is always asked as well. A repair leads only when the library answers it with clearly more
confidence; else what it finds is added, a little below what the original finds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from search.calibration import PRIOR_WEIGHT, Background
from search.records import Fix
from search.spaces import PictureRepair, Vector, cosines_with
from search.store import Found

GAIN = 0.5
"""By how many standard deviations the confidence must rise for a repair to lead."""

GUESS_GAIN = 0.5
"""The same for a turn that nothing in the picture spoke for."""

HANDICAP = 0.25
"""How far, in standard deviations, finds of views that do not lead are set back."""

UNSURE = 0.85
"""Below this best cosine the picture may lie on its side: then nothing in the library is nearly the same."""

BEST, DEEP, PERSISTENCE, COMPARED = 5, 10, 0.9, 20


@dataclass(frozen=True, slots=True)
class View:
    """One way the picture was asked, and what it found, best first; `mean` and `deviation` are those of its
    cosines with anything in the library."""

    found: Sequence[Found]
    mean: float
    deviation: float

    @property
    def confidence(self) -> float:
        """By how much what was found stands out: query performance prediction after WIG and NQC.

        The first counts as much as the best five together: often just one file is looked for.
        """
        best = [one.score for one in self.found[:BEST]]
        return ((best[0] + float(np.mean(best))) / 2 - self.mean) / self.deviation if best else 0.0

    @property
    def margin(self) -> float:
        """By how much the first stands out of the tenth."""
        if not self.found:
            return 0.0
        return (self.found[0].score - self.found[:DEEP][-1].score) / self.deviation


def view_of(vector: Vector, found: Sequence[Found], background: Background) -> View:
    """Measure what a vector, float32 (dim,), has in common with everything; few samples get a prior."""
    chance = cosines_with(background.sample, vector)
    n, k = len(chance), PRIOR_WEIGHT
    mean, variance = (float(chance.mean()), float(chance.var())) if n else (0.0, 0.0)
    mean = (n * mean + k * background.mean) / (n + k)
    deviation = ((n * variance + k * background.deviation**2) / (n + k)) ** 0.5
    return View(found, mean, max(1e-3, deviation))


@dataclass(frozen=True, slots=True)
class Decision:
    """Which view leads (0 is the original), and by how much each repair raises the confidence."""

    lead: int
    gains: tuple[float, ...]


def decide(repairs: Sequence[PictureRepair], views: Sequence[View]) -> Decision:
    """Choose who leads: `views` are the original's and those of the repairs.

    A repair must have made the picture better by its own measure, raise the confidence by `GAIN`, and
    either set the first hit apart more or agree best with what the other views find.
    """
    original, *others = views
    gains = tuple(view.confidence - original.confidence for view in others)
    agreement = [_agreement(n, views) for n in range(len(views))]
    able = [
        n
        for n, (repair, view, gain) in enumerate(zip(repairs, others, gains, strict=True), start=1)
        if repair.improved
        and gain >= (GUESS_GAIN if repair.is_guess else GAIN)
        and (view.margin > original.margin or agreement[n] >= max(agreement))
    ]
    return Decision(max(able, key=lambda n: gains[n - 1], default=0), gains)


def _agreement(n: int, views: Sequence[View]) -> float:
    ids = [[one.segment.id for one in view.found[:COMPARED]] for view in views]
    return float(np.mean([overlap(ids[n], other) for m, other in enumerate(ids) if m != n]))


def overlap(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the rank-biased overlap of two rankings, cut to their length: 1 for equal ones (Webber, Moffat
    and Zobel, A similarity measure for indefinite rankings, 2010)."""
    seen_one: set[str] = set()
    seen_other: set[str] = set()
    shared = weights = 0.0
    for depth, (a, b) in enumerate(zip(one, other, strict=False), start=1):
        seen_one.add(a)
        seen_other.add(b)
        weight = PERSISTENCE ** (depth - 1)
        shared += weight * len(seen_one & seen_other) / depth
        weights += weight
    return shared / weights if weights else 0.0


def fused(views: Sequence[View], lead: int) -> list[Found]:
    """Join what all views found, each segment as the view sees it that sees it best, on the scale of the one
    that leads; the others are set back a little, so that they bury nothing."""
    scale = views[lead]
    best: dict[str, Found] = {}
    for n, view in enumerate(views):
        for one in view.found:
            score = one.score
            if n != lead:
                z = (one.score - view.mean) / view.deviation - HANDICAP
                score = min(1.0, scale.mean + scale.deviation * z)
            before = best.get(one.segment.id)
            if before is None or score > before.score:
                best[one.segment.id] = replace(one, score=score)
    return sorted(best.values(), key=lambda one: -one.score)


def fixes_of(
    repairs: Sequence[PictureRepair], decision: Decision, *, only_suggested: bool = False
) -> dict[str, Fix]:
    """Return what is to be told of each repair; a turn that was a mere guess only where it leads."""
    told: dict[str, Fix] = {}
    for n, (repair, gain) in enumerate(zip(repairs, decision.gains, strict=True), start=1):
        if repair.is_guess and n != decision.lead:
            continue
        detail = f"{'could be ' if only_suggested else ''}{repair.told} ({repair.evidence})"
        told[repair.told] = Fix(
            repair.kind, n == decision.lead and not only_suggested, detail, round(gain, 2)
        )
    return told
