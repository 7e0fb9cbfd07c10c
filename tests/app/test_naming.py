"""Names of files: shown so that they do no harm, and made so that every system takes them."""

import os
from pathlib import Path

import pytest

from app.naming import LONGEST_BYTES, fitting, visible, write_new
from search.errors import CrossfindError


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nb.jpg", r"a\nb.jpg"),
        ("\x1b[31mred.jpg", r"\x1b[31mred.jpg"),
        ("bad\udcff.jpg", r"bad\udcff.jpg"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("at 3.15\u202fPM.png", "at 3.15\u202fPM.png"),
        ("👩\u200d🚀 Grüße 写真.jpg", "👩\u200d🚀 Grüße 写真.jpg"),
    ],
)
def test_only_what_does_harm_is_written_out(name: str, shown: str) -> None:
    assert visible(name) == shown


def test_a_name_that_is_too_long_loses_the_end_of_its_stem() -> None:
    assert fitting("short", " (2).jpg") == "short (2).jpg"
    name = fitting("写" * 85, " (2).jpg")
    assert name.endswith("写 (2).jpg")
    assert LONGEST_BYTES - 3 < len(os.fsencode(name)) <= LONGEST_BYTES


def test_what_is_there_is_not_written_over_unless_asked_to(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"the only copy")
    with pytest.raises(CrossfindError, match="is there already"):
        write_new(film, "what is said")
    assert film.read_bytes() == b"the only copy"
    write_new(film, "what is said\n", force=True)
    assert film.read_bytes() == b"what is said\n"
    assert list(tmp_path.iterdir()) == [film]


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CrossfindError, match="cannot be written"):
        write_new(tmp_path / "none" / "a.csv", "")


def test_bytes_that_are_no_text_are_escaped(tmp_path: Path) -> None:
    write_new(tmp_path / "a.json", '["bad\udcff"]')
    assert (tmp_path / "a.json").read_bytes() == rb'["bad\udcff"]'
