"""Clips of real films and recordings: where they begin, how long they are, what they hold."""

from pathlib import Path

import av
import pytest

from indexers.cutting import MOST_BEFORE_S, cut
from search.errors import MediaError


def held(path: Path) -> tuple[float, dict[str, int]]:
    """Seconds, and how many frames of each kind can be decoded."""
    with av.open(str(path)) as container:
        seconds = (container.duration or 0) / 1e6
        kinds = [stream.type for stream in container.streams]
    frames = {}
    for number, kind in enumerate(kinds):
        with av.open(str(path)) as container:
            frames[kind] = sum(1 for _ in container.decode(container.streams[number]))
    return seconds, frames


def test_packets_are_copied_from_the_key_frame_before(media_dir: Path, tmp_path: Path) -> None:
    made = cut(media_dir / "video" / "mix_a.mp4", 10.0, 14.0, tmp_path / "clip.mp4")
    assert made.copied
    assert 10 - MOST_BEFORE_S <= made.start_s <= 10
    seconds, frames = held(made.path)
    assert seconds == pytest.approx(14 - made.start_s, abs=0.3)
    assert frames["video"] > 40
    assert frames["audio"] > 40


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mkv", "clip.webm"])
def test_an_exact_clip_begins_at_its_moment(media_dir: Path, tmp_path: Path, name: str) -> None:
    made = cut(media_dir / "video" / "mix_a.mp4", 10.0, 13.0, tmp_path / name, exact=True)
    assert not made.copied
    assert made.start_s == pytest.approx(10.0, abs=0.1)
    seconds, frames = held(made.path)
    assert seconds == pytest.approx(3.0, abs=0.3)
    assert frames["video"] >= 30


def test_where_key_frames_are_rare_the_film_is_encoded_anew(media_dir: Path, tmp_path: Path) -> None:
    made = cut(media_dir / "video" / "mix_c.webm", 10.0, 12.0, tmp_path / "clip.webm")
    assert not made.copied
    assert held(made.path)[0] == pytest.approx(2.0, abs=0.3)


@pytest.mark.parametrize("name", ["clip.flac", "clip.mp3", "clip.wav"])
def test_recordings_are_cut_and_change_their_form(media_dir: Path, tmp_path: Path, name: str) -> None:
    made = cut(media_dir / "speech" / "LJ001-0001.flac", 2.0, 5.0, tmp_path / name)
    seconds, frames = held(made.path)
    assert seconds == pytest.approx(3.0, abs=0.25)
    assert list(frames) == ["audio"]


def test_the_sound_of_a_film_becomes_a_recording(media_dir: Path, tmp_path: Path) -> None:
    made = cut(media_dir / "video" / "mix_a.mp4", 10.0, 13.0, tmp_path / "clip.mp3")
    assert list(held(made.path)[1]) == ["audio"]


def test_what_does_not_move_is_called_what_it_is(media_dir: Path, tmp_path: Path) -> None:
    page = next((media_dir / "pdf").glob("*.pdf"))
    with pytest.raises(MediaError, match=r"is a PDF. Only films and recordings can be cut"):
        cut(page, 1.0, 2.0, tmp_path / "clip.mp4")
    with pytest.raises(MediaError, match="cannot be read: No such file"):
        cut(tmp_path / "none.mp4", 1.0, 2.0, tmp_path / "clip.mp4")
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten_and_nothing_is_left_behind(media_dir: Path, tmp_path: Path) -> None:
    film = media_dir / "video" / "mix_a.mp4"
    there = tmp_path / "there.mp4"
    there.write_bytes(b"mine")
    with pytest.raises(MediaError, match="is there already"):
        cut(film, 1.0, 2.0, there)
    assert there.read_bytes() == b"mine"
    for span, name in (((100.0, 140.0), "late.mp4"), ((1.0, 2.0), "clip.xyz"), ((5.0, 5.0), "none.mp4")):
        with pytest.raises(MediaError):
            cut(film, *span, tmp_path / name)
        assert not (tmp_path / name).exists()
    with pytest.raises(MediaError):
        cut(media_dir / "pdf" / next((media_dir / "pdf").glob("*.pdf")).name, 1.0, 2.0, tmp_path / "p.mp4")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there.mp4"]
