"""Sentence vectors of the texts in a pack, computed once and kept in a file."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.models.convert_minilm import convert
from indexers.onnx_graph import Graph
from indexers.tokenizing import TextFacts, Tokenizer

SENTENCE = 384
BLOCK, BATCH = 20_000, 64
MOST_TOKENS = 64
VOCABULARY = 30_522
CLS, SEP = 101, 102
"""The tokens of MiniLM's vocabulary that begin and end a text."""

Encoder = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to unit sentence vectors, float32 (n, 384)."""


class MiniLM:
    """all-MiniLM-L6-v2, run just as the program runs it.

    `folder` is the model folder of the package; the ONNX file made from it is kept in `cache`.
    """

    def __init__(self, folder: Path, cache: Path, threads: int = 0) -> None:
        graph = cache / "minilm.onnx"
        if not graph.exists():
            cache.mkdir(parents=True, exist_ok=True)
            convert(folder / "model.safetensors", graph)
        self._graph = Graph(graph, "cpu", threads)
        self.tokenizer = Tokenizer(folder, TextFacts("tokenizer.json", MOST_TOKENS, 0, "longest", "none"))

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the unit sentence vectors of texts, float32 (n, 384)."""
        ids, mask = self.tokenizer(texts)
        vectors = np.empty((len(texts), SENTENCE), np.float32)
        order = np.argsort(mask.sum(1))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            length = int(mask[rows].sum(1).max())
            vectors[rows] = self._run(ids[rows, :length], mask[rows, :length])
        return vectors

    def of_tokens(self) -> NDArray[np.float32]:
        """Return the vector of every token of the vocabulary, each as a text of its own, (30522, 384)."""
        tokens = np.arange(VOCABULARY)
        ids = np.stack([np.full_like(tokens, CLS), tokens, np.full_like(tokens, SEP)], 1)
        starts = range(0, VOCABULARY, BATCH)
        return np.concatenate([self._run(b, np.ones_like(b)) for b in (ids[s : s + BATCH] for s in starts)])

    def _run(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        return self._graph.run(["sentence"], {"ids": ids, "mask": mask})[0]


class Sentences:
    """Sentence vectors by text."""

    def __init__(self, texts: Sequence[str], vectors: NDArray[np.float16]) -> None:
        self._row = {text: n for n, text in enumerate(texts)}
        self._vectors = torch.from_numpy(vectors)

    def of(self, texts: Iterable[str]) -> Tensor:
        """Return the vectors of texts, float32 (n, 384).

        Raises:
            KeyError: a text is not among those of the file.
        """
        return self._vectors[[self._row[text] for text in texts]].float()


def sentences(texts: Iterable[str], encoder: Encoder, cache: Path) -> Sentences:
    """Return the vectors of texts; what `cache` (a folder) does not hold yet is encoded and added to it.

    Vectors are kept as float16; every 20,000 texts are saved, so
    an interrupted run goes on where it stopped.
    """
    wanted = sorted(set(texts))
    index, file = cache / "texts.json", cache / "vectors.npy"
    cache.mkdir(parents=True, exist_ok=True)
    known: list[str] = json.loads(index.read_text("utf-8")) if index.exists() else []
    vectors = np.load(file)[: len(known)] if known else np.empty((0, SENTENCE), np.float16)
    have = set(known)
    missing = [text for text in wanted if text not in have]
    for start in range(0, len(missing), BLOCK):
        block = missing[start : start + BLOCK]
        vectors = np.concatenate([vectors, encoder(block).astype(np.float16)])
        known += block
        np.save(file, vectors)  # first, so that an interruption between the two only costs this block
        index.write_text(json.dumps(known), encoding="utf-8")
    return Sentences(known, vectors)
