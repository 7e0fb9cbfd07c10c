"""The towers of a CLAP-type model through `transformers`.

The folder holds `config.json`, `preprocessor_config.json`, `tokenizer.json` and `model.safetensors`, as
such models are published. Nothing here reaches the network, and no pickle is loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from indexers import device as devices
from indexers import hugging_face
from indexers.clap import ClapFacts, Waves, has_fusion
from indexers.model_facts import Facts
from indexers.on_demand import OnDemand
from indexers.tokenizing import TextFacts, Tokenizer
from search.errors import ModelError
from search.spaces import Vector

_WEIGHTS = "model.safetensors"
_FILES = ("config.json", "preprocessor_config.json", _WEIGHTS)


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: Any
    features: Any
    tokens: Tokenizer
    device: str


class TransformersTowers:
    """Implements `indexers.clap.Towers`. Raises `ModelError` for facts that make no sense."""

    def __init__(self, folder: Path, facts: Facts, *, device: str = "auto") -> None:
        devices.parse(device)
        self._folder, self._facts, self._device = folder, ClapFacts.of(facts), device
        self._text = TextFacts.of(facts.table("text"))
        self._model = OnDemand(self._loaded)

    def hear(self, waves: Waves) -> Vector:
        """See `indexers.clap.Towers`."""
        import torch

        loaded = self._model.get()
        made = loaded.features(waves, sampling_rate=self._facts.rate_hz, return_tensors="np")[
            "input_features"
        ]
        batch = torch.from_numpy(np.ascontiguousarray(made, np.float32))
        return _computed(loaded, "get_audio_features", {"input_features": batch})

    def read(self, texts: Sequence[str]) -> Vector:
        """See `indexers.clap.Towers`."""
        import torch

        loaded = self._model.get()
        ids, mask = loaded.tokens(texts)
        given = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        return _computed(loaded, "get_text_features", given)

    def close(self) -> None:
        """Free the model; the next use loads it again."""
        self._model.close()
        devices.give_back()

    def _loaded(self) -> _Loaded:
        device = devices.for_torch(self._device)
        model, features = _opened(self._folder)
        self._check(model, features)
        return _Loaded(model.to(device), features, Tokenizer(self._folder, self._text), device)

    def _check(self, model: Any, features: Any) -> None:
        """Compare what `model.toml` says with what lies beside it. Raises `ModelError`."""
        if model.config.audio_config.enable_fusion:
            raise has_fusion(self._folder.name)
        self._facts.check(features.sampling_rate, features.max_length_s, model.config.projection_dim)


def _opened(folder: Path) -> tuple[Any, Any]:
    """Load model and feature extractor from a folder. Raises `ModelError`."""
    for name in _FILES:
        if not (folder / name).is_file():
            raise ModelError(f"{folder / name} is missing.", "Get the model again.")
    transformers = hugging_face.library("A CLAP-type model of sounds")
    from huggingface_hub.errors import StrictDataclassError
    from safetensors import SafetensorError

    remedy = f"Check it: crossfind models verify {folder.name}."
    with hugging_face.quiet():
        try:
            features = transformers.ClapFeatureExtractor.from_pretrained(folder, local_files_only=True)
            model, told = transformers.ClapModel.from_pretrained(
                folder, local_files_only=True, use_safetensors=True, output_loading_info=True
            )
        except (
            SafetensorError,
            StrictDataclassError,
            RuntimeError,
            ValueError,
            TypeError,
            KeyError,
            OSError,
        ) as error:
            raise ModelError(f"{folder.name} cannot be loaded: {_first_line(error)}.", remedy) from error
    if lacking := sorted(told["missing_keys"]):
        raise ModelError(f"{folder.name} lacks weights, {lacking[0]} for one.", remedy)
    return model.eval().requires_grad_(False), features


def _computed(loaded: _Loaded, method: str, given: dict[str, Any]) -> NDArray[np.float32]:
    """Run one tower: float32 (n, dim). Raises `ModelError`."""
    import torch

    with devices.enough_memory(loaded.device), torch.inference_mode():
        made = getattr(loaded.model, method)(**{key: one.to(loaded.device) for key, one in given.items()})
        return cast("Vector", made.pooler_output.float().cpu().numpy())


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
