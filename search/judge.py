"""Decides a query for single files: AND, OR, NOT, filters, order in time, and the scope of a SAME."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from search.filters import Facts, matches
from search.fusion import Answer, Clue, Placed, best_score, places, score_at
from search.graph import LINKED
from search.links import Links, Neighbour
from search.paired import Labels, label
from search.pairing import Component, Together, chosen, together
from search.query import (
    And,
    Filter,
    Leaf,
    Not,
    Or,
    Part,
    Same,
    Scope,
    Scored,
    Then,
    children,
    conjuncts,
    is_filter,
    looked_for,
    walk,
)
from search.records import Locator, TimeSpan
from search.spots import Spot, chained, covers, finest, inside, instants, is_spot, meets, spot_of

NEUTRAL = 0.5
"""What a filter or a NOT is worth beside parts that rank, as in `beach OR type:pdf`."""

PAIR = 2
"""Of so many finds that one of them meets, all meet; of more, two others may lie apart."""

SURE = 0.5
"""From this score on a file counts as holding what a NOT takes out."""


class Judge:
    """Decides the query for single files. `folders` are those in which a `SAME folder` holds, by its id;
    `labels` name the parts of questions, `links` join files of which one may answer a part that the other
    does not; `alone` asks what a file answers without them."""

    def __init__(
        self,
        answers: Mapping[int, Answer],
        floor: float,
        folders: Mapping[int, frozenset[PurePath]] | None = None,
        labels: Labels | None = None,
        links: Links | None = None,
    ) -> None:
        self._answers = answers
        self._links = links or Links()
        self._labels = labels or {}
        self._pairs: dict[tuple[int, _Subject, float], list[Together]] = {}
        self._floor = floor
        self._folders = {} if folders is None else folders
        self._placed: dict[tuple[int, str, str | None], tuple[Sequence[Clue], Sequence[Clue], Placed]] = {}

    def clues(
        self, part: Part, digest: str, path: str, place: Locator | None = None, *, alone: bool = False
    ) -> list[Clue]:
        """Return what was found that speaks for a file; what a NOT looks for does not, and of a `SAME pair`
        only what the pair at `place` holds, or else the best one."""
        return list(self._clues(part, _Subject(digest, path, alone=alone), place))

    def bound(self, part: Part, digest: str) -> float | None:
        """Return what a file of this content can score at most; None when it cannot match."""
        return self._score(part, _Subject(digest), self._floor)

    def score(
        self,
        part: Part,
        digest: str,
        path: str,
        facts: Facts,
        place: Locator | None = None,
        *,
        alone: bool = False,
    ) -> float | None:
        """Return the score 0..1 of one file, or of one place in it; None when it does not match."""
        return self._score(part, _Subject(digest, path, facts, place, alone=alone), self._floor)

    def is_joined(self, digest: str) -> bool:
        """Whether a link joins a content with another one."""
        return bool(self._links.of_content(digest))

    def places(
        self, part: Part, digest: str, path: str, facts: Facts, *, alone: bool = False
    ) -> list[Locator]:
        """Return the places in a file that may be shown: where the clues point, and what a THEN spans."""
        subject = _Subject(digest, path, facts, alone=alone)
        spans = [
            span
            for then in walk(part)
            if isinstance(then, Then)
            for span in self._spans(then, subject, self._floor)
        ]
        pairs = [
            one.place
            for same in walk(part)
            if isinstance(same, Same) and same.scope == "pair"
            for one in self._together(same, subject, self._floor)
        ]
        own = [clue for clue in self.clues(part, digest, path, alone=alone) if clue.evidence.path is None]
        return list(dict.fromkeys([*spans, *pairs, *places(own)]))

    def _clues(self, part: Part, subject: "_Subject", place: Locator | None = None) -> Iterator[Clue]:
        digest, path = subject.digest, subject.path
        if isinstance(part, Same) and part.scope == "pair":
            plain = _Subject(digest, path, alone=subject.alone)
            pairs = self._together(part, plain, self._floor)
            yield from next(
                (one.clues for one in pairs if one.place == place), pairs[0].clues if pairs else ()
            )
        elif isinstance(part, Leaf):
            found = self._answers.get(id(part), {}).get(digest, ())
            yield from (clue for clue in found if path is None or clue.path in (None, path))
        elif not isinstance(part, Not):
            for inner in children(part):
                yield from self._clues(inner, subject, place)

    def _score(self, part: Part, subject: "_Subject", floor: float) -> float | None:
        match part:
            case And(parts):
                return self._all(parts, subject, floor)
            case Or(parts):
                return self._any(parts, subject, floor)
            case Not(inner):
                if subject.facts is None:
                    return 1.0
                at_all = replace(subject, instant_s=None)
                return None if self._score(inner, at_all, max(floor, SURE)) is not None else 1.0
            case Same():
                return self._same(part, subject, floor)
            case Then():
                return subject.best(self._spans(part, subject, floor))
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

    def _same(self, same: Same, subject: "_Subject", floor: float) -> float | None:
        if same.scope == "pair" and subject.facts is None and subject.spot is None:
            return self._most(conjuncts(same.part), subject, floor)
        if same.scope == "pair":
            pairs = self._together(same, subject, floor)
            if subject.place is None:
                return pairs[0].score if pairs else None
            return next((one.score for one in pairs if one.place == subject.place), 0.0) if pairs else None
        if same.scope == "file":
            return self._score(same.part, replace(subject, spot=None), floor)
        if same.scope == "folder":
            if subject.path is not None and PurePath(subject.path).parent not in self._folders[id(same)]:
                return None
            looked_for = [part for part in conjuncts(same.part) if _ranks(part)]
            return self._any(looked_for, replace(subject, spot=None), floor)
        return subject.best(self._spots(same.part, same.scope, subject, floor))

    def _spots(self, part: Part, scope: Scope, subject: "_Subject", floor: float) -> dict[Spot, float]:
        """Return the moments, or pages, of a file at which a part holds, with its score there."""
        is_picture = subject.facts is None or subject.facts.kind == "image"
        several = sum(isinstance(inner, Leaf) for inner in looked_for(part)) > PAIR
        found: dict[Spot, float] = {}
        spots = dict.fromkeys(self._findings(part, subject, floor))
        for spot in spots:
            within = subject.spot is None or meets(spot, subject.spot)
            if within and is_spot(spot, scope, is_picture):
                times = instants(spot, spots) if several and isinstance(spot, TimeSpan) else (None,)
                there = [replace(subject, place=None, spot=spot, instant_s=time_s) for time_s in times]
                scores = [self._score(part, one, floor) for one in there]
                if (best := max((score for score in scores if score is not None), default=None)) is not None:
                    found[spot] = best
        return found

    def _together(self, same: Same, subject: "_Subject", floor: float) -> list[Together]:
        """Return the pairs of a file that answer what a `SAME pair` asks, best first."""
        parts = [part for part in conjuncts(same.part) if _ranks(part)]
        only = [part for part in conjuncts(same.part) if not _ranks(part)]
        where = replace(subject, place=None, instant_s=None)
        if any(self._score(part, where, floor) is None for part in only):
            return []
        key = id(same), replace(where, facts=None), floor
        if key not in self._pairs:
            partners = self._partners(parts, where, floor) if subject.spot is None else ()
            components = [
                Component(spot, partner)
                for partner in (None, *partners)
                for spot in dict.fromkeys(
                    spot for part in parts for spot in self._findings(part, _at(where, partner), floor)
                )
                if subject.spot is None or meets(spot, subject.spot)
            ]
            told = [
                [
                    self._score(part, replace(_at(where, one.partner), spot=one.spot), floor) or 0.0
                    for part in parts
                ]
                for one in components
            ]

            def finds(part: int, one: Component) -> list[Clue]:
                return list(self._clues(parts[part], _at(where, one.partner)))

            names = [label(part, self._labels) for part in parts]
            linked = self._links.within(subject.digest)
            self._pairs[key] = together(components, np.array(told), _weights(parts), names, finds, linked)
        return self._pairs[key]

    def _partners(self, parts: Sequence[Part], subject: "_Subject", floor: float) -> list[Neighbour]:
        """Return the files that a file is joined with and that may answer some part better than it does."""
        if subject.alone or not (joined := self._links.of_content(subject.digest)):
            return []
        best = {one: self._best(parts, _at(subject, one), floor) for one in joined}
        return chosen(best, self._best(parts, subject, floor), _weights(parts))

    def _best(self, parts: Sequence[Part], subject: "_Subject", floor: float) -> NDArray[np.float64]:
        """Return how well a file answers each part anywhere, 0 for not at all."""
        return np.array([self._score(part, subject, floor) or 0.0 for part in parts])

    def _most(self, parts: Sequence[Part], subject: "_Subject", floor: float) -> float | None:
        """Return what a pair can score at most: no pair in a file is better than all that is found in it, and
        none with an end in another file than the best that is found in both."""
        own = self._all(parts, subject, floor)
        asked = [part for part in parts if _ranks(part)]
        partners = self._partners(asked, subject, floor)
        only = [part for part in parts if not _ranks(part)]
        if not partners or any(self._score(part, subject, floor) is None for part in only):
            return own
        best = [self._best(asked, _at(subject, one), floor) for one in partners]
        every = np.maximum.reduce([self._best(asked, subject, floor), *best])
        both = float(LINKED * np.average(every, weights=_weights(asked))) if every.all() else None
        return max((one for one in (own, both) if one is not None), default=None)

    def _findings(self, part: Part, subject: "_Subject", floor: float) -> Iterator[Spot]:
        """Yield where something was found that a part looks for: not all that was compared."""
        for leaf in looked_for(part):
            found = self._clues(leaf, subject) if isinstance(leaf, Leaf) else ()
            if clues := finer(list(found)):
                yield from (spot_of(place) for place in places(clues) if score_at(clues, place) >= floor)

    def _spans(self, then: Then, subject: "_Subject", floor: float) -> dict[Spot, float]:
        """Return the stretches of a file in which the parts follow each other, with the weighted mean."""
        weights = _weights(then.parts)
        steps = [
            {
                spot: weight * score
                for spot, score in self._spots(part, "moment", subject, floor).items()
                if isinstance(spot, TimeSpan)
            }
            for part, weight in zip(then.parts, weights, strict=True)
        ]
        return {span: total / sum(weights) for span, total in chained(steps, then.within_s).items()}

    def _leaf(self, leaf: Leaf, subject: "_Subject", floor: float) -> float | None:
        clues, placed = self._placed_of(leaf, subject)
        if subject.spot is not None:
            clues = [clue for clue in finer(clues) if subject.has(clue.evidence.locator)]
            placed = Placed(clues)
        if placed.best is None or placed.best < floor:
            return None
        if subject.place is None:
            return placed.best
        if subject.place not in placed:
            there = [clue for clue in clues if inside(clue.evidence.locator, subject.place)]
            return max(best_score(there) or 0.0, placed.at(subject.place))
        return placed.at(subject.place)

    def _placed_of(self, leaf: Leaf, subject: "_Subject") -> tuple[Sequence[Clue], Placed]:
        """Return the clues of a file, and by their places: put together once for all places of a file."""
        found: Sequence[Clue] = self._answers.get(id(leaf), {}).get(subject.digest, ())
        key = id(leaf), subject.digest, subject.path
        before = self._placed.get(key)
        if before is None or before[0] is not found:
            clues = found
            if subject.path is not None and any(clue.path is not None for clue in clues):
                clues = [clue for clue in clues if clue.path in (None, subject.path)]
            before = self._placed[key] = found, clues, Placed(clues)
        return before[1:]


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is judged: a content, or a file of it; for one `place` only, where 0 says that nothing is there.

    At a `spot` only what was found there counts at all, at an instant of it only what was found then. `alone`
    leaves out the files that links join it with.
    """

    digest: str
    path: str | None = None
    facts: Facts | None = None
    place: Locator | None = None
    spot: Spot | None = None
    instant_s: float | None = None
    alone: bool = False

    def has(self, locator: Locator) -> bool:
        """Whether something found at a place counts."""
        is_there = self.spot is None or meets(locator, self.spot)
        return is_there and (self.instant_s is None or covers(locator, self.instant_s))

    def best(self, found: Mapping[Spot, float]) -> float | None:
        """Choose from scores by place: the best, or that of our place."""
        if not found or self.place is None:
            return max(found.values(), default=None)
        return found.get(spot_of(self.place), 0.0)


def finer(clues: Sequence[Clue]) -> list[Clue]:
    """Leave out the clues of a leg to a moment inside which the same leg found another."""
    spots: dict[str, list[Spot]] = {}
    for clue in clues:
        spots.setdefault(clue.evidence.space, []).append(spot_of(clue.evidence.locator))
    fine = {space: finest(found) for space, found in spots.items()}
    return [clue for clue in clues if spot_of(clue.evidence.locator) in fine[clue.evidence.space]]


def _at(subject: _Subject, partner: Neighbour | None) -> _Subject:
    """Return the same of a file that it is joined with."""
    return subject if partner is None else replace(subject, digest=partner.digest, path=partner.path)


def _weights(parts: Sequence[Part]) -> list[float]:
    return [part.weight if isinstance(part, Scored) else 1.0 for part in parts]


def _ranks(part: Part) -> bool:
    return not isinstance(part, Not) and not is_filter(part)
