"""How hard a run may work now: paused by a person, held back by circumstances, or slowed down."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psutil

_CIRCUMSTANCES_EVERY_S = 5.0
_BUSY = 0.25
"""Other programs that keep more than this share of all cores busy make a polite run wait."""

_LONGEST_REST_S = 60.0


@dataclass(frozen=True, slots=True)
class Effort:
    """What a run may ask of the machine.

    `share`, 0 < share <= 1, is the part of the time in which files are read and models work.
    `on_power` waits while the machine runs on its battery, `when_idle` while other programs keep it busy.
    """

    share: float = 1.0
    on_power: bool = False
    when_idle: bool = False


FULL_EFFORT = Effort()


class Throttle:
    """The effort of a run, which may be changed while it runs, from any thread."""

    def __init__(self, effort: Effort = FULL_EFFORT) -> None:
        self.effort = effort


class Pace:
    """Says whether a run may begin something new. `look` is called often by one thread, the rest by any."""

    def __init__(self, throttle: Throttle, is_paused: Callable[[], bool], stopped: threading.Event) -> None:
        self.held = threading.Event()
        self.reason: str | None = None
        self._throttle, self._is_paused, self._stopped = throttle, is_paused, stopped
        self._circumstances = _circumstances(throttle)
        self._against: str | None = None
        self._known = throttle.effort
        self._due = time.monotonic() + _CIRCUMSTANCES_EVERY_S

    def look(self) -> None:
        """See what holds now: `held` is set while nothing new may begin, and `reason` says why, in words."""
        if time.monotonic() >= self._due or self._throttle.effort is not self._known:
            self._known = self._throttle.effort
            self._against = next(self._circumstances)
            self._due = time.monotonic() + _CIRCUMSTANCES_EVERY_S
        self.reason = "paused" if self._is_paused() else self._against
        if self.reason is None:
            self.held.clear()
        else:
            self.held.set()

    def rest(self, worked_s: float) -> None:
        """Wait as long after some work that the work was no more than its share of the time."""
        share = self._throttle.effort.share
        if share < 1:
            self._stopped.wait(min(worked_s * (1 - share) / share, _LONGEST_REST_S))


def _circumstances(throttle: Throttle) -> Iterator[str | None]:
    """Tell again and again what speaks against working now; None is nothing."""
    others = others_share()
    next(others)
    while True:
        effort = throttle.effort
        busy = next(others) if effort.when_idle else 0.0
        if effort.on_power and _is_on_battery():
            yield "waiting for mains power"
        else:
            yield "waiting until other programs need less" if busy > _BUSY else None


def _is_on_battery() -> bool:
    sensors = getattr(psutil, "sensors_battery", None)
    battery = sensors() if sensors else None
    return battery is not None and battery.power_plugged is False


def others_share() -> Iterator[float]:
    """Tell again and again which share 0..1 of all cores other programs used since the last time."""
    busy, total, own = 0.0, 0.0, 0.0
    while True:
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        everything, ours = sum(times[:8]), _own_seconds()
        spent = everything - total
        share = (everything - idle - busy - (ours - own)) / spent if spent > 0 else 0.0
        yield min(max(share, 0.0), 1.0)
        busy, total, own = everything - idle, everything, ours


def _own_seconds() -> float:
    """Return the processor time of this process and those it started."""
    this = psutil.Process()
    seconds = 0.0
    for process in (this, *this.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        seconds += times.user + times.system
        if process == this:
            seconds += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return seconds
