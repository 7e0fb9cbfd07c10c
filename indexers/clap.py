"""Sounds and their descriptions in one space with a CLAP-type model, through `transformers`.

The folder holds `config.json`, `preprocessor_config.json`, `tokenizer.json` and `model.safetensors`, as
such models are published. Keys in `model.toml` beside the common ones: `dim`, `sample_rate_hz`, `window_s`,
`hop_s` and `[text]` (see `indexers.tokenizing`). Nothing here reaches the network, and no pickle is loaded.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from indexers import device as devices
from indexers import hugging_face
from indexers.model_facts import Facts
from indexers.sound_model import LOUDEST, SILENT, Heard, loudness
from indexers.tokenizing import TextFacts, Tokenizer
from search.errors import ModelError
from search.spaces import Fingerprint, PayloadKind, Sound, Thresholds, Vector, unit_rows

BATCH = 8
"""How many windows the model hears at once."""

_WEIGHTS = "model.safetensors"
_FILES = ("config.json", "preprocessor_config.json", _WEIGHTS)
_LEAST_S = 1.0
"""Shorter sounds get silence behind them: what is short is repeated, and a click would become a buzz."""

_LOOK_S = 0.5
"""A window is silent when no stretch of this length in it can be heard."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: Any
    features: Any
    tokens: Tokenizer
    device: str


class Clap:
    """Implements `indexers.sound_model.SoundModel`; safe to use from many threads.

    Raises `ModelError` for facts that make no sense; files are only opened when there is something to encode.
    """

    def __init__(self, folder: Path, facts: Facts, revision: str, *, device: str = "auto") -> None:
        devices.parse(device)
        self._folder, self._facts, self._device = folder, facts, device
        self.rate_hz = facts.whole("sample_rate_hz", 48_000)
        if not 8_000 <= self.rate_hz <= 192_000:
            raise facts.wrong("sample_rate_hz", "must be between 8000 and 192000")
        self._window_s, self._hop_s = facts.number("window_s", 5.0), facts.number("hop_s", 2.5)
        if not 1 <= self._window_s <= 60:
            raise facts.wrong("window_s", "must be between 1 and 60")
        if not 0.1 <= self._hop_s <= self._window_s:
            raise facts.wrong("hop_s", "must be between 0.1 and window_s")
        self._text = TextFacts.of(facts.table("text"))
        self._dim = facts.whole("dim")
        how = f"{self.rate_hz} Hz, {self._window_s:g} s every {self._hop_s:g} s, 1"
        self.fingerprint = Fingerprint(facts.text("id"), revision, how, self._dim)
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None

    def hear(self, samples: Sound) -> Sequence[Heard]:
        """Hear windows of `window_s`, one every `hop_s`; each speaks for the time nearest to its middle."""
        if not samples.size:
            return []
        window, hop = round(self._window_s * self.rate_hz), round(self._hop_s * self.rate_hz)
        starts = _starts(len(samples), window, hop)
        edges = _edges(starts, min(window, len(samples)), len(samples))
        heard = [
            (samples[start : start + window], begin, end)
            for start, (begin, end) in zip(starts, pairwise(edges), strict=True)
            if not self._is_silent(samples[start : start + window])
        ]
        vectors = self._vectors([wave for wave, _, _ in heard])
        return [
            Heard(begin / self.rate_hz, end / self.rate_hz, vector)
            for (_, begin, end), vector in zip(heard, vectors, strict=True)
        ]

    def as_query(self, vectors: Vector) -> Vector:
        """Return them as they are: the space is made to compare sounds."""
        return vectors

    def encode_text(self, text: str) -> Vector:
        """Return float32 (dim,), unit length. Raises `ModelError`."""
        import torch

        loaded = self._load()
        ids, mask = loaded.tokens([text])
        given = {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask)}
        vector: Vector = unit_rows(_computed(loaded, "get_text_features", given))[0]
        return vector

    def thresholds_for(self, kind: PayloadKind) -> Thresholds | None:  # noqa: ARG002 (the protocol's)
        """None: only a library's background tells what cosines mean."""
        return None

    def close(self) -> None:
        """Free the model; the next use loads it again."""
        with self._lock:
            freed, self._loaded = self._loaded, None
        if freed is not None and freed.device.startswith("cuda"):
            import torch

            del freed
            torch.cuda.empty_cache()

    def _is_silent(self, window: Sound) -> bool:
        look = min(len(window), round(_LOOK_S * self.rate_hz))
        loud = loudness(window.astype(np.float32) / LOUDEST, look, max(1, look // 2))
        return float(loud.max()) < SILENT

    def _vectors(self, windows: Sequence[Sound]) -> Iterator[Vector]:
        """Yield a vector of unit length for each window, which holds at least one sample."""
        import torch

        least = round(_LEAST_S * self.rate_hz)
        for at in range(0, len(windows), BATCH):
            loaded = self._load()
            waves = [
                np.pad(one, (0, max(0, least - len(one)))).astype(np.float32) / LOUDEST
                for one in windows[at : at + BATCH]
            ]
            made = loaded.features(waves, sampling_rate=self.rate_hz, return_tensors="np")["input_features"]
            batch = torch.from_numpy(np.ascontiguousarray(made, np.float32))
            yield from unit_rows(_computed(loaded, "get_audio_features", {"input_features": batch}))

    def _load(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                device = devices.for_torch(self._device)
                model, features = _opened(self._folder)
                self._check(model, features)
                self._loaded = _Loaded(
                    model.to(device), features, Tokenizer(self._folder, self._text), device
                )
            return self._loaded

    def _check(self, model: Any, features: Any) -> None:
        """Compare what `model.toml` says with what lies beside it. Raises `ModelError`."""
        if model.config.audio_config.enable_fusion:  # its extractor draws by lot, so vectors would differ
            message = f"{self._folder.name} is a CLAP model with fusion, which Crossfind cannot use."
            raise ModelError(message, "Choose one without, such as clap-htsat-unfused.")
        if features.sampling_rate != self.rate_hz:
            raise self._facts.wrong("sample_rate_hz", f"must be {features.sampling_rate}")
        if self._window_s > features.max_length_s:
            raise self._facts.wrong("window_s", f"must be at most {features.max_length_s}")
        if model.config.projection_dim != self._dim:
            raise self._facts.wrong("dim", f"must be {model.config.projection_dim}")


def _starts(length: int, window: int, hop: int) -> list[int]:
    """Return where windows begin; the last ends with the sound, one that is shorter than a window is one."""
    starts = list(range(0, max(1, length - window + 1), hop))
    return starts if starts[-1] + window >= length else [*starts, length - window]


def _edges(starts: Sequence[int], window: int, length: int) -> list[int]:
    """Return the samples between which each window is the nearest, from 0 to the end."""
    return [0, *((before + after + window) // 2 for before, after in pairwise(starts)), length]


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

    try:
        with torch.inference_mode():
            made = getattr(loaded.model, method)(**{key: one.to(loaded.device) for key, one in given.items()})
            vectors = cast("Vector", made.pooler_output.float().cpu().numpy())
    except torch.OutOfMemoryError as error:
        raise ModelError(
            f"{loaded.device} has too little memory for this model.", "Use --device cpu."
        ) from error
    if not np.isfinite(vectors).all():
        raise ModelError("The model makes numbers that are none.", "Check it: crossfind models verify.")
    return vectors


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
