"""Text and pictures in one space with a CLIP-type model that ships as ONNX, described by `model.toml`.

Keys beside the common ones: `[image] file, input, output`, `[text] file, inputs, output` and all that
`PictureFacts` and `TextFacts` read. Each tower is loaded when it is first needed: a text query never
pays for the picture tower.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from indexers import device as devices
from indexers.model_facts import Facts, PictureFacts
from indexers.onnx_graph import Graph
from indexers.tokenizing import TextFacts, Tokenizer, text_input
from search.errors import ModelError
from search.spaces import Fingerprint, Payload, PayloadKind, PictureInput, Pixels, Vector, unit_rows

_DTYPES: Mapping[str, type] = {
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
}


class OnnxSpace:
    """Implements `search.spaces.Space`. `threads` 0 leaves the number to ONNX Runtime.

    Raises `ModelError` for facts that make no sense; files are only opened by `encode` and `warm`.
    """

    def __init__(
        self,
        folder: Path,
        facts: Facts,
        revision: str,
        *,
        device: str = "auto",
        threads: int = 0,
        name: str = "scene",
    ) -> None:
        devices.parse(device)
        self._name = name
        self._dim = facts.whole("dim")
        self._picture: _PictureTower | None = None
        self._text: _TextTower | None = None
        if facts.has("image"):
            self._picture = _PictureTower(folder, facts.table("image"), self._dim, device, threads)
        if facts.has("text"):
            self._text = _TextTower(folder, facts.table("text"), self._dim, device, threads)
        if not (self._picture or self._text):
            raise ModelError(f"{facts.where} describes neither an [image] nor a [text] tower.")
        self._fingerprint = Fingerprint(facts.text("id"), revision, self._preprocessing(), self._dim)

    @property
    def name(self) -> str:
        """The space's name."""
        return self._name

    @property
    def fingerprint(self) -> Fingerprint:
        """Model id, the hash of its files, how pictures are prepared, dimension."""
        return self._fingerprint

    @property
    def accepts(self) -> frozenset[PayloadKind]:
        """The towers that the model has."""
        kinds: list[PayloadKind] = []
        kinds += ["text"] if self._text else []
        kinds += ["picture"] if self._picture else []
        return frozenset(kinds)

    @property
    def picture_input(self) -> PictureInput | None:
        """How pictures must be prepared."""
        return self._picture.facts.input if self._picture else None

    def encode(self, items: Sequence[Payload]) -> Vector:
        """Encode texts or prepared pictures: float32 (n, dim), unit rows. Raises `ModelError`."""
        if not items:
            return np.zeros((0, self._dim), np.float32)
        if isinstance(items[0], str):
            if self._text is None:
                raise ModelError(f"The model {self._fingerprint.model} takes no text.")
            return unit_rows(self._text.encode(cast("Sequence[str]", items)))
        if self._picture is None:
            raise ModelError(f"The model {self._fingerprint.model} takes no pictures.")
        return unit_rows(self._picture.encode(cast("Sequence[Pixels]", items)))

    def warm(self, kinds: Collection[PayloadKind]) -> None:
        """Load the towers for these kinds and run each once. Raises `ModelError`."""
        if "text" in kinds and self._text:
            self._text.encode(["warm"])
        if "picture" in kinds and self._picture:
            spec = self._picture.facts.input
            self._picture.encode([np.zeros((spec.height, spec.width, 3), np.uint8)])

    def close(self) -> None:
        """Free both towers; a later `encode` loads them again."""
        for tower in (self._picture, self._text):
            if tower:
                tower.close()

    def _preprocessing(self) -> str:
        return f"{self._picture.facts.fingerprint} {self._picture.output}" if self._picture else ""


class _Tower:
    """One ONNX graph with one output, loaded on first use; `run` is safe from many threads."""

    def __init__(self, file: Path, where: str, output: str, dim: int, device: str, threads: int) -> None:
        self.file, self.output = file, output
        self._where, self._dim = where, dim
        self._graph = Graph(file, device, threads)
        self._is_checked = False

    def close(self) -> None:
        self._graph.close()

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Feed arrays of n rows each; in slices when the graph was exported for a fixed number."""
        session = self._checked(feeds)
        kinds = {node.name: _DTYPES[node.type] for node in session.get_inputs()}
        arrays: dict[str, NDArray[Any]] = {
            name: array.astype(kinds[name], copy=False) for name, array in feeds.items()
        }
        rows = len(next(iter(arrays.values())))
        fixed = session.get_inputs()[0].shape[0]
        if not isinstance(fixed, int) or fixed == rows:
            return self._run(arrays)
        parts = []
        for start in range(0, rows, fixed):
            slices = {name: _filled(array[start : start + fixed], fixed) for name, array in arrays.items()}
            parts.append(self._run(slices))
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


class _PictureTower(_Tower):
    def __init__(self, folder: Path, facts: Facts, dim: int, device: str, threads: int) -> None:
        file = folder / facts.file("file", "vision_model.onnx")
        super().__init__(file, facts.where, facts.text("output", "image_embeds"), dim, device, threads)
        self.facts = PictureFacts.of(facts)
        self._input = facts.text("input", "pixel_values")

    def encode(self, pictures: Sequence[Pixels]) -> NDArray[Any]:
        return self.run({self._input: self.facts.normalised(pictures)})


class _TextTower(_Tower):
    def __init__(self, folder: Path, facts: Facts, dim: int, device: str, threads: int) -> None:
        file = folder / facts.file("file", "text_model.onnx")
        super().__init__(file, facts.where, facts.text("output", "text_embeds"), dim, device, threads)
        self._folder, self._facts = folder, TextFacts.of(facts)
        self._inputs = facts.texts("inputs", ("input_ids", "attention_mask"))
        self._tokenizer: Tokenizer | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[Any]:
        if self._tokenizer is None:
            self._tokenizer = Tokenizer(self._folder, self._facts)
        ids, mask = self._tokenizer(texts)
        return self.run({name: text_input(name, ids, mask) for name in self._inputs})


def _filled(array: NDArray[Any], rows: int) -> NDArray[Any]:
    short = rows - len(array)
    return np.concatenate([array, np.repeat(array[-1:], short, axis=0)]) if short else array
