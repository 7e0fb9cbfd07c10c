import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from search.records import SearchResult
from ui.application import run_window
from ui.backend import LibraryState

class Backend:
    def preferences_problem(self): return ""
    def models(self): return ()
    def model_command(self, id_): return []
    def status(self): return LibraryState()
    def search(self, request): return SearchResult(request.query, 1.0, ())
    def stop_search(self): pass
    def warm_up(self): pass
    def page_image(self, path, page, width): return b""
    def moment_image(self, path, moment, width): return b""
    def indexing_command(self, folders, only=(), retry=False): return []

app = QApplication(sys.argv[:1])
{later}
QTimer.singleShot(800, app.closeAllWindows)
print("exit", run_window(Backend(), __import__("pathlib").Path(sys.argv[1])))
"""


def run(tmp_path: Path, later: str = "") -> subprocess.CompletedProcess[str]:
    code = PROGRAM.replace("{later}", later)
    command = [sys.executable, "-c", code, str(tmp_path / "window.ini")]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_the_window_opens_and_closes_without_a_word(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "exit 0")
    assert "Traceback" not in done.stderr
    assert "picture%20size" in (tmp_path / "window.ini").read_text()


def test_an_error_in_the_event_loop_is_logged_and_does_not_end_the_program(tmp_path: Path) -> None:
    later = "QTimer.singleShot(200, lambda: 1 // 0)"
    done = run(tmp_path, later)
    assert (done.returncode, done.stdout.strip()) == (0, "exit 0")
    assert "an unexpected error in the window" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_ctrl_c_closes_the_window(tmp_path: Path) -> None:
    later = "import os, signal; QTimer.singleShot(300, lambda: os.kill(os.getpid(), signal.SIGINT))"
    done = run(tmp_path, later.replace("QTimer.singleShot(800", ""))
    assert done.stdout.strip() == "exit 0"
    assert "KeyboardInterrupt" not in done.stderr
