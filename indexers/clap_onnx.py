"""The towers of a CLAP-type model as two ONNX graphs, with no other library needed.

The folder holds `preprocessor_config.json` and `tokenizer.json` as such models are published. Keys in
`model.toml` beside those of `indexers.clap`: `[audio] file, input, output`, `[text] file, inputs, output` and
all that `TextFacts` reads.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from indexers import device as devices
from indexers.clap import ClapFacts, Waves, has_fusion
from indexers.mel import MelSpectrogram, Rows
from indexers.model_facts import Facts
from indexers.onnx_tower import TextTower, Tower
from search.errors import ModelError
from search.spaces import Vector

FRONT = "preprocessor_config.json"


class OnnxTowers:
    """Implements `indexers.clap.Towers`. Raises `ModelError` for facts that make no sense."""

    def __init__(self, folder: Path, facts: Facts, *, device: str = "auto", threads: int = 0) -> None:
        devices.parse(device)
        self._folder, self._facts = folder, ClapFacts.of(facts)
        dim, audio = self._facts.dim, facts.table("audio")
        file, output = folder / audio.file("file", "audio_model.onnx"), audio.text("output", "audio_embeds")
        self._input = audio.text("input", "input_features")
        self._audio = Tower(file, audio.where, output, dim, device, threads)
        self._text = TextTower(folder, facts.table("text"), dim, device, threads)

    def hear(self, waves: Waves) -> Vector:
        """See `indexers.clap.Towers`."""
        features = np.stack([self._front.features(wave) for wave in waves])
        return np.asarray(self._audio.run({self._input: features[:, None]}), np.float32)

    def read(self, texts: Sequence[str]) -> Vector:
        """See `indexers.clap.Towers`."""
        return np.asarray(self._text.encode(texts), np.float32)

    def close(self) -> None:
        """Free both graphs; the next use loads them again."""
        self._audio.close()
        self._text.close()

    @cached_property
    def _front(self) -> "_Front":
        front = _Front.read(self._folder / FRONT)
        self._facts.check(front.spectrogram.rate_hz, front.longest_s, self._facts.dim)
        return front


class _Front:
    """From a wave to what the tower hears: as long as it takes, then its spectrogram."""

    def __init__(self, spectrogram: MelSpectrogram, longest_s: float, is_repeated: bool) -> None:
        self.spectrogram = spectrogram
        self.longest_s = longest_s
        self._is_repeated = is_repeated

    @classmethod
    def read(cls, file: Path) -> "_Front":
        """Read it as it is published. Raises `ModelError`."""
        try:
            told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            if told.get("truncation") == "fusion":
                raise has_fusion(file.parent.name)
            spectrogram = MelSpectrogram(
                int(told["sampling_rate"]),
                int(told["fft_window_size"]),
                int(told["hop_length"]),
                int(told["feature_size"]),
                float(told["frequency_min"]),
                float(told["frequency_max"]),
            )
            padding = told["padding"]
            if padding not in ("repeatpad", "pad"):
                raise ValueError(f"padding {padding!r} is not known")
            return cls(spectrogram, float(told["max_length_s"]), padding == "repeatpad")
        except FileNotFoundError as error:
            raise ModelError(f"{file} is missing.", "Get the model again.") from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"{file} cannot be used: {error!r}.", "Get the model again.") from error

    def features(self, wave: Rows) -> Rows:
        """Return float32 (frames, bands) of float32 samples -1..1, at least one and no more than fit."""
        length = round(self.longest_s * self.spectrogram.rate_hz)
        times = length // len(wave) if self._is_repeated else 1
        repeated = np.tile(wave, times)
        return self.spectrogram(np.pad(repeated, (0, length - len(repeated))))
