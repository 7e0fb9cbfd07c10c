"""From the start of the process to a window that can be used, beside an empty PySide6 window.

    python -m benchmarks.window_start [REPEATS]

Both windows are started in turns, each in a fresh process, without a screen unless QT_QPA_PLATFORM names one.
Two moments are told, in milliseconds since the process was started: the window is painted for the first
time, and a key typed into its field has arrived. Crossfind opens over a library of the sample media.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

import resources
from benchmarks.common import table

EMPTY = """
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
app = QApplication([])
window = QMainWindow()
field = QLineEdit()
window.setCentralWidget(field)
watch(window, field)
window.show()
field.setFocus()
app.exec()
"""

CROSSFIND = """
import ui.application, ui.main_window
class Watched(ui.main_window.MainWindow):
    def __init__(self, *given):
        super().__init__(*given)
        watch(self, self.query.field)
ui.application.MainWindow = Watched
from app import gui
gui.run({"library": sys.argv[2]})
"""

WATCH = """
import sys, time
def watch(window, field):
    from PySide6.QtCore import QEvent, QObject, Qt, QTimer
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QApplication
    class Watcher(QObject):
        def eventFilter(self, watched, event):
            if event.type() == QEvent.Type.Paint and not hasattr(self, "painted"):
                self.painted = time.time()
                QTimer.singleShot(0, self.type)
            return False
        def type(self):
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                key = QKeyEvent(kind, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a")
                QApplication.postEvent(field, key)
        def typed(self):
            print(self.painted - float(sys.argv[1]), time.time() - float(sys.argv[1]), flush=True)
            import os
            os._exit(0)
    watcher = Watcher(window)
    window.installEventFilter(watcher)
    field.textChanged.connect(watcher.typed)
"""


def started(program: str, environment: Mapping[str, str], *arguments: str) -> tuple[float, float]:
    """Start a window in a process; return milliseconds until it was painted and until a key arrived."""
    command = [sys.executable, "-c", WATCH + program, str(time.time()), *arguments]
    done = subprocess.run(command, env=dict(environment), capture_output=True, text=True, check=True)
    painted, typed = (float(word) * 1000 for word in done.stdout.split()[-2:])
    return painted, typed


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    repeats = int(arguments[0]) if arguments else 9
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"CROSSFIND_HOME": folder, "CROSSFIND_STARTER": "off"}
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
        library = f"{folder}/library"
        index = [sys.executable, "-m", "app", "index", str(resources.path("samples")), "-l", library]
        subprocess.run(index, env=environment, check=True, capture_output=True)
        empty, ours = [], []
        for _ in range(repeats + 1):
            empty.append(started(EMPTY, environment))
            ours.append(started(CROSSFIND, environment, library))
        stop = "from app.client import stop_service; stop_service()"
        subprocess.run([sys.executable, "-c", stop], env=environment, check=True)
    table(("milliseconds from the start of the process", "window painted", "key arrived"), _rows(empty, ours))


def _rows(
    empty: Sequence[tuple[float, float]], ours: Sequence[tuple[float, float]]
) -> list[tuple[object, ...]]:
    """Medians and the quickest, the first of each left out: it fills the disk's cache."""
    told: list[tuple[object, ...]] = []
    for name, pick in (("median", statistics.median), ("quickest", min)):
        baseline = [pick(one[n] for one in empty[1:]) for n in (0, 1)]
        window = [pick(one[n] for one in ours[1:]) for n in (0, 1)]
        told.append((f"empty PySide6 window, {name}", *(f"{ms:.0f}" for ms in baseline)))
        told.append((f"Crossfind, {name}", *(f"{ms:.0f}" for ms in window)))
        told.append(("ratio", *(f"{a / b:.1f}" for a, b in zip(window, baseline, strict=True))))
    return told


if __name__ == "__main__":
    main(sys.argv[1:])
