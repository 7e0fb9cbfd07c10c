"""Pairs of places in one file that answer all parts of a question together, and what shows that they do."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from search import graph
from search.fusion import Clue
from search.records import Locator
from search.spots import Spot, meets

LEADS = 20
"""So many pairs of a file are told at most, of which each begins elsewhere."""

EACH = 4
"""So many clues are told of each part, the strongest."""

Finds = Callable[[int], Sequence[Clue]]
"""What was found in the file for a part of the question, by its number."""


@dataclass(frozen=True, slots=True)
class Together:
    """A pair, or a single component, that answers all parts. `place` is where the first part that one of its
    ends answers is answered best; `clues` name the part that they speak of, the best of each part first."""

    score: float
    place: Locator
    clues: tuple[Clue, ...]


def together(
    spots: Sequence[Spot],
    answers: graph.Scores,
    weights: Sequence[float],
    labels: Sequence[str],
    finds: Finds,
) -> list[Together]:
    """Return what answers a question in one file, best first, each beginning at another place.

    `answers` are float64 (spots, parts), 0..1, 0 for what is no answer.
    """
    if not len(spots) or not answers.any(axis=0).all():
        return []
    told: dict[Locator, Together] = {}
    for pair in graph.pairs(spots, answers, weights):
        if len(told) >= LEADS:
            break
        if answers[list(pair.ends)].any(axis=0).all():
            clues = tuple(_clues(spots, answers, pair.ends, labels, finds))
            if clues and clues[0].evidence.locator not in told:
                told[clues[0].evidence.locator] = Together(pair.score, clues[0].evidence.locator, clues)
    return list(told.values())


def _clues(
    spots: Sequence[Spot], answers: graph.Scores, ends: Sequence[int], labels: Sequence[str], finds: Finds
) -> Iterator[Clue]:
    """Yield the best clue of every part, at the end that answers it best, then the next best ones."""
    chosen = [ends[int(np.argmax(answers[list(ends), part]))] for part in range(len(labels))]
    by_part = []
    for part, end in enumerate(chosen):
        there = [clue for clue in finds(part) if meets(clue.evidence.locator, spots[end])]
        best = sorted(there, key=lambda clue: -clue.evidence.calibrated)[:EACH]
        by_part.append([_named(clue, labels[part]) for clue in best])
    yield from (clues[0] for clues in by_part if clues)
    rest = [clue for clues in by_part for clue in clues[1:]]
    yield from sorted(rest, key=lambda clue: -clue.evidence.calibrated)


def _named(clue: Clue, part: str) -> Clue:
    return replace(clue, evidence=replace(clue.evidence, part=part))
