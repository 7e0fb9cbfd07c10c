import numpy as np
import pytest
import torch

from tools.train_starter.evaluation import precision_at_10, ranks, recall


def test_ranks_count_what_scores_higher() -> None:
    pictures = torch.eye(3)
    texts = torch.tensor([[0.9, 0.5, 0.1], [0.9, 0.5, 0.1], [0.9, 0.5, 0.1]])
    assert ranks(texts, pictures, [0, 1, 2]).tolist() == [0, 1, 2]


def test_recall_of_known_ranks() -> None:
    found = recall(np.array([0, 4, 9, 10]), [0, 0, 1, 1])
    assert found.at == (0.25, 0.5, 0.75)
    assert found.errors == pytest.approx((0.25, 0.5, 0.25))
    assert str(found).startswith("R@1 0.250 ±0.250")


def test_captions_of_one_picture_are_no_independent_proof() -> None:
    owner = np.repeat(np.arange(50), 4)
    together = np.where(owner < 25, 0, 20)
    spread = np.where(np.arange(200) % 2 == 0, 0, 20)
    assert recall(together, owner.tolist()).errors[0] > 0.05
    assert recall(spread, owner.tolist()).errors[0] == 0


def test_precision_asks_for_the_name_of_each_picture() -> None:
    pictures = torch.cat([torch.tensor([[1.0, 0.0]]).repeat(10, 1), torch.tensor([[0.0, 1.0]]).repeat(10, 1)])
    labels = ["dog"] * 10 + ["cat"] * 5 + ["bus"] * 5
    assert precision_at_10(torch.eye(2), ["dog", "cat"], pictures, labels) == pytest.approx(0.75)
