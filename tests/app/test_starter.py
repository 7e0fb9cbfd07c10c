"""A fresh installation with the extra `starter`, from nothing to an answer."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import resources
from app.models import packaged

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.usefixtures("starter")


def crossfind(home: Path, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """The real command in a home of its own, without the resident process."""
    environment = {key: value for key, value in os.environ.items() if key != packaged.SWITCH}
    environment |= {"CROSSFIND_HOME": str(home), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "app", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=200)


def test_the_first_run_makes_the_model_and_every_later_one_uses_it(home: Path, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("cat.jpg", "coffee.jpg", "textures/grass.jpg"):
        shutil.copy(resources.path("samples") / name, pictures)
    shutil.copy(resources.path("samples") / "papers" / "lease RB-20417.pdf", pictures)
    told = crossfind(home, "status").stderr  # looks, but makes nothing
    assert (told, (home / "models").exists()) == ("", False)
    first = crossfind(home, "index", pictures)
    assert first.returncode == 0
    assert first.stderr.startswith("Making starter-scene ready, once; this takes a few seconds …\n")
    basic = "Searching pictures by what they show uses starter-scene, a basic model"
    assert f"{basic}; a better model: crossfind models pull ViT-B-16" in first.stderr
    assert "not for commercial use: trained on photos" in first.stderr
    found = crossfind(home, "search", "--no-service", "--limit", "1", "a small furry animal")
    assert "cat.jpg" in found.stdout
    assert "Making" not in found.stderr
    meant = crossfind(home, "search", "--no-service", "hiring a small vessel for the summer", "type:pdf")
    assert "lease RB-20417.pdf, page 1  similar meaning" in meant.stdout
    again = crossfind(home, "index", pictures)
    assert (again.returncode, again.stdout.startswith("4 unchanged")) == (0, True)
    assert "Making" not in again.stderr
    removed = crossfind(home, "models", "remove", "starter-scene")
    assert removed.stdout.startswith("starter-scene is removed")
    assert list((home / "models" / ".prepared").glob("starter-scene*")) == []
