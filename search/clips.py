"""Finds a film, or a stretch of one, in other films: moments that look alike, in the same order and pace.

A film that was cut, scaled or encoded anew shows at every moment what the query shows so many seconds before:
all pairs of like moments have one offset. A film of the same kind of scenes has no such offset; it counts
less, and is shown where it comes closest.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from search.calibration import Background, Scores, likeness
from search.records import Evidence, Fix, Segment, TimeSpan
from search.spaces import ClipReference, Footage, cosines_with, unit_rows
from search.store import Found, Library

Clues = Iterator[tuple[Evidence, str]]

IN_ANY_ORDER = 0.8
"""What a film in which the same is seen, but not in turn, counts beside one in which it is."""

STILL = 0.9
"""What a picture that looks like a moment counts beside a film that looks like all of them."""

FIRM = 0.5
"""Moments that score less do not lengthen a stretch."""

BESIDE = 0.99
"""What the best moment of a stretch counts at most beside the whole stretch."""

_VIEWS = 16
"""So many moments, spread over the query, are asked for films that hold them."""

_FILMS = 40
"""So many films, those with the likest moments, are compared from end to end."""

_TRIED = 200
_SLACK_S = 1.0
_EQUAL = 0.02
_NEAR_S = 0.5


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where a film shows what was asked with, `score` 0..1; `best` is the row of the film's best moment."""

    place: TimeSpan
    score: float
    best: int


def stretch_of(footage: Footage, spans: Sequence[TimeSpan], scores: Scores) -> Stretch:
    """Return the best stretch of a film that has moments at `spans`: one or more, in order, none in another.

    `scores` are calibrated, 0..1, float64 (moments of the query, moments of the film).
    """
    film = _Film(footage, spans, scores)
    offset, in_turn = film.offset()
    best = int(scores.max(axis=0).argmax())
    loose = IN_ANY_ORDER * float(scores.max(axis=1).mean())
    if loose > in_turn:
        return Stretch(spans[best], loose, best)
    return Stretch(film.shown(offset), in_turn, best)


class _Film:
    """The moments of a film beside those of the query."""

    def __init__(self, footage: Footage, spans: Sequence[TimeSpan], scores: Scores) -> None:
        self._scores = scores
        self._asked = np.asarray(footage.starts_s, np.float64)
        self._until = np.append(self._asked[1:], footage.end_s)
        self._starts = np.array([span.start_s for span in spans])
        self._end = max(span.end_s for span in spans)

    def offset(self) -> tuple[float, float]:
        """Return by how many seconds the film lags behind the query, and how like it is then, 0..1.

        Of offsets that are as good as the best the one counts that most pairs of like moments have.
        """
        best = np.argsort(-self._scores, axis=None, kind="stable")[:_TRIED]
        rows, columns = np.unravel_index(best, self._scores.shape)
        offsets = self._starts[columns] - self._asked[rows]
        likeness = self._likeness(offsets)
        good = np.flatnonzero(likeness >= likeness.max() - _EQUAL)
        apart = (offsets[good][:, None] - offsets[None]) / _NEAR_S
        backed = np.exp(-(apart**2)) @ self._scores[rows, columns]
        return float(offsets[good[backed.argmax()]]), float(likeness.max())

    def _likeness(self, offsets: Scores) -> Scores:
        """Return how like the film is at each offset: the mean over the moments that both have, and less
        where they have little of the shorter one in common."""
        times = self._asked + offsets[:, None]
        there = (times >= self._starts[0] - _SLACK_S) & (times < self._end)
        total = np.where(there, self._at(times), 0.0).sum(axis=1)
        length = self._until[-1] - self._asked[0]
        first = np.maximum(self._asked[0] + offsets, self._starts[0])
        common = np.minimum(self._until[-1] + offsets, self._end) - first
        share = common / max(min(length, self._end - self._starts[0]), 1e-3)
        mean = total / np.maximum(there.sum(axis=1), 1)
        return np.asarray(mean * (0.5 + 0.5 * np.clip(share, 0.0, 1.0)))

    def _at(self, times: Scores) -> Scores:
        """Return what each moment of the query (last axis) scores at its time in the film, or just beside."""
        rows = np.arange(len(self._asked))
        about = (
            np.clip(np.searchsorted(self._starts, times + slack, "right") - 1, 0, len(self._starts) - 1)
            for slack in (-_SLACK_S, 0.0, _SLACK_S)
        )
        best: Scores = np.max([self._scores[rows, columns] for columns in about], axis=0)
        return best

    def shown(self, offset: float) -> TimeSpan:
        """Return the stretch from the first to the last moment that is surely seen."""
        times = self._asked + offset
        there = (times >= self._starts[0] - _SLACK_S) & (times < self._end)
        scores = np.where(there, self._at(times), -1.0)
        firm = np.flatnonzero(scores >= min(FIRM, float(scores.max())))
        begin = max(float(times[firm[0]]), float(self._starts[0]))
        end = min(float(self._until[firm[-1]] + offset), float(self._end))
        return TimeSpan(round(begin, 3), round(max(begin, end), 3))


class FilmSearch:
    """Looks for a film in a library."""

    def __init__(self, library: Library, space: str, footage: Footage, background: Background) -> None:
        self._library = library
        self._space = space
        self._footage = footage
        self._background = background

    def found(self, limit: int, scope: Collection[str] | None) -> list[tuple[Evidence, str]]:
        """Return stretches of films, each with its best moment, and pictures and pages: of at most `limit`
        contents, with their digests, the best first."""
        near = self._nearest(limit, scope)
        reels = [self._reel(digest) for digest in _likest(one for one in near if _is_moment(one.segment))]
        stills = list({one.segment.id: one.segment for one in near if not _is_moment(one.segment)}.values())
        cosines = self._cosines([*chain.from_iterable(reels), *stills])
        scores = self._calibrated(cosines)
        found: list[tuple[Evidence, str]] = []
        first = 0
        for reel in reels:
            columns = slice(first, first + len(reel))
            found += self._stretch(reel, cosines[:, columns], scores[:, columns])
            first += len(reel)
        for still, column in zip(stills, range(first, cosines.shape[1]), strict=True):
            score = STILL * float(scores[:, column].max())
            evidence = Evidence(self._space, 0, float(cosines[:, column].max()), still.locator, None, score)
            found.append((evidence, still.digest))
        return _ranked(found, limit)

    def _nearest(self, limit: int, scope: Collection[str] | None) -> list[Found]:
        vectors = self._footage.vectors
        chosen = np.unique(np.linspace(0, len(vectors) - 1, min(_VIEWS, len(vectors))).round().astype(int))
        found = (self._library.nearest(self._space, vectors[n], limit, scope) for n in chosen)
        return list(chain.from_iterable(found))

    def _reel(self, digest: str) -> list[Segment]:
        """Return the moments of a film in order of time; no shots that hold some."""
        segments = self._library.segments(self._space, digest)
        shots = {segment.parent for segment in segments}
        moments = [one for one in segments if one.id not in shots and _is_moment(one)]
        return sorted(moments, key=lambda one: _span(one).start_s)

    def _cosines(self, segments: Sequence[Segment]) -> Scores:
        vectors = self._library.vectors(self._space, [one.id for one in segments])
        if not len(vectors):
            return np.zeros((len(self._footage.vectors), 0))
        rows = [cosines_with(unit_rows(vectors), query) for query in self._footage.vectors]
        return np.stack(rows).astype(np.float64)

    def _calibrated(self, cosines: Scores) -> Scores:
        """Bring the cosines of each moment of the query to the common scale."""
        rows = zip(cosines, self._footage.vectors, strict=True)
        return np.stack([likeness(row, query, self._background) for row, query in rows])

    def _stretch(self, reel: Sequence[Segment], cosines: Scores, scores: Scores) -> Clues:
        spans = [_span(one) for one in reel]
        found = stretch_of(self._footage, spans, scores)
        raw = float(cosines.max(axis=1).mean())
        yield Evidence(self._space, 0, raw, found.place, None, found.score), reel[0].digest
        if spans[found.best] != found.place:
            best = BESIDE * min(found.score, float(scores[:, found.best].max()))
            cosine = float(cosines[:, found.best].max())
            yield Evidence(self._space, 0, cosine, spans[found.best], None, best), reel[0].digest


def clip_remark(clip: ClipReference, footage: Footage) -> Fix | None:
    """Say up to where a film is looked for, where that is not its end."""
    if not footage.is_cut:
        return None
    begin, end, name = footage.starts_s[0], footage.end_s, clip.path.name
    detail = f"{name} is searched from second {begin:g} to {end:g}. "
    detail += f'For what follows write clip:@"{name}"[{end:g}..]'
    return Fix("clip", applied=True, detail=detail, confidence_gain=0.0)


def _is_moment(segment: Segment) -> bool:
    return isinstance(segment.locator, TimeSpan)


def _span(segment: Segment) -> TimeSpan:
    assert isinstance(segment.locator, TimeSpan)
    return segment.locator


def _likest(found: Iterable[Found]) -> list[str]:
    """Return the films with the likest moments."""
    best: dict[str, float] = {}
    for one in found:
        best[one.segment.digest] = max(one.score, best.get(one.segment.digest, -1.0))
    return sorted(best, key=lambda digest: (-best[digest], digest))[:_FILMS]


def _ranked(found: list[tuple[Evidence, str]], limit: int) -> list[tuple[Evidence, str]]:
    """Sort, number the contents, and keep the first."""
    found.sort(key=lambda pair: (-pair[0].calibrated, pair[1]))
    digests = list(dict.fromkeys(digest for _, digest in found))[:limit]
    ranks = {digest: rank for rank, digest in enumerate(digests, start=1)}
    return [(replace(one, rank=ranks[digest]), digest) for one, digest in found if digest in ranks]
