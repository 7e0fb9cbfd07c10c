"""Writes an ONNX graph node by node; what the converters share."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_IR_VERSION = 9

Shape = Sequence[str | int]


class GraphWriter:
    """Collects nodes and weights; every method adds something behind a tensor and returns the new name."""

    def __init__(self, state: Mapping[str, npt.NDArray[np.float32]]) -> None:
        self.state = state
        self._nodes: list[Any] = []
        self._weights: dict[str, npt.NDArray[Any]] = {}

    def model(
        self, name: str, inputs: Mapping[str, tuple[type, Shape]], outputs: Mapping[str, Shape], opset: int
    ) -> Any:
        """Return the `ModelProto`; each input has a numpy type and a shape, outputs are float32."""
        from onnx import TensorProto, helper, numpy_helper

        graph = helper.make_graph(
            self._nodes,
            name,
            [
                helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(np.dtype(kind)), shape)
                for key, (kind, shape) in inputs.items()
            ],
            [helper.make_tensor_value_info(key, TensorProto.FLOAT, shape) for key, shape in outputs.items()],
            [numpy_helper.from_array(value, key) for key, value in self._weights.items()],
        )
        opsets = [helper.make_opsetid("", opset)]
        return helper.make_model(
            graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="crossfind"
        )

    def floats(self, x: str) -> str:
        """Add a conversion to float32."""
        from onnx import TensorProto

        return self.add("Cast", x, to=TensorProto.FLOAT)

    def keep(self, name: str, value: npt.NDArray[Any] | np.float32) -> str:
        """Store a weight under a name, once however often it is used, and return the name."""
        self._weights[name] = np.ascontiguousarray(value).reshape(np.shape(value))
        return name

    def add(self, kind: str, *inputs: str, named: str = "", **attributes: Any) -> str:
        """Add a node with one output; `named` is for outputs of the graph."""
        name = named or f"{kind.lower()}_{len(self._nodes)}"
        return self.add_many(kind, inputs, [name], **attributes)[0]

    def add_many(self, kind: str, inputs: Sequence[str], outputs: list[str], **attributes: Any) -> list[str]:
        """Add a node with several outputs."""
        from onnx import helper

        self._nodes.append(helper.make_node(kind, inputs, outputs, name=outputs[0], **attributes))
        return outputs
