"""The starter set with the packages that the extra `starter` installs."""

import hashlib
import sys
import tomllib
from pathlib import Path

import pytest

import resources
from app.models import catalogue
from app.models.catalogue import Entry
from app.models.choice import better, choose
from app.models.installed import InstalledModel, installed, ready
from app.models.recipe import Converted, PackageSource, Shipped
from app.models.verify import problems
from search.errors import ModelError

ROOT = Path(__file__).parents[3]
STARTER = [entry for entry in catalogue.shipped() if isinstance(entry.source, PackageSource)]
IDS = [entry.id for entry in STARTER]


def source_of(entry: Entry) -> PackageSource:
    assert isinstance(entry.source, PackageSource)
    return entry.source


def test_the_set_covers_what_a_fresh_installation_needs() -> None:
    tasks = {entry.id: (entry.task, entry.engine) for entry in STARTER}
    assert tasks == {
        "starter-scene": ("scene", "starter"),
        "minilm-l6": ("meaning", "sentence-onnx"),
        "whisper-base": ("speech", "faster-whisper"),
        "dlib-faces": ("face", "dlib"),
        "pp-ocr-v6-small": ("ocr", "rapidocr"),
    }


@pytest.mark.parametrize("entry", STARTER, ids=IDS)
def test_the_extra_pins_every_package(entry: Entry) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["optional-dependencies"]["starter"]
    for name, version in source_of(entry).packages.items():
        assert f"{name}=={version}" in wanted


@pytest.mark.parametrize("entry", STARTER, ids=IDS)
def test_crossfinds_own_files_are_the_ones_that_the_catalogue_names(entry: Entry) -> None:
    for made in source_of(entry).making.values():
        if isinstance(made, Shipped):
            assert hashlib.sha256(resources.path(made.name).read_bytes()).hexdigest() == made.sha256


@pytest.mark.parametrize("entry", STARTER, ids=IDS)
def test_it_is_said_what_it_was_trained_on(entry: Entry) -> None:
    assert entry.training
    assert not (entry.id == "starter-scene" and entry.commercial_use)


@pytest.mark.usefixtures("starter")
@pytest.mark.parametrize("id_", IDS)
def test_it_is_made_whole(id_: str, tmp_path: Path) -> None:
    model = installed(own=tmp_path).get(id_)
    assert model is not None
    assert model.unmade is not None
    before = set(sys.modules)
    made = ready(model)
    assert not {
        name for name in set(sys.modules) - before if name.startswith(("face_rec", "gt_all", "solids"))
    }
    assert list(problems(made.manifest, made.folder, hashes=True)) == []
    assert abs(made.bytes - model.bytes) < 0.1 * made.bytes
    assert installed(own=tmp_path).get(id_) == made


@pytest.mark.usefixtures("starter")
def test_a_converter_that_lacks_its_tool_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = installed(own=tmp_path).get("starter-scene")
    assert model is not None
    assert any(
        isinstance(made, Converted) for made in source_of(catalogue.find(STARTER, model.id)).making.values()
    )
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ModelError, match="needs the package onnx, which is not installed"):
        ready(model)
    assert installed(own=tmp_path).get("starter-scene") == model


@pytest.mark.usefixtures("starter")
def test_it_serves_when_nothing_else_does_and_a_better_one_is_offered(tmp_path: Path) -> None:
    model = choose("scene", "balanced", installed(own=tmp_path))
    assert isinstance(model, InstalledModel)
    assert model.id == "starter-scene"
    offer = better(model, "scene", "balanced")
    assert offer is not None
    assert offer.command == "crossfind models pull ViT-B-16-SigLIP2"


@pytest.mark.usefixtures("starter")
def test_a_given_model_is_preferred(tmp_path: Path, models_dir: Path) -> None:
    model = choose("scene", "best", installed(str(models_dir), tmp_path))
    assert isinstance(model, InstalledModel)
    assert model.id == "clip-mini"
