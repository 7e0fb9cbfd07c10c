"""Values of ITU-R BT.2100 and BT.2408: where paper white and middle grey lie in the signal."""

import numpy as np
import pytest

from indexers.high_range import HLG, PQ, to_srgb


def grey(signal, curve):
    pixels = np.full((2, 2, 3), round(signal * 65535), np.uint16)
    result = to_srgb(pixels, curve)
    assert result.shape == (2, 2, 3)
    assert result.dtype == np.uint8
    assert np.ptp(result[0, 0].astype(int)) <= 1
    return int(result[0, 0, 0])


@pytest.mark.parametrize(("curve", "white", "middle"), [(PQ, 0.58, 0.38), (HLG, 0.75, 0.38)])
def test_black_grey_white_and_what_is_brighter(curve, white, middle):
    assert grey(0, curve) == 0
    assert 90 < grey(middle, curve) < 140
    assert 235 < grey(white, curve) < 250
    assert 250 <= grey(1, curve) <= 255


def test_brighter_is_never_darker():
    for curve in (PQ, HLG):
        levels = [grey(signal, curve) for signal in np.linspace(0, 1, 30)]
        assert levels == sorted(levels)


def test_a_colour_of_the_wider_range_stays_that_colour():
    red = np.zeros((1, 1, 3), np.uint16)
    red[..., 0] = 35_000
    shown = to_srgb(red, PQ)[0, 0].astype(int)
    assert shown[0] > 150
    assert max(shown[1:]) == 0
