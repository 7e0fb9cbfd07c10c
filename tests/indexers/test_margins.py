"""Margins of pages: cut in any colour, and never a pixel of what stands on the page."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexers import documents
from indexers.margins import content_box, in_whole

HEIGHT, WIDTH = 400, 300


def page(colour=(255, 255, 255)) -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), colour, np.uint8)


def text(picture, box=(60, 80, 240, 320), ink=0) -> None:
    left, top, right, bottom = box
    words = np.random.default_rng(1).random((bottom - top, right - left)) < 0.3
    words[0] = words[-1] = words[:, 0] = words[:, -1] = True
    picture[top:bottom, left:right][words] = ink


def holds(box, content) -> bool:
    return box[0] <= content[0] and box[1] <= content[1] and box[2] >= content[2] and box[3] >= content[3]


@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (20, 60, 140), (250, 240, 200)])
def test_margins_of_any_colour_are_cut_but_for_a_little(colour) -> None:
    picture = page(colour)
    text(picture, ink=128)
    left, top, right, bottom = content_box(picture)
    assert holds((left, top, right, bottom), (60, 80, 240, 320))
    assert (right - left, bottom - top) < (180 + 12, 240 + 12)


@given(
    st.tuples(st.integers(0, 255), st.integers(0, 255)).filter(
        lambda levels: abs(levels[0] - levels[1]) > 63
    ),
    st.tuples(st.integers(0, WIDTH - 2), st.integers(0, HEIGHT - 2)),
    st.tuples(st.integers(1, 40), st.integers(1, 8)),
)
def test_nothing_that_differs_visibly_is_ever_cut(levels, corner, size) -> None:
    """A lone page number, a thin footer, a pale stamp: wherever it stands, the box holds it."""
    paper, ink = levels
    picture = page((paper, paper, paper))
    text(picture, ink=ink)
    left, top = corner
    right, bottom = min(WIDTH, left + size[0]), min(HEIGHT, top + size[1])
    picture[top:bottom, left:right] = ink
    assert holds(content_box(picture), (left, top, right, bottom))


def test_a_hairline_and_pale_print_are_content() -> None:
    for mark, level in (((30, 380, 270, 381), 200), ((140, 385, 148, 393), 225)):
        picture = page()
        text(picture)
        picture[mark[1] : mark[3], mark[0] : mark[2]] = level
        assert holds(content_box(picture), mark)


def test_a_frame_is_content_and_a_ground_is_not() -> None:
    framed = page()
    framed[10:390, 10:290] = (200, 0, 0)
    framed[14:386, 14:286] = 255
    text(framed)
    assert holds(content_box(framed), (10, 10, 290, 390))


def test_noise_of_a_scan_is_no_content_and_hides_none() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        picture = page((235, 232, 225))
        text(picture)
        picture[388:394, 145:150] = 20  # a page number
        noisy = np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).astype(np.uint8)
        left, top, right, bottom = content_box(noisy)
        assert holds((left, top, right, bottom), (60, 80, 240, 394))
        assert top > 60
        assert left > 40
        assert right < 260


def test_behind_the_shadow_of_a_scanner_the_margin_goes_on() -> None:
    picture = page()
    picture[:, :3] = 90
    text(picture)
    left, _, right, _ = content_box(picture)
    assert 50 <= left <= 60
    assert right <= 250


def test_pages_with_next_to_nothing_on_them_stay_whole() -> None:
    whole = (0, 0, WIDTH, HEIGHT)
    number = page()
    number[380:388, 145:150] = 0
    assert content_box(number) == whole
    assert content_box(page((7, 8, 9))) == whole


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (2, 3)])
def test_pictures_of_a_pixel(shape) -> None:
    assert content_box(np.zeros((*shape, 3), np.uint8)) == (0, 0, shape[1], shape[0])


def test_what_reaches_the_edge_is_not_cut_there() -> None:
    picture = page()
    text(picture, (0, 80, 240, 320))
    left, top, _, _ = content_box(picture)
    assert left == 0
    assert top > 60


@given(st.integers(0, 99), st.integers(0, 99), st.integers(1, 100), st.integers(1, 100))
def test_shares_of_a_part_are_shares_of_the_whole(left, top, width, height) -> None:
    part, size = (left, top, left + width, top + height), (200, 200)
    boxes = np.array([[0, 0, 1, 1], [0.5, 0.25, 0.75, 1]], np.float32)
    first, second = in_whole(boxes, part, size)
    np.testing.assert_allclose(first * 200, part, atol=1e-3)
    wanted = [left + 0.5 * width, top + 0.25 * height, left + 0.75 * width, top + height]
    np.testing.assert_allclose(second * 200, wanted, atol=1e-3)


@pytest.mark.parametrize("name", ["tracemonkey.pdf", "multicolumn.pdf", "pdflatex-4-pages.pdf"])
def test_real_pages_lose_margin_and_no_ink(media_dir, name) -> None:
    with documents.opened(media_dir / "pdf" / name) as document:
        for number in range(min(3, document.page_count)):
            picture = np.asarray(documents.render(document[number], 500))
            left, top, right, bottom = content_box(picture)
            outside = np.ones(picture.shape[:2], bool)
            outside[top:bottom, left:right] = False
            assert not outside[(picture < 240).any(axis=2)].any()
            assert outside.mean() > 0.1
