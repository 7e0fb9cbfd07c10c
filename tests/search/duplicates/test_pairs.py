"""Pairs of vectors that are close: none is made up, and few are missed however many there are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.duplicates import pairs
from search.duplicates.pairs import close_pairs


def noisy(count: int, dim: int = 64, flipped: float = 0.05) -> np.ndarray:
    """Signs by chance, and behind them a copy of each with some of them turned."""
    chance = np.random.default_rng(1)
    half = np.sign(chance.standard_normal((count, dim)))
    other = np.where(chance.random(half.shape) < flipped, -half, half)
    return (np.concatenate([half, other]) / np.sqrt(dim)).astype(np.float32)


@given(st.integers(0, 40), st.integers(0, 10_000), st.floats(0.1, 0.99))
def test_few_vectors_are_compared_each_with_each(count: int, seed: int, least: float) -> None:
    vectors = np.random.default_rng(seed).standard_normal((count, 6)).astype(np.float32)
    vectors /= np.maximum(1e-9, np.linalg.norm(vectors, axis=1, keepdims=True))
    vectors[::7] = 0
    found = close_pairs(vectors, least)
    cosines = vectors @ vectors.T
    wanted = [(a, b) for a in range(count) for b in range(a + 1, count) if cosines[a, b] >= least]
    near = [(a, b) for a, b in wanted if abs(cosines[a, b] - least) < 1e-5]
    got = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert set(got) ^ set(wanted) <= set(near)
    assert got == sorted(set(got))


def test_many_vectors_are_compared_in_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "SMALL", 500)
    vectors = noisy(3_000)
    found = close_pairs(vectors, 0.7)
    got = set(zip(found.first.tolist(), found.second.tolist(), strict=True))
    assert len({(n, n + 3_000) for n in range(3_000)} & got) > 0.98 * 3_000
    for one, other, cosine in zip(found.first, found.second, found.cosine, strict=True):
        assert cosine == pytest.approx(float(vectors[one] @ vectors[other]), abs=1e-4)
        assert one < other


def test_no_vectors_have_no_pairs() -> None:
    assert len(close_pairs(np.zeros((0, 8), np.float32), 0.5)) == 0
    assert len(close_pairs(np.zeros((9, 8), np.float32), 0.5)) == 0
