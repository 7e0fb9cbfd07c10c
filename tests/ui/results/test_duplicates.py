from collections.abc import Callable
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from search.records import Hit
from ui.main_window import MainWindow
from ui.results.backend import Alike

MakeHit = Callable[..., Hit]


@pytest.fixture
def twice(backend: Any, make_hit: MakeHit) -> None:
    first = tuple(make_hit(name, text="same bytes") for name in ("best.jpg", "copy.jpg", "copy 2.jpg"))
    backend.twice = (
        Alike("Same bytes", 2_000_000, first),
        Alike("Copies", 1000, (make_hit("x/large.jpg"), make_hit("x/small.jpg"))),
    )


def said(window: MainWindow) -> str:
    return window.problem.label.text()


def selected(window: MainWindow) -> list[str]:
    return [hit.file.name for hit in window.view.results.selected_hits()]


def test_groups_are_shown_and_all_but_the_best_can_be_selected(
    twice: None, window: MainWindow, qtbot: QtBot
) -> None:
    duplicates = window.results.twice
    assert not duplicates.rest.isEnabled()
    duplicates.find.trigger()
    qtbot.waitUntil(lambda: window.view.page is window.view.results)
    rows = [window.model.index(row).data() for row in range(window.model.rowCount())]
    assert rows == ["Same bytes", "best.jpg", "copy.jpg", "copy 2.jpg", "Copies", "large.jpg", "small.jpg"]
    assert said(window) == "2 groups of files that are alike; all but the best of each take 2.0 MB."
    assert duplicates.rest.isEnabled()
    window.problem.button.click()
    assert selected(window) == ["copy.jpg", "copy 2.jpg", "small.jpg"]
    window.view.choices.groupings.actions()[2].trigger()
    assert window.model.rowCount() == 7


def test_those_of_one_file_alone(
    twice: None, window: MainWindow, backend: Any, make_hit: MakeHit, search: Any, qtbot: QtBot
) -> None:
    backend.hits = (make_hit("x/small.jpg"), make_hit("alone.jpg"))
    search("dog")
    window.results.twice.of_this.trigger()
    qtbot.waitUntil(lambda: window.model.rowCount() == 3)
    search("cat")
    assert window.model.headings() == []
    assert not window.results.twice.rest.isEnabled()
    window.view.results.select_row(1)
    window.results.twice.of_this.trigger()
    qtbot.waitUntil(lambda: said(window) == "There is no duplicate of this file.")
    assert window.model.rowCount() == 2


def test_nothing_is_there_twice(window: MainWindow, qtbot: QtBot) -> None:
    window.results.twice.find.trigger()
    qtbot.waitUntil(lambda: said(window) == "Nothing is there twice.")
