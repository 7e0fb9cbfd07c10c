"""Where the tokens of a page's picture lie, and what stands for it in a search."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers.page_grids import Grid, Tiles, boxes_of, pooled
from indexers.pooling import adaptive_rows, grid_rows, smoothed, tile_means
from search.spaces import unit_rows

LAYOUTS = st.one_of(
    st.builds(Grid, st.integers(1, 40), st.integers(1, 40)),
    st.builds(Tiles, st.integers(1, 4), st.integers(1, 4), st.integers(1, 5)),
    st.builds(Tiles, st.just(0), st.just(0), st.integers(1, 5)),
)


def test_boxes_of_a_grid_go_row_by_row() -> None:
    found = boxes_of(Grid(2, 4))
    np.testing.assert_allclose(found[0], [0, 0, 0.25, 0.5])
    np.testing.assert_allclose(found[3], [0.75, 0, 1, 0.5])
    np.testing.assert_allclose(found[4], [0, 0.5, 0.25, 1])


def test_boxes_of_tiles_go_tile_by_tile_and_the_whole_comes_last() -> None:
    found = boxes_of(Tiles(1, 2, 2))
    assert found.shape == (12, 4)
    np.testing.assert_allclose(found[1], [0.25, 0, 0.5, 0.5])  # top right in the left tile
    np.testing.assert_allclose(found[4], [0.5, 0, 0.75, 0.5])  # top left in the right tile
    np.testing.assert_allclose(found[8], [0, 0, 0.5, 0.5])  # top left in the whole


@given(LAYOUTS)
def test_boxes_cover_the_page_and_there_is_one_for_each_token(layout) -> None:
    found = boxes_of(layout)
    assert found.shape == (layout.tokens, 4)
    assert found.dtype == np.float32
    assert (found[:, 2:] > found[:, :2]).all()
    times = 1 if isinstance(layout, Grid) or not layout.rows else 2
    assert (found[:, 2:] - found[:, :2]).prod(axis=1).sum() == pytest.approx(times, abs=1e-4)
    assert (found.min(), found.max()) == pytest.approx((0, 1), abs=1e-6)


@given(LAYOUTS, st.sampled_from([None, "gaussian", "triangular", "box"]))
def test_few_vectors_of_unit_length_stand_for_a_page(layout, kernel) -> None:
    tokens = unit_rows(np.random.default_rng(3).normal(size=(layout.tokens, 5)))
    found = pooled(tokens, layout, kernel)
    if isinstance(layout, Grid):
        rows = adaptive_rows(grid_rows(tokens, layout.rows, layout.columns))
        wanted = smoothed(rows, kernel=kernel) if kernel else rows
    else:
        wanted = tile_means(tokens, layout.side**2)
        assert len(wanted) == layout.rows * layout.columns + 1
    np.testing.assert_allclose(found, unit_rows(wanted), atol=1e-6)
    assert len(found) <= 32


def test_other_tokens_are_refused() -> None:
    with pytest.raises(ValueError, match="5 tokens do not lie as"):
        pooled(np.ones((5, 2), np.float32), Grid(2, 3))
