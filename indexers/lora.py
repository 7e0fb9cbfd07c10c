"""Adapters of the LoRA kind: what training changed of a model, as products of two thin matrices.

An adapter lies in the folder `adapter` beside the weights that it belongs to, as PEFT saves it:
`adapter_config.json` and `adapter_model.safetensors`. It is added to the weights when they are loaded:
W + alpha / r * B A (arXiv 2106.09685), alpha / sqrt(r) where it was trained so.
"""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexers.hugging_face import broken

FOLDER = "adapter"
_CONFIG, _WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
_OUTER, _A, _B = "base_model.model.", ".lora_A.weight", ".lora_B.weight"
_NOT_KNOWN = ("rank_pattern", "alpha_pattern", "use_dora", "modules_to_save", "fan_in_fan_out", "lora_bias")


def has_adapter(folder: Path) -> bool:
    """Whether an adapter belongs to the model in a folder."""
    return (folder / FOLDER / _CONFIG).is_file()


def merge(folder: Path, weights: Mapping[str, Any]) -> None:
    """Add the adapter of the model in `folder` to its weights (tensors of torch, by their names), in place.

    Raises `ModelError` for an adapter of another kind, a damaged one, and one of another model.
    """
    from safetensors import SafetensorError, safe_open

    scale = _scale(folder)
    try:
        with safe_open(folder / FOLDER / _WEIGHTS, "pt") as opened:
            names = list(opened.keys())
            if odd := [name for name in names if not name.endswith((_A, _B))]:
                raise broken(folder, f"its adapter changes {min(odd)} in a way that is not known")
            for name in (name for name in names if name.endswith(_A)):
                inner, outer = opened.get_tensor(name), opened.get_tensor(name.removesuffix(_A) + _B)
                target = name.removeprefix(_OUTER).removesuffix(_A) + ".weight"
                _add(folder, weights, target, scale * (outer.float() @ inner.float()))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise broken(folder, f"its adapter is not there or not whole ({error})") from error


def _scale(folder: Path) -> float:
    """Read what the products are multiplied with."""
    try:
        told = json.loads((folder / FOLDER / _CONFIG).read_text(encoding="utf-8"))
        kind, rank, alpha = told["peft_type"], int(told["r"]), float(told["lora_alpha"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise broken(folder, "its adapter_config.json is not there or not whole") from error
    if kind != "LORA" or rank < 1 or any(told.get(name) for name in _NOT_KNOWN):
        raise broken(folder, "its adapter is of a kind that is not known")
    return alpha / (math.sqrt(rank) if told.get("use_rslora") else rank)


def _add(folder: Path, weights: Mapping[str, Any], name: str, change: Any) -> None:
    if name not in weights or weights[name].shape != change.shape:
        raise broken(folder, f"its adapter belongs to another model: it changes {name}")
    weights[name].add_(change.to(weights[name].dtype))
