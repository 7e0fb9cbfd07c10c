"""When boxes are one face, and when two faces are seen at once."""

import pytest

from search.people.places import matched, overlap, rivals, together
from search.people.records import Anchor, Place
from search.records import Page, TimeSpan, Whole

LEFT, RIGHT = (0.0, 0.0, 0.4, 0.4), (0.6, 0.0, 1.0, 0.4)


@pytest.mark.parametrize(
    ("one", "other", "at_once"),
    [
        (Whole(), Whole(), True),
        (Page(1), Page(1), True),
        (Page(1), Page(2), False),
        (Whole(), Page(1), False),
        (TimeSpan(0, 3), TimeSpan(2, 5), True),
        (TimeSpan(0, 3), TimeSpan(1, 2), True),
        (TimeSpan(0, 3), TimeSpan(3, 5), False),  # the next shot
        (TimeSpan(2, 2), TimeSpan(2, 2), True),
        (TimeSpan(0, 1), TimeSpan(4, 5), False),
    ],
)
def test_what_is_seen_at_once(one: Place, other: Place, at_once: bool) -> None:
    assert together(one, other) is together(other, one) is at_once


def test_overlap() -> None:
    assert overlap(LEFT, LEFT) == pytest.approx(1)
    assert overlap(LEFT, RIGHT) == 0
    assert overlap((0, 0, 1, 1), (0, 0, 0.5, 1)) == pytest.approx(0.5)


def test_rivals_are_those_in_the_same_picture() -> None:
    anchors = [Anchor("a", Whole(), LEFT), Anchor("b", Whole(), LEFT), Anchor("a", Whole(), RIGHT)]
    assert rivals(anchors) == [[2], [], [0]]


def test_each_face_is_found_again_once_and_the_nearest_first() -> None:
    there = {7: Anchor("a", Whole(), LEFT), 8: Anchor("a", Whole(), RIGHT), 9: Anchor("b", Whole(), LEFT)}
    wanted = {
        "near": Anchor("a", Whole(), (0.0, 0.0, 0.5, 0.5)),
        "nearer": Anchor("a", Whole(), (0.0, 0.0, 0.42, 0.42)),
        "gone": Anchor("a", Page(2), LEFT),
        "other": Anchor("b", Whole(), LEFT),
    }
    assert matched(wanted, there) == {"nearer": 7, "other": 9}
