import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from torch import Tensor

from tools.train_starter.data import Data, Pictures
from tools.train_starter.export import named_tensors, pack_tensors, quantise, read_heads, restore, write_heads
from tools.train_starter.recipe import Recipe, Tower
from tools.train_starter.teaching import picture_vectors, text_vectors
from tools.train_starter.training import new_heads


def test_rounding_moves_no_entry_by_more_than_half_a_step() -> None:
    matrix = np.random.default_rng(0).standard_normal((40, 300)).astype(np.float32)
    matrix[3] = 0
    whole, scales = quantise(matrix)
    assert whole.dtype == np.int8
    assert (np.abs(whole * scales[:, None] - matrix) <= scales[:, None] * 0.501).all()


def test_only_large_matrices_are_rounded_to_8_bits() -> None:
    large, small = np.ones((300, 300), np.float32), np.ones((30, 30), np.float32)
    stored = pack_tensors({"a": large, "b": small, "mu": np.ones(4, np.float32)})
    kinds = {name: str(value.dtype) for name, value in stored.items()}
    assert kinds == {"a#q": "int8", "a#s": "float32", "b": "float16", "mu": "float32"}


@pytest.mark.parametrize("tower", Tower)
def test_heads_come_back_from_their_file(
    tower: Tower, data: Data, token_vectors: Tensor, tmp_path: Path
) -> None:
    torch.manual_seed(1)
    heads = new_heads(Recipe(tower=tower, hidden=512, dim=16), data, token_vectors)
    write_heads(heads, data, 0.2, tmp_path)
    restored = restore(load_file(tmp_path / "heads.safetensors"))
    wanted = named_tensors(heads, data)
    assert restored.keys() == wanted.keys()
    for name, value in wanted.items():
        step = np.abs(value).max() / 127
        np.testing.assert_allclose(restored[name], value, atol=step, err_msg=name)
    config = json.loads((tmp_path / "config.json").read_text("utf-8"))
    assert config["tower"] == {"minilm": "mini", "static": "static"}[tower]
    assert config["dim"] == 16 + 384
    assert config["beta"] == 0.2


@pytest.mark.parametrize("tower", Tower)
def test_heads_read_back_give_the_same_vectors(
    tower: Tower, whole_data: Data, token_vectors: Tensor, tmp_path: Path
) -> None:
    torch.manual_seed(2)
    data = whole_data
    heads = new_heads(Recipe(tower=tower, hidden=64, dim=16, beta=0), data, token_vectors).eval()
    elsewhere = replace(data, mean=data.mean + 0.1, deviation=data.deviation * 1.5)
    write_heads(heads, data, 0.0, tmp_path)
    again = read_heads(tmp_path, elsewhere)
    raw = data.photos.inputs * data.deviation + data.mean
    moved = Pictures((raw - elsewhere.mean) / elsewhere.deviation, data.photos.mixture)
    apart = picture_vectors(heads, data.photos) - picture_vectors(again, moved)
    assert float(apart.abs().max()) < 0.01
    apart = text_vectors(heads, data) - text_vectors(again, data)
    assert float(apart.abs().max()) < 0.01
    assert float(again.scales()[0].detach()) == pytest.approx(20, abs=1e-3)
    (tmp_path / "config.json").unlink()
    assert float(read_heads(tmp_path, data).scales()[0].detach()) == pytest.approx(25, abs=1e-3)
