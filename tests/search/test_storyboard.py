from itertools import pairwise

import pytest

from search.storyboard import COLUMNS, MOST, TILE, size_of, tile_place, tile_times


@pytest.mark.parametrize(("duration", "count"), [(0.0, 1), (1.9, 1), (9.0, 5), (200.0, 100), (7200.0, MOST)])
def test_tiles_are_spread_evenly(duration, count):
    times = tile_times(duration)
    assert len(times) == count
    assert all(0 <= time <= duration for time in times)
    gaps = [after - before for before, after in pairwise(times)]
    assert gaps == pytest.approx([duration / count] * (count - 1))


@pytest.mark.parametrize("count", [1, COLUMNS, COLUMNS + 1, MOST])
def test_every_tile_lies_inside_and_on_no_other(count):
    width, height = size_of(count)
    places = [tile_place(number) for number in range(count)]
    assert len(set(places)) == count
    assert all(x + TILE[0] <= width and y + TILE[1] <= height for x, y in places)
