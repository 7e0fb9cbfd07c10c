from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from search.errors import ModelError
from search.records import Suggestion
from ui.main_window import MainWindow
from ui.query.history import KEEP, History
from ui.query.language import PREFIXES, hints
from ui.query.suggestions import Entry

ADA = Suggestion("red person:Ada", "person")
TAG = Suggestion("red tag:ada", "tag", 1234)
WORD = Suggestion("red adamant", "word", 3)


def told(window: MainWindow) -> list[tuple[str, str]]:
    return [(entry.shown, entry.note) for entry in window.area.completion.list.entries]


@pytest.fixture
def typed(window: MainWindow, backend: Any, qtbot: QtBot) -> MainWindow:
    """A window in which "red ada" was typed and suggestions are shown."""
    backend.suggestions = (ADA, TAG, WORD)
    window.activateWindow()
    window.query.field.setFocus()
    qtbot.keyClicks(window.query.field, "red ada")
    qtbot.waitUntil(lambda: window.area.completion.list.isVisible() and backend.typed[-1] == "red ada")
    return window


def test_what_is_new_is_shown_with_what_it_is(typed: MainWindow) -> None:
    assert told(typed) == [("person:Ada", "Person"), ("tag:ada", "Tag · 1,234"), ("adamant", "3 ×")]
    assert typed.area.completion.list.chosen is None
    assert typed.query.field.hasFocus()
    field = typed.query.field
    assert typed.area.completion.list.y() >= field.mapTo(typed, field.rect().bottomLeft()).y()


def test_enter_is_not_stolen_while_nothing_is_chosen(typed: MainWindow, backend: Any, qtbot: QtBot) -> None:
    qtbot.keyClick(typed.query.field, Qt.Key.Key_Return)
    assert typed.query.field.text() == "red ada"
    assert not typed.area.completion.list.isVisible()
    qtbot.waitUntil(lambda: [one.query for one in backend.requests][-1:] == ["red ada"])


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
def test_down_chooses_and_enter_or_tab_takes(
    typed: MainWindow, backend: Any, qtbot: QtBot, key: Qt.Key
) -> None:
    qtbot.keyClick(typed.query.field, Qt.Key.Key_Down)
    qtbot.keyClick(typed.query.field, key)
    assert typed.query.field.text() == "red person:Ada "
    assert typed.query.field.hasFocus()
    qtbot.waitUntil(lambda: [one.query for one in backend.requests][-1:] == ["red person:Ada"])


def test_up_goes_round_and_escape_only_hides(typed: MainWindow, qtbot: QtBot) -> None:
    field, shown = typed.query.field, typed.area.completion.list
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert shown.chosen == Entry("red adamant", "adamant", "3 ×")
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert shown.chosen is None
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not shown.isVisible()
    assert field.text() == "red ada"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_a_click_takes(typed: MainWindow, qtbot: QtBot) -> None:
    shown = typed.area.completion.list
    place = shown.visualRect(shown.model().index(1, 0)).center()
    qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert typed.query.field.text() == "red tag:ada "


def test_what_stands_behind_the_cursor_stays(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    backend.suggestions = (Suggestion("𝄞 person:Ada", "person"),)
    window.activateWindow()
    window.query.field.setText("𝄞  type:pdf")
    window.query.field.setFocus()
    window.query.field.setCursorPosition(3)
    qtbot.keyClicks(window.query.field, "ad")
    qtbot.waitUntil(window.area.completion.list.isVisible)
    assert backend.typed[-1] == "𝄞 ad"
    window.area.completion.take(window.area.completion.list.entries[0])
    assert window.query.field.text() == "𝄞 person:Ada type:pdf"
    assert window.query.field.cursorPosition() == len("𝄞 person:Ada ") + 1


def test_prefixes_are_explained_and_lead_to_their_values(
    window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    window.activateWindow()
    window.query.field.setFocus()
    qtbot.keyClicks(window.query.field, "a typ")
    qtbot.waitUntil(window.area.completion.list.isVisible)
    assert told(window)[0][0] == "type:"
    assert "videos" in told(window)[0][1]
    qtbot.keyClick(window.query.field, Qt.Key.Key_Down)
    qtbot.keyClick(window.query.field, Qt.Key.Key_Return)
    assert window.query.field.text() == "a type:"
    qtbot.waitUntil(lambda: ("type:pdf", "PDFs") in told(window))
    assert backend.typed[-1] == "a type:"


def test_when_nothing_can_be_suggested_the_language_still_is(
    window: MainWindow, backend: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(text: str, limit: int) -> list[Suggestion]:
        raise ModelError("no")

    monkeypatch.setattr(backend, "suggest", refuse)
    window.activateWindow()
    window.query.field.setFocus()
    qtbot.keyClicks(window.query.field, "cam")
    qtbot.waitUntil(window.area.completion.list.isVisible)
    assert told(window)[0][0] == "camera:"


def test_the_prefixes_are_those_of_the_language() -> None:
    from search import prefixes

    assert {one.name for one in PREFIXES} == set(prefixes.known())
    assert hints("") == ()
    assert hints("film") == ()
    assert [one.name for one in hints("kind")] == ["type"]


# ---- what was asked before


def test_up_in_an_empty_field_shows_what_was_asked(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    window.activateWindow()
    window.query.field.setFocus()
    for words in ("boat", "car"):
        window.query.set_words(words)
        qtbot.keyClick(window.query.field, Qt.Key.Key_Return)
    window.query.clear()
    qtbot.keyClick(window.query.field, Qt.Key.Key_Up)
    assert [shown for shown, _ in told(window)] == ["car", "boat", "Forget these queries"]
    qtbot.keyClick(window.query.field, Qt.Key.Key_Down)
    qtbot.keyClick(window.query.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [one.query for one in backend.requests][-1:] == ["car"])
    window.area.completion.show_history()
    window.area.completion.take(window.area.completion.list.entries[-1])
    assert window.area.history.queries == ()


def test_files_in_what_was_asked_go_by_short_names(window: MainWindow) -> None:
    path = Path("/pictures/dog.jpg").absolute()
    window.area.history.add(f'like:@"{path}" snow')
    window.area.completion.show_history()
    assert told(window)[0][0] == 'like:@"dog.jpg" snow'
    window.area.completion.take(window.area.completion.list.entries[0])
    assert window.query.field.text() == 'like:@"dog.jpg" snow '
    assert window.query.current.query == f'like:@"{path}" snow'


def test_history_is_kept_in_the_settings_unless_it_is_not_wanted(tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat)
    history = History(settings)
    for query in ("a", 'say "hi", you', "a", ""):
        history.add(query)
    assert history.queries == ("a", 'say "hi", you')
    settings.sync()
    again = QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat)
    assert History(again).queries == ("a", 'say "hi", you')
    again.setValue(KEEP, False)
    quiet = History(again)
    quiet.add("b")
    assert quiet.queries == ()
    again.setValue(KEEP, True)
    assert quiet.queries == ("a", 'say "hi", you')
    quiet.forget()
    assert History(again).queries == ()
    again.setValue("history/queries", "{broken")
    assert History(again).queries == ()


def test_pictures_that_were_only_pasted_are_not_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    history = History()
    history.add(f'like:@"{tmp_path}/crossfind-x/picture-1.png"')
    assert history.queries == ()
