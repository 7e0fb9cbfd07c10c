"""Text and pictures in one space with any OpenCLIP model whose weights lie in a folder of ours.

The folder holds `open_clip_config.json` (the architecture), one safetensors file, and for models with
a Hugging Face tokenizer its `tokenizer.json`. What the decode workers must do stands in `model.toml`,
so nothing heavy is imported before the first vector is asked for. Nothing here reaches the network.
"""

import json
import logging
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np

from indexers import device as devices
from indexers.model_facts import Facts, PictureFacts
from indexers.on_demand import OnDemand
from indexers.tokenizing import TextFacts, Tokenizer
from search.errors import ModelError
from search.spaces import Fingerprint, Payload, PayloadKind, PictureInput, Pixels, Vector, unit_rows

CONFIG = "open_clip_config.json"
WEIGHTS = ("open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "model.safetensors")
"""Names under which checkpoints are published as safetensors, best first."""

_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: Any
    device: str
    tokens: Callable[[Sequence[str]], Any]


class OpenClipSpace:
    """Implements `search.spaces.Space`. On CUDA it computes in half precision, elsewhere in float32.

    Raises `ModelError` for facts that make no sense; files are only opened by `encode` and `warm`.
    """

    def __init__(
        self, folder: Path, facts: Facts, revision: str, *, device: str = "auto", name: str = "scene"
    ) -> None:
        devices.parse(device)
        self._folder, self._facts, self._device, self._name = folder, facts, device, name
        self._picture = PictureFacts.of(facts.table("image"))
        self._dim = facts.whole("dim")
        self._fingerprint = Fingerprint(facts.text("id"), revision, self._picture.fingerprint, self._dim)
        self._model = OnDemand(self._opened)

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
        """Texts and pictures."""
        return frozenset(("text", "picture"))

    @property
    def picture_input(self) -> PictureInput | None:
        """How pictures must be prepared."""
        return self._picture.input

    def encode(self, items: Sequence[Payload]) -> Vector:
        """Encode texts or prepared pictures: float32 (n, dim), unit rows. Raises `ModelError`."""
        if not items:
            return np.zeros((0, self._dim), np.float32)
        loaded = self._model.get()
        if isinstance(items[0], str):
            vectors = _computed(loaded, "encode_text", loaded.tokens(cast("Sequence[str]", items)))
        else:
            import torch

            batch = self._picture.normalised(cast("Sequence[Pixels]", items))
            vectors = _computed(loaded, "encode_image", torch.from_numpy(batch))
        if vectors.shape[1] != self._dim:
            raise ModelError(
                f"{self._facts.where} promises {self._dim} numbers; the model makes {vectors.shape[1]}."
            )
        return unit_rows(vectors)

    def warm(self, kinds: Collection[PayloadKind]) -> None:
        """Load the model and run it once for each kind. Raises `ModelError`."""
        if "text" in kinds:
            self.encode(["warm"])
        if "picture" in kinds:
            self.encode([np.zeros((self._picture.input.height, self._picture.input.width, 3), np.uint8)])

    def close(self) -> None:
        """Free the model; a later `encode` loads it again."""
        self._model.close()
        devices.give_back()

    def _opened(self) -> _Loaded:
        device = devices.for_torch(self._device)
        self._check_size()
        return _Loaded(_model(self._folder, device), device, _tokens(self._folder, self._facts))

    def _check_size(self) -> None:
        wanted = picture_size(architecture_of(self._folder))
        said = self._picture.input.width, self._picture.input.height
        if said != wanted:
            sizes = "{} x {} pixels, but the model takes {} x {}".format(*said, *wanted)
            raise ModelError(
                f"{self._facts.where} [image] says {sizes}.", "Get the model again, or mend that file."
            )


def picture_size(config: dict[str, Any]) -> tuple[int, int]:
    """Return width and height that an OpenCLIP configuration's picture tower takes."""
    size = config["model_cfg"]["vision_cfg"].get("image_size", 224)
    height, width = size if isinstance(size, list | tuple) else (size, size)
    return int(width), int(height)


def weights_of(folder: Path) -> Path:
    """Return the folder's safetensors file. Raises `ModelError`; pickles are never loaded."""
    for name in WEIGHTS:
        if (folder / name).is_file():
            return folder / name
    others = sorted(folder.glob("*.safetensors"))
    if len(others) == 1:
        return others[0]
    if len(others) > 1:
        names = ", ".join(file.name for file in others)
        raise ModelError(f"{folder} holds several checkpoints: {names}.", f"Keep one, named {WEIGHTS[0]}.")
    if pickles := sorted(file.name for file in folder.glob("*") if file.suffix in _PICKLES):
        message = (
            f"{folder} holds its weights only as a pickle ({pickles[0]}), which could run code when loaded."
        )
        raise ModelError(message, "Get the same model as safetensors.")
    raise ModelError(f"{folder} holds no safetensors file.", "Get the model again.")


def architecture_of(folder: Path) -> dict[str, Any]:
    """Read `open_clip_config.json`: its `model_cfg` and `preprocess_cfg`. Raises `ModelError`."""
    file = folder / CONFIG
    try:
        config = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{file} is missing.", "Get the model again.") from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{file} cannot be read: {error}.", "Get the model again.") from error
    model = config.get("model_cfg") if isinstance(config, dict) else None
    if not isinstance(model, dict) or not {"embed_dim", "vision_cfg", "text_cfg"} <= model.keys():
        raise ModelError(f"{file} describes no OpenCLIP model.", "Get the model again.")
    if "hf_model_name" in model["text_cfg"]:
        message = f"{folder.name} takes its text tower from another repository of the hub."
        raise ModelError(message, "Choose a model that holds both towers itself.")
    return cast("dict[str, Any]", config)


def _model(folder: Path, device: str) -> Any:
    weights = weights_of(folder)
    architecture_of(folder)
    with _quiet():
        import open_clip
        from safetensors import SafetensorError

        try:
            model = open_clip.create_model(f"local-dir:{folder}", load_weights=False)
            open_clip.load_checkpoint(model, str(weights), strict=True)
        except (SafetensorError, RuntimeError, ValueError, TypeError, KeyError, OSError) as error:
            message = f"{folder.name} cannot be loaded: {_first_line(error)}."
            raise ModelError(message, f"Check it: crossfind models verify {folder.name}.") from error
    return model.eval().requires_grad_(False).to(device)


def _tokens(folder: Path, facts: Facts) -> Callable[[Sequence[str]], Any]:
    """Return what turns texts into a tensor of ids, as the model was trained with."""
    import torch
    from open_clip import tokenizer as tokenizing

    text = facts.table("text")
    if text.has("tokenizer"):
        known = TextFacts.of(text)
        clean = None if known.clean == "none" else tokenizing.get_clean_fn(known.clean)
        tokenizer = Tokenizer(folder, known, clean)
        return lambda texts: torch.from_numpy(tokenizer(texts)[0])
    with _quiet():
        from open_clip import get_tokenizer

        simple = get_tokenizer(f"local-dir:{folder}")
    return lambda texts: simple(list(texts))


def _computed(loaded: _Loaded, method: str, batch: Any) -> Vector:
    """Run one tower; on CUDA in float16 as the publishers do, again in float32 if a number overflowed."""
    import torch

    cuda = loaded.device.startswith("cuda")
    there = batch.to(loaded.device)
    with devices.enough_memory(loaded.device):
        for half in (True, False) if cuda else (False,):
            with torch.inference_mode(), torch.autocast("cuda", dtype=torch.float16, enabled=half):
                vectors = cast("Vector", getattr(loaded.model, method)(there).float().cpu().numpy())
            if np.isfinite(vectors).all():
                return vectors
    raise ModelError("The model makes numbers that are none.", "Check it: crossfind models verify.")


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep OpenCLIP's own talk out of our log: it speaks through the root logger, and it warns."""
    root, silent = logging.getLogger(), logging.NullHandler()

    def is_ours(record: logging.LogRecord) -> bool:
        return "open_clip" not in Path(record.pathname).parts

    root.addFilter(is_ours)
    root.addHandler(silent)  # without any handler, the root logger would install one that prints
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.removeHandler(silent)
        root.removeFilter(is_ours)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
