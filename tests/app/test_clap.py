"""A CLAP-type model through the real program: imported, indexed with, asked, and told of when it fails."""

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.bootstrap import IndexWishes, Searcher, start_indexing
from app.config import Config
from app.models.choice import choose
from app.models.importing import import_model
from app.models.installed import InstalledModel, installed
from search.records import Missing

NAMES = ("dog-barking.ogg", "heavy-rain.ogg")
TOML = """id = "tiny-clap"
task = "sound"
engine = "clap"
licence = "MIT"
dim = 16
sample_rate_hz = 48_000

[text]
max_length = 12
pad_id = 1
pad = "longest"
"""


@pytest.fixture(params=["clap", "onnx-clap"])
def engine(request: pytest.FixtureRequest) -> str:
    """What runs the model."""
    name: str = request.param
    return name


@pytest.fixture
def models(engine: str, request: pytest.FixtureRequest, home: Path, tmp_path: Path) -> Path:
    """The model, as a person would bring it."""
    source = tmp_path / "brought"
    shutil.copytree(request.getfixturevalue("tiny_clap" if engine == "clap" else "tiny_clap_onnx"), source)
    (source / "model.toml").write_text(TOML.replace('"clap"', f'"{engine}"'), encoding="utf-8")
    (tmp_path / "models").mkdir()
    import_model(source, tmp_path / "models")
    return tmp_path / "models"


def crossfind(*words: str | Path, code: int = 0) -> str:
    command = [sys.executable, "-m", "app", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def files(media_dir: Path, tmp_path: Path) -> Path:
    """A folder with recordings."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(media_dir / "sounds" / name, folder / name)
    return folder


def test_it_serves_sounds(models: Path, engine: str, home: Path) -> None:
    model = choose("sound", "balanced", installed(str(models), home / "models", ()))
    assert isinstance(model, InstalledModel)
    assert (model.id, model.manifest.engine) == ("tiny-clap", engine)


def test_sounds_are_indexed_and_found_by_words_and_by_example(
    models: Path, media_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CROSSFIND_MODELS", str(models))
    folder = files(media_dir, tmp_path)
    options = ("--library", tmp_path / "library")
    told = crossfind("index", folder, "--only", "sound", *options)
    assert "Searching sounds is left out" not in told
    asked = folder / "dog-barking.ogg"
    out = crossfind("search", f'sound:@"{asked}"', "--json", *options)
    best = json.loads(out)["hits"][0]
    assert Path(best["path"]).name == "dog-barking.ogg"
    assert best["score"] > 0.9
    said = json.loads(crossfind("search", "sound:dog", "--json", "--floor", "0", *options))
    assert said["missing"] == []
    assert {Path(hit["path"]).name for hit in said["hits"]} <= set(NAMES)
    assert said["hits"]
    assert {"start_s", "end_s"} <= said["hits"][0]["locator"].keys()
    other = json.loads(crossfind("search", "sound:siren", "--json", "--floor", "0", *options))
    scores = [[hit["evidence"][0]["score"] for hit in out["hits"]] for out in (said, other)]
    assert scores[0] != scores[1]


def test_a_model_that_cannot_be_loaded_is_told_once_and_leaves_the_rest(
    models: Path, home: Path, media_dir: Path, tmp_path: Path
) -> None:
    toml = models / "tiny-clap" / "model.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("48000", "44100"), encoding="utf-8")
    config = Config(library=str(home / "library"), models_dir=str(models), device="cpu")
    run = start_indexing(config, IndexWishes((files(media_dir, tmp_path),)), threading.Event())
    told = [one for one in run.events if isinstance(one, Missing)]
    assert [gap.space for gap in told] == ["sound"]
    assert "sample_rate_hz must be 48000, not 44100" in told[0].reason
    searcher = Searcher(config)
    try:
        assert [hit.file.name for hit in searcher.engine.search("barking").hits] == ["dog-barking.ogg"]
    finally:
        searcher.close()
