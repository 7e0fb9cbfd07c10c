"""Stretches of time out of the windows that a recording was cut to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from search.records import TimeSpan
from search.store import Found

GAP_S = 0.5
"""Windows that are no further apart are neighbours."""

SHARE = 0.5
"""A neighbour that scores less than this share of the best window of a stretch is no part of it."""


def joined(found: Sequence[Found], scores: Sequence[float]) -> tuple[list[Found], list[float]]:
    """Join neighbouring windows of one content to stretches, best first: each is found as its best window is,
    from the first second to the last. What has no time stays as it is.
    """
    timed = [(one, score) for one, score in zip(found, scores, strict=False) if _span(one)]
    rest = [(one, score) for one, score in zip(found, scores, strict=False) if not _span(one)]
    timed.sort(key=lambda pair: (pair[0].segment.digest, _start(pair[0])))
    runs = [list(run) for _, run in groupby(timed, lambda pair: pair[0].segment.digest)]
    made = [stretch for run in runs for stretch in _stretches(run)]
    best = sorted([*made, *rest], key=lambda pair: (-pair[1], -pair[0].score))
    return [one for one, _ in best], [score for _, score in best]


def _stretches(windows: Sequence[tuple[Found, float]]) -> Iterator[tuple[Found, float]]:
    """Grow a stretch around each best window, in the order of time, until all are in one."""
    taken = [False] * len(windows)
    for at in sorted(range(len(windows)), key=lambda n: -windows[n][1]):
        if taken[at]:
            continue
        one, score = windows[at]
        ends = [_reach(windows, taken, at, step) for step in (-1, 1)]
        taken[ends[0] : ends[1] + 1] = [True] * (ends[1] + 1 - ends[0])
        place = TimeSpan(_start(windows[ends[0]][0]), _end(windows[ends[1]][0]))
        yield replace(one, segment=replace(one.segment, locator=place)), score


def _reach(windows: Sequence[tuple[Found, float]], taken: Sequence[bool], at: int, step: int) -> int:
    """Return the last window in one direction that belongs to the one at `at`."""
    least = SHARE * windows[at][1]
    end = at
    while 0 <= (other := end + step) < len(windows) and not taken[other] and windows[other][1] >= least:
        before, after = sorted((end, other))
        if _start(windows[after][0]) - _end(windows[before][0]) > GAP_S:
            break
        end = other
    return end


def _span(found: Found) -> TimeSpan | None:
    place = found.segment.locator
    return place if isinstance(place, TimeSpan) else None


def _start(found: Found) -> float:
    span = _span(found)
    return span.start_s if span else 0.0


def _end(found: Found) -> float:
    span = _span(found)
    return span.end_s if span else 0.0
