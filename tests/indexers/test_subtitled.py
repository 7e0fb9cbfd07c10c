"""Where subtitles say what is said, no model listens."""

from pathlib import Path

import numpy as np
import pytest

from indexers.sound import Stretch
from indexers.subtitled import COVERED, is_covered

LINE = "1\n00:00:00,000 --> 00:00:{:02d},000\nHello there\n"


class Track:
    """A stream as far as its language goes."""

    def __init__(self, language: str | None) -> None:
        self.metadata = {"language": language} if language else {}
        self.codec_context = object()


class Container:
    """A film as far as its streams go."""

    def __init__(self, spoken: str | None = None, *written: str | None) -> None:
        self.streams = self
        self.audio = [Track(spoken)]
        self.subtitles = [Track(one) for one in written]


def covered(film: Path, container: Container, start_s: float = 0.0) -> bool:
    stretch = Stretch(start_s, np.zeros(60 * 16_000, np.int16), (), None)
    return is_covered(container, str(film), stretch)  # type: ignore[arg-type]


@pytest.mark.parametrize(("seconds", "expected"), [(round(60 * COVERED) - 1, False), (30, True)])
def test_a_few_lines_are_not_enough(tmp_path: Path, seconds: int, expected: bool) -> None:
    (tmp_path / "film.srt").write_text(LINE.format(seconds), "utf-8")
    assert covered(tmp_path / "film.mkv", Container()) == expected


def test_each_stretch_counts_for_itself(tmp_path: Path) -> None:
    (tmp_path / "film.srt").write_text(LINE.format(50), "utf-8")
    assert not covered(tmp_path / "film.mkv", Container(), start_s=60.0)
    assert not covered(tmp_path / "other.mkv", Container())


@pytest.mark.parametrize(
    ("name", "container", "expected"),
    [
        ("film.srt", Container("eng"), True),
        ("film.en.srt", Container("eng"), True),
        ("film.de.srt", Container("eng"), False),
        ("film.de.srt", Container("ger"), True),
        ("film.de.srt", Container("eng", "eng"), True),
        ("film.de.srt", Container(None), True),
        ("film.de.srt", Container("und"), True),
    ],
)
def test_translations_do_not_replace_what_is_said(
    tmp_path: Path, name: str, container: Container, expected: bool
) -> None:
    (tmp_path / name).write_text(LINE.format(50), "utf-8")
    assert covered(tmp_path / "film.mkv", container) == expected
