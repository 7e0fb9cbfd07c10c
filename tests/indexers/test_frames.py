"""Which frames are decoded and looked at, counted."""

from itertools import pairwise

import pytest

from indexers.frames import FrameReader
from indexers.video_file import moving_pictures, opened


@pytest.fixture
def film(tmp_path, save_film, picture):
    """Save a film of 12 s with a keyframe every so many frames, 25 a second."""

    def make(every, name="a.mp4", **options):
        shown = [picture(n, (64, 48)) for n in range(4)]
        return save_film(tmp_path / name, shown, 3.0, fps=25, every=every, **options)

    return make


def looked(path, start=0):
    with opened(path) as container:
        reader = FrameReader(container, moving_pictures(container))
        looks = list(reader.looks(start))
        return looks, reader


@pytest.mark.parametrize("every", [1, 5, 25])
def test_keyframes_suffice_where_they_are_close(film, every):
    looks, reader = looked(film(every, "a.mov", codec="mpeg4"))
    assert reader.decoded == len(looks)
    assert len(looks) == (24 if every < 25 else 12)
    assert all(look.frame.key_frame for look in looks)


def test_long_groups_are_looked_at_ten_times_a_second(film):
    looks, reader = looked(film(250, codec="mpeg4"))
    assert 100 <= len(looks) <= 120
    assert reader.decoded >= len(looks)
    gaps = {round(b.time_s - a.time_s, 2) for a, b in pairwise(looks)}
    assert max(gaps) <= 0.2


def test_frames_that_no_other_needs_are_not_decoded(film):
    _, reader = looked(film(250))
    assert reader.decoded < 0.75 * 12 * 25


def test_times_begin_at_nought_and_grow(film):
    for name in ("a.mp4", "a.mkv", "a.ts", "a.mpg"):
        looks, reader = looked(film(50, name, codec="mpeg2video" if name == "a.mpg" else "libx264"))
        times = [look.time_s for look in looks]
        assert times[0] == 0
        assert times == sorted(set(times))
        assert reader.end_s == pytest.approx(12, abs=0.1)


@pytest.mark.parametrize("every", [25, 250])
def test_reading_may_begin_at_any_look(film, every):
    path = film(every)
    whole, _ = looked(path)
    for n in range(0, len(whole), 7):
        rest, _ = looked(path, whole[n].ticks)
        assert [look.ticks for look in rest] == [look.ticks for look in whole[n:]]
        assert all((a.sketch == b.sketch).all() for a, b in zip(rest, whole[n:], strict=True))


def test_the_keyframe_before_a_time(film):
    with opened(film(50, codec="mpeg4")) as container:
        stream = moving_pictures(container)
        reader = FrameReader(container, stream)
        for second in (0.0, 1.9, 5.3, 11.0, 99.0):
            frame = reader.keyframe_before(second)
            assert frame.key_frame
            assert min(second, 12) - 2 <= frame.pts * stream.time_base <= second
        assert reader.length() == pytest.approx(12, abs=0.1)
