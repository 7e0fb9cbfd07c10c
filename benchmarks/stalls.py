"""How long the window holds still while a library is being indexed and somebody types.

    python -m benchmarks.stalls [PHOTOS] [--no-model] [--idle SECONDS]

The real window (without a screen unless QT_QPA_PLATFORM names one) over a real library: it indexes photos
made for the purpose, 2,000 unless said otherwise, for what they show and what they say, with the model in
CROSSFIND_MODELS or the starter's, while queries are typed letter by letter. A clock asks every 5 ms whether
the event loop turns; by how much it comes too late is a stall. On a busy machine that may be the machine's
doing: so the time is told, too, that the window's own thread computed between two turns. The baseline is the
same window before, with nothing going on. `--no-model` has photos read and compared as near-duplicates only,
which takes a small part of the time: the window hears of as many files and batches, only faster.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QElapsedTimer, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from app import client, config, modalities
from app.models import packaged
from app.window.backend import ServiceBackend
from benchmarks.common import table
from ui.main_window import MainWindow

TICK_MS = 5
CHEAP = ("pictures", "metadata")
"""What is learned; everything takes hours on a small machine."""
QUERIES = ("red", "a dark picture of stripes", "type:image blue", "name:17", "green dots date:2024")


class Clock(QObject):
    """Notes by how many milliseconds each turn of the event loop came too late."""

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        self.computed: list[float] = []
        self._spent = time.thread_time()
        self._since = QElapsedTimer()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._since.start()
        self._timer.start()

    def stop(self) -> None:
        """Note nothing more."""
        self._timer.stop()

    def _tick(self) -> None:
        self.late.append(max(0.0, self._since.nsecsElapsed() / 1e6 - TICK_MS))
        self._since.restart()
        self.computed.append((time.thread_time() - self._spent) * 1000)
        self._spent = time.thread_time()


def make_photos(folder: Path, number: int) -> None:
    """Photos of noise, stripes and gradients that differ from each other, 640 x 480, as JPEG."""
    generator = np.random.default_rng(7)
    rows, columns = np.mgrid[0:480, 0:640].astype(np.float32)
    for n in range(number):
        colour = generator.uniform(0, 255, 3)
        wave = np.sin(columns / generator.uniform(4, 60) + rows / generator.uniform(4, 60))[..., None]
        noise = generator.normal(0, 12, (480, 640, 3))
        pixels = np.clip(colour * (0.6 + 0.4 * wave) + noise, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"photo {n:04}.jpg", quality=85)


def watched(until: Callable[[], bool], longest_s: float) -> Clock:
    """Run the event loop until something has come true; return what the clock noted."""
    clock, loop = Clock(), QEventLoop()
    looking = QTimer(interval=100)
    deadline = time.monotonic() + longest_s
    looking.timeout.connect(lambda: loop.quit() if until() or time.monotonic() > deadline else None)
    looking.start()
    loop.exec()
    clock.stop()
    return clock


class Typist(QObject):
    """Types queries, a letter every 120 ms, and deletes them again."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._typed = window, 0
        self._text = "".join(f"{query}\b" for query in QUERIES)
        self.queries = 0
        self._timer = QTimer(self, interval=120)
        self._timer.timeout.connect(self._type)
        self._timer.start()
        window.flow.found.connect(self._count)

    def _count(self) -> None:
        self.queries += 1

    def _type(self) -> None:
        letter = self._text[self._typed % len(self._text)]
        self._typed += 1
        field = self._window.query.field
        if letter == "\b":
            field.selectAll()
            return
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            key = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.postEvent(field, key)


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("photos", type=int, nargs="?", default=2000)
    parser.add_argument("--no-model", action="store_true", help="photos are read, but no model sees them")
    parser.add_argument("--idle", type=float, default=60, help="seconds of the baseline")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as place:
        os.environ["CROSSFIND_HOME"] = place
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        photos = Path(place) / "photos"
        photos.mkdir()
        make_photos(photos, chosen.photos)
        dear = [one.name for one in modalities.modalities(Path(place)) if one.name not in CHEAP]
        modalities.switch(Path(place) / "library", dear, on=False)
        if chosen.no_model:
            os.environ |= {packaged.SWITCH: "off", "CROSSFIND_MODELS": ""}
        settings = replace(config.load(), models_dir=os.environ.get("CROSSFIND_MODELS", ""))
        app = QApplication([])
        window = MainWindow(ServiceBackend(settings))
        window.show()
        watched(lambda: not window.jobs.busy("status"), 60)
        idle = watched(lambda: False, chosen.idle)
        typist, ended = Typist(window), list[object]()
        window.indexing.ended.connect(ended.append)
        window.index([photos])
        began = time.monotonic()
        busy = watched(lambda: bool(ended), 3600)
        took = time.monotonic() - began
        held = window.indexing.title.text()
        window.close()
        app.processEvents()
        client.stop_service()
    print(f"{held} {took:.0f} s; {typist.queries} queries answered meanwhile.")
    head = ("milliseconds", "median", "99 %", "99.9 %", "longest", "times over 50 ms")
    rows = [
        _row("idle, late by", idle.late),
        _row("idle, computed", idle.computed),
        _row("indexing and typing, late by", busy.late),
        _row("indexing and typing, computed", busy.computed),
    ]
    table(head, rows)


def _row(name: str, turns: Sequence[float]) -> tuple[object, ...]:
    values = np.asarray(turns)
    over = int((values > 50).sum())
    shares = (f"{np.percentile(values, share):.1f}" for share in (50, 99, 99.9))
    return (name, *shares, f"{values.max():.0f}", f"{over} of {len(values):,}")


if __name__ == "__main__":
    main(sys.argv[1:])
