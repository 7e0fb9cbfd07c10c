"""Text and pictures in one space with a CLIP-type model that ships as ONNX, described by `model.toml`.

Keys beside the common ones: `[image] file, input, output`, `[text] file, inputs, output` and all that
`PictureFacts` and `TextFacts` read. Each tower is loaded when it is first needed: a text query never
pays for the picture tower.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from indexers import device as devices
from indexers.model_facts import Facts, PictureFacts
from indexers.onnx_tower import TextTower, Tower
from search.errors import ModelError
from search.spaces import Fingerprint, Payload, PayloadKind, PictureInput, Pixels, Vector, unit_rows


class OnnxSpace:
    """Implements `search.spaces.Space`. `threads` 0 leaves the number to ONNX Runtime.

    Raises `ModelError` for facts that make no sense; files are only opened by `encode` and `warm`.
    """

    def __init__(
        self,
        folder: Path,
        facts: Facts,
        revision: str,
        *,
        device: str = "auto",
        threads: int = 0,
        name: str = "scene",
    ) -> None:
        devices.parse(device)
        self._name = name
        self._dim = facts.whole("dim")
        self._picture: _PictureTower | None = None
        self._text: TextTower | None = None
        if facts.has("image"):
            self._picture = _PictureTower(folder, facts.table("image"), self._dim, device, threads)
        if facts.has("text"):
            self._text = TextTower(folder, facts.table("text"), self._dim, device, threads)
        if not (self._picture or self._text):
            raise ModelError(f"{facts.where} describes neither an [image] nor a [text] tower.")
        self._fingerprint = Fingerprint(facts.text("id"), revision, self._preprocessing(), self._dim)

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
        """The towers that the model has."""
        kinds: list[PayloadKind] = []
        kinds += ["text"] if self._text else []
        kinds += ["picture"] if self._picture else []
        return frozenset(kinds)

    @property
    def picture_input(self) -> PictureInput | None:
        """How pictures must be prepared."""
        return self._picture.facts.input if self._picture else None

    def encode(self, items: Sequence[Payload]) -> Vector:
        """Encode texts or prepared pictures: float32 (n, dim), unit rows. Raises `ModelError`."""
        if not items:
            return np.zeros((0, self._dim), np.float32)
        if isinstance(items[0], str):
            if self._text is None:
                raise ModelError(f"The model {self._fingerprint.model} takes no text.")
            return unit_rows(self._text.encode(cast("Sequence[str]", items)))
        if self._picture is None:
            raise ModelError(f"The model {self._fingerprint.model} takes no pictures.")
        return unit_rows(self._picture.encode(cast("Sequence[Pixels]", items)))

    def warm(self, kinds: Collection[PayloadKind]) -> None:
        """Load the towers for these kinds and run each once. Raises `ModelError`."""
        if "text" in kinds and self._text:
            self._text.encode(["warm"])
        if "picture" in kinds and self._picture:
            spec = self._picture.facts.input
            self._picture.encode([np.zeros((spec.height, spec.width, 3), np.uint8)])

    def close(self) -> None:
        """Free both towers; a later `encode` loads them again."""
        for tower in (self._picture, self._text):
            if tower:
                tower.close()

    def _preprocessing(self) -> str:
        return f"{self._picture.facts.fingerprint} {self._picture.output}" if self._picture else ""


class _PictureTower(Tower):
    def __init__(self, folder: Path, facts: Facts, dim: int, device: str, threads: int) -> None:
        file = folder / facts.file("file", "vision_model.onnx")
        super().__init__(file, facts.where, facts.text("output", "image_embeds"), dim, device, threads)
        self.facts = PictureFacts.of(facts)
        self._input = facts.text("input", "pixel_values")

    def encode(self, pictures: Sequence[Pixels]) -> NDArray[Any]:
        return self.run({self._input: self.facts.normalised(pictures)})
