"""Texts with a vector for each of their words, for late interaction: an ONNX graph described by `model.toml`.

Keys beside the common ones: `tokenizer`, `pad_id` and what else `TextFacts` reads, `file`, `inputs`, and
`outputs`: first the vectors, (n, length, dim), then, where there is a second, which of them count.
Signs that hold no letter and no digit, and those the tokenizer adds of its own, are left out of texts and
questions alike (token hygiene; Visual RAG Toolkit, arXiv 2602.12510).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexers.model_facts import Facts
from indexers.onnx_graph import Graph
from indexers.projection import Projection
from indexers.tokenizing import TextFacts, Tokenizer, text_input
from search.errors import ModelError
from search.plan import PAGE
from search.spaces import Fingerprint, PayloadKind, Vector, unit_rows

LONGEST = 512
"""Tokens; what goes on behind is not seen. Passages are shorter."""

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of a text: `vectors` float32 (n, dim), unit rows; `spans` int64 (n, 2), where each begins and
    ends in the text."""

    vectors: Vector
    spans: NDArray[np.int64]


class LateText:
    """Loads its model when first used. Raises `ModelError` for facts that make no sense."""

    def __init__(
        self, folder: Path, facts: Facts, revision: str, *, device: str = "auto", threads: int = 0
    ) -> None:
        usual = {"pad": "longest", "max_length": LONGEST}
        self._folder = folder
        self._projected = Projection(folder)
        self._facts = TextFacts.of(Facts(usual | dict(facts.values), facts.where))
        self._graph = Graph(folder / facts.file("file", "token_model.onnx"), device, threads)
        self._inputs = facts.texts("inputs", ("input_ids", "attention_mask"))
        self._outputs = facts.texts("outputs", ("token_embeds",))
        self._tokenizer: Tokenizer | None = None
        how = f"{self._facts.max_length} tokens {self._facts.clean} words"
        self.fingerprint = Fingerprint(facts.text("id"), revision, how, facts.whole("dim"))

    def read(self, texts: Sequence[str]) -> list[Tokens]:
        """Return the words of each text, none where the model knows none. Raises `ModelError`."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        found: dict[int, Tokens] = {}
        for start in range(0, len(order), _AT_ONCE):
            chosen = order[start : start + _AT_ONCE]
            found |= zip(chosen, self._read([texts[at] for at in chosen]), strict=True)
        return [found[at] for at in range(len(texts))]

    def warm(self, kinds: Collection[PayloadKind]) -> None:
        """Load the model and run it once. Raises `ModelError`."""
        if "text" in kinds:
            self.read(["warm"])

    def close(self) -> None:
        """Free the model; a later `read` loads it again."""
        self._graph.close()

    def _read(self, texts: Sequence[str]) -> list[Tokens]:
        if self._tokenizer is None:
            self._tokenizer = Tokenizer(self._folder, self._facts)
        ids, mask, spans = self._tokenizer.placed(texts)
        outputs = self._graph.run(self._outputs, {n: text_input(n, ids, mask) for n in self._inputs})
        vectors, dim = outputs[0], self._projected.before(self.fingerprint.dim)
        if vectors.shape != (*ids.shape, dim):
            message = f"{self._graph.file.name} gives {vectors.shape} where {(*ids.shape, dim)} is promised."
            raise ModelError(message, "Mend the model's model.toml or get the model again.")
        counted = (mask > 0) & self._tokenizer.worded(ids)
        if len(outputs) > 1:
            counted &= outputs[1] > 0
        return [
            Tokens(self._projected(unit_rows(one[kept])), where[kept])
            for one, kept, where in zip(vectors, counted, spans, strict=True)
        ]


class LateQueries:
    """Answers the engine: implements `search.spaces.TokenEncoder`."""

    space = PAGE
    accepts: frozenset[PayloadKind] = frozenset({"text"})
    thresholds = None

    def __init__(self, model: LateText) -> None:
        self._model = model

    @property
    def fingerprint(self) -> Fingerprint:
        """Which stored vectors the query vectors may be compared with."""
        return self._model.fingerprint

    def encode_tokens(self, text: str) -> Vector:
        """Return float32 (tokens, dim), unit rows. Raises `ModelError`."""
        return self._model.read([text])[0].vectors

    def encode_text(self, text: str) -> Vector:
        """Return the mean of the words, float32 (dim,), unit length. Raises `ModelError`."""
        vector: Vector = unit_rows(self.encode_tokens(text).sum(axis=0, keepdims=True))[0]
        return vector

    def encode_picture(self, picture: object) -> Vector:
        """Raises `ModelError`: pages are asked for in words."""
        raise ModelError(f"The model {self.fingerprint.model} takes only text, not {picture!r}.")
