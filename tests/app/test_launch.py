"""The program starts itself again, from Python and packaged."""

import subprocess
import sys
from pathlib import Path

import pytest

from app import launch

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
    code = "import sys; sys.argv[0] = 'crossfind'; from app import launch; launch.main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--version"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.startswith("crossfind ")) == (0, True)
