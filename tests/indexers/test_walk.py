import os
import sys
from pathlib import Path

import pytest

from indexers.walk import RootState, contains, left_out, single, state_of, walk


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(folder: Path, **options) -> list[str]:
    """The files a walk meets, relative to the folder, with forward slashes."""
    listings = walk(str(folder), **options)
    return [Path(seen[0]).relative_to(folder).as_posix() for listing in listings for seen in listing.files]


def test_only_files_whose_names_end_as_is_wanted(tmp_path):
    touch(tmp_path, "b.png", "c.pdf", "sub/D.PDF")
    assert names(tmp_path, endings=(".pdf",)) == ["c.pdf", "sub/D.PDF"]


def test_only_files_of_known_kinds_in_order(tmp_path):
    touch(tmp_path, "b.png", "a.JPG", "notes.xyz", "noext", "sub/c.pdf", "sub/deep/d.heic", "a/e.tif")
    assert names(tmp_path) == ["a.JPG", "b.png", "a/e.tif", "sub/c.pdf", "sub/deep/d.heic"]


def test_size_and_time(tmp_path):
    touch(tmp_path, "a.png")
    os.utime(tmp_path / "a.png", ns=(5, 7_000_000_123))
    (listing,) = walk(str(tmp_path))
    assert listing.files[0][1:] == (1, (tmp_path / "a.png").stat().st_mtime_ns, None)


@pytest.mark.parametrize("helper", ["a.png.xmp", "a.xmp", "a.XMP", "a.srt", "a.en.vtt"])
def test_a_change_of_what_is_beside_a_file_shows(tmp_path, helper):
    touch(tmp_path, "a.png", "b.png", "ab.png")

    def state(name="a.png"):
        (listing,) = walk(str(tmp_path))
        found = {Path(path).name: told for path, *_, told in listing.files}
        assert found.pop("b.png") is None
        assert found.pop("ab.png") is None
        return found[name]

    assert state() is None
    touch(tmp_path, helper)
    os.utime(tmp_path / helper, ns=(5, 7))
    first = state()
    assert first
    assert single(str(tmp_path / "a.png")).files[0][3] == first
    os.utime(tmp_path / helper, ns=(5, 8))
    assert state() not in (None, first)
    (tmp_path / helper).unlink()
    assert state() is None
    assert single(str(tmp_path / "a.png")).files[0][3] is None


def test_junk_is_left_out_but_hidden_files_are_kept(tmp_path):
    touch(
        tmp_path,
        ".hidden.jpg",
        "._a.jpg",
        ".thumbnails/b.png",
        "@eaDir/c.jpg",
        "$RECYCLE.BIN/d.jpg",
        "__MACOSX/e.jpg",
    )
    assert names(tmp_path) == [".hidden.jpg"]


def test_a_hidden_folder_given_as_root_is_walked(tmp_path):
    touch(tmp_path / ".private", "a.png")
    assert names(tmp_path / ".private") == ["a.png"]


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("*.png", ["b.jpg", "raw/d.jpg"]),
        ("raw/", ["a.png", "b.jpg"]),
        ("/a.png", ["b.jpg", "raw/c.png", "raw/d.jpg"]),
        ("raw/*.jpg", ["a.png", "b.jpg", "raw/c.png"]),
        ("**/c.*", ["a.png", "b.jpg", "raw/d.jpg"]),
        ("# nothing", ["a.png", "b.jpg", "raw/c.png", "raw/d.jpg"]),
    ],
)
@pytest.mark.parametrize("way", ["exclude", "file"])
def test_patterns(tmp_path, pattern, left, way):
    touch(tmp_path, "a.png", "b.jpg", "raw/c.png", "raw/d.jpg")
    if way == "file":
        (tmp_path / ".crossfindignore").write_text(pattern + "\n")
    assert names(tmp_path, excludes=[pattern] if way == "exclude" else []) == left


def test_a_deeper_ignore_file_has_the_last_word_and_exclude_over_both(tmp_path):
    touch(tmp_path, "a.png", "keep/b.png", "keep/c.png")
    (tmp_path / ".crossfindignore").write_text("*.png\n")
    (tmp_path / "keep" / ".crossfindignore").write_text("!*.png\n")
    assert names(tmp_path) == ["keep/b.png", "keep/c.png"]
    assert names(tmp_path, excludes=["c.png"]) == ["keep/b.png"]


def test_rules_above_the_start_hold(tmp_path):
    touch(tmp_path, "sub/a.png", "sub/b.jpg", "other/c.jpg")
    (tmp_path / ".crossfindignore").write_text("*.png\nother/\n")
    assert names(tmp_path, start=str(tmp_path / "sub")) == ["sub/b.jpg"]
    assert names(tmp_path, start=str(tmp_path / "other")) == []
    assert left_out(str(tmp_path), str(tmp_path / "other"), [])
    assert not left_out(str(tmp_path), str(tmp_path / "sub"), [])


def test_a_pattern_that_cannot_be_read_is_a_problem(tmp_path):
    touch(tmp_path, "a.png")
    (listing,) = walk(str(tmp_path), excludes=["!"])
    assert "pattern" in (listing.problem or "")


def test_a_bad_ignore_file_costs_only_itself(tmp_path):
    touch(tmp_path, "a.png")
    (tmp_path / ".crossfindignore").write_text("!\n")
    (listing,) = walk(str(tmp_path))
    assert len(listing.files) == 1
    assert "pattern" in (listing.complaint or "")


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
class TestLinks:
    def test_links_to_folders_are_not_followed(self, tmp_path):
        touch(tmp_path, "a/b.png")
        (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
        (tmp_path / "link").symlink_to(tmp_path / "a", target_is_directory=True)
        assert names(tmp_path) == ["a/b.png"]

    def test_links_to_files_are_files_and_dangling_ones_nothing(self, tmp_path):
        touch(tmp_path, "a.png")
        (tmp_path / "b.png").symlink_to(tmp_path / "a.png")
        (tmp_path / "c.png").symlink_to(tmp_path / "nothing.png")
        assert names(tmp_path) == ["a.png", "b.png"]

    def test_a_link_given_as_root_is_walked(self, tmp_path):
        touch(tmp_path / "real", "a.png")
        (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
        assert names(tmp_path / "link") == ["a.png"]

    def test_special_files_are_left_out(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.png")
        touch(tmp_path, "a.png")
        assert names(tmp_path) == ["a.png"]


def test_boundaries_and_other_libraries_are_not_entered(tmp_path):
    touch(tmp_path, "a.png", "root/b.png", "lib/library.toml", "lib/thumbs/c.webp")
    assert names(tmp_path, boundaries={str(tmp_path / "root")}) == ["a.png"]


def test_a_folder_that_cannot_be_listed(tmp_path, monkeypatch):
    touch(tmp_path, "a.png", "locked/b.png")
    scandir = os.scandir

    def refuse(folder):
        if Path(folder).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    problems = [listing.problem for listing in walk(str(tmp_path))]
    assert problems == [None, "The folder cannot be listed: Permission denied."]


def test_the_states_of_a_root(tmp_path):
    touch(tmp_path, "full/a.txt")
    (tmp_path / "empty").mkdir()
    states = {
        name: state_of(str(tmp_path / name))
        for name in ("full", "empty", "full/a.txt", "none", "full/a.txt/x")
    }
    assert states == {
        "full": RootState.FOLDER,
        "empty": RootState.EMPTY,
        "full/a.txt": RootState.FILE,
        "none": RootState.AWAY,
        "full/a.txt/x": RootState.AWAY,
    }


def test_contains_is_about_whole_names():
    assert contains(str(Path("a/b")), str(Path("a/b/c")))
    assert contains("a", "a")
    assert not contains(str(Path("a/b")), str(Path("a/bc")))
    assert contains(os.sep, str(Path(os.sep, "a")))


def test_a_transport_stream_is_a_film_and_typescript_is_not(tmp_path, save_film, picture):
    save_film(tmp_path / "film.ts", [picture(1)], seconds=1.0)
    film = (tmp_path / "film.ts").read_bytes()
    (tmp_path / "cut.ts").write_bytes(film * (1_000_000 // len(film) + 1) + b"G")
    (tmp_path / "small.ts").write_text("export const one = 1;\n", "utf-8")
    (tmp_path / "chance.ts").write_text("G" + "x" * (188 * 3 - 1), "utf-8")
    (tmp_path / "large.ts").write_text("const one = 1;\n" * 100_000, "utf-8")
    assert names(tmp_path) == ["cut.ts", "film.ts"]
