"""The library page over a library from memory, and real child processes that speak an indexer's language."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from search.errors import LibraryBusyError
from search.records import Learned, Progress
from ui.indexing.backend import FolderFacts, LearnedFacts, Overview, Unread
from ui.indexing.folders import said_when
from ui.indexing.learned import said_of
from ui.indexing.page import LibraryPage
from ui.indexing.panel import IndexingPanel, how_far, show_share
from ui.indexing.watcher import Watcher
from ui.jobs import Jobs
from ui.main_window import MainWindow

LEARNS = [{"name": "faces", "done": 12, "total": 60, "files_per_s": 3.0}]
OBEYS = f"""
import json, sys
def tell(stage):
    told = {{"done": 12, "total": 60, "files_per_s": 3.0, "left_s": 16.0, "stage": stage}}
    told["learned"] = {LEARNS!r}
    print(json.dumps({{"progress": told}}), file=sys.stderr, flush=True)
print('{{"outcome": "indexed", "path": "/a/1.jpg", "reason": null}}', flush=True)
tell("indexing")
for line in sys.stdin:
    tell("heard " + line.strip())
print('{{"summary": {{"indexed": 12}}}}', flush=True)
"""
PHOTOS, DRIVE = Path("/photos"), Path("/drive")


def library() -> Overview:
    return Overview(
        Path("/library"),
        5_000_000,
        9_000_000_000,
        68,
        (FolderFacts(PHOTOS, True, 60, "2020-01-01T10:00:00"), FolderFacts(DRIVE, False, 8, watched=True)),
        (LearnedFacts("pictures", True, ("image",), 54), LearnedFacts("faces", False, ("image", "video"))),
        (Unread(PHOTOS / "broken.jpg", "It is cut off."), Unread(PHOTOS / "b.pdf", "It is locked.")),
    )


@pytest.fixture
def page(qtbot: QtBot, backend: Any) -> LibraryPage:
    backend.library = library()
    backend.command = [sys.executable, "-c", OBEYS]
    jobs = Jobs()
    panel = IndexingPanel(backend.indexing_command)
    made = LibraryPage(backend, jobs, panel)
    made.index_wanted.connect(lambda *given: panel.start(*given) and made.began())

    def stop(_: object) -> None:
        made.watcher.stop()
        jobs.shutdown()
        panel.kill()

    qtbot.addWidget(panel)
    qtbot.addWidget(made, before_close_func=stop)
    made.resize(900, 900)
    made.show()
    made.refresh()
    qtbot.waitUntil(lambda: made.folders.list.topLevelItemCount() == 2)
    return made


def cell(page: LibraryPage, row: int, column: int) -> str:
    item = page.folders.list.topLevelItem(row)
    assert item is not None
    return item.text(column)


def select(tree: Any, row: int) -> Any:
    item = tree.topLevelItem(row)
    assert item is not None
    tree.setCurrentItem(item)
    return item


def test_the_library_is_told(page: LibraryPage) -> None:
    assert page.told.text() == "68 files. The library takes 5 MB, 9.0 GB free, in /library."
    assert [cell(page, 0, column) for column in (0, 1, 2)] == [str(PHOTOS), "60", "2020-01-01, 10:00"]
    assert cell(page, 1, 2) == "not connected"
    assert page.troubles_heading.text() == "Could not be read, or not all of it (2)"


def test_when_is_said_as_people_do() -> None:
    now = datetime(2026, 5, 3, 9, 0)
    assert said_when("2026-05-03T08:15:00", now) == "today, 08:15"
    assert said_when("2026-05-02T23:00:00", now) == "yesterday, 23:00"
    assert said_when("", now) == "–"


def test_a_folder_is_updated_and_one_that_is_away_is_not(page: LibraryPage, backend: Any) -> None:
    select(page.folders.list, 1)
    assert not page.folders.update_button.isEnabled()
    select(page.folders.list, 0)
    page.folders.update_button.click()
    assert backend.indexed == [[PHOTOS]]
    assert backend.run_options == [((), False)]


def test_a_folder_is_taken_out_after_a_question(qtbot: QtBot, page: LibraryPage, backend: Any) -> None:
    select(page.folders.list, 0)
    page.folders.forget_button.click()
    (box,) = page.findChildren(QMessageBox)
    assert "files stay" in box.informativeText()
    (yes,) = [one for one in box.findChildren(QPushButton) if one.text() == "Take out"]
    with qtbot.waitSignal(page.changed):
        yes.click()
    assert ("forget", PHOTOS) in backend.edits


def test_watching_is_switched_by_folder_and_remembered(qtbot: QtBot, page: LibraryPage, backend: Any) -> None:
    qtbot.waitUntil(lambda: backend.watching == [(DRIVE,)])
    item = page.folders.list.topLevelItem(0)
    assert item is not None
    item.setCheckState(3, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: backend.watched == [(PHOTOS, True)])


def test_what_is_learned_is_switched(qtbot: QtBot, page: LibraryPage, backend: Any) -> None:
    item = page.learned.list.topLevelItem(1)
    assert item is not None
    assert (item.text(0), item.text(1), item.checkState(0)) == ("Faces", "off", Qt.CheckState.Unchecked)
    with qtbot.waitSignal(page.changed):
        item.setCheckState(0, Qt.CheckState.Checked)
    assert ("switch", "faces", True) in backend.edits


def test_a_change_that_is_refused_is_said_and_shown_as_it_is(
    qtbot: QtBot, page: LibraryPage, backend: Any
) -> None:
    backend.settings_error = LibraryBusyError("The library is being written.")
    item = page.learned.list.topLevelItem(1)
    assert item is not None
    with qtbot.waitSignal(page.complaint) as waiting:
        item.setCheckState(0, Qt.CheckState.Checked)
    assert waiting.args == ["The library is being written."]
    qtbot.waitUntil(lambda: item.checkState(0) == Qt.CheckState.Unchecked)


def test_one_thing_alone_is_caught_up(page: LibraryPage, backend: Any) -> None:
    select(page.learned.list, 1)
    assert not page.learned.only_button.isEnabled()
    select(page.learned.list, 0)
    page.learned.only_button.click()
    assert (backend.indexed, backend.run_options) == ([[]], [(("pictures",), False)])


def test_failures_are_tried_again_and_copied(page: LibraryPage, backend: Any) -> None:
    select(page.troubles.list, 0)
    page.troubles.copy_button.click()
    assert QGuiApplication.clipboard().text() == f"{PHOTOS / 'broken.jpg'}\tIt is cut off."
    page.troubles.retry_button.click()
    assert (backend.indexed, backend.run_options) == ([[PHOTOS / "broken.jpg"]], [((), True)])


def test_a_file_that_is_gone_is_said_when_it_is_opened(qtbot: QtBot, page: LibraryPage) -> None:
    select(page.troubles.list, 0)
    with qtbot.waitSignal(page.complaint) as waiting:
        page.troubles.open_button.click()
    assert waiting.args is not None
    assert "not there any more" in waiting.args[0]


def test_a_run_is_followed_and_throttled(qtbot: QtBot, page: LibraryPage, backend: Any) -> None:
    page.update_button.click()
    assert not page.update_button.isVisible()
    assert not page.troubles.all_button.isEnabled()
    faces = page.learned.list.topLevelItem(1)
    assert faces is not None
    qtbot.waitUntil(lambda: faces.text(2) == "12 of 60 · 3.0 files/s · 16 s left", timeout=20_000)
    assert (page.bar.value(), page.bar.maximum()) == (200, 1000)
    assert page.numbers.text() == "20% of 60 files · 3.0 files/s · 16 s left"
    page.effort.effort.setCurrentIndex(1)
    page.effort.effort.activated.emit(1)
    run = page._panel.run_
    assert run is not None
    qtbot.waitUntil(lambda: run.progress is not None and run.progress.stage == "heard effort 50 0 0")
    page.effort.on_power.click()
    qtbot.waitUntil(lambda: run.progress is not None and run.progress.stage == "heard effort 50 1 0")
    qtbot.waitUntil(lambda: backend.preferred.on_power)
    assert backend.preferred.effort == 50
    with qtbot.waitSignal(page._panel.ended, timeout=20_000):
        page.stop_button.click()
    qtbot.waitUntil(page.update_button.isVisible)
    assert faces.text(2) == ""


class TestWatcher:
    @pytest.fixture
    def watcher(self, qtbot: QtBot, backend: Any) -> Iterator[Watcher]:
        jobs = Jobs()
        made = Watcher(backend, jobs, quiet_ms=50)
        made.watch([PHOTOS])
        qtbot.waitUntil(lambda: not jobs.busy("watch"))
        yield made
        made.stop()
        jobs.shutdown()

    def test_changes_are_told_once_after_a_quiet_moment(
        self, qtbot: QtBot, watcher: Watcher, backend: Any
    ) -> None:
        with qtbot.waitSignal(watcher.due):
            for name in ("a", "b", "a"):
                backend.change([PHOTOS / name])
        assert watcher.take() == [PHOTOS / "a", PHOTOS / "b"]
        assert watcher.take() == []

    def test_what_is_not_taken_is_told_again_later(
        self, qtbot: QtBot, watcher: Watcher, backend: Any
    ) -> None:
        with qtbot.waitSignal(watcher.due):
            backend.change([PHOTOS])
        with qtbot.waitSignal(watcher.due):
            watcher.again()
        assert watcher.take() == [PHOTOS]

    def test_what_a_watch_of_before_tells_is_not_heard(
        self, qtbot: QtBot, watcher: Watcher, backend: Any
    ) -> None:
        before = backend.change
        watcher.watch([DRIVE])
        qtbot.waitUntil(lambda: backend.watching == [(PHOTOS,), (DRIVE,)])
        assert backend.watches_ended == 1
        before([PHOTOS])
        with qtbot.waitSignal(watcher.due):
            backend.change([DRIVE])
        assert watcher.take() == [DRIVE]


def test_changes_are_indexed_quietly(qtbot: QtBot, page: LibraryPage, backend: Any) -> None:
    qtbot.waitUntil(lambda: backend.watching == [(DRIVE,)])
    page.watcher._quiet.setInterval(20)
    backend.command = [sys.executable, "-c", 'print(\'{"summary": {"indexed": 1}}\')']
    with qtbot.waitSignal(page._panel.ended, timeout=20_000):
        backend.change([DRIVE / "trip"])
    assert backend.indexed == [[DRIVE / "trip"]]
    assert not page._panel.isVisible()


def test_hits_that_came_meanwhile_are_told_and_shown_when_wanted(
    qtbot: QtBot, window: MainWindow, backend: Any, search: Any, make_hit: Any
) -> None:
    backend.command = [sys.executable, "-c", OBEYS]
    backend.hits = (make_hit("a.jpg"), make_hit("b.jpg"))
    search("dog")
    assert window.view.results.current_hit() is not None
    window.index([])
    run = window.indexing.run_
    assert run is not None
    qtbot.waitUntil(lambda: run.counts["indexed"] == 1, timeout=20_000)
    backend.hits = (make_hit("new.jpg"), *backend.hits, make_hit("other.jpg"))
    window.refresh()
    bar = window.library.fresh.bar
    qtbot.waitUntil(bar.isVisible)
    assert bar.label.text() == "2 new results since."
    assert bar.window() is window
    assert window.model.rowCount() == 2
    with qtbot.waitSignal(window.flow.found):
        bar.button.click()
    assert window.model.rowCount() == 4
    assert not bar.isVisible()
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        window.indexing.cancel()


def test_the_page_is_asked_for_the_first_time_when_the_library_is_known(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.places.turn_to("library")
    qtbot.waitUntil(lambda: window.library.page.told.text().startswith("0 files"))
    assert window.places.current == "library"


def test_a_run_of_another_program_is_followed(qtbot: QtBot, page: LibraryPage, backend: Any) -> None:
    learned = (Learned("faces", 3, 9),)
    backend.library = replace(library(), under_way=Progress(12, 60, 2.0, 20.0, "indexing", learned))
    page._again.setInterval(20)
    page.refresh()
    told = "Another Crossfind is reading files into this library: 33% of 60 files so far."
    qtbot.waitUntil(lambda: page.elsewhere.text() == told)
    assert not page.update_button.isEnabled()
    faces = page.learned.list.topLevelItem(1)
    assert faces is not None
    assert faces.text(2) == "3 of 9"
    backend.library = library()
    qtbot.waitUntil(lambda: not page.elsewhere.isVisible())
    assert page.update_button.isEnabled()
    assert faces.text(2) == ""


def test_while_this_page_is_shown_only_it_tells_of_the_run(
    window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    backend.command = [sys.executable, "-c", OBEYS]
    window.index([PHOTOS])
    assert window.indexing.isVisible()
    window.places.turn_to("library")
    assert not window.indexing.isVisible()
    window.places.turn_to("search")
    assert window.indexing.isVisible()
    window.places.turn_to("library")
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        window.indexing.cancel()
    assert window.indexing.isVisible()  # how it ended, and what could not be read, stands there


def test_how_far_a_run_is_counts_all_that_is_learned() -> None:
    learned = (Learned("metadata", 60, 60), Learned("faces", 0, 60), Learned("speech", 0, 30))
    assert Progress(0, 60, 0.0, None, "indexing", learned).share == pytest.approx(0.4)
    assert Progress(15, 60, 0.0, None, "indexing").share == 0.25
    assert Progress(15, None, 0.0, None, "looking for files").share is None


def test_a_long_film_is_followed_while_it_is_read(qtbot: QtBot) -> None:
    learned = (Learned("videos", 1, 1), Learned("speech", 0, 1, 0.001, 0.4))
    progress = Progress(0, 1, 0.0, 600.0, "indexing", learned)
    bar = QProgressBar()
    qtbot.addWidget(bar)
    show_share(bar, progress)
    assert bar.value() / bar.maximum() == 0.7
    show_share(bar, None)
    assert bar.maximum() == 0
    assert how_far(progress) == "70% of 1 file"
    assert said_of(learned[0]) == "1 of 1"
    assert said_of(learned[1]) == "0 of 1 · 40% · 10 min left"
    assert said_of(Learned("speech", 1, 3, 0.05, 0.5)) == "1 of 3 · 50% · 3 files/min · 30 s left"


def test_what_was_left_unread_is_offered_to_go_on_with_once(
    window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    backend.command = [sys.executable, "-c", OBEYS]
    half = replace(library().folders[0], last="")
    backend.library = replace(library(), folders=(half, library().folders[1]))
    window.library.page.refresh()
    qtbot.waitUntil(lambda: window.problem.label.text() == "Not all of your files have been read yet.")
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        window.problem.button.click()
        assert backend.indexed == [[PHOTOS]]
        window.indexing.cancel()
    window.problem.hush()
    window.library.page.refresh()
    qtbot.waitUntil(lambda: not window.jobs.busy("library"))
    assert not window.problem.isVisible()
