from pathlib import Path
from typing import Any

import pytest

from app.models import manifest
from search.errors import ModelError

SHA = "a" * 64
GOOD: dict[str, Any] = {"id": "m", "task": "scene", "engine": "open-clip", "files": {"a.onnx": [3, SHA]}}


def test_reads_every_model_there_is(models_dir: Path) -> None:
    found = [manifest.read(file.parent) for file in sorted(models_dir.glob("*/model.toml"))]
    clip = next(model for model in found if model.id == "clip-mini")
    assert (clip.task, clip.engine, clip.commercial_use, clip.languages) == (
        "scene",
        "onnx-dual-encoder",
        False,
        ("en",),
    )
    assert clip.bytes == sum((models_dir / "clip-mini" / name).stat().st_size for name in clip.files)


def test_writes_what_it_reads(tmp_path: Path) -> None:
    raw = {**GOOD, "image": {"size": 224, "mean": [0.5, 0.5, 0.5]}, "description": 'a "quoted" ü'}
    manifest.write(tmp_path, raw)
    assert manifest.read(tmp_path).raw == raw


def test_the_revision_changes_with_any_file_and_with_nothing_else() -> None:
    def revision(**change: Any) -> str:
        return manifest.parse({**GOOD, **change}, "x").revision

    assert revision() == revision(description="other", licence="MIT")
    assert (
        len({revision(), revision(files={"a.onnx": [3, "b" * 64]}), revision(files={"b.onnx": [3, SHA]})})
        == 3
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": 3}, "id must be a text"),
        ({"id": "../evil"}, "cannot be a model's id"),
        ({"id": "a/b"}, "cannot be a model's id"),
        ({"id": ".hidden"}, "cannot be a model's id"),
        ({"id": "dot."}, "cannot be a model's id"),
        ({"commercial_use": "yes"}, "commercial_use must be true or false"),
        ({"languages": "en"}, "languages must be a list of texts"),
        ({"files": {}}, "names no file"),
        ({"files": {"a.onnx": [3]}}, r"a.onnx must be \[bytes, sha256\]"),
        ({"files": {"a.onnx": [3, "short"]}}, r"a.onnx must be \[bytes, sha256\]"),
        ({"files": {"a.onnx": [-1, SHA]}}, r"a.onnx must be \[bytes, sha256\]"),
        ({"files": {"../a.onnx": [3, SHA]}}, "not inside the model's folder"),
        ({"files": {"/etc/a.onnx": [3, SHA]}}, "not inside the model's folder"),
        ({"files": {"C:/a.onnx": [3, SHA]}}, "not inside the model's folder"),
        ({"files": {"..\\a.onnx": [3, SHA]}}, "not inside the model's folder"),
        ({"files": {"x/../../a.onnx": [3, SHA]}}, "not inside the model's folder"),
        ({"files": {"model.toml": [3, SHA]}}, "not inside the model's folder"),
        ({"files": {"weights.pt": [3, SHA]}}, "is a pickle"),
        ({"files": {"weights.CKPT": [3, SHA]}}, "is a pickle"),
        ({"files": {"run.py": [3, SHA]}}, "no kind of file that a model consists of"),
        ({"files": {"plugin.so": [3, SHA]}}, "no kind of file that a model consists of"),
    ],
)
def test_a_bad_manifest_is_one_sentence(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        manifest.parse({**GOOD, **change}, "m/model.toml")


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ModelError, match=r"m/model.toml: engine must be a text, but it is missing"):
        manifest.parse({key: value for key, value in GOOD.items() if key != "engine"}, "m/model.toml")


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe", b""])
def test_a_damaged_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.toml").write_bytes(content)
    with pytest.raises(ModelError, match=r"model.toml"):
        manifest.read(tmp_path)


@pytest.mark.parametrize("beginning", [b"PK\x03\x04", b"\x80\x02}q"])
def test_a_bin_file_that_begins_like_a_pickle_is_refused(tmp_path: Path, beginning: bytes) -> None:
    file = tmp_path / "model.bin"
    file.write_bytes(beginning + b"rest")
    with pytest.raises(ModelError, match="is a pickle"):
        manifest.refuse_pickle(file)
    file.write_bytes(b"\x06\x00\x00\x00\x0bWhisperSpec")
    manifest.refuse_pickle(file)
