"""The text half of the starter model: MiniLM's sentence vectors, and a small adapter towards the pictures."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from indexers.onnx_graph import Graph
from indexers.starter_heads import MIXTURE, gelu, joined, linear, tensors
from indexers.tokenizing import TextFacts, Tokenizer
from search.spaces import Vector, unit_rows

WORD_SHARE = 0.5
"""Share of the label mixture in the cosine of one word with a picture; n words have an nth of it.

The mixture knows every ImageNet class by its name, also those that no caption of the training told of;
sentences are better served by what was trained on captions. Measured: docs/decisions/0012.
"""

_THREADS = 1
"""A query's few tokens are done before a second thread is awake: half the processor time, and no slower."""

_TOKENS = TextFacts("tokenizer.json", max_length=64, pad_id=0, pad="longest", clean="none")
_SENTENCE_SCALE = np.float32(19.6)


class StarterTexts:
    """Texts to vectors; loads its files at once and is safe to use from many threads."""

    def __init__(self, folder: Path, device: str) -> None:
        """Load tokenizer, MiniLM and adapter. Raises `ModelError`."""
        self._w = tensors(folder / "heads.safetensors", ("net.",))
        self._tokenizer = Tokenizer(folder, _TOKENS)
        self._minilm = Graph(folder / "minilm.onnx", device, _THREADS)

    def __call__(self, texts: Sequence[str]) -> Vector:
        """Return float32 (n, own + 384), unit rows. Raises `ModelError`."""
        ids, mask = self._tokenizer(texts)
        meaning: Vector = self._minilm.run(["sentence"], {"ids": ids, "mask": mask})[0]
        wide = meaning * _SENTENCE_SCALE
        bent = linear(self._w, "net.b", gelu(linear(self._w, "net.a", wide)))
        own = unit_rows(bent / 2 + linear(self._w, "net.c", wide))
        wanted = np.array([[WORD_SHARE / max(1, len(text.split()))] for text in texts], np.float32)
        return joined(own, meaning, _share_against(wanted))


def _share_against(wanted: Vector) -> Vector:
    """Return the share on the text's side that gives `wanted` with pictures whose share is `MIXTURE`."""
    mixture, own = wanted**2 / MIXTURE, (1 - wanted) ** 2 / (1 - MIXTURE)
    return np.asarray(mixture / (mixture + own), np.float32)
