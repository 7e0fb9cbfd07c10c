import subprocess
import sys
import threading
import time

import psutil
import pytest

from indexers import pace as module
from indexers.pace import Effort, Pace, Throttle, others_share


def made(effort: Effort | None = None, *, paused: list[str] | None = None) -> Pace:
    marks = [] if paused is None else paused
    return Pace(Throttle(effort or Effort()), lambda: bool(marks), threading.Event())


def test_a_pause_holds_and_its_end_lets_go():
    marks: list[str] = []
    pace = made(paused=marks)
    pace.look()
    assert not pace.held.is_set()
    marks.append("paused")
    pace.look()
    assert pace.held.is_set()
    assert pace.reason == "paused"
    marks.clear()
    pace.look()
    assert not pace.held.is_set()
    assert pace.reason is None


def test_a_share_of_the_time_is_rest():
    began = time.monotonic()
    made(Effort(share=0.25)).rest(0.1)
    assert time.monotonic() - began >= 0.3  # three times the work
    began = time.monotonic()
    made().rest(1000)
    assert time.monotonic() - began < 10


def test_a_stop_ends_a_rest():
    stopped = threading.Event()
    stopped.set()
    began = time.monotonic()
    Pace(Throttle(Effort(share=0.01)), lambda: False, stopped).rest(1000)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(("is_plugged", "reason"), [(False, "waiting for mains power"), (True, None)])
def test_waiting_for_power(monkeypatch: pytest.MonkeyPatch, is_plugged: bool, reason: str | None):
    battery = type("Battery", (), {"power_plugged": is_plugged})
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    monkeypatch.setattr(module, "_CIRCUMSTANCES_EVERY_S", 0.0)
    pace = made(Effort(on_power=True))
    pace.look()
    assert pace.reason == reason
    assert pace.held.is_set() is (reason is not None)


def test_no_battery_is_no_reason_to_wait(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    monkeypatch.setattr(module, "_CIRCUMSTANCES_EVERY_S", 0.0)
    pace = made(Effort(on_power=True))
    pace.look()
    assert pace.reason is None


def test_busy_programs_hold_back_only_who_asks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_CIRCUMSTANCES_EVERY_S", 0.0)
    monkeypatch.setattr(module, "others_share", lambda: iter([0.0, 0.9, 0.1]))
    pace = made(Effort(when_idle=True))
    pace.look()
    assert pace.reason == "waiting until other programs need less"
    pace.look()
    assert pace.reason is None
    monkeypatch.setattr(module, "others_share", lambda: iter([0.0, 0.9]))
    indifferent = made()
    indifferent.look()
    assert indifferent.reason is None


def test_own_work_is_not_that_of_others():
    """What this process and its children burn is left out; what remains is a share."""
    burn = "import time\nend = time.monotonic() + 1\nwhile time.monotonic() < end: pass"
    shares = others_share()
    assert 0 <= next(shares) <= 1
    idle_before = psutil.cpu_times().idle
    began = time.monotonic()
    child = subprocess.Popen([sys.executable, "-c", burn])
    child.wait()
    elapsed, share = time.monotonic() - began, next(shares)
    cores = psutil.cpu_count() or 1
    idle = (psutil.cpu_times().idle - idle_before) / (elapsed * cores)
    assert 0 <= share <= max(0.0, 1 - idle - 0.5 / (elapsed * cores)) + 0.2
