"""Frames become upright sRGB pictures whatever their matrix, range, depth, shape and curve."""

from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image

from indexers.frame_picture import displayed_size, picture_of, sketch_of
from indexers.frames import FrameReader
from indexers.video_file import moving_pictures, opened

COLOURS = [(200, 30, 40), (30, 180, 60), (40, 60, 210), (128, 128, 128), (255, 255, 255), (0, 0, 0)]


def plain(colour, size=(64, 48)):
    return av.VideoFrame.from_image(Image.new("RGB", size, colour))


def middle(image):
    return np.asarray(image, dtype=int)[image.height // 2, image.width // 2]


@pytest.mark.parametrize("colour", COLOURS)
@pytest.mark.parametrize(("matrix", "said"), [("ITU709", 1), ("ITU601", 5), ("ITU601", 6), ("BT2020", 9)])
@pytest.mark.parametrize("pixels", ["yuv420p", "yuv420p10le", "yuv422p"])
def test_colours_of_every_matrix(colour, matrix, said, pixels):
    frame = plain(colour).reformat(format=pixels, dst_colorspace=matrix)
    frame.colorspace = said
    assert np.abs(middle(picture_of(frame, 48)) - colour).max() <= 6


@pytest.mark.parametrize(("size", "matrix"), [((64, 48), "ITU601"), ((1280, 720), "ITU709")])
def test_a_matrix_that_is_not_said_follows_from_the_size(size, matrix):
    frame = plain((30, 180, 60), size).reformat(format="yuv420p", dst_colorspace=matrix)
    frame.colorspace = 2
    assert np.abs(middle(picture_of(frame, 48)) - (30, 180, 60)).max() <= 6


@pytest.mark.parametrize("pixels", ["gray", "rgb24", "yuv444p", "yuvj420p", "nv12", "yuva420p", "rgba"])
def test_grey_in_every_kind_of_pixels(pixels):
    frame = plain((90, 90, 90)).reformat(format=pixels)
    assert np.abs(middle(picture_of(frame, 48)) - 90).max() <= 4
    assert sketch_of(frame).shape == (3, 36, 64)


@pytest.mark.parametrize(("curve", "white"), [(16, 0.58), (18, 0.75)])
def test_high_range_is_brought_to_an_ordinary_white(curve, white):
    signal = np.full((48, 64, 3), round(white * 65535), np.uint16)
    frame = av.VideoFrame.from_ndarray(signal, format="rgb48le")
    frame = frame.reformat(format="yuv420p10le", dst_colorspace="BT2020")
    frame.colorspace, frame.color_trc = 9, curve
    assert middle(picture_of(frame, 48)).min() > 225
    frame.color_trc = 2
    assert middle(picture_of(frame, 48)).max() < 200


def test_pictures_are_reduced_and_never_enlarged():
    assert picture_of(plain((1, 2, 3), (640, 360)), 90).size == (160, 90)
    assert picture_of(plain((1, 2, 3), (64, 48)), 90).size == (64, 48)


@pytest.mark.parametrize(
    ("pixel", "size"),
    [
        (None, (720, 576)),
        (Fraction(1), (720, 576)),
        (Fraction(16, 15), (768, 576)),
        (Fraction(8, 9), (720, 648)),
        (Fraction(0), (720, 576)),
        (Fraction(1000), (720, 576)),
    ],
)
def test_squeezed_films_are_shown_in_their_shape(pixel, size):
    assert displayed_size(720, 576, pixel) == size


@pytest.mark.parametrize(
    ("degrees", "flips", "change"),
    [
        (0, {}, None),
        (90, {}, Image.Transpose.ROTATE_90),
        (180, {}, Image.Transpose.ROTATE_180),
        (270, {}, Image.Transpose.ROTATE_270),
        (0, {"hflip": True}, Image.Transpose.FLIP_LEFT_RIGHT),
        (0, {"vflip": True}, Image.Transpose.FLIP_TOP_BOTTOM),
    ],
)
def test_the_display_matrix_is_followed(tmp_path, picture, degrees, flips, change):
    shown = picture(3, (160, 120))
    with av.open(str(tmp_path / "a.mp4"), "w") as film:
        stream = film.add_stream("libx264", rate=10)
        stream.width, stream.height = shown.size
        stream.set_display_rotation(degrees, **flips)
        film.mux([*stream.encode(av.VideoFrame.from_image(shown)), *stream.encode(None)])
    with opened(tmp_path / "a.mp4") as container:
        frame = FrameReader(container, moving_pictures(container)).keyframe_before(0)
        found = picture_of(frame, 500)
    wanted = shown if change is None else shown.transpose(change)
    assert found.size == wanted.size
    assert np.abs(np.asarray(found, dtype=float) - np.asarray(wanted)).mean() < 12
