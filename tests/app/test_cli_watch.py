"""`crossfind watch`: a real process over a real folder, and what it refuses."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
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


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT can be sent there")
def test_ctrl_c_ends_it(crossfind: Any, family_photos: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    assert crossfind("index", family_photos, "-l", library)[0] == 0
    listens = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # even if we do not
    code = f"{listens}; from app import cli; cli.main()"
    command = [sys.executable, "-c", code, "watch", "-l", str(library)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as watching:
        assert watching.stderr is not None
        try:
            assert b"Watching" in watching.stderr.readline()
            time.sleep(1.0)  # until it waits for changes
            watching.send_signal(signal.SIGINT)
            assert watching.wait(60) == 0
        finally:
            watching.kill()


def test_nothing_is_begun_while_another_run_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.cli_watch._QUIET_S", 0.0)
    library, seen, stop = Library.create(tmp_path / "library"), tmp_path / "seen", threading.Event()
    pending = _Pending(_run(seen, "print('{\"summary\": {}}')"), library.folder)
    thread = threading.Thread(target=pending.run, args=(stop,))
    with library.writer():
        pending.take([Path("/a")])
        thread.start()
        time.sleep(1.5)
        assert not seen.exists()
    _until(lambda: seen.exists() and bool(seen.read_text()))
    time.sleep(1.0)  # it is not begun again
    stop.set()
    thread.join()
    library.close()
    assert seen.read_text() == f"{Path('/a')}\n"


def test_what_a_run_that_broke_off_was_to_read_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("app.cli_watch._QUIET_S", 0.05)
    library, seen, stop = Library.create(tmp_path / "library"), tmp_path / "seen", threading.Event()
    fails_twice = "len(open(sys.argv[-2]).readlines()) < 3 and sys.exit('The disk is full.')"
    works = "print(json.dumps({'outcome': 'indexed', 'path': 'a.jpg'})); print(json.dumps({'summary': {}}))"
    pending = _Pending(_run(seen, f"{fails_twice}; {works}"), library.folder)
    thread = threading.Thread(target=pending.run, args=(stop,))
    pending.take([Path("/a")])
    thread.start()
    _until(lambda: seen.exists() and seen.read_text().count("a") == 3)
    time.sleep(1.0)
    stop.set()
    thread.join()
    library.close()
    told = capsys.readouterr()
    assert seen.read_text().count("a") == 3
    assert told.err.count("The disk is full.") == 1
    assert "indexed  a.jpg" in told.out


def _run(seen: Path, code: str) -> list[str]:
    """A command that notes its last argument in a file, then does something."""
    noted = f"import json, sys; print(sys.argv[-1], file=open({str(seen)!r}, 'a'), flush=True); {code}"
    return [sys.executable, "-c", noted, str(seen)]


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
