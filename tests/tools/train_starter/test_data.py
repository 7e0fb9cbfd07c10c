from dataclasses import replace

import pytest
import torch

from tests.tools.train_starter.conftest import COMPONENTS
from tools.train_starter.data import Data, photo_weights, principal_basis
from tools.train_starter.export import named_tensors
from tools.train_starter.recipe import Recipe, Tower
from tools.train_starter.training import new_heads


def test_the_basis_is_orthonormal_and_holds_what_varies() -> None:
    torch.manual_seed(0)
    inputs = torch.randn(200, 5) @ torch.randn(5, 30) + 0.01 * torch.randn(200, 30)
    basis = principal_basis(inputs, 5)
    torch.testing.assert_close(basis.T @ basis, torch.eye(5), atol=1e-5, rtol=0)
    assert float((inputs - inputs @ basis @ basis.T).norm() / inputs.norm()) < 0.02
    assert torch.equal(principal_basis(inputs, 30), torch.eye(30))


def test_stored_heads_take_whole_inputs(data: Data, whole_data: Data, token_vectors: torch.Tensor) -> None:
    heads = new_heads(Recipe(hidden=16, dim=8), data, token_vectors).eval()
    stored = named_tensors(heads, data)
    hidden = whole_data.photos.inputs @ torch.from_numpy(stored["head.a"]).T
    torch.testing.assert_close(
        hidden, data.photos.inputs @ heads.picture.a.weight.detach().T, atol=1e-3, rtol=1e-3
    )
    assert data.photos.inputs.shape[1] == COMPONENTS


def test_inputs_are_standardised_by_the_training_photos(whole_data: Data) -> None:
    train = whole_data.photos.inputs[whole_data.pack.rows("train")]
    torch.testing.assert_close(train.mean(0), torch.zeros(train.shape[1]), atol=1e-4, rtol=0)
    assert float(train.std(0).max()) < 1


def test_captions_of_dev_photos_are_in_no_group(data: Data) -> None:
    grouped = {row for group in data.groups for row in group}
    assert not grouped & {row for n in data.pack.rows("dev") for row in data.captions[n]}
    assert all(row in grouped for n in data.pack.rows("train") for row in data.captions[n])


def test_coco_photos_are_drawn_more_often(data: Data) -> None:
    weights = photo_weights(data, 4.0)
    coco = [data.pack.photos[n].id.startswith("coco") for n in data.pack.rows("train")]
    assert weights.sum() == pytest.approx(1)
    assert weights[coco] == pytest.approx(4 * weights[[not c for c in coco]].mean())


def test_each_tower_takes_its_own_kind_of_text(data: Data) -> None:
    assert data.text_inputs(Tower.MINILM).shape == (len(data.texts), 384)
    ids = data.text_inputs(Tower.STATIC)
    assert int(ids.max()) > 0
    assert replace(data, tokens=ids[:1]).text_inputs(Tower.STATIC).shape == (1, 32)
