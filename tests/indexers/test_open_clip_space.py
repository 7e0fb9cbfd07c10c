"""Against a small checkpoint of OpenCLIP's own architectures, made here with random weights."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import open_clip
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from indexers.imaging import prepare
from indexers.model_facts import Facts
from indexers.open_clip_space import OpenClipSpace, weights_of
from search.errors import ModelError
from search.spaces import PictureInput

ROOT = Path(__file__).parents[2]
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
MODEL: dict[str, Any] = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 64, "patch_size": 16, "head_width": 32},
    "text_cfg": {"context_length": 24, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 2},
}
TEXTS = ["a dog in the snow", "", "Two BOATS, moored", "words " * 50]


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("open_clip") / "tiny"
    return write_checkpoint(folder, MODEL, {"mean": MEAN, "std": STD})


def write_checkpoint(folder: Path, model_cfg: dict[str, Any], preprocess_cfg: dict[str, Any]) -> Path:
    folder.mkdir(parents=True)
    config = {"model_cfg": model_cfg, "preprocess_cfg": preprocess_cfg}
    (folder / "open_clip_config.json").write_text(json.dumps(config), encoding="utf-8")
    torch.manual_seed(1)
    logging.disable(logging.WARNING)  # OpenCLIP warns that the weights are random; that is the point
    model = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
    logging.disable(logging.NOTSET)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight) * 0.02)
    save_file(
        {name: value.contiguous() for name, value in model.state_dict().items()},
        folder / "open_clip_model.safetensors",
    )
    return folder


def space(folder: Path, **image: Any) -> OpenClipSpace:
    table = {"size": 64, "mean": MEAN, "std": STD, **image}
    return OpenClipSpace(
        folder, Facts({"id": "tiny", "dim": 32, "image": table}, "tiny/model.toml"), "r1", device="cpu"
    )


def photo() -> Image.Image:
    ramp = np.linspace(0, 255, 200 * 310 * 3).reshape(200, 310, 3)
    noise = np.random.default_rng(5).normal(0, 20, ramp.shape)
    return Image.fromarray((ramp + noise).clip(0, 255).astype(np.uint8))


def pictures(n: int) -> list[np.ndarray]:
    return list(np.random.default_rng(7).integers(0, 256, (n, 64, 64, 3), dtype=np.uint8))


def reference(folder: Path, image: Image.Image, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """OpenCLIP's own way from a picture and texts to unit vectors."""
    model, preprocess = open_clip.create_model_from_pretrained(f"local-dir:{folder}")
    tokenizer = open_clip.get_tokenizer(f"local-dir:{folder}")
    model.eval()
    with torch.inference_mode():
        pixels = model.encode_image(preprocess(image).unsqueeze(0), normalize=True)
        words = model.encode_text(tokenizer(texts), normalize=True)
    return pixels.numpy(), words.numpy()


@pytest.mark.parametrize(
    ("preprocess", "facts"),
    [
        ({}, {}),
        (
            {"resize_mode": "squash", "interpolation": "bilinear"},
            {"resize": "squash", "resample": "bilinear"},
        ),
        ({"resize_mode": "longest", "fill_color": 128}, {"resize": "longest", "fill": 128}),
    ],
)
def test_gives_what_open_clip_itself_gives(
    tmp_path: Path, preprocess: dict[str, Any], facts: dict[str, Any]
) -> None:
    folder = write_checkpoint(tmp_path / "tiny", MODEL, {"mean": MEAN, "std": STD, **preprocess})
    expected, words = reference(folder, photo(), TEXTS)
    ours = space(folder, **facts)
    assert ours.picture_input is not None
    found = ours.encode([prepare(photo(), ours.picture_input)])
    assert float((found @ expected.T)[0, 0]) > 0.9995  # the decoder reduces in two steps, OpenCLIP in one
    np.testing.assert_allclose(ours.encode(TEXTS), words, atol=1e-5)


def test_exactly_prepared_pixels_give_exactly_its_vectors(checkpoint: Path) -> None:
    ready = pictures(1)[0]
    expected, _ = reference(checkpoint, Image.fromarray(ready), TEXTS)
    np.testing.assert_allclose(space(checkpoint).encode([ready]), expected, atol=1e-5)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_graphics_card_gives_nearly_the_same(checkpoint: Path) -> None:
    table = {"size": 64, "mean": MEAN, "std": STD}
    facts = Facts({"id": "tiny", "dim": 32, "image": table}, "tiny/model.toml")
    card = OpenClipSpace(checkpoint, facts, "r1", device="cuda")
    for items in (TEXTS, pictures(5)):
        agreement = (card.encode(items) * space(checkpoint).encode(items)).sum(axis=1)
        assert agreement.min() > 0.999
    card.close()


def test_weights_that_are_no_numbers_are_one_sentence(checkpoint: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    folder = tmp_path / "nan"
    folder.mkdir()
    (folder / "open_clip_config.json").write_bytes((checkpoint / "open_clip_config.json").read_bytes())
    weights = load_file(checkpoint / "open_clip_model.safetensors")
    weights["text_projection"] = weights["text_projection"] * float("nan")
    save_file(weights, folder / "open_clip_model.safetensors")
    with pytest.raises(ModelError, match=r"numbers that are none.*crossfind models verify"):
        space(folder).encode(["a dog"])


def test_alone_and_in_a_batch_are_the_same(checkpoint: Path) -> None:
    ours = space(checkpoint)
    for items in (TEXTS, pictures(5)):
        batch = ours.encode(items)
        assert batch.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(batch, axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(batch, np.concatenate([ours.encode([item]) for item in items]), atol=1e-5)
    assert ours.encode([]).shape == (0, 32)


def test_a_timm_tower_and_a_hugging_face_tokenizer(tmp_path: Path) -> None:
    """The shape of the SigLIP 2 checkpoints: timm picture tower, padded text, last token, own tokenizer."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    words = {"<pad>": 0, "<eos>": 1, "a": 2, "dog": 3, "snow": 4, "<unk>": 5}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(single="$A <eos>", special_tokens=[("<eos>", 1)])
    vision = {"image_size": 224, "timm_model_name": "vit_tiny_patch16_224", "timm_model_pretrained": False}
    model = {
        "embed_dim": 32,
        "custom_text": True,
        "init_logit_bias": -10,
        "vision_cfg": {**vision, "timm_pool": "token", "timm_proj": "linear"},
        "text_cfg": {
            "context_length": 8,
            "vocab_size": 6,
            "width": 64,
            "heads": 2,
            "layers": 2,
            "hf_tokenizer_name": "timm/ViT-B-16-SigLIP2",
            "tokenizer_kwargs": {"clean": "canonicalize"},
            "no_causal_mask": True,
            "proj_bias": True,
            "pool_type": "last",
        },
    }
    folder = write_checkpoint(tmp_path / "siglip", model, {"mean": 0.5, "std": 0.5, "resize_mode": "squash"})
    tokenizer.save(str(folder / "tokenizer.json"))
    text = {"tokenizer": "tokenizer.json", "max_length": 8, "pad_id": 0, "clean": "canonicalize"}
    image = {"size": 224, "resize": "squash", "mean": 0.5, "std": 0.5}
    ours = OpenClipSpace(
        folder, Facts({"id": "s", "dim": 32, "image": image, "text": text}, "m"), "r", device="cpu"
    )
    plain, shouted, other = ours.encode(["a dog", "A, DOG!", "a snow"])
    np.testing.assert_allclose(plain, shouted, atol=1e-6)
    assert float(plain @ other) < 0.99999
    net = open_clip.create_model_from_pretrained(f"local-dir:{folder}", return_transform=False).eval()
    with torch.inference_mode():
        expected = net.encode_text(torch.tensor([[2, 3, 1, 0, 0, 0, 0, 0]]), normalize=True).numpy()
        seen = net.encode_image(torch.ones(1, 3, 224, 224), normalize=True).numpy()
    np.testing.assert_allclose(plain[None], expected, atol=1e-5)
    white = [np.full((224, 224, 3), 255, np.uint8)]
    np.testing.assert_allclose(ours.encode(white), seen, atol=1e-5)


def test_says_how_pictures_must_be_prepared_without_loading_anything(checkpoint: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from indexers.model_facts import Facts
from indexers.open_clip_space import OpenClipSpace
facts = Facts({{"id": "tiny", "dim": 32, "image": {{"size": 64, "resize": "squash"}}}}, "m")
space = OpenClipSpace(Path({str(checkpoint)!r}), facts, "r1")
heavy = [m for m in ("torch", "open_clip") if m in sys.modules]
print(space.picture_input.resize, space.fingerprint.dim, heavy)
"""
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "squash 32 []"


def test_loading_is_silent_and_needs_no_network(checkpoint: Path) -> None:
    code = f"""
import logging, socket, warnings
from pathlib import Path
from indexers.model_facts import Facts
from indexers.open_clip_space import OpenClipSpace
def refuse(*args, **more): raise AssertionError("the network was touched")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
facts = Facts({{"id": "tiny", "dim": 32, "image": {{"size": 64}}}}, "m")
print(OpenClipSpace(Path({str(checkpoint)!r}), facts, "r1", device="cpu").encode(["a dog"]).shape)
assert logging.getLogger().handlers == [], "somebody configured logging"
"""
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (out.stdout.strip(), out.stderr) == ("(1, 32)", "")


def test_our_own_log_records_still_pass(checkpoint: Path, caplog: pytest.LogCaptureFixture) -> None:
    space(checkpoint).encode(["a dog"])
    logging.getLogger().warning("ours")
    assert [record.getMessage() for record in caplog.records] == ["ours"]
    caplog.clear()


def test_closed_it_loads_again(checkpoint: Path) -> None:
    ours = space(checkpoint)
    before = ours.encode(["a dog"])
    ours.close()
    np.testing.assert_array_equal(ours.encode(["a dog"]), before)


@pytest.mark.parametrize("name", ["open_clip_pytorch_model.bin", "model.pt"])
def test_a_pickle_is_refused_with_a_sentence(checkpoint: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "pickled"
    folder.mkdir()
    (folder / "open_clip_config.json").write_bytes((checkpoint / "open_clip_config.json").read_bytes())
    torch.save({"x": torch.zeros(1)}, folder / name)
    with pytest.raises(ModelError, match=f"only as a pickle \\({name}\\).*as safetensors"):
        space(folder).encode(["a dog"])


def test_a_pickle_beside_safetensors_is_never_opened(checkpoint: Path, tmp_path: Path) -> None:
    folder = tmp_path / "both"
    folder.mkdir()
    (folder / "open_clip_config.json").write_bytes((checkpoint / "open_clip_config.json").read_bytes())
    (folder / "model.safetensors").write_bytes((checkpoint / "open_clip_model.safetensors").read_bytes())
    (folder / "open_clip_pytorch_model.bin").write_bytes(b"anything")
    np.testing.assert_allclose(space(folder).encode(TEXTS), space(checkpoint).encode(TEXTS), atol=1e-6)


def test_damaged_weights_and_another_architecture_are_one_sentence(checkpoint: Path, tmp_path: Path) -> None:
    folder = write_checkpoint(tmp_path / "tiny", {**MODEL, "embed_dim": 16}, {})
    with pytest.raises(ModelError, match=r"promises 32 numbers; the model makes 16"):
        space(folder).encode(["a dog"])
    (folder / "open_clip_config.json").write_bytes((checkpoint / "open_clip_config.json").read_bytes())
    with pytest.raises(ModelError, match=r"tiny cannot be loaded: .*crossfind models verify tiny"):
        space(folder).encode(["a dog"])
    (folder / "open_clip_model.safetensors").write_bytes(b"\0" * 100)
    with pytest.raises(ModelError, match=r"tiny cannot be loaded"):
        space(folder).encode(["a dog"])
    (folder / "open_clip_config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match=r"describes no OpenCLIP model"):
        space(folder).encode(["a dog"])


def test_a_text_tower_of_another_repository_is_refused(checkpoint: Path, tmp_path: Path) -> None:
    folder = tmp_path / "roberta"
    folder.mkdir()
    model = {**MODEL, "text_cfg": {"hf_model_name": "xlm-roberta-base"}}
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": model}), encoding="utf-8")
    (folder / "model.safetensors").write_bytes((checkpoint / "open_clip_model.safetensors").read_bytes())
    with pytest.raises(ModelError, match="from another repository of the hub"):
        space(folder).encode(["a dog"])


def test_another_picture_size_than_the_model_wants_is_one_sentence(checkpoint: Path) -> None:
    with pytest.raises(ModelError, match=r"\[image\] says 32 x 32 pixels, but the model takes 64 x 64"):
        space(checkpoint, size=32).encode(["a dog"])


def test_several_unnamed_checkpoints_are_not_guessed(tmp_path: Path) -> None:
    for name in ("a.safetensors", "b.safetensors"):
        (tmp_path / name).touch()
    with pytest.raises(ModelError, match=r"several checkpoints: a.safetensors, b.safetensors"):
        weights_of(tmp_path)


def test_prepares_as_the_facts_say(checkpoint: Path) -> None:
    made = space(checkpoint, resize="longest", resample="bilinear", fill=[1, 2, 3])
    assert made.picture_input == PictureInput(64, 64, "longest", "bilinear", (1, 2, 3))
    assert made.fingerprint.key != space(checkpoint).fingerprint.key
