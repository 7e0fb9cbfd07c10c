"""Which places in a file are the same moment or page, and which follow each other."""

from collections.abc import Iterable, Mapping, Sequence
from math import inf

from search.query import Scope
from search.records import Locator, Page, Region, TimeSpan, Whole

SLACK_S = 1.0
"""What lies no further apart than this belongs to one moment: words seldom fall on the very picture."""

Spot = Whole | Page | TimeSpan
"""A place without a box."""


def spot_of(locator: Locator) -> Spot:
    """Return the picture, page or moment that a place lies in; of a picture in a document its page."""
    spot = locator.of if isinstance(locator, Region) else locator
    return Page(spot.number) if isinstance(spot, Page) else spot


def picture_in(locator: Locator) -> int | None:
    """Return which picture of its page a place is, or lies in; None where it is none in a document."""
    spot = locator.of if isinstance(locator, Region) else locator
    return spot.picture if isinstance(spot, Page) else None


def is_spot(spot: Spot, scope: Scope, is_picture: bool) -> bool:
    """Whether a place is one moment or one page. A picture is both; what is known of any other file as a
    whole, such as its name, belongs to none of its moments."""
    match spot:
        case Whole():
            return is_picture
        case Page():
            return scope == "page"
        case TimeSpan():
            return scope == "moment"


def meets(locator: Locator, spot: Spot) -> bool:
    """Whether something at a place belongs to this picture, page or moment."""
    own = spot_of(locator)
    if isinstance(own, TimeSpan) and isinstance(spot, TimeSpan):
        return own.start_s < spot.end_s + SLACK_S and spot.start_s < own.end_s + SLACK_S
    return own == spot


def covers(locator: Locator, instant_s: float) -> bool:
    """Whether something at a place is there at an instant, or nearly so: what meets in pairs is all there at
    some instant, such as half of `SLACK_S` before the beginning of one of them."""
    own = spot_of(locator)
    if not isinstance(own, TimeSpan):
        return True
    return own.start_s - SLACK_S / 2 <= instant_s < own.end_s + SLACK_S / 2


def instants(spot: TimeSpan, others: Iterable[Spot]) -> set[float]:
    """Return instants of a moment, in seconds, such that whatever of the others is there together with it is
    there at one of them."""
    starts = (one.start_s for one in others if isinstance(one, TimeSpan) and meets(one, spot))
    return {max(start_s, spot.start_s) - SLACK_S / 2 for start_s in starts}


def inside(locator: Locator, place: Locator) -> bool:
    """Whether something at `locator` is a part of what is at `place`."""
    own = spot_of(locator)
    if isinstance(own, TimeSpan) and isinstance(place, TimeSpan):
        return place.start_s <= own.start_s and own.end_s <= place.end_s
    return locator == place


def finest(spots: Iterable[Spot]) -> set[Spot]:
    """Leave out the moments that hold others of these: a passage whose sentence is known."""
    chosen = set(spots)
    times = [spot for spot in chosen if isinstance(spot, TimeSpan)]
    times.sort(key=lambda span: (-span.start_s, span.end_s))  # what a moment can hold comes before it
    soonest_end_s = inf
    for span in times:
        if span.end_s >= soonest_end_s:
            chosen.remove(span)
        soonest_end_s = min(soonest_end_s, span.end_s)
    return chosen


def chained(
    steps: Sequence[Mapping[TimeSpan, float]], within_s: Sequence[float | None]
) -> dict[TimeSpan, float]:
    """Join moments that follow each other: each begins after the one before it has begun, and no more than
    `within_s` after that one's end.

    The values of the steps are scores. The answer has the spans from the beginning of the first to the end of
    the last, with the greatest sum of scores on the way.
    """
    ways = {span: (score, span.start_s) for span, score in steps[0].items()}
    for step, most_s in zip(steps[1:], within_s, strict=True):
        reached: dict[TimeSpan, tuple[float, float]] = {}
        for span, score in step.items():
            before = [way for last, way in ways.items() if _follows(last, span, most_s)]
            if before:
                total, begin_s = max(before)  # of equally good ways the shortest
                reached[span] = (total + score, begin_s)
        ways = reached
    found: dict[TimeSpan, float] = {}
    for last, (total, begin_s) in ways.items():
        span = TimeSpan(begin_s, last.end_s)
        found[span] = max(total, found.get(span, 0.0))
    return found


def _follows(first: TimeSpan, second: TimeSpan, most_s: float | None) -> bool:
    gap_s = second.start_s - first.end_s
    return first.start_s < second.start_s and (most_s is None or gap_s <= most_s)
