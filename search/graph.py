"""The layered graph of what was found in a file, and the pairs of components that answer all of a question.

Components are the file itself, its pages, and its moments; below them lie what the legs of a query find:
paragraphs, rows, figures, sentences, frames, crops. A component answers a part of the question as well as the
best of what lies in it does. Two components of one file are joined by an edge, and so are those of two files
of which one links to the other; an edge scores the sum, over the parts, of the better of its two ends (late
interaction over edges, LILaC, arXiv 2602.04263). A partner that adds nothing is left out. The further two
ends lie from each other, the less they count together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.records import Page, TimeSpan, Whole
from search.spots import SLACK_S, Spot

BEAM = 30
"""The edges of so many components are looked at, those of the best."""

HOPS = 1
"""How often the best edges give new components to go on from; 0: no edges at all."""

EDGES = 100
"""So many edges are kept, the best."""

NEXT_S = 15.0
"""Moments no further apart follow each other."""

NEXT, APART = 0.94, 0.88
"""What two ends count that follow each other, and two that are elsewhere in the same file."""

LINKED, NEAR_A_LINK = 0.84, 0.78
"""What two ends in different files count of which one links to the other, and two in files that are joined by
a link elsewhere in them."""

_EXACT = 1e-9
"""Sums that differ by less are equal."""

Scores = NDArray[np.float64]
Closeness = Callable[[int, int], float]
"""What two components count together, 0..1, by their indexes; 0 for those that no edge joins."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One component that answers a question, or two that do so together, as indexes, ascending."""

    score: float
    ends: tuple[int, ...]


def closeness(one: Spot, other: Spot) -> float:
    """Return what two components of a file count together, 0..1: 1 where one contains the other."""
    match one, other:
        case (Whole(), _) | (_, Whole()):
            return 1.0
        case Page(first), Page(second):
            return 1.0 if first == second else NEXT if abs(first - second) == 1 else APART
        case TimeSpan(), TimeSpan():
            gap_s = max(one.start_s, other.start_s) - min(one.end_s, other.end_s)
            return 1.0 if gap_s <= SLACK_S else NEXT if gap_s <= NEXT_S else APART
        case _:
            return APART


def pairs(
    spots: Sequence[Spot],
    answers: Scores,
    weights: Sequence[float],
    beam: int | None = None,
    near: Closeness | None = None,
) -> list[Pair]:
    """Return single components and pairs, best first; scores are weighted means over the parts.

    `answers`, float64 (components, parts), says how well each component answers each part, 0..1. A pair is
    there only where it scores more than either of its ends alone. `near` is `closeness` of the spots unless
    they lie in several files.
    """
    by_place: Closeness = near or (lambda one, other: closeness(spots[one], spots[other]))
    share = np.asarray(weights, np.float64) / sum(weights)
    alone = answers @ share
    width = BEAM if beam is None else beam
    front = [int(n) for n in np.lexsort((np.arange(len(spots)), -alone))[:width]]
    best = {frozenset((n,)): float(alone[n]) for n in front}
    for _ in range(HOPS):
        for one in front:
            for ends, score in _edges(one, by_place, answers, alone, share):
                best[ends] = max(score, best.get(ends, 0.0))
        kept = sorted(best, key=lambda ends: (-best[ends], sorted(ends)))[:EDGES]
        best = {ends: best[ends] for ends in kept}
        inside = (n for ends in kept for n in sorted(ends, key=lambda n: (-alone[n], n)))
        front = list(dict.fromkeys(inside))[:width]
    return [Pair(score, tuple(sorted(ends))) for ends, score in best.items()]


def _edges(
    one: int, near: Closeness, answers: Scores, alone: Scores, share: Scores
) -> list[tuple[frozenset[int], float]]:
    """Return the best edges of a component; an end alone where the other adds nothing to it."""
    counts = np.array([near(one, other) for other in range(len(answers))])
    together = counts * (np.maximum(answers, answers[one]) @ share)
    found: list[tuple[frozenset[int], float]] = []
    for other in np.lexsort((np.arange(len(answers)), -together))[: EDGES + 1]:
        if other == one or not counts[other]:
            continue
        better = one if alone[one] >= alone[other] else int(other)
        if alone[better] >= together[other] - _EXACT:
            found.append((frozenset((better,)), float(alone[better])))
        else:
            found.append((frozenset((one, int(other))), float(together[other])))
    return found
