import numpy as np
import pytest

from indexers.page_image import moment_image, page_image
from search.errors import MediaError
from search.records import TimeSpan


def like(image, other):
    return np.abs(np.asarray(image, dtype=float) - np.asarray(other.resize(image.size))).mean() < 12


def test_a_page_as_wide_as_asked_for(tmp_path, save_pdf):
    path = save_pdf(tmp_path / "a.pdf", "one", "two")
    assert page_image(path, 2, 150).size == (150, 200)
    with pytest.raises(MediaError, match="no page 3"):
        page_image(path, 3, 150)


@pytest.mark.parametrize("every", [5, 250])
def test_moments_of_a_film(tmp_path, save_film, picture, every):
    shown = [picture(n, (320, 192)) for n in range(4)]
    path = save_film(tmp_path / "a.mp4", shown, 2.0, every=every)
    for n, wanted in enumerate(shown):
        found = moment_image(path, TimeSpan(2.0 * n, 2.0 * n + 2), 160)
        assert found.size == (160, 96)
        assert like(found, wanted)
    assert moment_image(path, TimeSpan(0, 1), 1000).size == (320, 192)
    assert like(moment_image(path, TimeSpan(50, 60), 320), shown[-1])


def test_no_moment_where_nothing_moves(tmp_path, save_film):
    path = save_film(tmp_path / "a.mp4", [], sound=True)
    with pytest.raises(MediaError, match="cannot be decoded"):
        moment_image(path, TimeSpan(0, 1), 100)
