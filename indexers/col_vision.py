"""Pages seen as pictures, with a vector for each patch: ColPali and its family, through `transformers`.

Which of the family a folder holds is told by `model_type` in its `config.json`: `colpali`, `colqwen2` (of
Qwen2-VL and Qwen2.5-VL), `colmodernvbert`, `idefics3` with a layer `linear` (ColSmol), and
`qwen3_vl_nemotron_embed` (`indexers.page_families`). Beside it lie the weights as safetensors, and the
processor and tokenizer as they are published; of ColSmol an adapter as well (`indexers.lora`), unless it was
merged. Keys in `model.toml` beside the common ones: `dim`, the length of the vectors; `side`, at how many
pixels pages are drawn; `smooth`, how rows are smoothed over their neighbours (`gaussian`, `triangular` or
`box`; default none); `precision` (`float32`, or `bfloat16`, which needs half the memory).

Of a page only what stands for its patches is kept, of a question only its own words, neither the prompt the
model is used to nor what only fills up (token hygiene; Visual RAG Toolkit, arXiv 2602.12510).
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from PIL import Image

from indexers import device as devices
from indexers import hugging_face
from indexers.model_facts import Facts
from indexers.on_demand import OnDemand
from indexers.page_families import Family, Given, Network, Precision, family, grid_of
from indexers.page_grids import Grid, Layout, Tiles, pooled
from indexers.pooling import Kernel
from indexers.projection import Projection
from search.errors import ModelError
from search.spaces import Fingerprint, PayloadKind, PictureInput, Pixels, Vector, unit_rows

SIDE = 1536
"""Pixels of a page's longer side, where a model does not want another number."""

MOST_LETTERS = 2_000
"""Of a question; what goes on behind is not seen."""

Smoothing = Literal["none", "gaussian", "triangular", "box"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A page: the vectors of its patches, float32 (n, dim), and the few that are searched first, (m, dim);
    unit rows both."""

    tokens: Vector
    rows: Vector


@dataclass(frozen=True, slots=True)
class _Loaded:
    network: Network
    device: str


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
        how = f"side {side} without margins, {smooth}, 2"
        self.fingerprint = Fingerprint(facts.text("id"), revision, how, facts.whole("dim"))
        self._projected = Projection(folder)
        self._family = OnDemand(lambda: family(folder))
        self._model = OnDemand(self._opened)

    def look(self, picture: Pixels) -> Seen:
        """See a page, uint8 (height, width, 3). Raises `ModelError`."""
        prepares = self._family.get()
        given = _page(prepares, picture)
        layout = _layout(prepares, given, picture)
        is_patch = (given["input_ids"][0] == prepares.page_token).numpy()
        tokens = self._embedded(given)[is_patch]
        if len(tokens) != layout.tokens:
            why = f"it makes {len(tokens)} vectors of a page where {layout.tokens} are expected"
            raise hugging_face.broken(self._folder, why)
        return Seen(tokens, pooled(tokens, layout, self._kernel))

    def layout(self, picture: Pixels) -> Layout:
        """Return how the tokens that `look` gives lie on a page, without the model itself. Raises
        `ModelError`."""
        prepares = self._family.get()
        return _layout(prepares, _page(prepares, picture), picture)

    def read(self, text: str) -> Vector:
        """Return the vectors of a question's words, float32 (n, dim), unit rows; none where it has no word.

        Raises `ModelError`.
        """
        prepares = self._family.get()
        asked = _asked(prepares, text)
        if not any(letter.isalnum() for letter in asked):
            return np.zeros((0, self.fingerprint.dim), np.float32)
        given, words = prepares.question(asked)
        return self._embedded(given)[words]

    def warm(self, kinds: Collection[PayloadKind]) -> None:
        """Load the model and run it once. Raises `ModelError`."""
        if "text" in kinds:
            self.read("warm")

    def close(self) -> None:
        """Free the model; the next use loads it again."""
        self._model.close()
        devices.give_back()

    def _opened(self) -> _Loaded:
        device = devices.for_torch(self._device)
        network = self._family.get().load(self._precision)
        promised = self._projected.before(self.fingerprint.dim)
        if network.dim != promised:
            why = f"its model.toml promises {promised} numbers, it makes {network.dim}"
            raise hugging_face.broken(self._folder, why)
        network.model.to(device)
        return _Loaded(network, device)

    def _embedded(self, given: Given) -> Vector:
        """Return the vectors of all tokens of the one text or picture, float32 (length, dim), unit rows."""
        import torch

        loaded = self._model.get()
        precision = loaded.network.model.dtype
        there = {
            name: value.to(loaded.device, precision if value.is_floating_point() else None)
            for name, value in given.items()
        }
        try:
            with devices.enough_memory(loaded.device), torch.inference_mode():
                vectors = loaded.network.vectors(there).float().cpu().numpy()
        except (ValueError, RuntimeError, TypeError, LookupError) as error:  # its parts do not fit together
            raise hugging_face.broken(self._folder, hugging_face.first_line(error)) from error
        if not np.isfinite(vectors).all():
            raise ModelError("The model makes numbers that are none.", "Check it: crossfind models verify.")
        return self._projected(unit_rows(vectors))


def _page(prepares: Family, picture: Pixels) -> Given:
    return prepares.page(Image.fromarray(np.ascontiguousarray(picture)))


def _layout(prepares: Family, given: Given, picture: Pixels) -> Layout:
    """Return how the tokens of what was prepared lie on the page."""
    if "image_grid_thw" in given:
        return grid_of(given, prepares.pictures)
    count = int((given["input_ids"] == prepares.page_token).sum())
    if given["pixel_values"].ndim == 4:
        side = math.isqrt(count)
        return Grid(side, side)
    tiles = int(given["pixel_values"].shape[1])
    height, width = picture.shape[:2]
    _, rows, columns = prepares.pictures.get_number_of_image_patches(height, width, {})
    return Tiles(rows, columns, math.isqrt(count // tiles))


def _asked(prepares: Family, text: str) -> str:
    """Return a question as one line, without what would mean a picture or an end to the model."""
    for token in prepares.tokenizer.all_special_tokens:
        text = text.replace(token, " ")
    return " ".join(text.split())[:MOST_LETTERS]
