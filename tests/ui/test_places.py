from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.places import SEARCH, Places


def made(qtbot: QtBot) -> Places:
    places = Places()
    qtbot.addWidget(places)
    places.add("one", "One", "search", QLabel("1"))
    places.add("two", "Two", "folder", QLabel("2"), "The second")
    return places


def test_each_page_has_a_button_a_shortcut_and_a_name(qtbot: QtBot) -> None:
    places = made(qtbot)
    assert [action.shortcut().toString() for action in places.actions_] == ["Ctrl+1", "Ctrl+2"]
    assert places.actions_[1].toolTip() == "The second (Ctrl+2)"
    buttons = [places.rail.widgetForAction(action) for action in places.actions_]
    assert [button.accessibleName() for button in buttons if isinstance(button, QToolButton)] == [
        "One",
        "Two",
    ]


def test_turning_shows_the_page_and_tells_once(qtbot: QtBot) -> None:
    places = made(qtbot)
    told: list[str] = []
    shown: list[None] = []
    places.turned.connect(told.append)
    places.on("two", lambda: shown.append(None))
    assert places.current == "one"
    places.actions_[1].trigger()
    places.turn_to("two")
    places.turn_to("nowhere")
    assert (told, len(shown), places.current) == (["two"], 1, "two")
    assert isinstance(page := places.stack.currentWidget(), QLabel)
    assert page.text() == "2"


def test_the_page_is_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    before = made(qtbot)
    before.turn_to("two")
    before.remember(settings)
    after = made(qtbot)
    after.recall(settings)
    assert after.current == "two"


def test_out_of_sight_nothing_acts_on_hits_and_asking_leads_back(
    window: MainWindow, search: Callable[[str], None], backend: Any, make_hit: Any
) -> None:
    window.places.add("other", "Other", "folder", QLabel("else"))
    backend.hits = (make_hit(),)
    search("dog")
    assert window.actions_.copy.isEnabled()
    window.places.turn_to("other")
    assert not window.actions_.copy.isEnabled()
    assert not window.actions_.clear.isEnabled()
    search("cat")
    assert window.places.current == SEARCH
    assert window.actions_.copy.isEnabled()
    assert window.actions_.clear.isEnabled()
    assert window.model.rowCount() == 1
