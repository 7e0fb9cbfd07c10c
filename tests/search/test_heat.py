"""How warm the parts of a page are: the best cosine of each, between the coldest and the warmest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.heat import asked_of_pages, heat, warm_parts
from search.parser import parse
from search.spaces import unit_rows


def vectors(count: int, seed: int) -> np.ndarray:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, 6)))


def test_by_hand() -> None:
    question = np.array([[1, 0], [0, 1]], np.float32)
    parts = np.array([[1, 0], [0.6, 0.8], [-1, 0], [-0.6, -0.8]], np.float32)  # best: 1, 0.8, 0, -0.6
    np.testing.assert_allclose(heat(question, parts), [1, 1.4 / 1.6, 0, 0], atol=1e-6)


@given(st.integers(1, 9), st.integers(1, 60), st.integers(0, 5))
def test_half_of_the_parts_at_most_are_warm_and_the_best_most(words: int, count: int, seed: int) -> None:
    question, parts = vectors(words, seed), vectors(count, seed + 100)
    found = heat(question, parts)
    assert found.shape == (count,)
    assert found.min() >= 0
    assert (found > 0).sum() <= count / 2
    best = [max(float(q @ d) for q in question) for d in parts]
    if count > 1:
        assert found[int(np.argmax(best))] == pytest.approx(1)
    warm = np.flatnonzero(found)
    assert sorted(warm, key=lambda n: best[n]) == sorted(warm, key=lambda n: found[n])


def test_where_nothing_stands_out_nothing_is_warm() -> None:
    same = np.repeat(vectors(1, 3), 5, axis=0)
    assert not heat(vectors(2, 4), same).any()


def test_the_warmest_comes_last_with_its_box() -> None:
    question, parts = vectors(2, 0), vectors(8, 1)
    boxes = np.arange(32, dtype=np.float32).reshape(8, 4) / 32
    found = warm_parts(question, (parts, boxes))
    assert [one.heat for one in found] == sorted(one.heat for one in found)
    assert found[-1].heat == 1
    assert found[-1].box == tuple(boxes[int(heat(question, parts).argmax())])


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ('page:"bar chart" type:pdf', "bar chart"),
        ('page:"bar chart" said:"hello" invoice', "bar chart"),
        ("revenue 2019 -draft", "revenue 2019"),
        ('text:"net income" scene:chart', "net income chart"),
        ("type:pdf", ""),
        ("person:Ada", ""),
    ],
)
def test_what_is_asked_of_pages(query: str, asked: str) -> None:
    assert asked_of_pages(parse(query).root) == asked
