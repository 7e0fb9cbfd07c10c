"""Follows one query under way: what each leg of it did, and whether anybody still waits for the answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from search.errors import CancelledError
from search.records import SearchResult

LegKind = Literal["vectors", "words", "people"]

Stopped = Callable[[], bool]
"""Whether a query is to stop; called often, also from several threads at once, so it must be quick."""


@dataclass(frozen=True, slots=True)
class LegReport:
    """What one leg of a query did: it asked one space or index for one part of the query.

    `kept` of the `found` segments are as good as the floor; `best` is the best calibrated score 0..1, None
    where nothing was found. `missing` says why a leg could not be asked.
    """

    part: str
    leg: str
    kind: LegKind
    took_ms: float
    found: int = 0
    kept: int = 0
    best: float | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Something the engine did on the way, in a sentence, and what it cost."""

    what: str
    took_ms: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a query was answered: what was done with filters and finds, what each leg did, what came of it."""

    steps: tuple[Step, ...]
    legs: tuple[LegReport, ...]
    floor: float
    result: SearchResult

    def shown_by(self, leg: LegReport) -> int:
        """Count the hits of the answer that a leg of this name is a good enough reason for."""
        reasons = [{one.space for one in hit.evidence if one.calibrated >= self.floor} for hit in self.result]
        return sum(leg.leg in spaces for spaces in reasons) if leg.kept else 0

    def led_by(self, leg: LegReport) -> int:
        """Count the hits of the answer for which a leg of this name is the best reason."""
        best = [hit.evidence[0] for hit in self.result if hit.evidence]
        return sum(one.space == leg.leg for one in best) if leg.kept else 0


class Watch:
    """Collects reports, and stops the query where its caller wants that. Safe to use from several threads."""

    def __init__(self, floor: float, stopped: Stopped | None = None) -> None:
        self.floor = floor
        self._stopped = stopped
        self.legs: list[LegReport] = []
        self.steps: list[Step] = []

    def check(self) -> None:
        """Raise `CancelledError` when the query is to stop."""
        if self._stopped is not None and self._stopped():
            raise CancelledError("The search was cancelled.")

    def step(self, what: str, began: float) -> None:
        """Note what was done since `began`, a `time.perf_counter()`."""
        self.steps.append(Step(what, since(began)))


def since(began: float) -> float:
    """Return the milliseconds since a `time.perf_counter()`."""
    return round((time.perf_counter() - began) * 1000, 3)
