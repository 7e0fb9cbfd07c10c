"""`crossfind watch`: a real process over a real folder, and what it refuses."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.cli_watch import _Pending
from search.store import Library

pytestmark = pytest.mark.usefixtures("home")

ROOT = Path(__file__).parents[2]


def test_what_was_never_indexed_is_refused(crossfind: Any, family_photos: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    assert crossfind("index", family_photos, "-l", library)[0] == 0
    code, _, said = crossfind("watch", tmp_path / "elsewhere", "-l", library)
    assert code == 1
    assert "was not indexed before" in said


def test_a_new_picture_is_indexed(crossfind: Any, family_photos: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    assert crossfind("index", family_photos, "-l", library)[0] == 0
    command = [sys.executable, "-m", "app", "watch", "-l", str(library)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as watching:
        assert watching.stderr is not None
        try:
            assert b"Watching" in watching.stderr.readline()
            opened = Library.open(library)
            for n in range(600):  # the system may need a moment until it tells of changes
                if n % 50 == 0:
                    Image.new("RGB", (50, 40), (n % 256, 90, 90)).save(family_photos / f"new {n}.png")
                if opened.status().files > 4:
                    break
                time.sleep(0.2)
            assert opened.status().files > 4
            opened.close()
        finally:
            watching.kill()


def test_nothing_is_begun_while_another_run_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli_watch._QUIET_S", 0.0)
    library, seen, stop = Library.create(tmp_path / "library"), tmp_path / "seen", threading.Event()
    code = f"import sys; open({str(seen)!r}, 'a').write(sys.argv[1])"
    pending = _Pending([sys.executable, "-c", code], library.folder)
    thread = threading.Thread(target=pending.run, args=(stop,))
    with library.writer():
        pending.take([Path("/a")])
        thread.start()
        time.sleep(1.5)
        assert not seen.exists()
    deadline = time.monotonic() + 60
    while not seen.exists() or not seen.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    stop.set()
    thread.join()
    library.close()
    assert seen.read_text() == str(Path("/a"))
