"""How well a text answers a question, read together: a cross-encoder, as ONNX or through `transformers`.

The folder is one that sentence-transformers saves a `CrossEncoder` to: `config.json`, `model.safetensors` and
`tokenizer.json`; or `tokenizer.json` and an ONNX graph of it. Keys in `model.toml` beside the common ones:
`[text]` as `indexers.tokenizing` reads it, with `file`, `inputs` and `output` for a graph. The model gives
one number for each pair, the larger the better, or two, of which the second says that it answers.
"""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from indexers import device as devices
from indexers import hugging_face
from indexers.model_facts import Facts
from indexers.onnx_graph import Graph
from indexers.tokenizing import Pairs, TextFacts, Tokenizer
from search.errors import ModelError

Logits = NDArray[np.float32]
INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_WEIGHTS = ("config.json", "model.safetensors")


class CrossEncoder:
    """Implements `search.spaces.Reranker`; safe to use from many threads.

    `is_graph` says which of the two kinds it is. Nothing is opened before `scores`. Raises `ModelError` for
    facts that make no sense.
    """

    def __init__(self, folder: Path, facts: Facts, *, is_graph: bool, device: str = "auto") -> None:
        devices.parse(device)
        text = facts.table("text")
        self._folder, self._facts, self._device = folder, TextFacts.of(text), device
        self._inputs = text.texts("inputs", INPUTS)
        self._output = text.text("output", "logits")
        self._graph = Graph(folder / text.file("file", "model.onnx"), device) if is_graph else None
        self._lock = threading.Lock()
        self._tokenizer: Tokenizer | None = None
        self._model: Any = None

    def scores(self, question: str, texts: Sequence[str]) -> Logits:
        """Return float32 (n,): how well each text answers, of no scale. Raises `ModelError`."""
        if not texts:
            return np.zeros(0, np.float32)
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = Tokenizer(self._folder, self._facts)
            pairs = self._tokenizer.pairs(question, texts)
            made = self._of_graph(pairs) if self._graph else self._of_model(pairs)
        if made.ndim != 2 or made.shape[1] not in (1, 2) or len(made) != len(texts):
            message = f"{self._folder.name} gives {made.shape} for {len(texts)} pairs, not a number for each."
            raise ModelError(message, "Choose a model that is made for ranking.")
        found = made[:, 0] if made.shape[1] == 1 else made[:, 1] - made[:, 0]
        if not np.isfinite(found).all():
            raise ModelError("The model makes numbers that are none.", "Check it: crossfind models verify.")
        return found.astype(np.float32)

    def _of_graph(self, pairs: Pairs) -> NDArray[np.floating]:
        assert self._graph is not None
        given = dict(zip(INPUTS, (pairs.ids, pairs.mask, pairs.kinds), strict=True))
        feeds = {name: given.get(name, pairs.ids) for name in self._inputs}
        found: NDArray[np.floating] = self._graph.run([self._output], feeds)[0]
        return found[:, None] if found.ndim == 1 else found

    def _of_model(self, pairs: Pairs) -> NDArray[np.floating]:
        import torch

        if self._model is None:
            self._model = _opened(self._folder).to(devices.for_torch(self._device))
        given = dict(zip(INPUTS, (pairs.ids, pairs.mask, pairs.kinds), strict=True))
        if getattr(self._model.config, "type_vocab_size", 0) < 2:
            del given[INPUTS[2]]
        with torch.inference_mode():
            tensors = {name: torch.from_numpy(one).to(self._model.device) for name, one in given.items()}
            return cast("NDArray[np.floating]", self._model(**tensors).logits.float().cpu().numpy())


def _opened(folder: Path) -> Any:
    """Load the model from a folder, safetensors only. Raises `ModelError`."""
    for name in _WEIGHTS:
        if not (folder / name).is_file():
            raise ModelError(f"{folder / name} is missing.", "Get the model again.")
    transformers = hugging_face.library("This model for the best order")
    from huggingface_hub.errors import StrictDataclassError
    from safetensors import SafetensorError

    remedy = f"Check it: crossfind models verify {folder.name}."
    errors = (SafetensorError, StrictDataclassError, RuntimeError, ValueError, TypeError, KeyError, OSError)
    with hugging_face.quiet():
        try:
            model, told = transformers.AutoModelForSequenceClassification.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, output_loading_info=True
            )
        except errors as error:
            said = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
            raise ModelError(f"{folder.name} cannot be loaded: {said}.", remedy) from error
    if lacking := sorted(told["missing_keys"]):
        raise ModelError(f"{folder.name} lacks weights, {lacking[0]} for one.", remedy)
    return model.eval().requires_grad_(False)
