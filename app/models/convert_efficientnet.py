"""From the EfficientNet-Lite2 weights of an installed package to `backbone.onnx`, the starter's eye.

The architecture is EfficientNet-Lite2 at 260 x 260 (Tan and Le 2019, arXiv:1905.11946, in its Lite form:
ReLU6, no squeeze and excitation, stem and head not scaled), with TensorFlow's "same" padding. Batch
normalisations are folded into the convolutions before them.
"""

import math
from pathlib import Path
from typing import Any, Final

import numpy as np

from app.models.graph_writer import GraphWriter

VERSION: Final = 1
"""Raised whenever the same weights lead to another file; part of what names the prepared model."""

SIDE: Final = 260

_BLOCKS = 21
_STRIDES = {1: 2, 4: 2, 7: 2, 15: 2}
_STAGE_ENDS = (14, 19, 20)  # of the stages with 120, 208 and 352 channels
_EPSILON = 1e-3
_OPSET = 17


def convert(weights: Path, target: Path) -> None:
    """Write the ONNX graph of a state dict whose hash was checked; nothing in it is executed.

    Input `pixels` uint8 (n, 260, 260, 3), sRGB. Outputs, all float32: `gap` (n, 1280), the mean of the last
    feature map; `mid` (n, 680), the means of the last three stages; `logits` (n, 1000), ImageNet classes of
    `gap`; `cell_logits` (n, 9, 1000), those of each cell of a 3 x 3 grid, row by row.
    """
    import torch

    state = torch.load(weights, map_location="cpu", weights_only=True)
    graph = _Graph({name: tensor.numpy() for name, tensor in state.items() if tensor.ndim})
    target.write_bytes(graph.build().SerializeToString(deterministic=True))


class _Graph(GraphWriter):
    def build(self) -> Any:
        """Return the `ModelProto`."""
        self._backbone()
        self._heads()
        outputs = {"gap": (1280,), "mid": (680,), "logits": (1000,), "cell_logits": (9, 1000)}
        return self.model(
            "efficientnet-lite2",
            {"pixels": (np.uint8, ("n", SIDE, SIDE, 3))},
            {name: ("n", *shape) for name, shape in outputs.items()},
            _OPSET,
        )

    def _backbone(self) -> None:
        """From `pixels` to `map` (n, 1280, 9, 9) and `mid`."""
        planes = self.add("Transpose", self.floats("pixels"), perm=[0, 3, 1, 2])
        x = self.add("Sub", planes, self.keep("middle", np.float32(127)))
        x = self._relu6(self._conv(x, "_conv_stem", "_bn0", side=SIDE, stride=2, scale=1 / 128))
        side, ends = SIDE // 2, []
        for number in range(_BLOCKS):
            stride = _STRIDES.get(number, 1)
            x = self._block(x, f"_blocks.{number}", side, stride)
            side = math.ceil(side / stride)
            if number in _STAGE_ENDS:
                ends.append(self.add("ReduceMean", x, axes=[2, 3], keepdims=0))
        self.add("Concat", *ends, named="mid", axis=1)
        self._relu6(self._conv(x, "_conv_head", "_bn1", side=side), named="map")

    def _heads(self) -> None:
        cells = self.add("AveragePool", "map", kernel_shape=[3, 3], strides=[3, 3])
        self.add("ReduceMean", cells, named="gap", axes=[2, 3], keepdims=0)
        rows = self.add("Reshape", cells, self.keep("rows", np.array([0, 0, 9], np.int64)))
        rows = self.add("Transpose", rows, perm=[0, 2, 1])
        classes = self.keep("classes", np.ascontiguousarray(self.state["_fc.weight"].T))
        bias = self.keep("classes.bias", self.state["_fc.bias"])
        self.add("Add", self.add("MatMul", "gap", classes), bias, named="logits")
        self.add("Add", self.add("MatMul", rows, classes), bias, named="cell_logits")

    def _block(self, x: str, name: str, side: int, stride: int) -> str:
        """Add an inverted bottleneck: widen, look around in every channel, narrow, add what came in."""
        widen, narrow = f"{name}._expand_conv", f"{name}._project_conv"
        wide = self.state.get(f"{widen}.weight")
        inner = x if wide is None else self._relu6(self._conv(x, widen, f"{name}._bn0", side))
        inner = self._relu6(self._conv(inner, f"{name}._depthwise_conv", f"{name}._bn1", side, stride))
        made = self._conv(inner, narrow, f"{name}._bn2", side)
        alike = wide is not None and wide.shape[1] == len(self.state[f"{narrow}.weight"])
        return self.add("Add", made, x) if alike and stride == 1 else made

    def _conv(self, x: str, conv: str, norm: str, side: int, stride: int = 1, scale: float = 1.0) -> str:
        """Add a convolution with its normalisation folded in; `scale` is what its input must be times."""
        kernel = self.state[f"{conv}.weight"].astype(np.float64)
        gain, shift, mean, variance = (
            self.state[f"{norm}.{part}"].astype(np.float64)
            for part in ("weight", "bias", "running_mean", "running_var")
        )
        gain /= np.sqrt(variance + _EPSILON)
        folded = (kernel * scale * gain[:, None, None, None]).astype(np.float32)
        width = kernel.shape[2]
        padding = max((math.ceil(side / stride) - 1) * stride + width - side, 0)
        before, after = padding // 2, padding - padding // 2
        return self.add(
            "Conv",
            x,
            self.keep(f"{conv}.weight", folded),
            self.keep(f"{conv}.bias", (shift - mean * gain).astype(np.float32)),
            kernel_shape=[width, width],
            strides=[stride, stride],
            pads=[before, before, after, after],
            group=len(kernel) if conv.endswith("depthwise_conv") else 1,
        )

    def _relu6(self, x: str, named: str = "") -> str:
        low, high = self.keep("zero", np.float32(0)), self.keep("six", np.float32(6))
        return self.add("Clip", x, low, high, named=named)
