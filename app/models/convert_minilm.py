"""From the all-MiniLM-L6-v2 weights of an installed package to `minilm.onnx`, which reads sentences.

The architecture is BERT (Devlin et al. 2018, arXiv:1810.04805) with six layers of 384 values and twelve
heads, the mean of its tokens as the sentence (Reimers and Gurevych 2019, arXiv:1908.10084). Only standard
operators are used, so every execution provider can run the graph.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from app.models.graph_writer import GraphWriter
from search.errors import ModelError

VERSION: Final = 1
"""Raised whenever the same weights lead to another file; part of what names the prepared model."""

WIDTH: Final = 384

_LAYERS, _HEADS, _TOKENS, _PLACES = 6, 12, 30_522, 512
_EPSILON = 1e-12
_OPSET = 20

Array = npt.NDArray[np.float32]


def convert(weights: Path, target: Path) -> None:
    """Write the ONNX graph of a safetensors file, and its weights beside it in a file `.onnx_data`.

    Inputs `ids` and `mask`, int64 (n, length), length at most 512; the mask is 0 where ids are padding.
    Output `sentence` float32 (n, 384), rows of length 1. The weights have a file of their own because ONNX
    Runtime maps that into memory: the session loads in a third of the time. Token vectors are stored as
    float16 (23 MB less; vectors change by less than 1e-6 in cosine). Raises `ModelError` for other weights.
    """
    import onnx
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        graph = _Graph(load_file(weights)).build()
    except (SafetensorError, KeyError, ValueError) as error:
        message = f"{weights} does not hold the weights of all-MiniLM-L6-v2: {error}."
        raise ModelError(message, "Install the package again.") from error
    data = target.with_suffix(".onnx_data")
    data.unlink(missing_ok=True)  # onnx would write behind what is there
    onnx.save(graph, target, save_as_external_data=True, location=data.name)
    data.chmod(target.stat().st_mode)  # onnx lets only this user read it


class _Graph(GraphWriter):
    def build(self) -> Any:
        """Return the `ModelProto`."""
        mask = self.floats("mask")
        x = self._embedded()
        hidden = self._hidden(mask)
        for number in range(_LAYERS):
            x = self._layer(x, f"encoder.layer.{number}", hidden)
        self._mean(x, mask)
        inputs = dict.fromkeys(("ids", "mask"), (np.int64, ("n", "length")))
        return self.model("all-MiniLM-L6-v2", inputs, {"sentence": ("n", WIDTH)}, _OPSET)

    def _embedded(self) -> str:
        """From `ids` to (n, length, 384): token, place and kind (always the first) summed, normalised."""
        kind = self.state["embeddings.token_type_embeddings.weight"][0]
        tokens = self._tensor("embeddings.word_embeddings.weight", _TOKENS, WIDTH) + kind
        rows = self.add("Gather", self.keep("tokens", tokens.astype(np.float16)), "ids")
        places = self.keep("places", self._tensor("embeddings.position_embeddings.weight", _PLACES, WIDTH))
        length = self.add("Shape", "ids", start=1, end=2)
        used = self.add("Slice", places, self.keep("zero", np.array([0])), length)
        x = self.add("Add", self.floats(rows), used)
        return self._normalised(x, "embeddings.LayerNorm")

    def _hidden(self, mask: str) -> str:
        """From the mask to what is added to attention scores, (n, 1, 1, length): 0, or -1e9 at padding."""
        padding = self.add("Sub", self.keep("one", np.float32(1)), mask)
        lowered = self.add("Mul", padding, self.keep("nothing", np.float32(-1e9)))
        return self.add("Unsqueeze", lowered, self.keep("heads and rows", np.array([1, 2])))

    def _layer(self, x: str, name: str, hidden: str) -> str:
        seen = self._linear(
            self._attention(x, f"{name}.attention.self", hidden), f"{name}.attention.output.dense"
        )
        x = self._normalised(self.add("Add", x, seen), f"{name}.attention.output.LayerNorm")
        wide = self.add("Gelu", self._linear(x, f"{name}.intermediate.dense"))
        thought = self._linear(wide, f"{name}.output.dense")
        return self._normalised(self.add("Add", x, thought), f"{name}.output.LayerNorm")

    def _attention(self, x: str, name: str, hidden: str) -> str:
        """Queries, keys and values come from one product; the queries carry the scale 1/sqrt(32)."""
        scale = (WIDTH / _HEADS) ** -0.5
        parts = {"query": scale, "key": 1.0, "value": 1.0}
        kernel = [
            self._tensor(f"{name}.{part}.weight", WIDTH, WIDTH).T * gain for part, gain in parts.items()
        ]
        bias = [self._tensor(f"{name}.{part}.bias", WIDTH) * gain for part, gain in parts.items()]
        joint = self._product(x, name, np.concatenate(kernel, axis=1), np.concatenate(bias))
        queries, keys, values = self.add_many(
            "Split", [joint], [f"{name}.{part}" for part in parts], axis=-1, num_outputs=len(parts)
        )
        scores = self.add("MatMul", self._per_head(queries, [0, 2, 1, 3]), self._per_head(keys, [0, 2, 3, 1]))
        shares = self.add("Softmax", self.add("Add", scores, hidden), axis=-1)
        heads = self.add("MatMul", shares, self._per_head(values, [0, 2, 1, 3]))
        rows = self.add("Transpose", heads, perm=[0, 2, 1, 3])
        return self.add("Reshape", rows, self.keep("rows", np.array([0, 0, WIDTH])))

    def _per_head(self, x: str, order: list[int]) -> str:
        shape = self.keep("by head", np.array([0, 0, _HEADS, WIDTH // _HEADS]))
        return self.add("Transpose", self.add("Reshape", x, shape), perm=order)

    def _mean(self, x: str, mask: str) -> None:
        """Sum the tokens that are no padding and scale to length 1: the direction of their mean."""
        axis = self.keep("middle", np.array([1]))
        total = self.add("MatMul", self.add("Unsqueeze", mask, axis), x)
        self.add("LpNormalization", self.add("Squeeze", total, axis), named="sentence", axis=-1, p=2)

    def _linear(self, x: str, name: str) -> str:
        return self._product(x, name, self.state[f"{name}.weight"].T, self.state[f"{name}.bias"])

    def _product(self, x: str, name: str, kernel: Array, bias: Array) -> str:
        product = self.add("MatMul", x, self.keep(f"{name}.weight", kernel))
        return self.add("Add", product, self.keep(f"{name}.bias", bias))

    def _normalised(self, x: str, name: str) -> str:
        gain, shift = (
            self.keep(f"{name}.{p}", self._tensor(f"{name}.{p}", WIDTH)) for p in ("weight", "bias")
        )
        return self.add("LayerNormalization", x, gain, shift, axis=-1, epsilon=_EPSILON)

    def _tensor(self, name: str, *shape: int) -> Array:
        value = self.state[name]
        if value.shape != shape:
            raise ValueError(f"{name} has the shape {value.shape}, not {shape}")
        return value
