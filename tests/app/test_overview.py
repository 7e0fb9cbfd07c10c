import json
import threading
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app import library_notes
from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from app.overview import overview
from search.records import Learned, Progress
from search.store import Library

pytestmark = pytest.mark.usefixtures("home")


def test_a_library_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    told = overview(Config(library=str(tmp_path / "library")))
    assert (told["files"], told["folders"], told["unread"], told["bytes"]) == (0, [], [], 0)
    assert told["free"] > 0
    assert {one["name"] for one in told["learned"]} >= {"pictures", "faces", "speech"}


def test_folders_and_what_could_not_be_read(family_photos: Path, tmp_path: Path) -> None:
    config = Config(library=str(tmp_path / "library"))
    (family_photos / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing more")
    run = start_indexing(config, IndexWishes((family_photos,)), threading.Event())
    assert run.folders == (family_photos,)
    for _ in run.events:
        pass
    library_notes.note_run(config.library_folder, run.folders, datetime(2026, 5, 1, 12, 30))
    library_notes.set_watched(config.library_folder, str(family_photos), True)
    told = overview(config)
    (folder,) = told["folders"]
    assert folder["path"] == str(family_photos)
    assert (folder["files"], folder["last"], folder["watched"]) == (5, "2026-05-01T12:30:00", True)
    (broken,) = told["unread"]
    assert broken["path"].endswith("broken.jpg")
    assert broken["reason"]
    learned = {one["name"]: one["files"] for one in told["learned"]}
    assert learned["documents"] == 0
    assert learned["metadata"] == 5
    assert told["bytes"] > 1000


def test_notes_are_kept_and_their_loss_harms_nothing(tmp_path: Path) -> None:
    library_notes.set_watched(tmp_path, "/a", True)
    library_notes.set_watched(tmp_path, "/b", True)
    library_notes.set_watched(tmp_path, "/a", False)
    assert library_notes.watched(tmp_path) == {"/b"}
    (tmp_path / library_notes.WATCHED).write_text("{nonsense")
    (tmp_path / library_notes.RUNS).write_text("[1, 2]")
    assert library_notes.watched(tmp_path) == frozenset()
    assert library_notes.last_runs(tmp_path) == {}


def test_a_run_under_way_is_seen_while_it_writes_and_not_when_it_was_killed(tmp_path: Path) -> None:
    library = Library.create(tmp_path / "library")
    progress = Progress(3, 9, 1.5, 4.0, "indexing", (Learned("faces", 1, 2),))
    library_notes.note_progress(library.folder, progress)
    assert library_notes.progress_of(library.folder) is None
    with library.writer():
        told = overview(Config(library=str(library.folder)))["under_way"]
        assert (told["done"], told["learned"][0]["name"]) == (3, "faces")
        library_notes.note_progress(library.folder, None)
        assert library_notes.progress_of(library.folder) is None
    library.close()


def test_what_a_run_reports_of_files_is_listed_until_they_are_read(crossfind: Any, tmp_path: Path) -> None:
    folder, library = tmp_path / "files", tmp_path / "library"
    folder.mkdir()
    for name in ("broken.jpg", "the same.jpg"):
        (folder / name).write_bytes(b"\xff\xd8\xff nothing more")
    (folder / "page.jpg").write_text("<html><body>Not found</body></html>", encoding="utf-8")
    with zipfile.ZipFile(folder / "old.zip", "w") as archive:
        archive.writestr("whale.txt", "A whale swam into the bay.")
        archive.writestr("lost.docx", b"PK\3\4")
    _, out, _ = crossfind("index", folder, "-l", library, "--json")
    reported = [json.loads(line) for line in out.splitlines()[:-1]]
    told = overview(Config(library=str(library)))["unread"]
    called = {"failed": "failed", "skipped": "skipped", "indexed": "partly"}
    assert sorted((one["path"], one["reason"], one["outcome"]) for one in told) == sorted(
        (one["path"], one["reason"], called[one["outcome"]]) for one in reported
    )
    assert [one["outcome"] for one in told] == ["failed", "partly", "skipped", "failed"]
    shown = crossfind("status", "-l", library)[1]
    assert f"Left out  {folder / 'page.jpg'}: " in shown
    assert f"Partly    {folder / 'old.zip'}: lost.docx" in shown
    assert shown.count("Unread    ") == 2
    assert "3 could not be read, 1 not all of it" in crossfind("doctor", "-l", library)[1]
