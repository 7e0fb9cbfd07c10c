"""The program starts itself again, from Python and packaged."""

import subprocess
import sys
from pathlib import Path

import pytest

from app import __version__, launch

ROOT = Path(__file__).parents[2]


def test_from_python_it_is_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "frozen", raising=False)
    assert launch.command("index", "x") == [sys.executable, "-m", "app", "index", "x"]
    assert launch.service_command(60) == [sys.executable, "-m", "app.service", "60"]


def test_packaged_it_is_one_executable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert launch.command("index", "x") == [sys.executable, "index", "x"]
    assert launch.service_command(60) == [sys.executable, launch.SERVICE, "60"]


def test_the_packaged_program_does_what_its_arguments_say() -> None:
    code = "import sys; sys.argv[0] = 'crossfind'; from app import __version__, launch; launch.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.startswith("crossfind ")) == (0, True)


def test_the_program_is_another_when_its_code_is(tmp_path: Path) -> None:
    for room in launch.SERVES:
        (tmp_path / room / "inner").mkdir(parents=True)
    code = tmp_path / "search" / "inner" / "one.py"
    code.write_text("ONE = 1\n", encoding="utf-8")
    before = launch.program(tmp_path)
    (tmp_path / "search" / "notes.txt").write_text("no code", encoding="utf-8")
    assert launch.program(tmp_path) == before
    code.write_text("ONE = 11\n", encoding="utf-8")
    assert launch.program(tmp_path) != before
    assert launch.program().startswith(f"{__version__}+")
