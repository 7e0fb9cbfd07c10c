"""How long the event loop is held up: measured and reported, never judged (machines differ)."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from search.records import Hit
from ui.main_window import MainWindow

CHILD = """
import json, sys
for n in range(20_000):
    print(json.dumps({"outcome": "indexed", "path": f"/a/{n}.jpg", "reason": None}))
    told = {"done": n, "total": 20000, "files_per_s": 9.0, "left_s": 1.0, "stage": "reading"}
    print(json.dumps({"progress": told}), file=sys.stderr)
print(json.dumps({"summary": {"indexed": 20000}}))
"""


class Stalls:
    """Ticks every few milliseconds and keeps the longest time between two ticks, in milliseconds.

    Processor time of this thread tells our own share on a machine that is busy with something else.
    """

    def __init__(self, parent: MainWindow) -> None:
        self.longest_ms = 0.0
        self.longest_cpu_ms = 0.0
        self.ticks = 0
        self._last, self._last_cpu = time.perf_counter(), time.thread_time()
        timer = QTimer(parent, interval=2)
        timer.timeout.connect(self._tick)
        timer.start()

    def _tick(self) -> None:
        now, cpu = time.perf_counter(), time.thread_time()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1000)
        self.longest_cpu_ms = max(self.longest_cpu_ms, (cpu - self._last_cpu) * 1000)
        self._last, self._last_cpu = now, cpu
        self.ticks += 1


def test_stalls_while_indexing_and_searching_are_reported(
    window: MainWindow,
    backend: Any,
    make_hit: Callable[..., Hit],
    make_picture: Callable[..., Path],
    qtbot: QtBot,
    record_property: Callable[[str, object], None],
) -> None:
    pictures = [make_picture(f"p{n}.jpg", (320, 240)) for n in range(60)]
    backend.hits = tuple(make_hit(f"p{n}.jpg", thumbnail=pictures[n % 60], score=1.0) for n in range(1000))
    backend.command = [sys.executable, "-c", CHILD]
    stalls = Stalls(window)
    window.index([])
    for n in range(10):
        window.query.set_words(f"query {n}")
        qtbot.wait(60)
        window.view.results.verticalScrollBar().setValue(400 * n)
    qtbot.waitUntil(lambda: not window.indexing.running, timeout=60_000)
    record_property("longest_stall_ms", round(stalls.longest_ms, 1))
    record_property("longest_stall_cpu_ms", round(stalls.longest_cpu_ms, 1))
    assert stalls.ticks > 0
    assert window.model.rowCount() == 1000
