"""Clips for other programs: named after their source, cut once, and not kept for ever."""

import os
import time
from pathlib import Path

import pytest

from app import clips, paths
from app.clips import KEPT_S
from app.cutting import Asked
from search.errors import MediaError


@pytest.fixture
def moment(home: Path, media_dir: Path) -> Asked:
    return Asked(media_dir / "video" / "mix_a.mp4", 1.0, 2.0)


def test_a_moment_becomes_a_file_named_after_it_and_stays_the_same_one(moment: Asked) -> None:
    (made,) = clips.clips([moment])
    assert made.name == "mix_a 0m01s-0m02s.mp4"
    assert made.is_relative_to(paths.cache_dir())
    assert made.stat().st_size > 1000
    as_it_was = made.stat().st_mtime_ns
    assert clips.clips([moment, moment]) == [made, made]
    assert made.stat().st_mtime_ns == as_it_was
    (other,) = clips.clips([Asked(moment.path, 1.0, 2.5)])
    assert other != made


def test_what_cannot_be_cut_leaves_nothing_behind(moment: Asked, tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    for path in (broken, tmp_path / "none.mp4"):
        with pytest.raises(MediaError):
            clips.clips([Asked(path, 1.0, 2.0)])
    assert list((paths.cache_dir() / "clips").iterdir()) == []


def test_old_clips_go_and_the_oldest_of_too_many(moment: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    (old,) = clips.clips([moment])
    (young,) = clips.clips([Asked(moment.path, 3.0, 4.0)])
    long_ago = time.time() - KEPT_S - 60
    os.utime(old.parent, (long_ago, long_ago))
    (newest,) = clips.clips([Asked(moment.path, 5.0, 6.0)])
    assert [path.exists() for path in (old, young, newest)] == [False, True, True]
    monkeypatch.setattr(clips, "MOST_BYTES", 1)
    assert clips.clips([Asked(moment.path, 5.0, 6.0)]) == [newest]
    assert [path.exists() for path in (young, newest)] == [False, True]
