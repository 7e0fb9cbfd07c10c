"""Things, and words about them, with OWLv2 (Minderer et al., arXiv 2306.09683) through `transformers`.

One forward pass over a picture gives every patch a box, how sure it is that there is a thing (objectness),
and a vector in the space of the model's text tower: so one index serves any words. Keys in `model.toml`
beside the common ones: `dim` and `nms_iou`. The folder holds `config.json`, `model.safetensors`, and CLIP's
`vocab.json` and `merges.txt`.

The model's own score of a text is (cosine + shift) * scale, where every patch has a shift and a scale that it
learned. Only the cosine is kept: the rest is no cosine of two vectors, so no index could search it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexers import device as devices
from indexers import hugging_face
from indexers.boxes import Boxes, best_apart
from indexers.model_facts import Facts
from indexers.object_finder import Thing
from indexers.object_reader import SIDE
from indexers.on_demand import OnDemand
from indexers.tiles import Part, parts
from search.errors import ModelError
from search.spaces import Fingerprint, Pixels, Vector, unit_rows

MOST = 24
"""The most things that are kept of one picture: objectness has no level below which there is nothing."""

_CANDIDATES = 256
"""Of so many boxes of a part those are chosen that are apart from each other."""

_NAME = "OWLv2"
_EDGE = 2.0
_MEAN = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
_STD = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)


@dataclass(frozen=True, slots=True)
class _Found:
    """Things of a picture, in pixels of it."""

    boxes: Boxes
    scores: NDArray[np.float32]
    vectors: Vector


def fingerprint_of(id_: str, revision: str, dim: int) -> Fingerprint:
    """Return what must be equal for things to be comparable."""
    return Fingerprint(id_, revision, f"owlv2 at {SIDE}, 1", dim)


class Owlv2:
    """Implements `indexers.object_finder.ObjectFinder`; its things have vectors.

    Raises `ModelError` for facts that make no sense; files are only opened by `find`.
    """

    def __init__(self, folder: Path, facts: Facts, *, device: str = "auto") -> None:
        devices.parse(device)
        self._folder, self._device = folder, device
        self._dim = facts.whole("dim")
        self._overlap = facts.number("nms_iou", 0.45)
        self._model = OnDemand(self._opened)

    def find(self, picture: Pixels) -> list[Thing]:
        """Return the things in a picture, uint8 (height, width, 3), the surest first. Raises `ModelError`."""
        model = self._model.get()
        height, width = picture.shape[:2]
        size = int(model.config.vision_config.image_size)
        seen = [self._look(picture, part, size) for part in parts(height, width, size)]
        boxes = np.concatenate([found.boxes for found in seen])
        scores = np.concatenate([found.scores for found in seen])
        vectors = np.concatenate([found.vectors for found in seen])
        shares = np.clip(boxes / np.array([width, height, width, height], np.float32), 0, 1)
        return [
            Thing(_box(shares[n]), float(scores[n]), vector=vectors[n])
            for n in best_apart(boxes, scores, self._overlap)[:MOST]
        ]

    def close(self) -> None:
        """Free the model; a later `find` loads it again."""
        self._model.close()
        devices.give_back()

    def _opened(self) -> Any:
        device = devices.for_torch(self._device)
        model = hugging_face.pretrained("Owlv2ForObjectDetection", self._folder, _NAME).to(device)
        _require_dim(self._folder, int(model.config.text_config.hidden_size), self._dim)
        return model

    def _look(self, picture: Pixels, part: Part, size: int) -> _Found:
        """Find things in a part; those that its inner edges may have cut are left to other parts."""
        left, top, right, bottom = part
        boxes, scores, vectors = _patches(self._model.get(), prepared(picture[top:bottom, left:right], size))
        side = max(right - left, bottom - top)
        centres, halves = boxes[:, :2] * side, boxes[:, 2:] * side / 2
        corners = np.concatenate([centres - halves, centres + halves], axis=1)
        length = np.array([right - left, bottom - top], np.float32)
        inside = (centres < length).all(axis=1)  # what lies below or right of the picture is padding
        edge = _EDGE * side / size
        for n, (first, last, end) in enumerate(
            ((left, right, picture.shape[1]), (top, bottom, picture.shape[0]))
        ):
            inside &= (corners[:, n] >= edge) | (first == 0)
            inside &= (corners[:, n + 2] <= length[n] - edge) | (last == end)
        best = np.flatnonzero(inside)
        best = best[np.argsort(-scores[best], kind="stable")][:_CANDIDATES]
        clipped = np.clip(corners[best], 0, np.tile(length, 2)) + np.array([left, top] * 2, np.float32)
        return _Found(np.asarray(clipped, np.float32), scores[best], unit_rows(vectors[best]))


class Owlv2Texts:
    """The text tower alone, for queries: implements `indexers.object_reader.Texts`.

    Files are only opened by `encode`, which many threads may call.
    """

    def __init__(self, folder: Path, facts: Facts, *, device: str = "auto") -> None:
        self._folder, self._device, self._dim = folder, device, facts.whole("dim")
        self._tower = OnDemand(self._opened)

    def encode(self, items: Sequence[str]) -> Vector:
        """Return float32 (n, dim), unit rows; of long texts the first 16 tokens. Raises `ModelError`."""
        import torch

        tokenizer, model, projection = self._tower.get()
        rows = [np.zeros((0, self._dim), np.float32)]
        longest = int(model.config.max_position_embeddings)
        for text in items:  # one by one, so that nothing is padded
            ids = tokenizer(text, truncation=True, max_length=longest)["input_ids"]
            with torch.inference_mode():
                pooled = model(input_ids=torch.tensor([ids], device=model.device)).pooler_output
                rows.append((pooled @ projection.T).cpu().numpy())
        return unit_rows(np.concatenate(rows))

    def _opened(self) -> tuple[Any, Any, Any]:
        device = devices.for_torch(self._device)
        model = hugging_face.pretrained("Owlv2TextModel", self._folder, _NAME).to(device)
        projection = hugging_face.tensor(self._folder, "owlv2.text_projection.weight").to(device)
        _require_dim(self._folder, int(projection.shape[0]), self._dim)
        return _tokenizer(self._folder), model, projection


def prepared(picture: Pixels, size: int) -> Vector:
    """Return a picture as the model takes it: float32 (1, 3, size, size), in the top left corner of black.

    Black as in the publisher's evaluation: grey costs half a point of precision on LVIS (44.0 to 43.4,
    transformers' pull request 41938).
    """
    scale = size / max(picture.shape[:2])
    width, height = (max(1, round(length * scale)) for length in picture.shape[1::-1])
    image = Image.fromarray(np.ascontiguousarray(picture))
    ground = np.zeros((size, size, 3), np.float32)
    ground[:height, :width] = np.asarray(
        image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    )
    return np.ascontiguousarray(((ground / 255 - _MEAN) / _STD).transpose(2, 0, 1)[None], np.float32)


def _patches(model: Any, pixels: Vector) -> tuple[Boxes, NDArray[np.float32], Vector]:
    """Return of each patch its box (centre, width, height in shares of the side), objectness and vector."""
    import torch

    with devices.enough_memory(str(model.device)), torch.inference_mode():
        seen = model.image_embedder(pixel_values=torch.from_numpy(pixels).to(model.device))[0]
        patches = seen.flatten(1, 2)
        given = (
            model.box_predictor(patches, seen),
            model.objectness_predictor(patches).sigmoid(),
            model.class_predictor(patches)[1],
        )
        boxes, scores, vectors = (cast("Vector", one[0].float().cpu().numpy()) for one in given)
    if not all(np.isfinite(one).all() for one in (boxes, scores, vectors)):
        raise ModelError("The model makes numbers that are none.", "Check it: crossfind models verify.")
    return boxes, scores, vectors


def _tokenizer(folder: Path) -> Any:
    library = hugging_face.library(_NAME)
    with hugging_face.quiet():
        try:
            return library.CLIPTokenizer.from_pretrained(str(folder), local_files_only=True)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise hugging_face.broken(
                folder, "its vocab.json and merges.txt are not there or not whole"
            ) from error


def _require_dim(folder: Path, makes: int, promised: int) -> None:
    if makes != promised:
        raise hugging_face.broken(folder, f"its model.toml promises {promised} numbers, it makes {makes}")


def _box(share: Boxes) -> tuple[float, float, float, float]:
    left, top, right, bottom = map(float, share)
    return left, top, right, bottom
