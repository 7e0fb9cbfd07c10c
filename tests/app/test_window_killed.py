"""A window that is killed while files are being read: the library is whole, and the next run goes on."""

import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from PIL import Image

from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from search.errors import LibraryError
from search.records import Indexed, Unchanged
from search.store import Library
from search.store.check import check

pytestmark = pytest.mark.usefixtures("home")

ROOT = Path(__file__).parents[2]
WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app.config import Config
from app.window.backend import ServiceBackend
from ui.main_window import MainWindow

if __name__ == "__main__":
    app = QApplication(sys.argv[:1])
    window = MainWindow(ServiceBackend(Config(library=sys.argv[1])))
    window.show()
    QTimer.singleShot(0, window, lambda: window.index([Path(sys.argv[2])]))
    app.exec()
"""
FILES = 60


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    numbers = np.random.default_rng(0)
    for n in range(FILES):
        small = numbers.integers(0, 256, (5, 7, 3), dtype=np.uint8)
        Image.fromarray(small).resize((900, 700), Image.Resampling.BICUBIC).save(folder / f"{n:03}.jpg")
    return folder


def indexed(library: Path) -> int:
    try:
        opened = Library.open(library)
    except LibraryError:
        return 0
    try:
        return opened.status().files
    finally:
        opened.close()


def until(held: bool, library: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (library / "lock.holder.json").exists() is not held:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_the_library_is_whole_and_the_next_run_goes_on(photos: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    program = tmp_path / "window.py"
    program.write_text(WINDOW)
    command = [sys.executable, str(program), str(library), str(photos)]
    window = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        until(True, library, 120)
        deadline = time.monotonic() + 120
        while not indexed(library) and window.poll() is None:  # the lock is held more than once on the way
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        window.kill()
        window.communicate()
    until(False, library, 120)  # its indexer heard that nobody listens any more, and stopped in good order
    with FileLock(library / "lock", timeout=120):  # it says so just before it lets go
        pass
    assert check(library) == []
    before = indexed(library)
    assert before > 0
    events = start_indexing(Config(library=str(library)), IndexWishes((photos,)), threading.Event()).events
    outcomes = Counter(type(event) for event in events)
    assert outcomes[Unchanged] + outcomes[Indexed] == FILES
    assert indexed(library) == FILES
    assert check(library) == []
