"""New files are whole or not there, and nothing is written over."""

import errno
import os
from pathlib import Path

import pytest

from search.new_files import new_file


def write(
    target: Path,
    text: str,
    *,
    force: bool = False,
    meanwhile: str | None = None,
    then: BaseException | None = None,
) -> None:
    with new_file(target, force=force) as beside:
        beside.write_text(text)
        if meanwhile is not None:
            target.write_text(meanwhile)
        if then is not None:
            raise then


def test_what_was_written_is_there_under_its_name_alone(tmp_path: Path) -> None:
    target = tmp_path / "a.jpg"
    with new_file(target) as beside:
        beside.write_text("half")
        assert not target.exists()
        assert (beside.parent, beside.suffix, beside.name[0]) == (tmp_path, ".jpg", ".")
        beside.write_text("whole")
    assert target.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(errno.ENOSPC, "full"), ValueError("bug")])
def test_what_breaks_off_leaves_nothing(tmp_path: Path, error: BaseException) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("mine")
    for target, force in ((tmp_path / "new.txt", False), (kept, True)):
        with pytest.raises(type(error)):
            write(target, "half", force=force, then=error)
    assert list(tmp_path.iterdir()) == [kept]
    assert kept.read_text() == "mine"


@pytest.mark.parametrize("links", [True, False])
def test_nothing_is_written_over_that_comes_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    if not links:
        monkeypatch.setattr(os, "link", no_links)
    target = tmp_path / "a.txt"
    with new_file(target) as beside:
        beside.write_text("first")
    assert target.read_text() == "first"
    with pytest.raises(FileExistsError), new_file(target):
        pytest.fail("it was there before")
    target.unlink()
    with pytest.raises(FileExistsError):
        write(target, "ours", meanwhile="theirs")
    assert target.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [target]
    with new_file(target, force=True) as beside:
        beside.write_text("last")
    assert target.read_text() == "last"


def test_names_of_any_length_can_be_written(tmp_path: Path) -> None:
    for name in ("a" * 255, "a." + "b" * 253):
        with new_file(tmp_path / name) as beside:
            beside.write_text("x")
        assert (tmp_path / name).read_text() == "x"
