"""Very long pictures are cut where nothing is lost."""

import numpy as np
import pytest
from PIL import Image

from indexers.strips import is_long, strips


def striped(height: int) -> Image.Image:
    """Lines of noise, 14 rows each, with 6 empty rows between them."""
    rows = np.random.default_rng(1).integers(0, 255, (height, 100), dtype=np.uint8)
    rows[np.arange(height) % 20 >= 14] = 255
    return Image.fromarray(rows).convert("RGB")


@pytest.mark.parametrize("turned", [False, True])
def test_strips_cover_all_and_cut_between_the_lines(turned):
    picture = striped(2000)
    if turned:
        picture = picture.transpose(Image.Transpose.TRANSPOSE)
    found = list(strips(picture))
    assert len(found) == 10
    edges = [(box[0], box[2]) if turned else (box[1], box[3]) for box, _ in found]
    assert [start for start, _ in edges[1:]] == [end for _, end in edges[:-1]]
    assert (edges[0][0], edges[-1][1]) == (0, 1)
    assert all(round(start * 2000) % 20 in (0, *range(14, 20)) for start, _ in edges)
    joined = np.concatenate([np.asarray(part) for _, part in found], axis=1 if turned else 0)
    assert np.array_equal(joined, np.asarray(picture))


@pytest.mark.parametrize(("size", "long"), [((100, 300), False), ((100, 301), True), ((1, 5000), True)])
def test_only_long_pictures_are_cut(size, long):
    assert is_long(size) is long


def test_the_longest_pictures_have_a_bounded_number_of_strips():
    assert len(list(strips(Image.new("RGB", (2, 30_000))))) <= 40
