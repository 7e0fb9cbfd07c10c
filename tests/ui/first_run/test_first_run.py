"""The first run: folders with counts, what can be found, models, start."""

import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from ui.backend import LibraryState
from ui.first_run.counting import count_files
from ui.main_window import MainWindow
from ui.settings.backend import ModelOffer

NET = ModelOffer("yamnet", "sound", "Hears", "Apache-2.0", "available", 16_000_000, True, wished=True)
SEES = ModelOffer("starter", "scene", "Sees", "MIT", "ready", 10, True, used=True)
PACKAGE = ModelOffer("words", "meaning", "", "MIT", "in a package", 10, True, how="pip install words")
RUNS = [sys.executable, "-c", 'print(\'{"summary": {"indexed": 1}}\')']


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    for name in ("a.jpg", "b.HEIC", "c.pdf", "sub/d.mp4", "e.txt", "e.py", "noending", ".hidden/f.jpg"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return folder


@pytest.fixture
def window(qtbot: QtBot, backend: Any, media: Path, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr("ui.first_run.controller.usual_folders", lambda: [media, media / "sub"])
    backend.state = LibraryState()
    backend.offered = (SEES, PACKAGE, NET)
    backend.command = RUNS
    made = MainWindow(backend)
    qtbot.addWidget(made)
    made.show()
    page = made.view.first_run
    qtbot.waitUntil(lambda: made.view.page is page and len(page.ticked()) == 2 and bool(page.get_buttons))
    return made


def test_files_are_counted_by_kind(media: Path) -> None:
    counted = count_files(media)
    assert counted.kinds == {"image": 2, "pdf": 1, "document": 1, "video": 1}
    assert (counted.total, counted.complete) == (5, True)


def test_counting_stops_in_time_and_says_so(media: Path) -> None:
    counted = count_files(media, longest_s=-1)
    assert not counted.complete
    assert counted.total == 4


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert count_files(tmp_path / "none").total == 0


def test_folders_are_suggested_and_indexed_with_one_click(
    qtbot: QtBot, window: MainWindow, backend: Any, media: Path
) -> None:
    page = window.view.first_run
    name, _, counts = page.boxes[media].text().partition(": ")
    assert (name, set(counts.split(" · "))) == ("media", {"2 pictures", "1 PDF", "1 document", "1 video"})
    assert page.ticked() == [media, media / "sub"]
    page.boxes[media / "sub"].click()
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
    assert backend.indexed == [[media]]


def test_nothing_ticked_is_nothing_to_start(window: MainWindow) -> None:
    page = window.view.first_run
    for box in page.boxes.values():
        box.setChecked(False)
    assert not page.start_button.isEnabled()


def test_another_folder_is_added_and_ticked(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    page = window.view.first_run
    page.other_button.click()
    (dialog,) = page.findChildren(QFileDialog)
    (tmp_path / "empty").mkdir()
    dialog.fileSelected.emit(str(tmp_path / "empty"))
    dialog.close()
    qtbot.waitUntil(lambda: tmp_path / "empty" in page.ticked())  # though nothing is in it
    assert page.boxes[tmp_path / "empty"].text() == "empty: nothing to find by now"


def test_what_can_be_found_and_what_it_costs(qtbot: QtBot, window: MainWindow, backend: Any) -> None:
    page = window.view.first_run
    texts = [label.text() for label in page.findChildren(QLabel)]
    assert "ready (starter)" in texts
    assert "yamnet, 16 MB, Apache-2.0" in texts
    assert "not here; pip install words" in texts
    backend.getting = [sys.executable, "-c", "pass"]
    backend.offered = (SEES, PACKAGE, ModelOffer("yamnet", "sound", "", "", "ready", used=True))
    page.get_buttons["yamnet"].click()
    qtbot.waitUntil(lambda: not page.get_buttons, timeout=20_000)
    assert ("get", "yamnet") in backend.edits
    assert page.news.text() == "yamnet is there."


def test_all_models_are_one_click_away(window: MainWindow, qtbot: QtBot) -> None:
    window.view.first_run.more_button.click()
    dialog = window.around.settings.dialog
    assert dialog is not None
    assert dialog.stack.currentWidget() is dialog.models


def test_a_failed_download_is_told_on_the_page(qtbot: QtBot, window: MainWindow, backend: Any) -> None:
    backend.getting = [
        sys.executable,
        "-c",
        "import sys; sys.exit('crossfind: the disk is full. Make room.')",
    ]
    page = window.view.first_run
    page.get_buttons["yamnet"].click()
    qtbot.waitUntil(lambda: page.news.text() == "yamnet: the disk is full. Make room.", timeout=20_000)
    qtbot.waitUntil(lambda: bool(page.get_buttons) and page.get_buttons["yamnet"].isEnabled())


def test_a_run_that_has_read_nothing_yet_is_said_and_the_page_comes_back_after_it(
    qtbot: QtBot, window: MainWindow
) -> None:
    view, page = window.view, window.view.first_run
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        qtbot.mouseClick(page.start_button, Qt.MouseButton.LeftButton)
        assert view.page is view.waiting
        assert view.waiting.heading.text() == "Your files are being read"
    qtbot.waitUntil(lambda: view.page is page)
