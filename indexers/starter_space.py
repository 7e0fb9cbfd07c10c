"""The starter model: a frozen ImageNet backbone from a package, and small heads of our own over it.

It makes two spaces. `scene` compares texts and pictures by meaning; `look` finds the same picture again,
cropped, turned, blurred or dark. Both come from one run of the backbone. The model's folder holds
`backbone.onnx`, `minilm.onnx`, `tokenizer.json`, and our own `heads.safetensors` and `look.safetensors`.
"""

import threading
from collections.abc import Collection, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import cast

import numpy as np

from indexers.model_facts import Facts
from indexers.on_demand import OnDemand
from indexers.onnx_graph import Graph
from indexers.starter_heads import LookHead, PictureHead, Seen
from indexers.starter_text import StarterTexts
from search.errors import ModelError
from search.spaces import Fingerprint, Payload, PayloadKind, PictureInput, Pixels, Space, Vector

PICTURES = PictureInput(260, 260, "squash", "bicubic")
LOOK_DIM = 256


_REMEMBERED = 256
_OUTPUTS = ("gap", "mid", "logits", "cell_logits")


def starter_spaces(
    folder: Path, facts: Facts, revision: str, *, device: str = "auto", threads: int = 0
) -> list[Space]:
    """Return the spaces `scene` and `look` of a model folder. Raises `ModelError` for facts without sense.

    Files are only opened when something is encoded.
    """
    pictures = _Pictures(folder, device, threads)
    id_, dim = facts.text("id"), facts.whole("dim")

    def fingerprint(name: str, dim: int) -> Fingerprint:
        how = f"{PICTURES.width}x{PICTURES.height} {PICTURES.resize} {PICTURES.resample} {name}"
        return Fingerprint(id_, revision, how, dim)

    texts = OnDemand(lambda: StarterTexts(folder, device))
    return [
        StarterSpace("scene", fingerprint("scene", dim), pictures, texts),
        StarterSpace("look", fingerprint("look", LOOK_DIM), pictures, None),
    ]


class StarterSpace:
    """Implements `search.spaces.Space`; see `starter_spaces`."""

    def __init__(
        self,
        name: str,
        fingerprint: Fingerprint,
        pictures: "_Pictures",
        texts: OnDemand[StarterTexts] | None,
    ) -> None:
        self.name, self.fingerprint = name, fingerprint
        self._pictures, self._texts = pictures, texts

    @property
    def accepts(self) -> frozenset[PayloadKind]:
        """Pictures; texts where there is a text half."""
        return frozenset(("text", "picture") if self._texts else ("picture",))

    @property
    def picture_input(self) -> PictureInput | None:
        """How pictures must be prepared: the whole picture, squashed to a square."""
        return PICTURES

    def encode(self, items: Sequence[Payload]) -> Vector:
        """Encode texts or prepared pictures: float32 (n, dim), unit rows. Raises `ModelError`."""
        dim = self.fingerprint.dim
        if not items:
            return np.zeros((0, dim), np.float32)
        if not isinstance(items[0], str):
            found = self._pictures.encode(self.name, cast("Sequence[Pixels]", items))
        elif self._texts is not None:
            found = self._texts.get()(cast("Sequence[str]", items))
        else:
            raise ModelError(f"The space {self.name} of {self.fingerprint.model} takes no text.")
        if found.shape[1] != dim:
            message = f"{self.fingerprint.model} promises {dim} numbers; its heads make {found.shape[1]}."
            raise ModelError(message, "Get the model again.")
        return found

    def warm(self, kinds: Collection[PayloadKind]) -> None:
        """Load what these kinds need and run it once. Raises `ModelError`."""
        if "text" in kinds and self._texts is not None:
            self.encode(["warm"])
        if "picture" in kinds:
            self.encode([np.zeros((PICTURES.height, PICTURES.width, 3), np.uint8)])

    def close(self) -> None:
        """Free the model, for both spaces; a later `encode` loads it again."""
        self._pictures.close()
        if self._texts is not None:
            self._texts.close()


class _Pictures:
    """The picture half, shared by both spaces: what one asks for of a picture, the other has from memory."""

    def __init__(self, folder: Path, device: str, threads: int) -> None:
        self._backbone = Graph(folder / "backbone.onnx", device, threads)
        self._head = OnDemand(lambda: PictureHead(folder / "heads.safetensors"))
        self._look = OnDemand(lambda: LookHead(folder / "look.safetensors"))
        self._lock = threading.Lock()
        self._known: dict[bytes, dict[str, Vector]] = {}

    def encode(self, space: str, pictures: Sequence[Pixels]) -> Vector:
        """Return float32 (n, dim of the space), unit rows; equal pixels have equal vectors."""
        keys = [blake2b(np.ascontiguousarray(picture).data, digest_size=16).digest() for picture in pictures]
        with self._lock:
            new = {key: one for key, one in zip(keys, pictures, strict=True) if key not in self._known}
            if new:
                self._known.update(zip(new, self._vectors(list(new.values())), strict=True))
            found = [self._known[key][space] for key in keys]
            for key in list(self._known)[:-_REMEMBERED]:
                del self._known[key]
        return np.stack(found)

    def close(self) -> None:
        self._backbone.close()
        self._head.close()
        self._look.close()

    def _vectors(self, pictures: Sequence[Pixels]) -> Iterator[dict[str, Vector]]:
        most = self._backbone.at_once(len(pictures))
        for start in range(0, len(pictures), most):
            pixels = np.stack(pictures[start : start + most])
            seen = Seen(*self._backbone.run(_OUTPUTS, {"pixels": pixels}))
            for meaning, appearance in zip(self._head.get()(seen), self._look.get()(seen), strict=True):
                yield {"scene": meaning, "look": appearance}
