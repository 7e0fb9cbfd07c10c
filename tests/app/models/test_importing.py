import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.models import manifest
from app.models.importing import import_model
from app.models.installed import installed
from app.models.spaces import build_spaces
from app.models.verify import problems
from indexers.open_clip_space import OpenClipSpace
from search.errors import ModelError

CONFIG: dict[str, Any] = {
    "model_cfg": {
        "embed_dim": 16,
        "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "patch_size": 16, "head_width": 16},
        "text_cfg": {"context_length": 12, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
    },
    "preprocess_cfg": {
        "mean": [0.5, 0.5, 0.5],
        "std": [0.5, 0.5, 0.5],
        "resize_mode": "squash",
        "fill_color": 7,
    },
}


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint as OpenCLIP's own tools write it, with random weights."""
    import logging

    import open_clip
    from safetensors.torch import save_file

    folder = tmp_path_factory.mktemp("checkpoint") / "my-clip"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    logging.disable(logging.WARNING)
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    logging.disable(logging.NOTSET)
    save_file(
        {name: value.contiguous() for name, value in model.state_dict().items()}, folder / "model.safetensors"
    )
    (folder / "README.md").write_text("not a part of the model", encoding="utf-8")
    return folder


def test_a_folder_with_a_manifest(models_dir: Path, own: Path) -> None:
    model = import_model(models_dir / "clip-mini", own)
    assert model.manifest == manifest.read(models_dir / "clip-mini")
    assert list(problems(model.manifest, model.folder, hashes=True)) == []
    assert sorted(item.name for item in model.folder.iterdir()) == sorted(
        [*model.manifest.files, "model.toml"]
    )
    assert installed(own=own).get("clip-mini") == model


def test_another_id_is_another_model(models_dir: Path, own: Path) -> None:
    import_model(models_dir / "clip-mini", own)
    model = import_model(models_dir / "clip-mini", own, id_="second")
    assert (model.id, model.folder) == ("second", own / "second")
    assert len(installed(own=own).models) == 2


def test_a_manifest_written_by_hand_needs_no_hashes(models_dir: Path, own: Path, tmp_path: Path) -> None:
    source = tmp_path / "mine"
    (source / "towers").mkdir(parents=True)
    for name in ("text_model.onnx", "vision_model.onnx"):
        shutil.copyfile(models_dir / "clip-mini" / name, source / "towers" / name)
    shutil.copyfile(models_dir / "clip-mini" / "tokenizer.json", source / "tokenizer.json")
    (source / "notes.py").write_text("left behind", encoding="utf-8")
    text = (models_dir / "clip-mini" / "model.toml").read_text(encoding="utf-8").partition("[files]")[0]
    text = text.replace("[image]", '[image]\nfile = "towers/vision_model.onnx"')
    text = text.replace("[text]", '[text]\nfile = "towers/text_model.onnx"')
    (source / "model.toml").write_text(text, encoding="utf-8")
    model = import_model(source, own)
    assert set(model.manifest.files) == {
        "towers/text_model.onnx",
        "towers/vision_model.onnx",
        "tokenizer.json",
    }
    assert not (model.folder / "notes.py").exists()
    (space,) = build_spaces(model, "cpu")
    assert space.encode(["a dog"]).shape == (1, 256)


def test_an_open_clip_checkpoint_gets_a_manifest_and_works(checkpoint: Path, own: Path) -> None:
    model = import_model(checkpoint, own)
    assert (model.id, model.manifest.task, model.manifest.engine) == ("my-clip", "scene", "open-clip")
    assert set(model.manifest.files) == {"open_clip_config.json", "model.safetensors"}
    image = model.manifest.raw["image"]
    assert (image["width"], image["height"], image["resize"], image["fill"]) == (32, 32, "squash", 7)
    (space,) = build_spaces(model, "cpu")
    assert isinstance(space, OpenClipSpace)
    vectors = space.encode(["a dog", "a boat"])
    assert vectors.shape == (2, 16)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_weights_alone_need_the_name_that_open_clip_has_for_them(
    checkpoint: Path, own: Path, tmp_path: Path
) -> None:
    source = tmp_path / "weights"
    source.mkdir()
    shutil.copyfile(checkpoint / "model.safetensors", source / "open_clip_model.safetensors")
    with pytest.raises(
        ModelError, match=r"holds neither model.toml nor open_clip_config.json. Say what it is"
    ):
        import_model(source, own)
    for name, tag, sentence in (
        ("ViT-B-99", "openai", "no architecture 'ViT-B-99'"),
        ("ViT-B-32", "nobody", "It knows: openai,.*laion2b_s34b_b79k"),
    ):
        with pytest.raises(ModelError, match=sentence):
            import_model(source, own, architecture=name, pretrained=tag)
    model = import_model(source, own, id_="b32", architecture="ViT-B-32", pretrained="openai")
    config = json.loads((model.folder / "open_clip_config.json").read_text(encoding="utf-8"))
    assert config["model_cfg"]["quick_gelu"] is True
    assert (model.manifest.raw["dim"], model.manifest.raw["image"]["width"]) == (512, 224)
    assert sorted(item.name for item in source.iterdir()) == ["open_clip_model.safetensors"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_hub_snapshot_of_links_is_copied_as_files(checkpoint: Path, own: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshots" / ("c0ffee" * 6 + "c0ff")
    snapshot.mkdir(parents=True)
    for name in ("open_clip_config.json", "model.safetensors"):
        (snapshot / name).symlink_to(checkpoint / name)
    with pytest.raises(ModelError, match=r"no name that a person would use. Give one: --id NAME"):
        import_model(snapshot, own)
    model = import_model(snapshot, own, id_="tiny")
    assert not (model.folder / "model.safetensors").is_symlink()


def test_linking_shares_the_bytes(models_dir: Path, own: Path, tmp_path: Path) -> None:
    source = tmp_path / "clip-mini"
    shutil.copytree(models_dir / "clip-mini", source, copy_function=shutil.copyfile)
    model = import_model(source, own, link=True)
    assert (source / "text_model.onnx").samefile(model.folder / "text_model.onnx")
    assert not (source / "model.toml").samefile(model.folder / "model.toml")


def test_siglip_files_bring_their_tokenizer(own: Path, tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models

    source = tmp_path / "siglip"
    source.mkdir()
    text = {
        "context_length": 64,
        "hf_tokenizer_name": "timm/x",
        "tokenizer_kwargs": {"clean": "canonicalize"},
    }
    config = {"model_cfg": {**CONFIG["model_cfg"], "text_cfg": text}, "preprocess_cfg": {}}
    (source / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
    (source / "open_clip_model.safetensors").write_bytes(b"weights")
    with pytest.raises(ModelError, match=r"lacks tokenizer.json"):
        import_model(source, own)
    words = Tokenizer(models.WordLevel({"<unk>": 0, "a": 1, "<none>": 2}, unk_token="<unk>"))
    words.save(str(source / "tokenizer.json"))
    (source / "tokenizer_config.json").write_text('{"pad_token": {"content": "<none>"}}', encoding="utf-8")
    model = import_model(source, own)
    assert model.manifest.raw["text"] == {
        "tokenizer": "tokenizer.json",
        "max_length": 64,
        "pad_id": 2,
        "clean": "canonicalize",
    }
    assert "tokenizer_config.json" in model.manifest.files


@pytest.mark.parametrize("name", ["model.pt", "open_clip_pytorch_model.bin"])
def test_a_pickle_is_refused(own: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "open_clip_config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    (tmp_path / name).write_bytes(b"PK\x03\x04 a pickle of tensors")
    with pytest.raises(ModelError, match=f"only as a pickle \\({name}\\)"):
        import_model(tmp_path, own, id_="x")
    assert not own.exists() or installed(own=own).models == ()


def test_damaged_files_leave_nothing_behind(models_dir: Path, own: Path, tmp_path: Path) -> None:
    source = tmp_path / "clip-mini"
    shutil.copytree(models_dir / "clip-mini", source, copy_function=shutil.copyfile)
    content = bytearray((source / "text_model.onnx").read_bytes())
    content[1000] ^= 1
    (source / "text_model.onnx").write_bytes(content)
    with pytest.raises(ModelError, match=r"text_model.onnx has other contents"):
        import_model(source, own)
    (source / "text_model.onnx").unlink()
    with pytest.raises(ModelError, match=r"lacks text_model.onnx"):
        import_model(source, own)
    assert [item for item in own.rglob("*") if item.is_file() and item.suffix != ".lock"] == []


def test_what_is_there_is_not_overwritten(models_dir: Path, own: Path) -> None:
    import_model(models_dir / "clip-mini", own)
    with pytest.raises(
        ModelError, match=r"is already there. Remove it first: crossfind models remove clip-mini"
    ):
        import_model(models_dir / "clip-mini", own)


def test_an_id_cannot_lead_elsewhere(models_dir: Path, checkpoint: Path, own: Path) -> None:
    for source in (models_dir / "clip-mini", checkpoint):
        with pytest.raises(ModelError, match="cannot be a model's id"):
            import_model(source, own, id_="../x")


def test_no_folder_and_an_empty_one_are_one_sentence(own: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is no folder"):
        import_model(tmp_path / "nothing", own)
    with pytest.raises(ModelError, match="holds no safetensors file"):
        import_model(tmp_path, own)
