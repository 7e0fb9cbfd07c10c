"""Windows that were found become stretches."""

import pytest

from search.moments import joined
from search.records import Segment, TimeSpan, Whole
from search.store import Found


def found(*windows: tuple[str, float, float, float]) -> tuple[list[Found], list[float]]:
    """Windows (digest, start, end, score), best first."""
    best = sorted(windows, key=lambda one: -one[3])
    segments = [Segment(d, "sound", n, TimeSpan(a, b), f"{d}{n}") for n, (d, a, b, _) in enumerate(best)]
    return [Found(one, score) for one, (*_, score) in zip(segments, best, strict=True)], [
        one[3] for one in best
    ]


def places(*windows: tuple[str, float, float, float]) -> list[tuple[str, object, float]]:
    stretches, scores = joined(*found(*windows))
    return [(one.segment.digest, one.segment.locator, s) for one, s in zip(stretches, scores, strict=True)]


def test_neighbours_are_one_stretch_as_good_as_the_best() -> None:
    assert places(("a", 0, 2, 0.5), ("a", 2, 4, 0.9), ("a", 4, 6, 0.6)) == [("a", TimeSpan(0, 6), 0.9)]


@pytest.mark.parametrize(
    "apart",
    [(("a", 0, 2, 0.9), ("a", 3, 4, 0.8)), (("a", 0, 2, 0.9), ("b", 2, 4, 0.8))],
    ids=["a gap", "another recording"],
)
def test_what_is_apart_stays_apart(apart: tuple[tuple[str, float, float, float], ...]) -> None:
    assert [score for _, _, score in places(*apart)] == [0.9, 0.8]


def test_a_weak_neighbour_does_not_make_it_longer() -> None:
    assert places(("a", 0, 2, 0.1), ("a", 2, 4, 0.9), ("a", 4, 6, 0.44), ("a", 6, 8, 0.9)) == [
        ("a", TimeSpan(2, 4), 0.9),
        ("a", TimeSpan(6, 8), 0.9),
        ("a", TimeSpan(4, 6), 0.44),
        ("a", TimeSpan(0, 2), 0.1),
    ]


def test_what_has_no_time_stays_as_it_is() -> None:
    whole = Found(Segment("a", "sound", 0, Whole()), 0.7)
    assert joined([whole], [0.7]) == ([whole], [0.7])
    assert joined([], []) == ([], [])
