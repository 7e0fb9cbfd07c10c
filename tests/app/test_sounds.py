"""Sounds through the program: from a model's folder to an answer, and what is told without one."""

import shutil
import threading
from pathlib import Path

import pytest

from app.bootstrap import Equipment, IndexWishes, Searcher, start_indexing
from app.config import Config
from app.models.choice import choose, serves
from app.models.installed import InstalledModel, installed
from search.records import Indexed, TimeSpan


@pytest.fixture
def models(models_dir: Path, tmp_path: Path) -> Path:
    """YAMNet and nothing else."""
    if not (models_dir / "yamnet").is_dir():
        pytest.skip("there is no YAMNet")
    shutil.copytree(models_dir / "yamnet", tmp_path / "models" / "yamnet")
    return tmp_path / "models"


def test_a_tagger_serves_sounds(models: Path, home: Path) -> None:
    there = installed(str(models), home / "models", ())
    model = choose("sound", "balanced", there)
    assert isinstance(model, InstalledModel)
    assert (model.id, serves(model, "sound"), serves(model, "scene")) == ("yamnet", True, False)


def test_a_bark_is_found_by_words_and_by_example(
    models: Path, home: Path, media_dir: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for name in ("timeline_home.ogg", "heavy-rain.ogg"):
        shutil.copy(media_dir / "sounds" / name, folder / name)
    config = Config(library=str(home / "library"), models_dir=str(models), device="cpu")
    run = start_indexing(config, IndexWishes((folder,), only=frozenset(("sound",))), threading.Event())
    assert not any("Searching sounds" in notice for notice in run.notices)
    assert sum(isinstance(event, Indexed) for event in run.events) == 2
    searcher = Searcher(config)
    try:
        bark = media_dir / "sounds" / "dog-barking.ogg"
        for query in ('sound:"a dog barks"', f'sound:@"{bark}"'):
            (hit,) = searcher.engine.search(query).hits
            assert hit.file.name == "timeline_home.ogg"
            assert isinstance(hit.locator, TimeSpan)
            assert (hit.locator.start_s, hit.locator.end_s) == (
                pytest.approx(2, abs=0.6),
                pytest.approx(7, abs=0.6),
            )
            assert "Dog" in (hit.text or "")
    finally:
        searcher.close()


def test_without_a_model_the_command_is_told(home: Path, tmp_path: Path) -> None:
    equipment = Equipment(Config(library=str(home / "library"), models_dir=str(tmp_path)))
    assert equipment.sounds is None
    (gap,) = [gap for gap in equipment.missing if gap.space == "sound"]
    assert gap.remedy == "crossfind models pull yamnet"
    assert "sound" not in [reader.name for reader in equipment.readers()]


def test_a_damaged_model_is_told_and_leaves_the_rest(models: Path, home: Path) -> None:
    (models / "yamnet" / "yamnet_class_map.csv").unlink()
    equipment = Equipment(Config(library=str(home / "library"), models_dir=str(models)))
    assert equipment.sounds is None
    assert [gap.space for gap in equipment.missing if "yamnet" in gap.reason] == ["sound"]
