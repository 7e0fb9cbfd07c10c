"""Pages seen as pictures, with a vector for each patch: ColPali and its family, through `transformers`.

Which of the family a folder holds is told by `model_type` in its `config.json`: `colpali`, `colqwen2` (of
Qwen2-VL and Qwen2.5-VL), `colmodernvbert`, and `idefics3` with a layer `linear` (ColSmol). Beside it lie the
weights as safetensors, and the processor and tokenizer as they are published; of ColSmol an adapter as well
(`indexers.lora`), unless it was merged. Keys in `model.toml` beside the
common ones: `dim`, the length of the vectors; `side`, at how many pixels pages are drawn; `smooth`, how rows
are smoothed over their neighbours (`gaussian`, `triangular` or `box`; default none); `precision` (`float32`,
or `bfloat16`, which needs half the memory).

Of a page only what stands for its patches is kept, of a question only its own words, neither the prompt the
model is used to nor what only fills up (token hygiene; Visual RAG Toolkit, arXiv 2602.12510).
"""

import json
import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexers import device as devices
from indexers import hugging_face, lora
from indexers.model_facts import Facts
from indexers.on_demand import OnDemand
from indexers.page_grids import Grid, Layout, Tiles, pooled
from indexers.pooling import Kernel
from search.errors import ModelError
from search.spaces import Fingerprint, PayloadKind, PictureInput, Pixels, Vector, unit_rows

SIDE = 1536
"""Pixels of a page's longer side, where a model does not want another number."""

MOST_LETTERS = 2_000
"""Of a question; what goes on behind is not seen."""

_NAME = "A model that sees pages"

Precision = Literal["float32", "bfloat16"]
Smoothing = Literal["none", "gaussian", "triangular", "box"]


@dataclass(frozen=True, slots=True)
class Family:
    """What `transformers` calls a model and its processor. One without `prompt` prepares pages and questions
    itself; of others `prompt` goes with each page, `after` behind each question."""

    model: str
    processor: str
    prompt: str = ""
    after: str = ""


FAMILIES = {
    "colpali": Family("ColPaliForRetrieval", "ColPaliProcessor"),
    "colqwen2": Family("ColQwen2ForRetrieval", "ColQwen2Processor"),
    "colmodernvbert": Family("ColModernVBertForRetrieval", "ColModernVBertProcessor"),
    "idefics3": Family(
        "Idefics3Model",
        "Idefics3Processor",
        "<|im_start|>User:<image>Describe the image.<end_of_utterance>\nAssistant:",
        "<end_of_utterance>" * 10,
    ),
}
"""By `model_type`. The words of the last are those that ColSmol was trained with."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A page: the vectors of its patches, float32 (n, dim), and the few that are searched first, (m, dim);
    unit rows both."""

    tokens: Vector
    rows: Vector


@dataclass(frozen=True, slots=True)
class _Loaded:
    family: Family
    model: Any
    processor: Any
    linear: tuple[Any, Any] | None
    device: str
    page_token: int


class ColVision:
    """Loads its model when first used. Raises `ModelError` for facts that make no sense."""

    def __init__(self, folder: Path, facts: Facts, revision: str, *, device: str = "auto") -> None:
        devices.parse(device)
        self._folder, self._device = folder, device
        smooth = facts.choice("smooth", Smoothing, "none")
        self._kernel: Kernel | None = next((one for one in get_args(Kernel) if one == smooth), None)
        self._precision: Precision = facts.choice("precision", Precision, "float32")
        side = facts.whole("side", SIDE)
        if not 64 <= side <= 4096:
            raise facts.wrong("side", "must be between 64 and 4096")
        self.picture_input = PictureInput(side, side, "fit")
        how = f"side {side} without margins, {smooth}, 1"
        self.fingerprint = Fingerprint(facts.text("id"), revision, how, facts.whole("dim"))
        self._model = OnDemand(self._opened)

    def look(self, picture: Pixels) -> Seen:
        """See a page, uint8 (height, width, 3). Raises `ModelError`."""
        loaded = self._model.get()
        batch = _prepared(loaded, picture)
        layout = _layout(loaded, batch, picture)
        is_patch = (batch["input_ids"][0] == loaded.page_token).numpy()
        tokens = self._embedded(loaded, batch)[is_patch]
        if len(tokens) != layout.tokens:
            why = f"it makes {len(tokens)} vectors of a page where {layout.tokens} are expected"
            raise hugging_face.broken(self._folder, why)
        return Seen(tokens, pooled(tokens, layout, self._kernel))

    def layout(self, picture: Pixels) -> Layout:
        """Return how the tokens that `look` gives lie on a page, without the work of seeing it. Raises
        `ModelError`."""
        loaded = self._model.get()
        return _layout(loaded, _prepared(loaded, picture), picture)

    def read(self, text: str) -> Vector:
        """Return the vectors of a question's words, float32 (n, dim), unit rows; none where it has no word.

        Raises `ModelError`.
        """
        loaded = self._model.get()
        asked = _asked(loaded.processor, text)
        if not any(letter.isalnum() for letter in asked):
            return np.zeros((0, self.fingerprint.dim), np.float32)
        if loaded.family.prompt:
            batch = loaded.processor(text=[asked + loaded.family.after], return_tensors="pt")
        else:
            batch = loaded.processor.process_queries(text=[asked])
        said = _words(loaded.processor, batch["input_ids"][0].tolist())
        return self._embedded(loaded, batch)[said]

    def warm(self, kinds: Collection[PayloadKind]) -> None:
        """Load the model and run it once. Raises `ModelError`."""
        if "text" in kinds:
            self.read("warm")

    def close(self) -> None:
        """Free the model; the next use loads it again."""
        self._model.close()
        devices.give_back()

    def _opened(self) -> _Loaded:
        family = self._family()
        device = devices.for_torch(self._device)
        processor = hugging_face.processor(family.processor, self._folder, _NAME)
        model = hugging_face.pretrained(family.model, self._folder, _NAME, self._precision)
        linear = None
        if family.prompt:
            names = ("linear.weight", "linear.bias")
            weight, bias = (hugging_face.tensor(self._folder, name) for name in names)
            if lora.has_adapter(self._folder):
                own = {f"model.{name}": one for name, one in model.named_parameters()}
                lora.merge(self._folder, own | {"linear.weight": weight})
            linear = weight.to(device), bias.to(device)
        makes = linear[0].shape[0] if linear else model.config.embedding_dim
        if makes != self.fingerprint.dim:
            why = f"its model.toml promises {self.fingerprint.dim} numbers, it makes {makes}"
            raise hugging_face.broken(self._folder, why)
        return _Loaded(family, model.to(device), processor, linear, device, int(processor.image_token_id))

    def _family(self) -> Family:
        try:
            told = json.loads((self._folder / "config.json").read_text(encoding="utf-8"))
            kind = told.get("model_type") if isinstance(told, dict) else None
        except (OSError, ValueError) as error:
            raise hugging_face.broken(self._folder, "its config.json is not there or not whole") from error
        if kind not in FAMILIES:
            known = ", ".join(FAMILIES)
            why = f"it is of the kind {kind!r}; pages are seen with models of the kinds {known}"
            raise hugging_face.broken(self._folder, why)
        return FAMILIES[kind]

    def _embedded(self, loaded: _Loaded, batch: Any) -> Vector:
        """Return the vectors of all tokens of the one text or picture, float32 (length, dim), unit rows."""
        import torch

        given = {
            name: value.to(loaded.device, loaded.model.dtype if value.is_floating_point() else None)
            for name, value in batch.items()
            if name not in ("labels", "token_type_ids", "mm_token_type_ids")
        }
        with devices.enough_memory(loaded.device), torch.inference_mode():
            if loaded.linear is None:
                made = loaded.model(**given).embeddings[0]
            else:
                weight, bias = loaded.linear
                made = loaded.model(**given).last_hidden_state[0].float() @ weight.T + bias
        vectors = made.float().cpu().numpy()
        if not np.isfinite(vectors).all():
            raise ModelError("The model makes numbers that are none.", "Check it: crossfind models verify.")
        return unit_rows(vectors)


def _prepared(loaded: _Loaded, picture: Pixels) -> Any:
    """Return what the model takes of a page."""
    image = Image.fromarray(np.ascontiguousarray(picture))
    if loaded.family.prompt:
        return loaded.processor(text=[loaded.family.prompt], images=[[image]], return_tensors="pt")
    return loaded.processor.process_images(images=[image])


def _layout(loaded: _Loaded, batch: Any, picture: Pixels) -> Layout:
    """Return how the tokens of what was prepared lie on the page."""
    if "image_grid_thw" in batch:
        merged = int(loaded.processor.image_processor.merge_size)
        _, rows, columns = batch["image_grid_thw"][0].tolist()
        return Grid(rows // merged, columns // merged)
    count = int((batch["input_ids"] == loaded.page_token).sum())
    if batch["pixel_values"].ndim == 4:
        side = math.isqrt(count)
        return Grid(side, side)
    tiles = int(batch["pixel_values"].shape[1])
    height, width = picture.shape[:2]
    _, rows, columns = loaded.processor.image_processor.get_number_of_image_patches(height, width, {})
    return Tiles(rows, columns, math.isqrt(count // tiles))


def _asked(processor: Any, text: str) -> str:
    """Return a question as one line, without what would mean a picture or an end to the model."""
    for token in processor.tokenizer.all_special_tokens:
        text = text.replace(token, " ")
    return " ".join(text.split())[:MOST_LETTERS]


def _words(processor: Any, ids: list[int]) -> NDArray[np.intp]:
    """Return where the words of a question stand: what holds a letter or digit, or a part of one, without the
    prefix and what the tokenizer adds."""
    tokenizer = processor.tokenizer
    added = set(tokenizer.all_special_ids)
    own = [at for at, id_ in enumerate(ids) if id_ not in added]
    prefix = getattr(processor, "query_prefix", None) or ""
    before = tokenizer(prefix, add_special_tokens=False)["input_ids"] if prefix else []
    for id_ in before:
        if not own or ids[own[0]] != id_:
            break
        own = own[1:]
    texts = tokenizer.batch_decode([[ids[at]] for at in own])
    said = [
        at for at, text in zip(own, texts, strict=True) if any(c.isalnum() or c == "\ufffd" for c in text)
    ]
    return np.array(said, np.intp)
