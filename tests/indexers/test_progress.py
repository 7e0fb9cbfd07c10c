"""How far a run is, by a clock that is moved by hand."""

import pytest

from indexers import speed
from indexers.progress import Meter
from indexers.tally import Tally
from search.records import Indexed, Unchanged


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(speed.time, "monotonic", lambda: now[0])
    return now


def test_a_single_long_film_has_a_share_and_a_time_left(clock):
    meter, tally = Meter(), Tally()
    meter.count(1)
    meter.is_total = True
    tally.begin("videos")
    tally.begin("speech")
    tally.is_complete = True
    assert meter.progress(tally).left_s is None
    for n in range(1, 5):
        clock[0] += 60
        tally.reach("videos", "d", n / 10)
        told = meter.progress(tally)
    assert (told.done, told.total) == (0, 1)
    assert told.share == pytest.approx(0.2)
    assert told.left_s == pytest.approx(1.6 / (0.3 / 180), rel=0.01)  # of two things, at the speed of one


def test_a_film_among_photos_is_waited_for(clock):
    """When all the photos are read, the rest does not go on at their speed."""
    meter, tally = Meter(), Tally()
    meter.count(101)
    meter.is_total = True
    for _ in range(100):
        tally.begin("pictures")
    tally.begin("videos")
    tally.is_complete = True
    for n in range(100):
        clock[0] += 0.1
        tally.end("pictures", f"d{n}")
        meter.note([Indexed(f"/{n}.jpg", 1)])
        meter.progress(tally)
    for n in range(1, 51):
        clock[0] += 10
        tally.reach("videos", "film", n / 100)
        told = meter.progress(tally)
    assert told.left_s == pytest.approx(500, rel=0.1)


def test_before_all_is_counted_the_time_left_is_that_of_files(clock):
    meter, tally = Meter(), Tally()
    meter.count(100)
    meter.is_total = True
    for n in range(20):
        tally.begin("pictures")
        clock[0] += 1
        tally.end("pictures", f"d{n}")
        meter.note([Indexed(f"/{n}.jpg", 1)])
    assert meter.progress(tally).left_s == pytest.approx(80)


def test_without_anything_to_read_nothing_is_left_to_guess(clock):
    meter, tally = Meter(), Tally()
    meter.count(3)
    meter.is_total = tally.is_complete = True
    clock[0] += 3
    meter.note([Unchanged(f"/{n}.jpg") for n in range(3)])
    told = meter.progress(tally)
    assert (told.share, told.files_per_s, told.left_s) == (1.0, 1.0, None)


def test_when_all_is_read_no_time_is_left(clock):
    meter, tally = Meter(), Tally()
    meter.count(2)
    meter.is_total = tally.is_complete = True
    for digest in ("c", "d"):
        clock[0] += 3
        tally.begin("videos")
        tally.end("videos", digest)
        meter.note([Indexed(f"/{digest}.mp4", 1)])
    told = meter.progress(tally)
    assert (told.share, told.left_s) == (1.0, None)
