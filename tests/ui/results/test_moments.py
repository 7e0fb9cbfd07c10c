"""Moments of films as files of their own: copied, or dragged out once they are cut."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from search.errors import MediaError
from search.records import Hit, TimeSpan
from tests import hand
from ui.main_window import MainWindow
from ui.results.backend import Clip

MakeHit = Callable[..., Hit]
FILM = {"media_type": "video/mp4", "duration_s": 60.0}


@pytest.fixture
def moments(window: MainWindow, backend: Any, make_hit: MakeHit, search: Any, tmp_path: Path) -> Any:
    """A picture, a film at a moment, and a film as a whole; `backend` cuts the moment as `clip.mp4`."""
    backend.hits = (
        make_hit("a.jpg", score=0.9),
        make_hit("b.mp4", score=0.8, locator=TimeSpan(10, 12), **FILM),
        make_hit("c.mp4", score=0.7, **FILM),
    )
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"clip")
    backend.made_clips = (clip,)
    search("dog")
    return window.results.moments


def names(paths: Sequence[Path] | None) -> list[str] | None:
    return None if paths is None else [path.name for path in paths]


def test_whole_files_are_dragged_unless_one_wants_moments(moments: Any, backend: Any, qtbot: QtBot) -> None:
    assert names(moments.files_of(backend.hits)) == ["a.jpg", "b.mp4", "c.mp4"]
    moments.drag.trigger()
    with qtbot.waitSignal(moments.told, check_params_cb=lambda text: text == "The clip is cut: drag it."):
        assert moments.files_of(backend.hits) is None
    assert names(moments.files_of(backend.hits)) == ["a.jpg", "clip.mp4", "c.mp4"]
    wanted = Clip(Path(backend.hits[1].file.path), 9.0, 13.0)
    assert backend.done.count(("clips", (wanted,))) == 1
    backend.made_clips[0].unlink()  # the folder of clips was tidied up
    assert moments.files_of(backend.hits) is None
    qtbot.waitUntil(lambda: backend.done.count(("clips", (wanted,))) == 2)


def test_a_moment_that_cannot_be_cut_is_dragged_as_its_film(
    moments: Any, backend: Any, window: MainWindow, qtbot: QtBot
) -> None:
    moments.drag.trigger()
    backend.clips_error = MediaError("b.mp4 is broken.")
    assert moments.files_of(backend.hits[1:2]) is None
    qtbot.waitUntil(lambda: window.problem.label.text() == "b.mp4 is broken.")
    assert names(moments.files_of(backend.hits[1:2])) == ["b.mp4"]
    assert moments.files_of(backend.hits[1:2]) is None  # the next drag tries again


def test_a_drag_begins_when_its_clip_is_cut_while_the_mouse_moves(
    moments: Any, backend: Any, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = hand.carried(monkeypatch)
    gate = threading.Event()
    cut = backend.clips
    monkeypatch.setattr(backend, "clips", lambda clips: (gate.wait(10), cut(clips))[1])
    moments.drag.trigger()
    results = window.view.results
    results.select_row(1)
    at = results.visualRect(results.hits.index(1)).center()
    hand.press(results, at)
    for step in range(3):
        hand.move(results, at + QPoint(30 + step, 0))
    assert carried == []
    gate.set()
    qtbot.waitUntil(lambda: not window.jobs.busy("moments"))
    hand.move(results, at + QPoint(60, 0))
    assert carried == [list(backend.made_clips)]
    hand.move(results, at + QPoint(90, 0))
    assert carried == [list(backend.made_clips)]
    hand.release(results, at)
    assert results.selected_hits() == [backend.hits[1]]


def test_a_drag_that_is_let_go_before_does_not_begin(
    moments: Any, backend: Any, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried = hand.carried(monkeypatch)
    moments.drag.trigger()
    results = window.view.results
    results.select_row(1)
    at = results.visualRect(results.hits.index(1)).center()
    hand.press(results, at)
    for step in range(3):
        hand.move(results, at + QPoint(30 + step, 0))
    hand.release(results, at)
    qtbot.waitUntil(lambda: not window.jobs.busy("moments"))
    hand.move(results, at, Qt.MouseButton.NoButton)
    assert carried == []


def test_moments_are_copied_as_files(moments: Any, backend: Any, window: MainWindow, qtbot: QtBot) -> None:
    window.view.results.selectAll()
    with qtbot.waitSignal(moments.told, check_params_cb=lambda text: text == "1 clip copied"):
        moments.copy.trigger()
    mime = QGuiApplication.clipboard().mimeData()
    assert [url.toLocalFile() for url in mime.urls()] == [str(backend.made_clips[0])]
    window.view.results.select_row(0)
    moments.copy.trigger()
    assert window.problem.label.text() == "Only moments of films and recordings can be copied as clips."


def test_the_choice_is_remembered(moments: Any, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    moments.drag.trigger()
    moments.remember(settings)
    moments.drag.setChecked(False)
    moments.recall(settings)
    assert moments.drag.isChecked()
