"""One tower of a model that ships as ONNX: a graph with one output, checked against `model.toml`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexers.model_facts import Facts
from indexers.onnx_graph import Graph
from indexers.tokenizing import TextFacts, Tokenizer, text_input
from search.errors import ModelError

_DTYPES: Mapping[str, type] = {
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(bool)": np.bool_,
}


class Tower:
    """Loaded on first use, safe to run from many threads. `where` names its facts in error messages, `dim` is
    the width of `output`; `threads` 0 leaves the number to ONNX Runtime."""

    def __init__(self, file: Path, where: str, output: str, dim: int, device: str, threads: int) -> None:
        self.file, self.output = file, output
        self._where, self._dim = where, dim
        self._graph = Graph(file, device, threads)
        self._is_checked = False

    def close(self) -> None:
        """Free the graph; the next `run` loads it again."""
        self._graph.close()

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Feed arrays of n rows each: (n, dim); in slices on a processor, and when the graph was exported for
        a fixed number. Raises `ModelError`.
        """
        session = self._checked(feeds)
        kinds = {node.name: _DTYPES[node.type] for node in session.get_inputs()}
        arrays: dict[str, NDArray[Any]] = {
            name: array.astype(kinds[name], copy=False) for name, array in feeds.items()
        }
        rows = len(next(iter(arrays.values())))
        fixed = session.get_inputs()[0].shape[0]
        is_fixed = isinstance(fixed, int)
        most = fixed if is_fixed else self._graph.at_once(rows)
        if rows <= most and not is_fixed:
            return self._run(arrays)
        parts = []
        for start in range(0, rows, most):
            slices = {name: array[start : start + most] for name, array in arrays.items()}
            filled = {name: _filled(some, most) if is_fixed else some for name, some in slices.items()}
            parts.append(self._run(filled))
        return np.concatenate(parts)[:rows]

    def _run(self, arrays: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        found = self._graph.run([self.output], arrays)[0]
        rows = len(next(iter(arrays.values())))
        if found.shape != (rows, self._dim):
            shape = (rows, self._dim)
            raise ModelError(
                f"{self._where} promises vectors of shape {shape}; {self.file.name} gives {found.shape}."
            )
        return found

    def _checked(self, feeds: Mapping[str, NDArray[Any]]) -> Any:
        session = self._graph.session
        if not self._is_checked:
            self._check(session, feeds)
            self._is_checked = True
        return session

    def _check(self, session: Any, feeds: Mapping[str, NDArray[Any]]) -> None:
        inputs = {node.name: node for node in session.get_inputs()}
        if inputs.keys() != feeds.keys():
            raise self._disagree("the inputs are", sorted(feeds), sorted(inputs))
        outputs = [node.name for node in session.get_outputs()]
        if self.output not in outputs:
            raise self._disagree("the output is", self.output, sorted(outputs))
        for name, node in inputs.items():
            if node.type not in _DTYPES:
                raise ModelError(
                    f"{self.file.name}: input {name} is a {node.type}, which Crossfind cannot feed."
                )
            wanted, given = tuple(node.shape[1:]), feeds[name].shape[1:]
            fits = len(wanted) == len(given) and all(
                not isinstance(size, int) or size == there for size, there in zip(wanted, given, strict=True)
            )
            if not fits:
                raise self._disagree(f"input {name} has the shape", given, wanted)

    def _disagree(self, what: str, said: object, real: object) -> ModelError:
        message = f"{self._where} says {what} {said}, but {self.file.name} has {real}."
        return ModelError(message, "Mend that file or get the model again.")


class TextTower(Tower):
    """The tower for texts, with its tokenizer, as a `[text]` table describes it."""

    def __init__(self, folder: Path, facts: Facts, dim: int, device: str, threads: int) -> None:
        file = folder / facts.file("file", "text_model.onnx")
        super().__init__(file, facts.where, facts.text("output", "text_embeds"), dim, device, threads)
        self._folder, self._facts = folder, TextFacts.of(facts)
        self._inputs = facts.texts("inputs", ("input_ids", "attention_mask"))
        self._tokenizer: Tokenizer | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        """Return (n, dim). Raises `ModelError`."""
        if self._tokenizer is None:
            self._tokenizer = Tokenizer(self._folder, self._facts)
        ids, mask = self._tokenizer(texts)
        return self.run({name: text_input(name, ids, mask) for name in self._inputs})


def _filled(array: NDArray[Any], rows: int) -> NDArray[Any]:
    short = rows - len(array)
    return np.concatenate([array, np.repeat(array[-1:], short, axis=0)]) if short else array
