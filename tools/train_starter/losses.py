"""Contrastive losses."""

import torch
from torch import Tensor


def contrast(first: Tensor, second: Tensor, scale: Tensor | float, target: Tensor | None = None) -> Tensor:
    """Return the symmetric cross entropy between scaled cosines and who belongs to whom.

    `target` (n, n), not negative, says how much row i of `first` belongs to row j of `second`; it is
    normalised along each axis. Without it, i belongs to i (the loss of CLIP, Radford et al. 2021).
    """
    target = torch.eye(len(first)) if target is None else target
    return matched(scale * first @ second.T, target)


def matched(logits: Tensor, target: Tensor) -> Tensor:
    """Return the mean of the cross entropies of `logits` against `target` along both axes."""
    rows = (target / target.sum(1, keepdim=True) * logits.log_softmax(1)).sum(1).mean()
    columns = (target / target.sum(0, keepdim=True) * logits.log_softmax(0)).sum(0).mean()
    return -(rows + columns) / 2


def taught(logits: Tensor, teacher: Tensor) -> Tensor:
    """Return the mean of the cross entropies of `logits` against the teacher's logits along both axes."""
    rows = (teacher.softmax(1) * logits.log_softmax(1)).sum(1).mean()
    columns = (teacher.softmax(0) * logits.log_softmax(0)).sum(0).mean()
    return -(rows + columns) / 2


def soft_targets(sentences: Tensor, share: float, scale: float) -> Tensor:
    """Return targets (n, n) of captions: the own one, but `share` goes to captions that say much the same."""
    return (1 - share) * torch.eye(len(sentences)) + share * torch.softmax(scale * sentences @ sentences.T, 1)
