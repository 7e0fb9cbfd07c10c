"""Hits for other programs, and copies that never harm anything."""

import csv
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app import cli, cli_search, forms
from app.client import Client
from app.config import Config
from search.errors import CrossfindError
from search.records import Content, File, Grouped, Hit, Locator, Region, SearchResult, TimeSpan, Whole

WHOLE = Whole()


def hit(path: Path | str, locator: Locator = WHOLE, media_type: str = "video/mp4", text: str = "") -> Hit:
    file = File(str(path), "d", 1, 0, "/")
    content = Content("d", media_type, 1, duration_s=61.4)
    return Hit(1, 0.5, file, content, locator, text or None, ())


def result(*hits: Hit) -> SearchResult:
    return SearchResult("q", 1.0, hits)


def test_a_table_for_programs() -> None:
    box = Region(TimeSpan(1, 2.5), (0.0, 0.25, 0.5, 1.0))
    told = forms.as_csv(result(hit('/a/b "c", d.mp4', box, text="two\nlines")))
    [row] = csv.DictReader(told.splitlines(keepends=True))
    assert row["path"] == '/a/b "c", d.mp4'
    assert (row["start_s"], row["end_s"], row["page"]) == ("1", "2.5", "")
    assert row["box"] == "0.0000 0.2500 0.5000 1.0000"
    assert row["text"] == "two\nlines"
    assert "group" not in row


def test_a_table_of_groups() -> None:
    days = [replace(hit(f"/{n}.mp4"), group=Grouped(f"2024-05-0{n}", n)) for n in (1, 2)]
    rows = list(csv.DictReader(forms.as_csv(result(*days)).splitlines()))
    assert [(row["path"], row["group"], row["files"]) for row in rows] == [
        ("/1.mp4", "2024-05-01", "1"),
        ("/2.mp4", "2024-05-02", "2"),
    ]


def test_each_file_once() -> None:
    assert forms.as_paths(result(hit("/b"), hit("/a"), hit("/b", TimeSpan(3, 4)))) == "/b\n/a\n"


def test_a_playlist_begins_at_the_moment() -> None:
    told = forms.as_m3u(
        result(
            hit("/a.mp4", TimeSpan(12, 13)),
            hit("/b.ogg", Whole(), "audio/ogg"),
            hit("/c.pdf", Whole(), "application/pdf"),
        )
    )
    assert told.splitlines() == [
        "#EXTM3U",
        "#EXTINF:61,a.mp4",
        "#EXTVLCOPT:start-time=12.00",
        "/a.mp4",
        "#EXTINF:61,b.ogg",
        "/b.ogg",
    ]


def test_copies_keep_their_times_and_overwrite_nothing(tmp_path: Path) -> None:
    for folder, text in (("one", "1"), ("two", "2")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.jpg").write_text(text)
        os.utime(tmp_path / folder / "x.jpg", (1000, 1000))
    hits = [hit(tmp_path / folder / "x.jpg") for folder in ("one", "two", "one")]
    target = tmp_path / "new" / "copies"
    assert forms.copy_to(target, hits) == forms.Copied(2, 0, {})
    assert (target / "x.jpg").read_text() == "1"
    assert (target / "x (2).jpg").read_text() == "2"
    assert (target / "x.jpg").stat().st_mtime == 1000
    assert forms.copy_to(target, hits) == forms.Copied(0, 2, {})
    assert len(list(target.iterdir())) == 2


def test_a_file_that_is_gone_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "b.jpg").write_text("b")
    done = forms.copy_to(tmp_path / "copies", [hit(tmp_path / "gone.jpg"), hit(tmp_path / "b.jpg")])
    assert (done.copied, list(done.problems)) == (1, [str(tmp_path / "gone.jpg")])
    assert [path.name for path in (tmp_path / "copies").iterdir()] == ["b.jpg"]


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CrossfindError, match="cannot be made"):
        forms.copy_to(tmp_path / "file" / "below", [])


@pytest.fixture
def search(
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    sample_library: Path,
    home: Path,
) -> Any:
    def run(*arguments: object) -> tuple[object, bytes, bytes]:
        command = ["crossfind", "search", "--no-service", "-l", sample_library, *arguments]
        monkeypatch.setattr("sys.argv", [*map(str, command)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        return stop.value.code, *capfdbinary.readouterr()

    return run


def test_on_the_command_line(search: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(cli_search.typer, "launch", opened.append)
    code, out, err = search("name:moon", "--format", "paths", "--copy-to", tmp_path / "found", "--open")
    assert code == cli.DONE
    assert [Path(line.decode()).name for line in out.splitlines()] == ["moon.jpg"]
    assert b"1 copied to" in err
    assert (tmp_path / "found" / "moon.jpg").is_file()
    assert [Path(path).name for path in opened] == ["moon.jpg"]


def test_a_file_of_queries_has_no_playlist(search: Any, tmp_path: Path) -> None:
    (tmp_path / "queries").write_text("moon")
    code, _, err = search("--queries", tmp_path / "queries", "--format", "m3u")
    assert code == cli.USAGE
    assert b"--queries goes with" in err


@pytest.mark.parametrize("form", ["paths", "csv", "m3u"])
def test_a_list_is_the_same_whether_the_search_process_writes_it_or_the_hits_are_sent(
    sample_library: Path, home: Path, form: str
) -> None:
    client = Client(Config(library=str(sample_library)))
    told, count = client.written("type:image", {"limit": 5}, form)
    found = client.search("type:image", {"limit": 5})
    client.close()
    assert (told, count) == (forms.FORMS[form](found), 5)


def test_nothing_found_is_an_empty_list(search: Any) -> None:
    assert search("name:xyzzy", "--format", "paths") == (cli.INCOMPLETE, b"", b"")
