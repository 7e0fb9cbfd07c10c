from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from search.records import Hit, TimeSpan
from ui.main_window import MainWindow
from ui.results.acting import clip_of, form_of
from ui.results.backend import Clip, Written
from ui.results.cut_dialog import CutDialog

MakeHit = Callable[..., Hit]
FILM = {"media_type": "video/mp4", "duration_s": 60.0}


@pytest.fixture
def acts(window: MainWindow, backend: Any, make_hit: MakeHit, search: Any) -> Any:
    """What can be done with three hits: a picture, a film at a moment, a film."""
    backend.hits = (
        make_hit("a.jpg", score=0.9),
        make_hit("b.mp4", score=0.8, locator=TimeSpan(10, 12), **FILM),
        make_hit("c.mp4", score=0.7, **FILM),
    )
    search("dog")
    return window.results.acts


def said(window: MainWindow) -> str:
    return window.problem.label.text()


def test_originals_are_copied_and_the_message_leads_there(
    acts: Any, window: MainWindow, backend: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    backend.written = Written(1, 1, {"/x/a.jpg": "No space left."})
    window.view.results.selectAll()
    acts.copy_into(tmp_path)
    qtbot.waitUntil(lambda: "copied" in said(window))
    assert said(window) == "1 file copied, 1 were there already. Not done: a.jpg. No space left."
    assert window.problem.button.text() == "Show in folder"
    assert backend.done[-1] == ("copy", ["a.jpg", "b.mp4", "c.mp4"], tmp_path)


def test_a_list_holds_all_that_is_shown_or_what_is_selected(
    acts: Any, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    target = tmp_path / "list.csv"
    acts.write_list(target, "csv")
    qtbot.waitUntil(lambda: target.exists())
    assert target.read_text() == "csv of 3 for dog"
    qtbot.waitUntil(lambda: said(window) == "3 results written to list.csv.")
    window.view.results.select_row(0)
    qtbot.keyClick(window.view.results, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    acts.write_list(target, "m3u")
    qtbot.waitUntil(lambda: target.read_text() == "m3u of 2 for dog")


def test_a_list_that_cannot_be_written_is_complained_about(
    acts: Any, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    acts.write_list(tmp_path / "no folder" / "x.csv", "csv")
    qtbot.waitUntil(lambda: "cannot be written" in said(window))


def test_a_clip_is_asked_for_with_a_second_around_what_was_found(
    acts: Any, window: MainWindow, backend: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    window.view.results.select_row(1)
    acts.cut.trigger()
    dialog = window.findChild(CutDialog)
    assert dialog is not None
    assert (dialog.begin.value(), dialog.end.value()) == (9.0, 13.0)
    dialog.end.setValue(8.0)
    assert not dialog.go.isEnabled()
    dialog.end.setValue(20.0)
    assert "0:09 to 0:20, 11.0 s" in dialog.told.text()
    with qtbot.waitSignal(dialog.wanted, check_params_cb=lambda clip: clip.end_s == 20.0):
        dialog.go.click()
    files = window.view.results.findChildren(QFileDialog)
    assert files[-1].windowTitle() == "Save the clip"
    files[-1].reject()
    acts.cut_into([clip_of(backend.hits[1])], tmp_path / "clip.mp4")
    qtbot.waitUntil(lambda: said(window) == "1 clip cut.")
    clip = Clip(Path(backend.hits[1].file.path), 9.0, 13.0)
    assert backend.done[-1] == ("cut", (clip,), tmp_path / "clip.mp4")


def test_a_picture_cannot_be_cut(acts: Any, window: MainWindow) -> None:
    window.view.results.select_row(0)
    acts.cut.trigger()
    assert said(window) == "Only films and recordings can be cut."


def test_stretches_stay_inside_the_file(make_hit: MakeHit) -> None:
    assert clip_of(make_hit("a.mp4", **FILM)).end_s == 60.0
    near_end = clip_of(make_hit("a.mp4", locator=TimeSpan(59.5, 60), **FILM))
    assert (near_end.start_s, near_end.end_s) == (58.5, 60.0)
    assert clip_of(make_hit("a.mp4", locator=TimeSpan(0, 0), media_type="video/mp4")).end_s == 2.0


@pytest.mark.parametrize(
    ("name", "chosen", "form"),
    [("a.M3U", "Table (*.csv)", "m3u"), ("a", "JSON (*.json)", "json"), ("a.b", "", "csv")],
)
def test_the_ending_says_the_form(name: str, chosen: str, form: str) -> None:
    assert form_of(Path(name), chosen) == form


def test_other_programs_are_offered_and_a_missing_one_is_said(
    acts: Any, window: MainWindow, qtbot: QtBot
) -> None:
    from ui.results.programs import Program

    acts.programs.aboutToShow.emit()
    assert acts.programs.actions()[-1].text() == "&Other program …"
    acts.open_with(Program("Nothing", ("/there/is/no/such/program",)))
    assert said(window) == "Nothing could not be started."


def test_everything_is_in_the_menus_and_the_context_menu(acts: Any, window: MainWindow) -> None:
    context = window.view.results.actions()
    assert all(action in context for action in acts.actions_)
    shown = {action.text() for menu in window.menuBar().actions() for action in menu.menu().actions()}
    assert {action.text() for action in acts.actions_} <= shown
