"""Fewer dimensions: what is kept, what becomes of products, and files that are amiss."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save_file

from indexers.projection import FILE, Projection, fit, write
from search.errors import ModelError
from search.spaces import unit_rows


def lying(rng, n: int, dim: int, along: int, noise: float = 0.0) -> np.ndarray:
    """Unit vectors that lie along a few of their dimensions, turned at random."""
    turn, _ = np.linalg.qr(rng.normal(size=(dim, dim)))
    flat = rng.normal(size=(n, along)) @ turn[:along] + noise * rng.normal(size=(n, dim))
    return unit_rows(flat.astype(np.float32))


@given(st.integers(0, 99), st.integers(2, 12))
def test_vectors_of_few_dimensions_keep_all_their_products(seed, along) -> None:
    rng = np.random.default_rng(seed)
    vectors = lying(rng, 200, 24, along)
    fitted = fit(np.array_split(vectors, 3), along)
    assert fitted.axes.shape == (24, along)
    assert fitted.vectors == 200
    assert fitted.kept == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(fitted.axes.T @ fitted.axes, np.eye(along), atol=1e-5)
    laid = unit_rows(vectors @ fitted.axes)
    np.testing.assert_allclose(laid @ laid.T, vectors @ vectors.T, atol=1e-4)


def test_what_is_kept_is_what_lies_along_the_axes() -> None:
    vectors = lying(np.random.default_rng(1), 3000, 32, 6, noise=0.05)
    fitted = fit([vectors], 6)
    assert fitted.kept == pytest.approx(((vectors @ fitted.axes) ** 2).sum(axis=1).mean(), abs=1e-5)
    others = [fit([vectors], dims).kept for dims in (2, 4, 6, 12, 31)]
    assert others == sorted(others)
    assert 0.9 < fitted.kept < 1


def test_parts_make_no_difference_and_signs_are_settled() -> None:
    vectors = lying(np.random.default_rng(2), 500, 16, 16)
    one, many = fit([vectors], 5), fit(np.array_split(vectors, 50), 5)
    np.testing.assert_allclose(one.axes, many.axes, atol=1e-4)
    assert (one.axes[np.abs(one.axes).argmax(axis=0), np.arange(5)] > 0).all()


@pytest.mark.parametrize("dims", [0, 16, 17])
def test_as_many_axes_as_there_are_dimensions_are_none(dims) -> None:
    with pytest.raises(ValueError, match="axes of 16"):
        fit([lying(np.random.default_rng(0), 50, 16, 4)], dims)


def test_without_vectors_there_is_nothing_to_fit() -> None:
    with pytest.raises(ValueError, match="axes of 0"):
        fit([], 4)


def test_without_its_file_vectors_stay_as_they_are(tmp_path) -> None:
    vectors = lying(np.random.default_rng(0), 5, 16, 4)
    projection = Projection(tmp_path)
    assert projection(vectors) is vectors
    assert projection.before(16) == 16


def test_written_axes_are_laid_on(tmp_path) -> None:
    vectors = lying(np.random.default_rng(3), 200, 16, 16)
    write(tmp_path, fit([vectors], 8))
    projection = Projection(tmp_path)
    assert projection.before(8) == 16
    laid = projection(vectors)
    assert (laid.shape, laid.dtype) == ((200, 8), np.float32)
    np.testing.assert_allclose(np.linalg.norm(laid, axis=1), 1, atol=1e-5)
    assert projection(vectors[:0]).shape == (0, 8)
    with pytest.raises(ModelError, match=r"leads to 8 numbers, model\.toml promises 9"):
        projection.before(9)


def test_files_that_are_amiss(tmp_path) -> None:
    (tmp_path / FILE).write_bytes(b"no axes at all")
    with pytest.raises(ModelError, match=rf"{FILE} of .* cannot be used"):
        Projection(tmp_path).before(8)
    for broken in ({"other": np.eye(4)}, {"axes": np.ones(4)}, {"axes": np.full((4, 2), np.nan)}):
        save_file(broken, tmp_path / FILE)
        with pytest.raises(ModelError, match="cannot be used"):
            Projection(tmp_path)(np.eye(4, dtype=np.float32))
