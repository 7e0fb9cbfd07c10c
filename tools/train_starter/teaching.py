"""Several trained heads as one teacher: the mean of their similarities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tools.train_starter.data import Data, Pictures
from tools.train_starter.heads import Heads

BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Teacher:
    """Vectors of all photos and texts whose dot products are the mean of the teachers' scaled cosines.

    `unpaired` are the rows of texts that belong to no photo.
    """

    pictures: Tensor
    texts: Tensor
    unpaired: np.ndarray

    def logits(self, pictures: np.ndarray, texts: np.ndarray) -> Tensor:
        """Return the similarities of photos and texts, float32 (pictures, texts)."""
        return self.pictures[pictures].float() @ self.texts[texts].float().T


def picture_vectors(heads: Heads, pictures: Pictures) -> Tensor:
    """Return the vectors of pictures, without gradients."""
    starts = range(0, len(pictures.inputs), BLOCK)
    with torch.no_grad():
        return torch.cat([heads.pictures(*pictures[start : start + BLOCK]) for start in starts])


def text_vectors(heads: Heads, data: Data, rows: Sequence[int] | None = None) -> Tensor:
    """Return the vectors of texts (all, or the rows asked for), without gradients."""
    inputs = data.text_inputs(heads.tower)
    chosen = inputs if rows is None else inputs[list(rows)]
    starts = range(0, len(chosen), BLOCK)
    with torch.no_grad():
        return torch.cat([heads.texts(chosen[start : start + BLOCK]) for start in starts])


def teacher_of(ensemble: Sequence[Heads], data: Data) -> Teacher:
    """Return the teacher that an ensemble makes."""
    share = len(ensemble) ** -0.5
    scales = [float(heads.scales()[0].detach()) ** 0.5 * share for heads in ensemble]
    pictures = [picture_vectors(h, data.photos) * s for h, s in zip(ensemble, scales, strict=True)]
    texts = [text_vectors(h, data) * s for h, s in zip(ensemble, scales, strict=True)]
    of_photos = {row for rows in data.captions for row in rows}
    unpaired = np.array([row for group in data.groups for row in group if row not in of_photos])
    return Teacher(torch.cat(pictures, 1).half(), torch.cat(texts, 1).half(), np.unique(unpaired))
