from indexers import speed as module
from indexers.tally import Tally
from search.records import Learned


def test_what_is_to_be_done_and_done_is_counted_by_name() -> None:
    tally = Tally()
    for name in ("pictures", "pictures", "faces"):
        tally.begin(name)
    tally.end("pictures", "a")
    tally.end("nobody began this", "a")
    tally.reach("nobody began this", "a", 0.5)
    assert tally.told() == (Learned("pictures", 1, 2), Learned("faces", 0, 1))


def test_speed_is_told_once_it_is_more_than_a_guess(monkeypatch) -> None:
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    tally = Tally()
    for _ in range(10):
        tally.begin("faces")
    tally.end("faces", "a")
    now[0] += 1.0
    tally.end("faces", "a")
    assert tally.told()[0].files_per_s == 0.0
    now[0] += 1.5
    tally.end("faces", "a")
    assert tally.told() == (Learned("faces", 3, 10, 0.8),)


def test_what_is_read_of_files_under_way_is_told_until_they_are_done() -> None:
    tally = Tally()
    for _ in range(3):
        tally.begin("videos")
    tally.reach("videos", "a", 0.25)
    tally.reach("videos", "b", 0.5)
    tally.reach("videos", "a", 0.75)
    assert tally.told() == (Learned("videos", 0, 3, under_way=1.25),)
    tally.end("videos", "b")
    assert tally.told() == (Learned("videos", 1, 3, under_way=0.75),)
    tally.end("videos", "c")  # was read in one piece
    tally.end("videos", "a")
    assert tally.told() == (Learned("videos", 3, 3),)


def test_a_film_alone_has_a_speed(monkeypatch) -> None:
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    tally = Tally()
    tally.begin("speech")
    for n in range(1, 11):
        tally.reach("speech", "a", n / 100)
        now[0] += 36
    assert (
        tally.told()[0].files_per_s == 0.000208
    )  # as of late: 0.03 in 144 seconds, the next is not there yet
