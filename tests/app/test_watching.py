"""Watching real folders: what is told is which of them to look through again."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from app import watching
from app.watching import due_folders, is_of_use

Told = list[Path]


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Told]]:
    monkeypatch.setattr(watching, "_LOOK_MS", 200)
    monkeypatch.setattr(watching, "_GATHER_MS", 100)
    stop, threads = threading.Event(), []

    def begin(*folders: Path) -> Told:
        told: Told = []

        def take(found: Sequence[Path]) -> None:
            told.extend(found)

        work = lambda: watching.watch(folders, tmp_path / "library", take, stop)  # noqa: E731
        thread = threading.Thread(target=work)
        thread.start()
        threads.append(thread)
        time.sleep(0.5)  # the system needs a moment until it tells of changes
        return told

    yield begin
    stop.set()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()


def until(told: Told, wanted: Path) -> None:
    deadline = time.monotonic() + 30
    while wanted not in told:
        assert time.monotonic() < deadline, told
        time.sleep(0.05)


def test_a_new_file_is_told_by_its_folder(watch: Callable[..., Told], tmp_path: Path) -> None:
    root = tmp_path / "photos"
    (root / "trip").mkdir(parents=True)
    told = watch(root)
    until(told, root)  # what changed before
    told.clear()
    (root / "trip" / "a.jpg").write_bytes(b"new")
    until(told, root / "trip")
    assert root not in told


def test_a_folder_renamed_and_deleted_is_told_by_what_is_left(
    watch: Callable[..., Told], tmp_path: Path
) -> None:
    root = tmp_path / "photos"
    (root / "trip").mkdir(parents=True)
    (root / "trip" / "a.jpg").write_bytes(b"new")
    told = watch(root)
    until(told, root)
    told.clear()
    (root / "trip").rename(root / "journey")
    until(told, root)


def test_a_folder_with_dots_that_is_thrown_away_is_told(watch: Callable[..., Told], tmp_path: Path) -> None:
    root = tmp_path / "photos"
    (root / "2024.05 Rome").mkdir(parents=True)
    (root / "2024.05 Rome" / "a.jpg").write_bytes(b"new")
    told = watch(root)
    until(told, root)
    told.clear()
    (root / "2024.05 Rome").rename(tmp_path / "bin")
    until(told, root)


def test_a_drive_mounted_on_a_folder_is_told(watch: Callable[..., Told], tmp_path: Path) -> None:
    root, other = tmp_path / "drive", tmp_path / "other"
    root.mkdir()
    (other / "trip").mkdir(parents=True)
    told = watch(root)
    until(told, root)
    told.clear()
    root.rename(tmp_path / "before")  # another folder takes its place, between two looks
    other.rename(root)
    until(told, root)
    for n in range(100):  # what is new in it is told as soon as it is watched itself
        (root / "trip" / f"{n}.jpg").write_bytes(b"new")
        time.sleep(0.3)
        if root / "trip" in told:
            break
    assert root / "trip" in told


def test_changes_behind_a_link_are_told_by_the_folder_that_was_given(
    watch: Callable[..., Told], tmp_path: Path
) -> None:
    (tmp_path / "disk" / "trip").mkdir(parents=True)
    root = tmp_path / "photos"
    root.symlink_to(tmp_path / "disk", target_is_directory=True)
    told = watch(root)
    until(told, root)
    told.clear()
    (tmp_path / "disk" / "trip" / "a.jpg").write_bytes(b"new")
    until(told, root / "trip")


def test_a_drive_that_comes_back_is_told_and_one_that_goes_is_not(
    watch: Callable[..., Told], tmp_path: Path
) -> None:
    here, away = tmp_path / "here", tmp_path / "drive"
    here.mkdir()
    told = watch(here, away)
    away.mkdir()
    (away / "a.jpg").write_bytes(b"x")
    until(told, away)
    time.sleep(0.5)
    told.clear()
    away.rename(tmp_path / "unplugged")
    time.sleep(1)
    assert away not in told
    (here / "b.jpg").write_bytes(b"x")
    until(told, here)


def test_only_what_may_matter_is_told(tmp_path: Path) -> None:
    library = tmp_path / "photos" / "library"
    for name, wanted in (
        ("a.jpg", True),
        ("a.jpg.xmp", True),
        (".crossfindignore", True),
        ("a folder", True),
        ("notes.tmp", False),
        ("library/files.lance/1.jpg", False),
    ):
        assert is_of_use(str(tmp_path / "photos" / name), library) is wanted, name
    for name, wanted in (("1.5 Rome", True), ("notes.tmp", False), ("a.jpg~", False), (".~lock.a#", False)):
        assert is_of_use(str(tmp_path / "photos" / name), library, is_gone=True) is wanted, name


def test_storms_end_in_one_look_at_the_whole(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    folders = [root / str(number) for number in range(watching.MOST + 1)]
    for folder in folders:
        folder.mkdir(parents=True)
    few = [str(folder / "a.jpg") for folder in folders[:3]]
    assert due_folders(few, [root]) == sorted(folders[:3])
    assert due_folders([str(folder / "a.jpg") for folder in folders], [root]) == [root]
    assert due_folders([str(root / "1" / "a.jpg"), str(root / "b.jpg")], [root]) == [root]
    assert due_folders([str(folders[0] / f"{n}.jpg") for n in range(watching.STORM + 1)], [root]) == [root]


def test_what_programs_keep_for_themselves_is_nobodys_business(tmp_path: Path) -> None:
    root = tmp_path / ".mine" / "photos"
    for folder in (".git/objects/ab", "node_modules/a", "trip"):
        (root / folder).mkdir(parents=True)
    churn = [".git", ".git/objects/ab/cdef", ".git/index", "node_modules/a/b.md"]
    assert due_folders([str(root / one) for one in churn], [root]) == []
    assert due_folders([str(root / one) for one in (*churn, "trip/.a.jpg")], [root]) == [root / "trip"]


def test_nothing_outside_and_nothing_that_is_gone_is_looked_through(tmp_path: Path) -> None:
    root = tmp_path / "photos"
    assert due_folders([str(root / "a.jpg")], [root]) == []
    root.mkdir()
    assert due_folders([str(root / "gone" / "deep" / "a.jpg"), "/elsewhere/b.jpg"], [root]) == [root]
