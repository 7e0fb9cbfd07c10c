"""Pairs of places that answer all parts of a question together, and what shows that they do.

Both lie in one file, or in two of which one links to the other; then the pair is told of the file asked for,
and its other end is named with the path where it lies.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from search import graph
from search.fusion import Clue
from search.links import Joint, Neighbour
from search.records import Locator, Page, Whole
from search.spots import Spot, meets

LEADS = 20
"""So many pairs of a file are told at most, of which each begins elsewhere."""

EACH = 4
"""So many clues are told of each part, the strongest."""

PARTNERS = 8
"""So many of the files that a file is joined with are looked at, those that can add most."""


@dataclass(frozen=True, slots=True)
class Component:
    """A place of the file, or of a `partner` that it is joined with."""

    spot: Spot
    partner: Neighbour | None = None


Finds = Callable[[int, Component], Sequence[Clue]]
"""What was found for a part of the question, by its number, in the file of a component."""

Pages = frozenset[tuple[int, int]]
"""Pages of a file that a link joins, the smaller first."""


@dataclass(frozen=True, slots=True)
class Together:
    """A pair, or a single component, that answers all parts. `place` is where the first part that the file
    itself answers is answered best; `clues` name the part that they speak of, the best of each part first."""

    score: float
    place: Locator
    clues: tuple[Clue, ...]


def together(
    components: Sequence[Component],
    answers: graph.Scores,
    weights: Sequence[float],
    labels: Sequence[str],
    finds: Finds,
    linked: Pages = frozenset(),
) -> list[Together]:
    """Return what answers a question, best first, each beginning at another place of the file.

    `answers` are float64 (components, parts), 0..1, 0 for what is no answer; `linked` are pages of the file.
    """
    if not len(components) or not answers.any(axis=0).all():
        return []

    def near(one: int, other: int) -> float:
        return closeness(components[one], components[other], linked)

    spots = [one.spot for one in components]
    told: dict[Locator, Together] = {}
    for pair in graph.pairs(spots, answers, weights, near=near):
        if len(told) >= LEADS:
            break
        is_own = any(components[end].partner is None for end in pair.ends)
        if is_own and answers[list(pair.ends)].any(axis=0).all():
            clues = tuple(_clues(components, answers, pair.ends, labels, finds))
            place = next((one.evidence.locator for one in clues if one.evidence.path is None), None)
            if place is not None and place not in told:
                told[place] = Together(pair.score, place, clues)
    return list(told.values())


def closeness(one: Component, other: Component, linked: Pages = frozenset()) -> float:
    """Return what two components count together, 0..1; 0 where none of them lies in the file itself."""
    if one.partner is None and other.partner is None:
        near = graph.closeness(one.spot, other.spot)
        return max(near, graph.NEXT) if _are_joined(one.spot, other.spot, linked) else near
    if one.partner is not None and other.partner is not None:
        return 0.0
    own, theirs = (one, other) if other.partner is not None else (other, one)
    assert theirs.partner is not None
    is_there = any(_holds(joint, own.spot, theirs.spot) for joint in theirs.partner.joints)
    return graph.LINKED if is_there else graph.NEAR_A_LINK


def chosen(
    partners: Mapping[Neighbour, graph.Scores], own: graph.Scores, weights: Sequence[float]
) -> list[Neighbour]:
    """Return the files worth a look: `PARTNERS` that add most to what the file answers itself, by the best
    answers of each, float64 (parts,), and those of the file."""
    worth = {one: float(np.maximum(best, own) @ weights) for one, best in partners.items() if best.any()}
    alone = float(own @ np.asarray(weights))
    useful = [one for one in worth if worth[one] > alone]
    return sorted(useful, key=lambda one: (-worth[one], one.path))[:PARTNERS]


def _are_joined(one: Spot, other: Spot, linked: Pages) -> bool:
    if not (isinstance(one, Page) and isinstance(other, Page)):
        return False
    return (min(one.number, other.number), max(one.number, other.number)) in linked


def _holds(joint: Joint, own: Spot, theirs: Spot) -> bool:
    """Whether a link leads from the one place to the other, or back."""
    return all(
        Whole() in (end, spot) or end == spot for end, spot in ((joint.own, own), (joint.theirs, theirs))
    )


def _clues(
    components: Sequence[Component],
    answers: graph.Scores,
    ends: Sequence[int],
    labels: Sequence[str],
    finds: Finds,
) -> Iterator[Clue]:
    """Yield the best clue of every part, at the end that answers it best, then the next best ones."""
    best_ends = [ends[int(np.argmax(answers[list(ends), part]))] for part in range(len(labels))]
    by_part = []
    for part, end in enumerate(best_ends):
        at = components[end]
        there = [clue for clue in finds(part, at) if meets(clue.evidence.locator, at.spot)]
        best = sorted(there, key=lambda clue: -clue.evidence.calibrated)[:EACH]
        by_part.append([_named(clue, labels[part], at.partner) for clue in best])
    yield from (clues[0] for clues in by_part if clues)
    rest = [clue for clues in by_part for clue in clues[1:]]
    yield from sorted(rest, key=lambda clue: -clue.evidence.calibrated)


def _named(clue: Clue, part: str, partner: Neighbour | None) -> Clue:
    path = partner.path if partner else None
    return replace(clue, evidence=replace(clue.evidence, part=part, path=path))
