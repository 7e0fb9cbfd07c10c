"""Texts by their meaning with a sentence encoder that ships as ONNX, described by `model.toml`.

Keys beside the common ones: `[text] file, inputs, output, pooling` and all that `TextFacts` reads.
`pooling` says what the output holds: `none` one vector a text, `mean` or `first` one vector a token, of
which the mean (over the mask) or the first is taken.
"""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from indexers.model_facts import Facts
from indexers.onnx_graph import Graph
from indexers.tokenizing import Ids, TextFacts, Tokenizer, text_input
from search.errors import ModelError
from search.spaces import Fingerprint, Payload, PayloadKind, PictureInput, Vector, unit_rows

Pooling = Literal["none", "mean", "first"]

_TOKENS_AT_ONCE = 4096
"""Padding included. Larger batches need more memory and are no faster."""


class SentenceSpace:
    """Implements `search.spaces.Space` for texts. `threads` 0 leaves the number to ONNX Runtime.

    What is beyond the model's length in tokens does not count: split long texts before.
    Raises `ModelError` for facts that make no sense; files are only opened by `encode` and `warm`.
    """

    accepts: frozenset[PayloadKind] = frozenset({"text"})
    picture_input: PictureInput | None = None

    def __init__(
        self,
        folder: Path,
        facts: Facts,
        revision: str,
        *,
        device: str = "auto",
        threads: int = 0,
        name: str = "meaning",
    ) -> None:
        text = facts.table("text")
        self._name = name
        self._folder, self._facts = folder, TextFacts.of(text)
        self._graph = Graph(folder / text.file("file", "model.onnx"), device, threads)
        self._inputs = text.texts("inputs", ("input_ids", "attention_mask"))
        self._output = text.text("output", "last_hidden_state")
        self._pooling: Pooling = text.choice("pooling", Pooling, "mean")
        self._tokenizer: Tokenizer | None = None
        how = f"{self._facts.max_length} tokens {self._facts.clean} {self._output} {self._pooling}"
        self._fingerprint = Fingerprint(facts.text("id"), revision, how, facts.whole("dim"))

    @property
    def name(self) -> str:
        """The space's name."""
        return self._name

    @property
    def fingerprint(self) -> Fingerprint:
        """Model id, the hash of its files, how texts are cut and pooled, dimension."""
        return self._fingerprint

    def encode(self, items: Sequence[Payload]) -> Vector:
        """Encode texts: float32 (n, dim), unit rows. Raises `ModelError`."""
        vectors = np.zeros((len(items), self._fingerprint.dim), np.float32)
        if not items:
            return vectors
        if not all(isinstance(item, str) for item in items):
            raise ModelError(f"The model {self._fingerprint.model} takes only text.")
        ids, mask = self._tokens()(cast("Sequence[str]", items))
        for rows in _alike(mask.sum(axis=1)):
            length = max(int(mask[rows].sum(axis=1).max()), 1)
            vectors[rows] = self._pooled(ids[rows, :length], mask[rows, :length])
        return unit_rows(vectors)

    def warm(self, kinds: Collection[PayloadKind]) -> None:
        """Load the model and run it once. Raises `ModelError`."""
        if "text" in kinds:
            self.encode(["warm"])

    def close(self) -> None:
        """Free the model; a later `encode` loads it again."""
        self._graph.close()

    def knows(self, word: str) -> bool:
        """Whether the model has a token for the whole word. Raises `ModelError`."""
        return self._tokens().knows(word)

    def _tokens(self) -> Tokenizer:
        if self._tokenizer is None:
            self._tokenizer = Tokenizer(self._folder, self._facts)
        return self._tokenizer

    def _pooled(self, ids: Ids, mask: Ids) -> NDArray[np.floating]:
        feeds = {name: text_input(name, ids, mask) for name in self._inputs}
        found: NDArray[np.floating] = self._graph.run([self._output], feeds)[0]
        dim = self._fingerprint.dim
        wanted = (len(ids), dim) if self._pooling == "none" else (*ids.shape, dim)
        if found.shape != wanted:
            message = f"{self._graph.file.name} gives {found.shape} where {wanted} is promised."
            raise ModelError(message, "Mend the model's model.toml or get the model again.")
        match self._pooling:
            case "none":
                return found
            case "first":
                return found[:, 0]
            case "mean":
                totals: NDArray[np.floating] = (found * mask[..., None]).sum(axis=1)
                return totals


def _alike(lengths: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield the rows of texts of similar length, so that little is spent on padding; longest first."""
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        many = max(1, _TOKENS_AT_ONCE // max(int(lengths[order[start]]), 1))
        yield order[start : start + many]
        start += many
