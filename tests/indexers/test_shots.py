"""What makes a shot and a moment, on looks of plain grey."""

import numpy as np
import pytest

from indexers.frames import Look
from indexers.shots import difference, shots


def looks(*greys, every=0.1, start=0):
    """One look for each grey value, a tenth of a second apart."""
    for n, grey in enumerate(greys[start:], start):
        sketch = np.full((3, 36, 64), 128, np.uint8)
        sketch[0] = grey
        yield Look(n, n * every, sketch, None)


def found(greys, **options):
    every = options.pop("every", 0.1)
    taken = looks(*greys, every=every)
    return list(shots(taken, lambda look: look.ticks, lambda: len(greys) * every, **options))


def spans(result):
    return [(round(shot.start_s, 1), round(shot.end_s, 1)) for shot in result]


def test_no_look_is_no_shot():
    assert found([]) == []


def test_a_cut_ends_a_shot():
    result = found([50] * 20 + [200] * 10)
    assert spans(result) == [(0, 2), (2, 3)]
    assert [shot.next for shot in result] == [20, None]
    assert [[moment.picture for moment in shot.moments] for shot in result] == [[10], [29]]


def test_restless_pictures_are_not_cut():
    greys = [50 if n % 2 else 90 for n in range(40)]
    assert len(found(greys)) <= 2


def test_a_flash_makes_no_shot_of_its_own():
    assert len(found([50] * 20 + [250] + [50] * 20)) == 2


def test_a_shot_without_end_is_parted():
    assert spans(found([50] * 100, longest_s=4.0)) == [(0, 4), (4, 8), (8, 10)]


def test_what_stays_the_same_is_one_moment():
    (shot,) = found([50] * 80)
    assert [(m.start_s, m.end_s) for m in shot.moments] == [(0, 8)]


def test_what_changes_slowly_is_a_moment_every_two_seconds():
    (shot,) = found(range(50, 150))
    assert [moment.start_s for moment in shot.moments] == [0, 2, 4, 6, 8]
    assert [moment.end_s for moment in shot.moments] == [2, 4, 6, 8, 10]
    assert [moment.picture for moment in shot.moments] == [10, 30, 50, 70, 90]


def test_each_of_few_looks_that_differ_is_seen():
    result = found([50, 200, 90], every=1.2)
    assert [moment.picture for shot in result for moment in shot.moments] == [0, 1, 2]


@pytest.mark.parametrize("seed", range(5))
def test_reading_may_begin_at_any_shot(seed):
    random = np.random.default_rng(seed)
    greys = [int(grey) for grey in np.repeat(random.integers(0, 256, 12), random.integers(1, 30, 12))]
    whole = found(greys)
    for n, shot in enumerate(whole[:-1]):
        rest = shots(looks(*greys, start=shot.next), lambda look: look.ticks, lambda: len(greys) * 0.1)
        assert list(rest) == whole[n + 1 :]


def test_difference_is_of_brightness_and_colours():
    (one,) = looks(50)
    (other,) = looks(60)
    other.sketch[1:] = 130
    assert difference(one.sketch, other.sketch) == pytest.approx(14)
    assert difference(one.sketch, one.sketch) == 0
