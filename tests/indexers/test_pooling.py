"""Means of neighbours: runs of words, and rows and tiles of pictures as the families of models need them.

Expected are numbers worked out by hand and slow, plain versions of the formulas.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.pooling import (
    ROWS,
    adaptive_rows,
    grid_rows,
    kernel_weights,
    last_tile_whole,
    neighbouring_tiles,
    pooled,
    runs,
    smoothed,
    tile_means,
    widened,
)
from search.spaces import unit_rows

KERNELS = ("gaussian", "triangular", "box")


def values(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def column(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)[:, None]


@given(st.integers(0, 500), st.integers(1, 40))
def test_runs_cover_everything_once_and_evenly(count: int, width: int) -> None:
    found = runs(count, width)
    assert [at for begin, end in found for at in range(begin, end)] == list(range(count))
    lengths = {end - begin for begin, end in found}
    assert not lengths or (max(lengths) <= width and max(lengths) - min(lengths) <= 1)


def test_a_run_is_the_mean_of_its_rows_at_unit_length() -> None:
    rows = unit_rows(values(5, 4))
    found = pooled(rows, 2)
    assert found.shape == (3, 4)
    assert found.dtype == np.float32
    means = np.array([rows[begin:end].mean(axis=0) for begin, end in runs(5, 2)])
    np.testing.assert_allclose(found, means / np.linalg.norm(means, axis=1, keepdims=True), atol=1e-6)


def test_rows_that_are_not_joined_stay_as_they_are() -> None:
    rows = unit_rows(values(7, 4))
    np.testing.assert_allclose(pooled(rows, 1), rows, atol=1e-6)


def test_no_rows_give_none() -> None:
    assert pooled(np.zeros((0, 4), np.float32), 8).shape == (0, 4)


def test_rows_of_a_grid() -> None:
    np.testing.assert_array_equal(grid_rows(column(1, 2, 3, 4, 5, 12), 2, 3), column(2, 7))
    tokens = values(1024, 8)
    found = grid_rows(tokens, 32, 32)
    assert found.shape == (ROWS, 8)
    for n in range(32):
        wanted = [math.fsum(tokens[32 * n : 32 * n + 32, d].tolist()) / 32 for d in range(8)]
        np.testing.assert_allclose(found[n], wanted, atol=1e-6)


def test_tokens_that_are_no_grid_are_refused() -> None:
    with pytest.raises(ValueError, match="1023 tokens are no grid of 32 x 32"):
        grid_rows(values(1023, 2), 32, 32)


def test_adaptive_rows_by_hand() -> None:
    np.testing.assert_array_equal(adaptive_rows(column(0, 1, 2, 3, 4), 5), column(0, 1, 2, 3, 4))
    np.testing.assert_array_equal(adaptive_rows(column(0, 1, 2, 3), 2), column(0.5, 2.5))
    np.testing.assert_array_equal(adaptive_rows(column(0, 2, 4, 6, 8), 2), column(2, 6))  # share the third


@given(st.integers(1, 90), st.integers(1, 40))
def test_adaptive_rows_are_means_of_overlapping_bins(count: int, most: int) -> None:
    rows = values(count, 3, seed=count)
    found = adaptive_rows(rows, most)
    assert found.shape == (min(count, most), 3)
    if count > most:
        for i in range(most):
            held = [
                k
                for k in range(count)
                if k < (i + 1) * count / most - 1e-9 and k + 1 > i * count / most + 1e-9
            ]
            np.testing.assert_allclose(found[i], rows[held].mean(axis=0), atol=1e-5)


@given(st.integers(1, 90), st.integers(1, 40))
def test_what_is_the_same_everywhere_stays_so(count: int, most: int) -> None:
    rows = np.full((count, 2), 0.25, np.float32)
    np.testing.assert_allclose(adaptive_rows(rows, most), 0.25, atol=1e-6)
    np.testing.assert_allclose(widened(rows), 0.25, atol=1e-6)
    for kernel in KERNELS:
        np.testing.assert_allclose(smoothed(rows, 5, kernel), 0.25, atol=1e-6)


def test_tiles_by_hand() -> None:
    np.testing.assert_array_equal(tile_means(column(1, 3, 5, 7, 10), 2), column(2, 6, 10))
    assert tile_means(values(832, 4)).shape == (13, 4)
    assert last_tile_whole(values(832, 4)).shape == (76, 4)
    np.testing.assert_array_equal(last_tile_whole(column(1, 3, 5, 7), 2), column(2, 5, 7))
    np.testing.assert_array_equal(last_tile_whole(column(5, 7), 2), column(5, 7))


def test_no_tokens_have_no_tiles() -> None:
    assert tile_means(np.zeros((0, 4), np.float32)).shape == (0, 4)


def test_neighbouring_tiles_by_hand() -> None:
    means = column(0, 3, 6, 9, 12, 15, 100)  # two rows of three, and the page as a whole
    wanted = column((0 + 3 + 9) / 3, (3 + 0 + 6 + 12) / 4, (6 + 3 + 15) / 3, 7, 9.75, 11, 100)
    np.testing.assert_allclose(neighbouring_tiles(means, 2, 3), wanted, atol=1e-6)
    with pytest.raises(ValueError, match="no grid"):
        neighbouring_tiles(means, 3, 3)


def test_widened_rows_by_hand() -> None:
    np.testing.assert_array_equal(widened(column(0, 3, 6)), column(0, 1.5, 3, 4.5, 6))
    np.testing.assert_array_equal(widened(column(0, 4)), column(0, 2, 4))
    np.testing.assert_array_equal(widened(column(5)), column(5))
    assert widened(values(32, 4)).shape == (34, 4)
    assert widened(values(32, 4), 5).shape == (36, 4)


def test_weights_of_a_window_of_three() -> None:
    for kernel, wanted in (("gaussian", [0.1065, 0.787, 0.1065]), ("triangular", [0.25, 0.5, 0.25])):
        weights = kernel_weights(3, kernel)
        np.testing.assert_allclose(weights / weights.sum(), wanted, atol=5e-5)
    np.testing.assert_array_equal(kernel_weights(3, "box"), [1, 1, 1])
    wide = kernel_weights(7, "gaussian")  # its deviation is 1.5
    assert wide[0] == pytest.approx(math.exp(-2), abs=1e-6)


def test_smoothed_rows_by_hand() -> None:
    np.testing.assert_allclose(smoothed(column(0, 3, 6), 3, "box"), column(1.5, 3, 4.5), atol=1e-6)
    np.testing.assert_allclose(smoothed(column(0, 3, 9), 3, "triangular"), column(1, 3.75, 7), atol=1e-6)


@given(st.integers(1, 40), st.sampled_from([1, 3, 5, 7, 9]), st.sampled_from(KERNELS))
def test_smoothing_is_the_weighted_mean_of_those_that_are_there(count: int, width: int, kernel) -> None:
    rows = values(count, 3, seed=count)
    found = smoothed(rows, width, kernel)
    assert found.shape == rows.shape
    assert found.dtype == np.float32
    reach = (width - 1) / 2
    for i in range(count):
        total, weights = np.zeros(3), 0.0
        for k in range(count):
            far = abs(k - i)
            if far <= reach:
                weight = 1.0
                if kernel == "gaussian":
                    weight = math.exp(-(far**2) / (2 * max(0.5, reach / 2) ** 2))
                elif kernel == "triangular":
                    weight = reach + 1 - far
                total, weights = total + weight * rows[k].astype(float), weights + weight
        np.testing.assert_allclose(found[i], total / weights, atol=1e-5)


@given(st.integers(1, 40), st.sampled_from([3, 5, 7]))
def test_both_ends_are_treated_alike(count: int, width: int) -> None:
    rows = values(count, 3, seed=count)
    np.testing.assert_allclose(widened(rows, width)[::-1], widened(rows[::-1], width), atol=1e-6)
    for kernel in KERNELS:
        turned = smoothed(rows[::-1], width, kernel)
        np.testing.assert_allclose(smoothed(rows, width, kernel)[::-1], turned, atol=1e-5)


@pytest.mark.parametrize("width", [0, 2, 4])
def test_windows_have_a_middle(width: int) -> None:
    for pool in (smoothed, widened):
        with pytest.raises(ValueError, match="no middle"):
            pool(values(8, 2), width)


def test_half_precision_is_summed_in_full() -> None:
    tokens = np.full((4096, 1), 0.1, np.float16)
    for found in (grid_rows(tokens, 1, 4096), tile_means(tokens, 4096), adaptive_rows(tokens, 1)):
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, float(np.float16(0.1)), atol=1e-6)
