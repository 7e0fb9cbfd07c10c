"""Cross-encoders: a graph whose answer is plain, and a tiny BERT of random weights beside its library."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from indexers import hugging_face
from indexers.cross_encoder import CrossEncoder
from indexers.model_facts import Facts
from search.errors import ModelError

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "who", "rents", "the", "boat", "ada", "sails", "rain", "falls"]
TEXTS = ["ada rents the boat", "rain falls", "ada", "", "the rain " * 90]
QUESTION = "who rents the boat"


def facts(**text: Any) -> Facts:
    table = {"max_length": 32, "pad": "longest", **text}
    return Facts({"id": "tiny", "text": table}, "tiny/model.toml")


def write_tokenizer(folder: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    made = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    made.save(str(folder / "tokenizer.json"))


def write_graph(folder: Path, width: int = 1) -> None:
    """A graph that counts the tokens of the second text that are no padding; its columns are all the same."""
    names = ("input_ids", "attention_mask", "token_type_ids")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "length"]) for name in names]
    output = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", width])
    nodes = [
        helper.make_node("Mul", ["attention_mask", "token_type_ids"], ["second"]),
        helper.make_node("Mul", ["input_ids", "input_ids"], ["unused"]),
        helper.make_node("Cast", ["second"], ["floats"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["floats", "axes"], ["one"], keepdims=1),
        helper.make_node("Concat", ["one"] * width, ["logits"], axis=1),
    ]
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
    graph = helper.make_graph(nodes, "count", inputs, [output], [axes])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.save(model, folder / "model.onnx")


def test_a_graph_reads_each_text_with_the_question(tmp_path: Path) -> None:
    write_tokenizer(tmp_path)
    write_graph(tmp_path)
    encoder = CrossEncoder(tmp_path, facts(), is_graph=True, device="cpu")
    assert encoder.scores(QUESTION, TEXTS).tolist() == [5, 3, 2, 1, 26]
    assert encoder.scores(QUESTION, []).shape == (0,)


def test_of_two_numbers_the_second_says_that_it_answers(tmp_path: Path) -> None:
    write_tokenizer(tmp_path)
    write_graph(tmp_path, 2)
    assert CrossEncoder(tmp_path, facts(), is_graph=True, device="cpu").scores("who", ["ada"]).tolist() == [0]


def test_a_model_of_another_kind_is_refused(tmp_path: Path) -> None:
    write_tokenizer(tmp_path)
    write_graph(tmp_path, 3)
    with pytest.raises(ModelError, match=r"gives \(1, 3\) for 1 pairs"):
        CrossEncoder(tmp_path, facts(), is_graph=True, device="cpu").scores("who", ["ada"])


@pytest.mark.parametrize("is_graph", [True, False])
def test_missing_files_are_named(tmp_path: Path, is_graph: bool) -> None:
    write_tokenizer(tmp_path)
    with pytest.raises(ModelError, match=r"model.onnx|config.json"):
        CrossEncoder(tmp_path, facts(), is_graph=is_graph, device="cpu").scores("who", ["ada"])


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    transformers = pytest.importorskip("transformers", reason="the extra transformers is not installed")
    import torch

    folder = tmp_path_factory.mktemp("tiny-cross-encoder")
    write_tokenizer(folder)
    config = transformers.BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        num_labels=1,
        initializer_range=0.5,
    )
    with torch.random.fork_rng(devices=[]), hugging_face.quiet():
        torch.manual_seed(3)
        transformers.BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_a_bert_gives_what_its_own_library_gives(tiny: Path) -> None:
    import torch
    import transformers

    encoder = CrossEncoder(tiny, facts(), is_graph=False, device="cpu")
    found = encoder.scores(QUESTION, TEXTS[:4])
    with hugging_face.quiet():
        model = transformers.BertForSequenceClassification.from_pretrained(tiny).eval()
    expected = []
    for text in TEXTS[:4]:
        first = [2, *(WORDS.index(word) for word in QUESTION.split()), 3]
        second = [*(WORDS.index(word) for word in text.split()), 3]
        ids = torch.tensor([first + second])
        kinds = torch.tensor([[0] * len(first) + [1] * len(second)])
        with torch.inference_mode():
            expected.append(float(model(input_ids=ids, token_type_ids=kinds).logits[0, 0]))
    np.testing.assert_allclose(found, expected, atol=1e-4)
    assert len({round(value, 3) for value in expected}) == len(expected)


def test_a_checkpoint_without_its_last_layer_is_refused(tiny: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    for name in ("config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes((tiny / name).read_bytes())
    weights = load_file(tiny / "model.safetensors")
    del weights["classifier.weight"]
    save_file(weights, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(ModelError, match=r"lacks weights, classifier.weight"):
        CrossEncoder(tmp_path, facts(), is_graph=False, device="cpu").scores("who", ["ada"])
