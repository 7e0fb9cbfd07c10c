"""How well texts find their pictures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

CUTS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Recall:
    """Shares of texts whose picture is among the first 1, 5 and 10, with standard errors over pictures."""

    at: tuple[float, ...]
    errors: tuple[float, ...]

    def __str__(self) -> str:
        pairs = zip(CUTS, self.at, self.errors, strict=True)
        return "  ".join(f"R@{cut} {share:.3f} ±{error:.3f}" for cut, share, error in pairs)


def ranks(texts: Tensor, pictures: Tensor, owner: Sequence[int]) -> NDArray[np.int64]:
    """Return for each text how many pictures score higher than `owner`, the picture it belongs to."""
    scores = texts @ pictures.T
    own = scores[torch.arange(len(owner)), torch.as_tensor(owner)]
    return np.asarray((scores > own[:, None]).sum(1).numpy(), np.int64)


def recall(found: NDArray[np.int64], owner: Sequence[int]) -> Recall:
    """Return recall from ranks (0 is best).

    Captions of one picture are found or missed together, so the standard error is that of the pictures'
    means, not of single captions.
    """
    owners = np.unique(owner, return_inverse=True)[1]
    counts = np.bincount(owners)
    shares, errors = [], []
    for cut in CUTS:
        means = np.bincount(owners, found < cut) / counts
        shares.append(float((found < cut).mean()))
        errors.append(float(means.std(ddof=1) / len(means) ** 0.5))
    return Recall(tuple(shares), tuple(errors))


def precision_at_10(texts: Tensor, names: Sequence[str], pictures: Tensor, labels: Sequence[str]) -> float:
    """Return how many of the first ten pictures carry the name asked for, averaged over the names."""
    best = (texts @ pictures.T).topk(10, 1).indices.numpy()
    of_picture = np.array(labels)
    return float(np.mean([(of_picture[row] == name).mean() for row, name in zip(best, names, strict=True)]))
