"""What the picture head sees: the backbone's features in the form that was found to serve it best."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import normalize

from tools.train_starter.pack import Features

BACKBONE_SHA256 = "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d"
LIKELIEST = 10
CELL_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Labels:
    """The backbone's 1000 labels: its classifier (1000, 1280) with bias, and a sentence vector of each."""

    weight: Tensor
    bias: Tensor
    vectors: Tensor

    def probabilities(self, pooled: Tensor) -> Tensor:
        """Return the label probabilities (n, 1000) of pooled features (n, 1280)."""
        return torch.softmax(pooled @ self.weight.T + self.bias, -1)

    def mixtures(self, probabilities: Tensor, cells: Tensor) -> tuple[Tensor, Tensor]:
        """Return unit label mixtures (n, 384): of the ten likeliest labels, and of the cells' maxima."""
        top = probabilities.topk(LIKELIEST, -1)
        kept = torch.zeros_like(probabilities).scatter_(-1, top.indices, top.values)
        return normalize(kept @ self.vectors, dim=-1), normalize(cells @ self.vectors, dim=-1)


def read_classifier(file: Path) -> tuple[Tensor, Tensor]:
    """Return weight and bias of the classifier in the state dict of the backbone's package.

    Raises:
        ValueError: the file is not the one that the pack was made with.
    """
    if sha256(file.read_bytes()).hexdigest() != BACKBONE_SHA256:
        raise ValueError(f"{file} is not the EfficientNet-Lite2 that the pack was made with.")
    state = torch.load(file, weights_only=True, map_location="cpu")
    return state["_fc.weight"].float(), state["_fc.bias"].float()


def head_inputs(features: Features, labels: Labels) -> tuple[Tensor, Tensor]:
    """Return the inputs of the picture head (n, 4728), not yet standardised, and the label mixture (n, 384).

    The columns: root of the pooled features (1280), stages (680), root of the cells' label maxima (1000,
    times 3), root of the label probabilities (1000, times 4), the two mixtures (384 each, times 10).
    """
    pooled, cells = torch.from_numpy(features.pooled), torch.from_numpy(features.cell_labels)
    probabilities = labels.probabilities(pooled)
    whole, parts = labels.mixtures(probabilities, cells)
    columns = (
        pooled.clamp(min=0).sqrt(),
        torch.from_numpy(features.stages),
        cells.clamp(min=0).sqrt() * 3,
        probabilities.sqrt() * 4,
        whole * 10,
        parts * 10,
    )
    return torch.cat(columns, -1), normalize(whole + CELL_SHARE * parts, dim=-1)
