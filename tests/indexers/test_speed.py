import pytest

from indexers import speed as module
from indexers.speed import Speed, brief


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def test_speed_is_told_once_it_is_more_than_a_guess(clock):
    speed = Speed()
    assert speed.per_s == 0
    speed.note(0)
    clock[0] += 1
    speed.note(1)
    assert speed.per_s == 0
    clock[0] += 1
    speed.note(4)
    assert speed.per_s == 2


def test_what_was_long_ago_does_not_count(clock):
    speed = Speed()
    for n in range(100):
        speed.note(10 * n)  # what was kept of an earlier run is there at once
        clock[0] += 0.1
    for n in range(90):
        speed.note(991 + n)
        clock[0] += 1
    assert speed.per_s == pytest.approx(1, rel=0.1)


def test_slow_progress_has_a_speed_between_two_notes(clock):
    speed = Speed()
    for n in range(10):
        speed.note(n / 100)
        clock[0] += 40
    assert speed.per_s == pytest.approx(0.01 / 40, rel=0.3)


def test_what_stands_still_becomes_slower(clock):
    speed = Speed()
    for n in range(5):
        speed.note(n)
        clock[0] += 1
    before = speed.per_s
    clock[0] += 100
    speed.note(4)
    assert speed.per_s < before / 10


def test_slow_speeds_keep_their_digits():
    assert (brief(1 / 3600), brief(0.8), brief(0)) == (0.000278, 0.8, 0)
