"""People in a shot: who is seen several times is one, and nobody is twice in one picture."""

import numpy as np
import pytest

from indexers.face_finder import Face
from indexers.face_tracks import tracks
from search.spaces import Thresholds, Vector

THRESHOLDS = Thresholds(0.6, 0.4)
LEFT, RIGHT, MIDDLE = (0.1, 0.1, 0.3, 0.4), (0.6, 0.1, 0.8, 0.4), (0.35, 0.1, 0.55, 0.4)


def looks(angle: float) -> Vector:
    """A direction in a plane: 0 and 90 degrees are two people."""
    return np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))], np.float32)


def face(angle: float, box: tuple[float, float, float, float] = LEFT, quality: float = 0.5) -> Face:
    return Face(box, 0.9, (), looks(angle), quality)


def test_two_people_who_change_places_stay_two() -> None:
    ada, bob = tracks([[face(0, LEFT), face(90, RIGHT)], [face(85, LEFT), face(5, RIGHT)]], THRESHOLDS)
    assert [one.box for one in ada.seen.values()] == [LEFT, RIGHT]
    assert [one.box for one in bob.seen.values()] == [RIGHT, LEFT]


def test_the_best_view_and_the_time_of_one_person() -> None:
    (track,) = tracks(
        [[], [face(0, quality=0.3)], [], [face(20, RIGHT, 0.9)], [face(10, MIDDLE, 0.2)]], THRESHOLDS
    )
    assert (track.first, track.best, track.last) == (1, 3, 4)


def test_who_turns_away_stays_the_same_where_he_is() -> None:
    turning = [[face(angle)] for angle in (0, 60, 120)]  # cosine .5 from one to the next
    assert len(tracks(turning, THRESHOLDS)) == 1
    walking = [[face(0, LEFT)], [face(60, RIGHT)]]
    assert len(tracks(walking, THRESHOLDS)) == 2
    assert len(tracks([[face(0)], [], [face(60)]], THRESHOLDS)) == 2


def test_somebody_else_in_the_same_place_is_somebody_else() -> None:
    assert len(tracks([[face(0)], [face(80)]], THRESHOLDS)) == 2


def test_two_alike_in_one_picture_are_two() -> None:
    twins = [[face(0, LEFT), face(3, RIGHT)], [face(2, LEFT), face(4, RIGHT)]]
    found = tracks(twins, THRESHOLDS)
    assert [len(track.seen) for track in found] == [2, 2]


def test_tracks_are_joined_when_their_best_views_are_one_person() -> None:
    apart = [[face(0, LEFT, 0.1)], [face(80, RIGHT, 0.1)]]
    assert len(tracks(apart, THRESHOLDS)) == 2
    (joined,) = tracks([*apart, [face(45, MIDDLE, 0.9)]], THRESHOLDS)
    assert (sorted(joined.seen), joined.best) == ([0, 1, 2], 2)


@pytest.mark.parametrize("moments", [[], [[]], [[], []]])
def test_nobody(moments: list[list[Face]]) -> None:
    assert tracks(moments, THRESHOLDS) == []
