"""Films that show the same: by all of their moments, in their order, and not by some pictures in both."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from search.duplicates.pairs import close_pairs
from search.duplicates.verdict import Verdict
from search.records import Content
from search.spaces import Vector

LEAST = {"phash": 0.7, "look": 0.85}
STEP_S = 0.5
"""Shifts are counted in steps of this length."""

TRIED = 12
"""So many of the shifts that most moments speak for are looked at."""

WHOLE = 0.7
"""A film is in another when at least this share of its time is to be seen there, in order."""

MOMENTS = 3
"""So many different moments must agree; all of them in a film with fewer."""

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Moments:
    """The moments of one film in order: seconds from its beginning, and vectors by space, (n, dim)."""

    content: Content
    spans: Sequence[Span]
    vectors: Mapping[str, Vector]

    @property
    def length_s(self) -> float:
        """How long it lasts."""
        return self.content.duration_s or max((end for _, end in self.spans), default=0.0)


def alike_films(films: Sequence[Moments]) -> Iterator[tuple[int, int, Verdict]]:
    """Yield films of which one is whole in the other, as their numbers, the longer one first, and how.

    Only what is to be seen counts. Two films that share a beginning, or whose moments are alike in another
    order, are not alike.
    """
    for (one, other), matches in sorted(_matches(films).items()):
        first, second = sorted((one, other), key=lambda number: -films[number].length_s)
        pairs = matches if (first, second) == (one, other) else [(b, a) for a, b in matches]
        if verdict := _judged(films[first], films[second], pairs):
            yield first, second, verdict


def _matches(films: Sequence[Moments]) -> Mapping[tuple[int, int], list[tuple[int, int]]]:
    """Return for each two films which of their moments look alike."""
    owners = np.concatenate(
        [np.full(len(film.spans), n) for n, film in enumerate(films)] or [np.zeros(0, np.int64)]
    )
    places = np.concatenate([np.arange(len(film.spans)) for film in films] or [np.zeros(0, np.int64)])
    found: defaultdict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    for space, least in LEAST.items():
        if not films or any(space not in film.vectors for film in films):
            continue
        pairs = close_pairs(np.concatenate([film.vectors[space] for film in films]), least)
        for a, b in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
            if owners[a] != owners[b]:
                found[int(owners[a]), int(owners[b])].add((int(places[a]), int(places[b])))
    return {films_of: sorted(pairs_of) for films_of, pairs_of in found.items()}


def _judged(longer: Moments, shorter: Moments, pairs: Sequence[tuple[int, int]]) -> Verdict | None:
    best, shift = 0.0, 0.0
    for tried in _shifts(longer, shorter, pairs):
        kept = [pair for pair in pairs if _meet(longer.spans[pair[0]], shorter.spans[pair[1]], tried)]
        if len({b for _, b in kept}) < min(MOMENTS, len(shorter.spans)):
            continue
        spans = [_common(longer.spans[a], shorter.spans[b], tried) for a, b in kept]
        share = _covered(spans) / max(shorter.length_s, 1e-3)
        if share > best + 1e-6:
            best, shift = share, tried
    if best < WHOLE:
        return None
    return Verdict("film", _told(longer, shorter, shift), min(1.0, best))


def _shifts(longer: Moments, shorter: Moments, pairs: Sequence[tuple[int, int]]) -> list[float]:
    """Return by how many seconds the shorter film may lie later in the longer one, the likeliest first."""
    votes: Counter[int] = Counter()
    for a, b in pairs:
        for ours, theirs in zip(longer.spans[a], shorter.spans[b], strict=True):
            votes[round((ours - theirs) / STEP_S)] += 1
    near = {step: count + votes[step - 1] + votes[step + 1] for step, count in votes.items()}
    best = sorted(near, key=lambda step: (-near[step], abs(step)))[:TRIED]
    return [step * STEP_S for step in best]


def _meet(ours: Span, theirs: Span, shift: float) -> bool:
    start, end = _common(ours, theirs, shift)
    return end > start


def _common(ours: Span, theirs: Span, shift: float) -> Span:
    """Return what two moments have in common, in seconds of the longer film."""
    return max(ours[0], theirs[0] + shift), min(ours[1], theirs[1] + shift)


def _covered(spans: Sequence[Span]) -> float:
    """Return how many seconds lie in at least one of the spans."""
    total, reached = 0.0, float("-inf")
    for start, end in sorted(spans):
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def _told(longer: Moments, shorter: Moments, shift: float) -> str:
    lacks_s = longer.length_s - shorter.length_s
    if lacks_s > max(2.0, 0.05 * longer.length_s):
        return f"a part of it: from {_clock(max(0.0, shift))} to {_clock(max(0.0, shift) + shorter.length_s)}"
    ours, theirs = longer.content, shorter.content
    if (ours.width, ours.height) != (theirs.width, theirs.height) and theirs.width:
        return f"the same film, {theirs.width} × {theirs.height}"
    return "the same film, encoded anew"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
