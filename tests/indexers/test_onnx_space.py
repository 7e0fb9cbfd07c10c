import json
import subprocess
import sys
import tomllib
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from indexers.imaging import prepare
from indexers.model_facts import Facts
from indexers.onnx_space import OnnxSpace
from search.errors import ModelError
from search.spaces import PictureInput

ROOT = Path(__file__).parents[2]
SENTENCES = ["a dog in the snow", "", "many boats " * 60, "两只猫", "A DOG, in the SNOW!"]


def clip_mini(models_dir: Path, **options: Any) -> OnnxSpace:
    folder = models_dir / "clip-mini"
    facts = Facts(tomllib.loads((folder / "model.toml").read_text(encoding="utf-8")), "clip-mini/model.toml")
    return OnnxSpace(folder, facts, "r1", **{"device": "cpu", **options})


def pictures(n: int, side: int = 224) -> list[np.ndarray]:
    rng = np.random.default_rng(7)
    return list(rng.integers(0, 256, (n, side, side, 3), dtype=np.uint8))


def test_rows_have_length_one_and_kinds_share_a_space(models_dir: Path) -> None:
    space = clip_mini(models_dir)
    texts, images = space.encode(SENTENCES), space.encode(pictures(3))
    assert texts.shape == (5, 256)
    assert images.shape == (3, 256)
    assert texts.dtype == images.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(np.concatenate([texts, images]), axis=1), 1, atol=1e-5)
    assert space.encode([]).shape == (0, 256)


def test_alone_and_in_a_batch_are_the_same(models_dir: Path) -> None:
    space = clip_mini(models_dir, threads=1)
    for items in (SENTENCES, pictures(7)):
        alone = np.concatenate([space.encode([item]) for item in items])
        np.testing.assert_allclose(space.encode(items), alone, atol=1e-5)


def test_padding_to_the_longest_makes_no_difference(models_dir: Path) -> None:
    folder = models_dir / "clip-mini"
    values = tomllib.loads((folder / "model.toml").read_text(encoding="utf-8"))
    values["text"]["pad"] = "longest"
    short = OnnxSpace(folder, Facts(values, "model.toml"), "r1", device="cpu")
    np.testing.assert_allclose(short.encode(SENTENCES), clip_mini(models_dir).encode(SENTENCES), atol=1e-4)


def test_captions_find_their_photos(models_dir: Path, media_dir: Path) -> None:
    lines = (media_dir / "photos" / "captions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines][:60]
    space = clip_mini(models_dir)
    assert space.picture_input is not None
    with ExitStack() as stack:
        photos = [
            stack.enter_context(Image.open(media_dir / "photos" / row["file"])).convert("RGB") for row in rows
        ]
    images = space.encode([prepare(photo, space.picture_input) for photo in photos])
    scores = space.encode([row["captions"][0] for row in rows]) @ images.T
    ranks = (scores > np.diag(scores)[:, None]).sum(axis=1)
    assert (ranks < 5).mean() > 0.6  # by chance: 0.08


def test_says_how_pictures_must_be_prepared(models_dir: Path) -> None:
    space = clip_mini(models_dir)
    assert space.picture_input == PictureInput(224, 224, "shortest", "bicubic")
    assert space.accepts == {"text", "picture"}
    assert (space.name, space.fingerprint.model, space.fingerprint.dim) == ("scene", "clip-mini", 256)
    ready = prepare(Image.new("RGB", (300, 500), "red"), space.picture_input)
    assert space.encode([ready]).shape == (1, 256)


def test_a_text_query_does_not_load_the_picture_tower(models_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clip-mini"
    folder.mkdir()
    for name in ("text_model.onnx", "tokenizer.json"):
        (folder / name).write_bytes((models_dir / "clip-mini" / name).read_bytes())
    facts = Facts(
        tomllib.loads((models_dir / "clip-mini" / "model.toml").read_text(encoding="utf-8")), "model.toml"
    )
    space = OnnxSpace(folder, facts, "r1", device="cpu")
    assert space.encode(["a dog"]).shape == (1, 256)
    with pytest.raises(ModelError, match=r"vision_model.onnx is missing"):
        space.encode(pictures(1))


def test_needs_neither_torch_nor_open_clip(models_dir: Path) -> None:
    code = f"""
import sys, tomllib
from pathlib import Path
from indexers.model_facts import Facts
from indexers.onnx_space import OnnxSpace
folder = Path({str(models_dir / "clip-mini")!r})
facts = Facts(tomllib.loads((folder / "model.toml").read_text(encoding="utf-8")), "model.toml")
OnnxSpace(folder, facts, "r1").encode(["a dog"])
print([m for m in ("torch", "open_clip", "transformers", "lancedb") if m in sys.modules])
"""
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_closed_it_loads_again(models_dir: Path) -> None:
    space = clip_mini(models_dir)
    before = space.encode(["a dog"])
    space.close()
    np.testing.assert_array_equal(space.encode(["a dog"]), before)


# Small graphs of our own, with the shapes that published exports have.


def graph(
    file: Path,
    inputs: dict[str, tuple[int, list[Any]]],
    output: str,
    dim: int,
    width: int,
    fixed: int | None = None,
) -> None:
    """A linear map of the flattened first input."""
    first = next(iter(inputs))
    weights = np.random.default_rng(3).normal(size=(width, dim)).astype(np.float32)
    nodes = [
        helper.make_node("Cast", [first], ["as_float"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["as_float"], ["flat"], axis=1),
        helper.make_node("MatMul", ["flat", "weights"], [output]),
    ]
    made = helper.make_graph(
        nodes,
        "tower",
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, [fixed or "n", dim])],
        [numpy_helper.from_array(weights, "weights")],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(file))


def picture_facts(**image: Any) -> Facts:
    table = {"file": "vision.onnx", "input": "x", "output": "y", "size": 4, "mean": 0.5, "std": 0.5, **image}
    return Facts({"id": "tiny", "dim": 8, "image": table}, "tiny/model.toml")


@pytest.mark.parametrize("kind", [TensorProto.FLOAT, TensorProto.FLOAT16])
@pytest.mark.parametrize("fixed", [None, 1, 3])
def test_exports_for_a_fixed_number_of_rows_work(tmp_path: Path, kind: int, fixed: int | None) -> None:
    graph(tmp_path / "vision.onnx", {"x": (kind, [fixed or "n", 3, 4, 4])}, "y", 8, 48, fixed)
    space = OnnxSpace(tmp_path, picture_facts(), "r", device="cpu")
    items = pictures(5, side=4)
    assert space.accepts == {"picture"}
    weights = np.random.default_rng(3).normal(size=(48, 8)).astype(np.float32)
    flat = (np.stack(items).transpose(0, 3, 1, 2).reshape(5, 48) / 255 - 0.5) / 0.5
    expected = flat @ weights
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(
        space.encode(items), expected, atol=2e-3 if kind == TensorProto.FLOAT16 else 1e-5
    )


def test_a_wrong_input_name_says_which(tmp_path: Path) -> None:
    graph(tmp_path / "vision.onnx", {"pixels": (TensorProto.FLOAT, ["n", 3, 4, 4])}, "y", 8, 48)
    with pytest.raises(
        ModelError, match=r"\[image\] says the inputs are \['x'\], but vision.onnx has \['pixels'\]"
    ):
        OnnxSpace(tmp_path, picture_facts(), "r", device="cpu").encode(pictures(1, 4))


def test_a_wrong_output_name_size_or_dimension_says_which(tmp_path: Path) -> None:
    graph(tmp_path / "vision.onnx", {"x": (TensorProto.FLOAT, ["n", 3, 4, 4])}, "embeds", 8, 48)
    with pytest.raises(ModelError, match=r"says the output is y, but vision.onnx has \['embeds'\]"):
        OnnxSpace(tmp_path, picture_facts(), "r", device="cpu").encode(pictures(1, 4))
    with pytest.raises(ModelError, match=r"input x has the shape \(3, 5, 5\)"):
        OnnxSpace(tmp_path, picture_facts(size=5, output="embeds"), "r", device="cpu").encode(pictures(1, 5))
    graph(tmp_path / "vision.onnx", {"x": (TensorProto.FLOAT, ["n", 3, 4, 4])}, "y", 9, 48)
    with pytest.raises(ModelError, match=r"promises vectors of shape \(1, 8\)"):
        OnnxSpace(tmp_path, picture_facts(), "r", device="cpu").encode(pictures(1, 4))


def test_a_damaged_graph_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "vision.onnx").write_bytes(b"not a graph")
    with pytest.raises(ModelError, match=r"vision.onnx cannot be loaded.*crossfind models verify"):
        OnnxSpace(tmp_path, picture_facts(), "r", device="cpu").encode(pictures(1, 4))


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        ({"size": "large"}, "size must be a whole number, not 'large'"),
        ({"size": 0}, "0 x 0 pixels makes no sense"),
        ({"resize": "stretch"}, "resize must be one of shortest, longest, squash"),
        ({"mean": [1, 2]}, "mean must be three numbers"),
        ({"crop": "left"}, "crop must be center or none"),
        ({"file": "../other/vision.onnx"}, "file must name a file inside the model's folder"),
        ({"file": "/etc/passwd"}, "file must name a file inside the model's folder"),
    ],
)
def test_bad_facts_are_one_sentence(tmp_path: Path, image: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        OnnxSpace(tmp_path, picture_facts(**image), "r", device="cpu")


def test_a_damaged_tokenizer_is_one_sentence(models_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{", encoding="utf-8")
    facts = Facts(
        tomllib.loads((models_dir / "clip-mini" / "model.toml").read_text(encoding="utf-8")), "model.toml"
    )
    with pytest.raises(ModelError, match=r"tokenizer.json is no tokenizer that can be read"):
        OnnxSpace(tmp_path, facts, "r", device="cpu").encode(["a dog"])


def test_a_change_of_preprocessing_is_another_fingerprint(tmp_path: Path) -> None:
    keys = {
        OnnxSpace(tmp_path, picture_facts(**change), "r").fingerprint.key
        for change in ({}, {"resize": "squash"}, {"mean": 0.4}, {"output": "z"}, {"resample": "bilinear"})
    }
    assert len(keys) == 5
