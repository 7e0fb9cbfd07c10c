"""Asks a space for a query picture, repaired as well where something seems wrong with it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from search.calibration import Background
from search.errors import MediaError
from search.people.records import FACE
from search.query_vectors import QueryVectors
from search.records import Fix
from search.repairing import UNSURE, Decision, decide, fixes_of, fused, view_of
from search.spaces import PictureReference, PictureRepair, PictureRepairer, PixelEncoder, QueryEncoder, Vector
from search.store import Found, Library

Fixing = Literal["auto", "suggest", "off"]
"""What becomes of what may be wrong with a query: mended where that finds more, only said, or left."""

AtOnce = Callable[[Sequence[Callable[[], list[Found]]]], list[list[Found]]]
Join = Callable[[Sequence[Sequence[Found]], Vector], tuple[list[Found], Vector]]

SAME_PICTURE = frozenset(("look", "phash"))
"""Spaces whose cosines mean the same for every query: there the best of all views counts as it is."""


@dataclass(frozen=True, slots=True)
class Repairing:
    """How the pictures of one query are repaired; what is told of it goes into `fixes`."""

    repairer: PictureRepairer
    is_suggesting: bool
    fixes: dict[str, Fix]


@dataclass(frozen=True, slots=True)
class PictureSpace:
    """One space as it is asked for pictures: `background` tells what cosines between any two of them are."""

    library: Library
    vectors: QueryVectors
    encoder: QueryEncoder
    background: Callable[[], Background]
    at_once: AtOnce
    join: Join

    def ask(
        self, ask: PictureReference, depth: int, scope: Collection[str] | None, repairing: Repairing | None
    ) -> tuple[list[Found], Vector]:
        """Return what lies nearest, best first, and the vector, float32 (dim,), that this is measured by.

        Raises `MediaError` and `ModelError`.
        """
        encoder = self.encoder
        if repairing is None or not isinstance(encoder, PixelEncoder):
            return self._nearest(self.vectors.of(encoder, ask), depth, scope)
        if encoder.space == FACE:
            return self._nearest(self._face(encoder, ask, repairing), depth, scope)
        repairs = repairing.repairer.repairs(ask)
        views = self.vectors.of(encoder, ask)
        if encoder.space in SAME_PICTURE:
            if repairs and not repairing.is_suggesting:
                views = _stacked(views, self.vectors.of_repairs(encoder, ask, repairs))
            return self._nearest(views, depth, scope)
        return self._weighed(encoder, ask, views, repairs, depth, scope, repairing)

    def _weighed(
        self,
        encoder: PixelEncoder,
        ask: PictureReference,
        views: Vector,
        repairs: Sequence[PictureRepair],
        depth: int,
        scope: Collection[str] | None,
        repairing: Repairing,
    ) -> tuple[list[Found], Vector]:
        """Ask with the original and its repairs, and let the one lead that the library answers best."""
        found = self._search(views[:1], depth, scope)
        if not repairs and (not found[0] or found[0][0].score < UNSURE):
            repairs = repairing.repairer.turns(ask)
        if not repairs:
            return found[0], views[0]
        others = self.vectors.of_repairs(encoder, ask, repairs)
        found += self._search(others, depth, scope)
        vectors = _stacked(views[:1], others)
        background = self.background()
        seen = [view_of(vector, one, background) for vector, one in zip(vectors, found, strict=True)]
        decision = decide(repairs, seen)
        repairing.fixes.update(fixes_of(repairs, decision, only_suggested=repairing.is_suggesting))
        if repairing.is_suggesting:
            return found[0], views[0]
        kept = [n for n in range(len(seen)) if n in (0, decision.lead) or not repairs[n - 1].is_guess]
        lead = kept.index(decision.lead)
        return fused([seen[n] for n in kept], lead)[:depth], vectors[decision.lead]

    def _face(self, encoder: PixelEncoder, ask: PictureReference, repairing: Repairing) -> Vector:
        """Return the face in a picture; where none is seen, the first that a repaired picture shows."""
        try:
            return self.vectors.of(encoder, ask)
        except MediaError:
            for repair in [] if repairing.is_suggesting else repairing.repairer.repairs(ask):
                try:
                    vector = self.vectors.of_repairs(encoder, ask, [repair])
                except MediaError:
                    continue
                decision = Decision(1, (0.0,))
                repairing.fixes.update(fixes_of([repair], decision))
                return vector
            raise

    def _nearest(
        self, views: Vector, depth: int, scope: Collection[str] | None
    ) -> tuple[list[Found], Vector]:
        return self.join(self._search(views, depth, scope), views)

    def _search(self, views: Vector, depth: int, scope: Collection[str] | None) -> list[list[Found]]:
        space = self.encoder.space
        return self.at_once([partial(self.library.nearest, space, view, depth, scope) for view in views])


def _stacked(one: Vector, other: Vector) -> Vector:
    both: Vector = np.concatenate([one, other])
    return both
