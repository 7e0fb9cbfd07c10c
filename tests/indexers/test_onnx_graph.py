from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from indexers.onnx_graph import Graph
from search.errors import ModelError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A graph that gives its input doubled, and negated."""
    value = helper.make_tensor_value_info
    made = helper.make_graph(
        [helper.make_node("Add", ["x", "x"], ["twice"]), helper.make_node("Neg", ["x"], ["minus"])],
        "both",
        [value("x", TensorProto.FLOAT, ["n", 2])],
        [value("twice", TensorProto.FLOAT, ["n", 2]), value("minus", TensorProto.FLOAT, ["n", 2])],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(tmp_path / "both.onnx"))
    return tmp_path / "both.onnx"


def test_gives_the_outputs_that_are_named_in_their_order(file: Path) -> None:
    x = np.array([[1, 2], [3, 4]], np.float32)
    minus, twice = Graph(file, "cpu").run(["minus", "twice"], {"x": x})
    np.testing.assert_array_equal(minus, -x)
    np.testing.assert_array_equal(twice, 2 * x)


def test_closed_it_loads_again(file: Path) -> None:
    graph = Graph(file, "cpu", threads=1)
    before = graph.session
    assert graph.session is before
    graph.close()
    assert graph.session is not before


@pytest.mark.parametrize("feeds", [{}, {"y": np.zeros((1, 2), np.float32)}, {"x": np.zeros(3, np.float32)}])
def test_input_that_does_not_fit_is_one_sentence(file: Path, feeds: dict[str, np.ndarray]) -> None:
    with pytest.raises(ModelError, match=r"both.onnx refuses what it is given"):
        Graph(file, "cpu").run(["twice"], feeds)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none.onnx is missing"):
        Graph(tmp_path / "none.onnx", "cpu").run(["y"], {})
