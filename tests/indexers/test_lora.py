"""Adapters: what they add to weights, and which are refused."""

import json
import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from indexers import lora
from search.errors import ModelError
from tests.indexers.test_col_vision import model_in, page
from tests.page_models import write

torch = pytest.importorskip("torch", reason="torch is not installed")
RANK = 4


def adapter(folder: Path, shapes: dict[str, tuple[int, int]], **config: object) -> dict[str, np.ndarray]:
    """Write an adapter for weights of these shapes; returns what it is to add to each."""
    from safetensors.torch import save_file

    made = torch.Generator().manual_seed(3)
    tensors = {}
    for name, (outer, inner) in shapes.items():
        stem = f"base_model.model.{name.removesuffix('.weight')}"
        tensors[f"{stem}.lora_A.weight"] = torch.randn(RANK, inner, generator=made)
        tensors[f"{stem}.lora_B.weight"] = torch.randn(outer, RANK, generator=made)
    (folder / "adapter").mkdir(parents=True)
    save_file(tensors, folder / "adapter" / "adapter_model.safetensors")
    told = {"peft_type": "LORA", "r": RANK, "lora_alpha": 8, **config}
    (folder / "adapter" / "adapter_config.json").write_text(json.dumps(told), encoding="utf-8")
    scale = 8 / (math.sqrt(RANK) if config.get("use_rslora") else RANK)
    return {
        name: scale
        * (
            tensors[f"base_model.model.{name[:-7]}.lora_B.weight"]
            @ tensors[f"base_model.model.{name[:-7]}.lora_A.weight"]
        ).numpy()
        for name in shapes
    }


@pytest.mark.parametrize("config", [{}, {"use_rslora": True}])
def test_products_are_added(tmp_path: Path, config: dict[str, object]) -> None:
    added = adapter(tmp_path, {"a.b.weight": (6, 5), "linear.weight": (3, 6)}, **config)
    weights = {"a.b.weight": torch.ones(6, 5), "linear.weight": torch.zeros(3, 6), "c.weight": torch.ones(2)}
    lora.merge(tmp_path, weights)
    np.testing.assert_allclose(weights["a.b.weight"].numpy(), 1 + added["a.b.weight"], rtol=1e-5)
    np.testing.assert_allclose(weights["linear.weight"].numpy(), added["linear.weight"], rtol=1e-5)
    assert weights["c.weight"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({"peft_type": "IA3"}, "of a kind that is not known"),
        ({"use_dora": True}, "of a kind that is not known"),
        ({"rank_pattern": {"a": 2}}, "of a kind that is not known"),
        ({"r": "many"}, "not there or not whole"),
    ],
)
def test_other_adapters_are_refused(tmp_path: Path, config: dict[str, object], told: str) -> None:
    adapter(tmp_path, {"a.weight": (2, 2)}, **config)
    with pytest.raises(ModelError, match=told):
        lora.merge(tmp_path, {"a.weight": torch.zeros(2, 2)})


def test_an_adapter_of_another_model_and_a_damaged_one_are_refused(tmp_path: Path) -> None:
    adapter(tmp_path, {"a.weight": (2, 2)})
    for weights in ({}, {"a.weight": torch.zeros(3, 2)}):
        with pytest.raises(ModelError, match="belongs to another model"):
            lora.merge(tmp_path, weights)
    (tmp_path / "adapter" / "adapter_model.safetensors").write_bytes(b"x")
    with pytest.raises(ModelError, match="not there or not whole"):
        lora.merge(tmp_path, {"a.weight": torch.zeros(2, 2)})


def test_colsmol_with_an_adapter_is_the_merged_model(tmp_path: Path) -> None:
    """What the catalogue brings of ColSmol: a base, and an adapter beside it."""
    pytest.importorskip("transformers", reason="the extra transformers is not installed")
    from safetensors.torch import load_file, save_file

    base = write("colsmol", tmp_path / "base")
    stored = load_file(base / "model.safetensors")
    names = [
        name for name in stored if name.endswith(("q_proj.weight", "down_proj.weight")) and "text" in name
    ]
    shapes = {name: tuple(stored[name].shape) for name in (*names, "linear.weight")}
    assert len(shapes) > 2
    merged = Path(shutil.copytree(base, tmp_path / "merged"))
    added = adapter(base, {name: (int(one[0]), int(one[1])) for name, one in shapes.items()})
    changed = {
        name: one + torch.from_numpy(added[name]) if name in added else one for name, one in stored.items()
    }
    save_file(changed, merged / "model.safetensors", {"format": "pt"})
    one, other = model_in(base), model_in(merged)
    np.testing.assert_allclose(one.look(page()).tokens, other.look(page()).tokens, atol=1e-4)
    np.testing.assert_allclose(one.read("gold"), other.read("gold"), atol=1e-4)
    shutil.rmtree(base / "adapter")
    assert not np.allclose(model_in(base).read("gold"), other.read("gold"), atol=1e-2)
