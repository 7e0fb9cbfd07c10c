import re
from pathlib import Path

import pytest

from app.config import Profile
from app.models import catalogue
from app.models.catalogue import HubSource, UrlSource
from app.models.choice import ENGINES
from indexers.col_vision import ColVision
from indexers.model_facts import Facts
from search.errors import ModelError

SHA = "a" * 64
ENTRY = f"""
[[model]]
id = "m"
task = "scene"
engine = "onnx-dual-encoder"
licence = "MIT"
[model.source]
kind = "url"
base = "https://example.org/models/m/"
[model.files]
"a.onnx" = {{ bytes = 10, sha256 = "{SHA}" }}
"""


@pytest.mark.parametrize("profile", ["fast", "balanced", "best"])
def test_every_profile_has_a_model_for_scene_search(profile: Profile) -> None:
    (entry,) = [entry for entry in catalogue.shipped() if (entry.task, entry.profile) == ("scene", profile)]
    assert entry.engine in ENGINES["scene"]
    assert entry.licence in ("MIT", "Apache-2.0")
    assert entry.bytes_about > 500e6
    assert entry.command == f"crossfind models pull {entry.id}"


def test_what_ships_names_a_commit_and_only_safe_files() -> None:
    pulled = [entry for entry in catalogue.shipped() if isinstance(entry.source, HubSource)]
    assert len(pulled) >= 12
    weights = {"scene": "open_clip_model.safetensors", "speech": "model.bin", "meaning": "onnx/model.onnx"}
    for entry in pulled:
        assert isinstance(entry.source, HubSource)
        commit = re.fullmatch(r"[0-9a-f]{40}", entry.source.revision)
        assert commit or entry.task in ("sound", "object", "rerank", "page-look")
        assert bool(entry.files) != bool(entry.source.take)
        names = {file.name for file in entry.files}
        assert not names or weights.get(entry.task, entry.files[0].name) in names
        assert entry.engine in ENGINES[entry.task]
        if entry.task == "sound":
            assert any(re.search(r"yamnet|audio_model|^model", file.name) for file in entry.files)
        for file in entry.files:
            assert file.sha256 is None or re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        known = sum(file.bytes or 0 for file in entry.files)
        assert known <= entry.bytes_about


def test_meaning_has_a_model_that_packages_carry_and_one_for_many_languages() -> None:
    languages = {entry.id: entry.languages for entry in catalogue.shipped() if entry.task == "meaning"}
    assert languages == {"multilingual-minilm-l12": ("multilingual",), "minilm-l6": ("en",)}


def test_models_that_see_pages_say_their_licence_and_go_through_the_one_loader() -> None:
    seeing = [entry for entry in catalogue.shipped() if entry.task == "page-look"]
    assert {entry.engine for entry in seeing} == {"col-vision"}
    assert [entry.id for entry in seeing] == [
        "ColModernVBERT",
        "ColSmol-256M",
        "ColSmol-500M",
        "ColQwen2-v1.0",
        "ColQwen2.5-v0.2",
        "ColPali-v1.3",
        "Nemotron-ColEmbed-VL-4B-v2",
        "Nemotron-ColEmbed-VL-8B-v2",
    ]
    strict = {entry.id: entry.licence for entry in seeing if entry.commercial_use is False}
    assert strict["Nemotron-ColEmbed-VL-4B-v2"] == "CC-BY-NC-4.0"
    assert "Qwen Research License" in strict["ColQwen2.5-v0.2"]
    for entry in seeing:
        assert isinstance(entry.source, HubSource)
        assert entry.bytes_about == 0
        assert not any(name.endswith((".bin", ".pt", ".py", "*")) for name in entry.source.take)
        facts = Facts(entry.raw, entry.id)
        assert ColVision(Path("nowhere"), facts, "1").fingerprint.dim == facts.whole("dim")


def test_ids_are_found_however_they_are_capitalised() -> None:
    entry = catalogue.find(catalogue.shipped(), "vit-b-16-siglip2")
    assert entry.id == "ViT-B-16-SigLIP2"
    with pytest.raises(ModelError, match=r"no model 'clap'. It has: ViT-B-32-laion2b,"):
        catalogue.find(catalogue.shipped(), "clap")


def test_reads_plain_addresses(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    file.write_text(ENTRY, encoding="utf-8")
    (entry,) = catalogue.load(file)
    assert entry.source == UrlSource("https://example.org/models/m")
    assert (entry.profile, entry.commercial_use, entry.bytes_about) == (None, None, 10)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("https://", "http://", "base must begin with https://"),
        ('kind = "url"', 'kind = "ftp"', "kind must be one of hub, url, packages"),
        (f', sha256 = "{SHA}"', "", "sha256 must be known for a file that does not come from the hub"),
        ('"a.onnx"', '"../a.onnx"', "not inside the model's folder"),
        ('"a.onnx"', '"a.pth"', "is a pickle"),
        ('licence = "MIT"', "", "licence must be a text"),
        ("[[model]]", "[[model", "cannot be read"),
        (ENTRY, ENTRY * 2, "has two models m"),
    ],
)
def test_a_bad_catalogue_is_one_sentence(tmp_path: Path, before: str, after: str, sentence: str) -> None:
    file = tmp_path / "models.toml"
    file.write_text(ENTRY.replace(before, after), encoding="utf-8")
    with pytest.raises(ModelError, match=sentence):
        catalogue.load(file)
