from io import BytesIO
from math import inf

import numpy as np
from PIL import Image

from indexers.frames import FrameReader
from indexers.overview import glances, poster, storyboard
from indexers.video_file import moving_pictures, opened
from search.storyboard import size_of, tile_times


def glimpsed(path, duration_s, deadline=inf):
    with opened(path) as container:
        return glances(FrameReader(container, moving_pictures(container)), duration_s, None, deadline)


def like(image, other):
    return np.abs(np.asarray(image, dtype=float) - np.asarray(other)).mean() < 12


def test_short_films_show_each_second_and_long_ones_their_keyframes(tmp_path, save_film, picture):
    shown = [picture(n, (160, 96)) for n in range(9)]
    path = save_film(tmp_path / "a.mp4", shown, 8.0, fps=5, every=10)
    assert len(glimpsed(path, 72.0)) == len(tile_times(72.0)) == 36
    for length in (72.0, 20.0):
        shots = [shown[int(at // 8)] for at in tile_times(length)]
        assert all(map(like, glimpsed(path, length), shots))


def test_what_is_missing_repeats_the_last(tmp_path, save_film, picture):
    path = save_film(tmp_path / "a.mp4", [picture(1, (160, 96)), picture(2, (160, 96))], 2.0)
    assert len(glimpsed(path, 30.0)) == 15
    late = glimpsed(path, 30.0, deadline=0.0)
    assert all(image is late[0] for image in late)


def test_the_poster_is_neither_black_nor_fading_in(picture):
    clear = picture(4)
    faint = Image.blend(Image.new("RGB", clear.size), clear, 0.3)
    assert poster([Image.new("RGB", clear.size), faint, clear, clear.copy()]) is clear
    black = Image.new("RGB", (8, 8))
    assert poster([black]) is black


def test_a_storyboard_holds_every_picture(picture):
    sheet = Image.open(BytesIO(storyboard([picture(n, (90, 160)) for n in range(12)])))
    assert sheet.size == size_of(12)
