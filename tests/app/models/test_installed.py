import shutil
from pathlib import Path
from typing import Any

import pytest

from app.models import manifest
from app.models.choice import better, choose
from app.models.installed import Installed, InstalledModel, installed, remove
from app.models.spaces import build_spaces
from app.models.verify import problems, require_whole, sha256
from search.errors import ModelError
from search.records import Missing


def make(models: Path, id_: str, folder: str | None = None, **more: Any) -> Path:
    """A model folder with one real file, enough to be found and checked."""
    place = models / (folder or id_)
    place.mkdir(parents=True)
    (place / "vision.onnx").write_bytes(id_.encode() * 100)
    files = {"vision.onnx": [len(id_) * 100, sha256(place / "vision.onnx")]}
    image = {"file": "vision.onnx", "size": 8}
    raw = {
        "id": id_,
        "task": "scene",
        "engine": "onnx-dual-encoder",
        "dim": 4,
        "image": image,
        "files": files,
    }
    manifest.write(place, {**raw, **more})
    return place


def ids(found: Installed) -> list[str]:
    return [model.id for model in found.models]


def test_looks_into_the_given_folder_first_then_into_the_own(tmp_path: Path) -> None:
    given, own = tmp_path / "given", tmp_path / "own"
    make(given, "a", licence="given")
    make(own, "a", licence="own")
    make(own, "b")
    make(own / ".incoming", "c")
    (own / "unrelated").mkdir()
    found = installed(str(given), own)
    assert ids(found) == ["a", "b"]
    assert [model.origin for model in found.models] == ["given", "own"]
    assert found.get("A") == found.models[0]
    assert found.get("c") is None
    assert found.broken == ()


def test_a_given_folder_may_be_a_model_itself(tmp_path: Path) -> None:
    assert ids(installed(str(make(tmp_path, "a")), tmp_path / "none")) == ["a"]


def test_folders_that_are_not_there_hold_nothing(tmp_path: Path) -> None:
    assert installed(str(tmp_path / "x"), tmp_path / "y") == Installed()


def test_a_broken_manifest_is_reported_and_hides_nothing(tmp_path: Path) -> None:
    make(tmp_path, "a")
    bad = make(tmp_path, "b")
    (bad / "model.toml").write_text("id =", encoding="utf-8")
    found = installed(own=tmp_path)
    assert ids(found) == ["a"]
    assert found.broken[0].folder == bad
    assert "cannot be read" in found.broken[0].reason


def test_the_profile_chooses_then_quality_then_the_rest(tmp_path: Path) -> None:
    make(tmp_path, "aaa-mine")
    assert chosen(tmp_path) == "aaa-mine"
    make(tmp_path, "ViT-B-32-laion2b")
    assert chosen(tmp_path) == "ViT-B-32-laion2b"
    make(tmp_path, "ViT-SO400M-16-SigLIP2-384")
    assert chosen(tmp_path) == "ViT-SO400M-16-SigLIP2-384"
    make(tmp_path, "ViT-B-16-SigLIP2")
    assert chosen(tmp_path) == "ViT-B-16-SigLIP2"


def chosen(models: Path) -> str:
    model = choose("scene", "balanced", installed(own=models))
    assert isinstance(model, InstalledModel)
    return model.id


def test_models_of_other_tasks_and_engines_do_not_serve(tmp_path: Path) -> None:
    make(tmp_path, "faces", task="face")
    make(tmp_path, "future", engine="time-machine")
    assert isinstance(choose("scene", "fast", installed(own=tmp_path)), Missing)


def test_nothing_installed_names_the_command(tmp_path: Path) -> None:
    missing = choose("scene", "balanced", Installed())
    assert missing == Missing(
        "scene",
        "no model for searching pictures by what they show is installed",
        'pip install "crossfind[starter]" or crossfind models pull ViT-B-16-SigLIP2',
    )
    assert choose("dance", "balanced", Installed()) == Missing(
        "dance", "no model for dance is installed", "crossfind models list"
    )


def test_a_model_named_in_the_settings_is_used_or_missed(tmp_path: Path) -> None:
    make(tmp_path, "mine")
    make(tmp_path, "ViT-B-16-SigLIP2")
    make(tmp_path, "faces", task="face")
    there = installed(own=tmp_path)
    model = choose("scene", "balanced", there, "Mine")
    assert isinstance(model, InstalledModel)
    assert model.id == "mine"
    for wanted, reason, remedy in (
        ("vit-b-32-laion2b", "is not installed", "crossfind models pull ViT-B-32-laion2b"),
        ("other", "is not installed", "crossfind models list"),
        ("faces", "is not for searching pictures by what they show", "crossfind models list"),
    ):
        missing = choose("scene", "balanced", there, wanted)
        assert isinstance(missing, Missing)
        assert reason in missing.reason
        assert missing.remedy == remedy


def test_says_which_better_model_there_is(tmp_path: Path) -> None:
    make(tmp_path, "mine")
    make(tmp_path, "ViT-B-16-SigLIP2")
    there = installed(own=tmp_path)
    offer = better(there.get("mine"), "scene", "balanced")
    assert offer is not None
    assert offer.id == "ViT-B-16-SigLIP2"
    assert better(there.get("ViT-B-16-SigLIP2"), "scene", "balanced") is None
    assert better(None, "scene", "best") is not None


def test_terms_are_told_only_where_they_restrict(tmp_path: Path) -> None:
    make(tmp_path, "free", commercial_use=True, licence="MIT")
    make(tmp_path, "bound", commercial_use=False, licence="research only")
    make(tmp_path, "unsaid")
    terms = {model.id: model.terms for model in installed(own=tmp_path).models}
    assert terms == {
        "free": None,
        "unsaid": None,
        "bound": "The model bound is not for commercial use: research only",
    }


def test_only_own_models_are_removed(tmp_path: Path) -> None:
    own = make(tmp_path / "own", "a")
    given = make(tmp_path / "given", "b")
    for model in installed(str(tmp_path / "given"), tmp_path / "own").models:
        if model.id == "a":
            remove(model)
        else:
            with pytest.raises(ModelError, match="is not your own models folder"):
                remove(model)
    assert not own.exists()
    assert given.exists()


def test_damage_is_named(tmp_path: Path) -> None:
    folder = make(tmp_path, "a")
    model = manifest.read(folder)
    assert list(problems(model, folder, hashes=True)) == []
    (folder / "vision.onnx").write_bytes(b"b" * 100)
    assert list(problems(model, folder, hashes=False)) == []
    assert list(problems(model, folder, hashes=True)) == ["vision.onnx has other contents than it should"]
    (folder / "vision.onnx").write_bytes(b"b")
    with pytest.raises(
        ModelError, match=r"vision.onnx has 1 bytes instead of 100.*crossfind models remove a"
    ):
        require_whole(model, folder)
    (folder / "vision.onnx").unlink()
    assert list(problems(model, folder, hashes=False)) == ["vision.onnx is missing"]


def test_builds_the_space_of_a_real_model(models_dir: Path) -> None:
    model = choose("scene", "balanced", installed(str(models_dir), models_dir / "none"))
    assert isinstance(model, InstalledModel)
    (space,) = build_spaces(model, "cpu", threads=1)
    assert (space.name, space.fingerprint.model, space.fingerprint.revision) == (
        "scene",
        "clip-mini",
        model.manifest.revision,
    )
    assert space.encode(["a dog in the snow"]).shape == (1, 256)


def test_a_damaged_or_unknown_model_builds_nothing(tmp_path: Path, models_dir: Path) -> None:
    shutil.copytree(models_dir / "clip-mini", tmp_path / "clip-mini", copy_function=shutil.copyfile)
    (tmp_path / "clip-mini" / "tokenizer.json").write_bytes(b"{}")
    make(tmp_path, "future", engine="time-machine")
    there = installed(own=tmp_path)
    for id_, sentence in (
        ("clip-mini", r"damaged: tokenizer.json has 2 bytes"),
        ("future", "cannot run future"),
    ):
        model = there.get(id_)
        assert model is not None
        with pytest.raises(ModelError, match=sentence):
            build_spaces(model)
