from indexers import tally as module
from indexers.tally import Tally
from search.records import Learned


def test_what_is_to_be_done_and_done_is_counted_by_name() -> None:
    tally = Tally()
    for name in ("pictures", "pictures", "faces"):
        tally.begin(name)
    tally.end("pictures")
    tally.end("nobody began this")
    assert tally.told() == (Learned("pictures", 1, 2), Learned("faces", 0, 1))


def test_speed_is_told_once_it_is_more_than_a_guess(monkeypatch) -> None:
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    tally = Tally()
    for _ in range(10):
        tally.begin("faces")
    tally.end("faces")
    now[0] += 1.0
    tally.end("faces")
    assert tally.told()[0].files_per_s == 0.0
    now[0] += 1.5
    tally.end("faces")
    assert tally.told() == (Learned("faces", 3, 10, 0.8),)
