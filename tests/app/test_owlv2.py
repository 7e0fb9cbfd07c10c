"""OWLv2 through the program: from a model's folder to hits with boxes. The weights are random."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

import resources
from app import cli
from app.bootstrap import Equipment, Searcher
from app.config import Config
from app.models import catalogue
from app.models.choice import choose
from app.models.importing import import_model
from app.models.installed import installed
from indexers.model_facts import Facts
from indexers.objects import OBJECT
from indexers.owlv2 import Owlv2Texts
from search.records import Missing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    shutil.copy(next(resources.path("samples").rglob("cat.jpg")), made)
    return made


def test_from_a_folder_to_hits_with_boxes(
    crossfind: Any, folder: Path, tiny_owlv2: Path, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    assert crossfind("models", "import", tiny_owlv2)[0] == cli.DONE
    code, out, told = crossfind("index", folder, "--only", "objects", "-l", library)
    assert (code, "1 indexed" in out, "Object search" in told) == (cli.DONE, True, False)
    ask = (
        "search",
        "object:cat",
        "--floor",
        0,
        "--group",
        "segment",
        "--no-service",
        "--json",
        "-l",
        library,
    )
    code, out, _ = crossfind(*ask)
    assert code == cli.DONE
    hits = json.loads(out)["hits"]
    assert hits
    for hit in hits:
        left, top, right, bottom = hit["locator"]["box"]
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        assert {one["space"] for one in hit["evidence"]} == {"object"}
    assert OBJECT in json.loads(crossfind("status", "-l", library, "--json")[1])["spaces"]
    _, out, _ = crossfind("index", folder, "--only", "objects", "-l", library)
    assert "1 unchanged" in out


def test_its_own_words_answer_even_when_another_detector_comes_first(
    crossfind: Any, folder: Path, tiny_owlv2: Path, tmp_path: Path
) -> None:
    crossfind("models", "import", tiny_owlv2)
    crossfind("index", folder, "--only", "objects", "-l", tmp_path / "library")
    again = shutil.copytree(tiny_owlv2, tmp_path / "again")
    (again / "config.json").write_bytes((tiny_owlv2 / "config.json").read_bytes() + b"\n")
    assert crossfind("models", "import", again, "--id", "another")[0] == cli.DONE
    config = Config(library=str(tmp_path / "library"), models={"object": "another"}, device="cpu")
    searcher = Searcher(config)
    try:
        stored = searcher.library.spaces()[OBJECT]
        assert searcher.equipment.objects
        assert searcher.equipment.objects.fingerprint != stored
        (serving,) = [one for one in searcher.equipment.serving({OBJECT: stored}) if one.space == OBJECT]
        assert serving.fingerprint == stored
    finally:
        searcher.close()


def test_it_needs_no_picture_model(tiny_owlv2: Path, home: Path) -> None:
    import_model(tiny_owlv2, home / "models")
    equipment = Equipment(Config(library=str(home / "library"), device="cpu"))
    assert [reader.name for reader in equipment.readers()] == ["object", "label"]
    assert "scene" in {gap.space for gap in equipment.missing}


def test_a_folder_without_dim_is_told_and_leaves_the_rest(
    crossfind: Any, tiny_owlv2: Path, home: Path, tmp_path: Path
) -> None:
    source = shutil.copytree(tiny_owlv2, tmp_path / "source")
    facts = (source / "model.toml").read_text(encoding="utf-8").replace("dim = 16\n", "")
    (source / "model.toml").write_text(facts, encoding="utf-8")
    crossfind("models", "import", source)
    equipment = Equipment(Config(library=str(home / "library"), device="cpu"))
    assert equipment.objects is None
    assert "dim" in next(gap.reason for gap in equipment.missing if gap.space == OBJECT)


def test_without_the_package_everything_else_is_indexed(
    crossfind: Any, folder: Path, tiny_owlv2: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    crossfind("models", "import", tiny_owlv2)
    monkeypatch.setitem(sys.modules, "transformers", None)
    _, out, told = crossfind("index", folder, "-l", library)
    assert (out + told).count('pip install "crossfind[transformers]"') == 1
    _, out, _ = crossfind("search", "name:cat", "--no-service", "--json", "-l", library)
    assert [Path(hit["path"]).name for hit in json.loads(out)["hits"]] == ["cat.jpg"]


def test_the_best_profile_offers_it(home: Path) -> None:
    entry = catalogue.find(catalogue.shipped(), "owlv2-base-patch16-ensemble")
    gap = choose("object", "best", installed(None, home / "models", ()))
    assert isinstance(gap, Missing)
    assert gap.remedy == entry.command == "crossfind models pull owlv2-base-patch16-ensemble"
    assert entry.raw["dim"] == 512


def test_the_text_tower_alone_answers(tiny_owlv2: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transformers = pytest.importorskip("transformers", reason="the extra transformers is not installed")
    monkeypatch.setattr(transformers, "Owlv2ForObjectDetection", None)
    assert Owlv2Texts(tiny_owlv2, Facts({"dim": 16}, "model.toml"), device="cpu").encode(["a"]).shape == (
        1,
        16,
    )
