"""Joins the faces seen at the moments of one shot: who is seen several times is one person.

Two faces are one person's when their vectors say so; and a face that is where one was a moment before, and
does not look like somebody else, is still the same. Two faces of one moment are never one person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

from indexers.face_finder import Face
from search.records import Box
from search.spaces import Thresholds

_SAME_PLACE = 0.35
"""From this share of overlap on a box is where another one was."""


@dataclass(slots=True)
class Track:
    """One person in one shot: at which moments (from 0) and how seen there."""

    seen: dict[int, Face] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The first moment."""
        return min(self.seen)

    @property
    def last(self) -> int:
        """The last moment."""
        return max(self.seen)

    @property
    def best(self) -> int:
        """The moment of the best view."""
        return max(self.seen, key=lambda moment: self.seen[moment].quality)


def tracks(moments: Sequence[Sequence[Face]], thresholds: Thresholds) -> list[Track]:
    """Return the people of a shot in the order in which they come; `moments` has the faces of each."""
    found: list[Track] = []
    for moment, faces in enumerate(moments):
        left = set(range(len(faces)))
        fits = [
            (_likeness(track, moment, face, thresholds), n, m)
            for n, track in enumerate(found)
            for m, face in enumerate(faces)
        ]
        taken: set[int] = set()
        for likeness, n, m in sorted(fits, reverse=True):
            if likeness > 0 and n not in taken and m in left:
                taken.add(n)
                left.discard(m)
                found[n].seen[moment] = faces[m]
        found += [Track({moment: faces[m]}) for m in sorted(left)]
    return _joined(found, thresholds)


def _likeness(track: Track, moment: int, face: Face, thresholds: Thresholds) -> float:
    """Return how surely a face goes on with a track; 0 when it does not."""
    before = track.seen[track.last]
    cosine = max(float(known.vector @ face.vector) for known in (before, track.seen[track.best]))
    if cosine >= thresholds.same:
        return 1 + cosine
    stays = moment - track.last == 1 and _overlap(before.box, face.box) >= _SAME_PLACE
    other = 2 * thresholds.maybe - thresholds.same  # as far below `maybe` as that is below `same`
    return _overlap(before.box, face.box) if stays and cosine >= other else 0.0


def _joined(found: list[Track], thresholds: Thresholds) -> list[Track]:
    """Join tracks whose best views are one person's, the most alike first, until there are none."""
    while alike := [
        (float(one.seen[one.best].vector @ other.seen[other.best].vector), n, m)
        for (n, one), (m, other) in combinations(enumerate(found), 2)
        if not one.seen.keys() & other.seen.keys()
    ]:
        cosine, n, m = max(alike)
        if cosine < thresholds.same:
            break
        found[n].seen.update(found.pop(m).seen)
    return found


def _overlap(one: Box, other: Box) -> float:
    """Return the share of what two boxes cover together that both cover."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    if wide <= 0 or high <= 0:
        return 0.0
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return wide * high / (areas - wide * high)
