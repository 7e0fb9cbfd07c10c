"""Means of neighbours: even runs, none lost, none longer than asked for."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexers.pooling import pooled, runs
from search.spaces import unit_rows


@given(st.integers(0, 500), st.integers(1, 40))
def test_runs_cover_everything_once_and_evenly(count: int, width: int) -> None:
    found = runs(count, width)
    assert [at for begin, end in found for at in range(begin, end)] == list(range(count))
    lengths = {end - begin for begin, end in found}
    assert not lengths or (max(lengths) <= width and max(lengths) - min(lengths) <= 1)


def test_a_run_is_the_mean_of_its_rows_at_unit_length() -> None:
    rows = unit_rows(np.random.default_rng(0).normal(size=(5, 4)))
    found = pooled(rows, 2)
    assert found.shape == (3, 4)
    assert found.dtype == np.float32
    means = np.array([rows[begin:end].mean(axis=0) for begin, end in runs(5, 2)])
    np.testing.assert_allclose(found, means / np.linalg.norm(means, axis=1, keepdims=True), atol=1e-6)


def test_rows_that_are_not_joined_stay_as_they_are() -> None:
    rows = unit_rows(np.random.default_rng(0).normal(size=(7, 4)))
    np.testing.assert_allclose(pooled(rows, 1), rows, atol=1e-6)


def test_no_rows_give_none() -> None:
    assert pooled(np.zeros((0, 4), np.float32), 8).shape == (0, 4)
