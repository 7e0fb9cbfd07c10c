"""A run killed at any moment and started again leads to the library of an uninterrupted run."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(280)
def test_five_kills_change_nothing():
    command = [
        sys.executable,
        "-m",
        "benchmarks.kill_and_resume",
        "--kills",
        "5",
        "--files",
        "40",
        "--seed",
        "7",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("5 kills")
