"""The settings: every field has an editor, what is chosen is saved, and what fails is said."""

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence, QPalette
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from search.errors import LibraryBusyError
from ui.backend import LibraryState
from ui.main_window import MainWindow
from ui.settings.backend import FolderRules, Learnable, LibraryFacts, Preferences
from ui.settings.dialog import SettingsDialog

FACTS = LibraryFacts(
    Path("/library"),
    5_000_000,
    (FolderRules(Path("/pictures"), ("*.tmp",)), FolderRules(Path("/usb"), (), False)),
    (
        Learnable("pictures", True, ("image",)),
        Learnable("faces", True, ("image",)),
        Learnable("x-rays", False, ()),
    ),
    63,
)


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def opened(qtbot: QtBot, backend: Any, settings: QSettings) -> MainWindow:
    """A window whose settings are open and filled."""
    backend.facts = FACTS
    window = MainWindow(backend, settings)
    qtbot.addWidget(window)
    window.show()
    window.actions_.settings.trigger()
    qtbot.waitUntil(lambda: dialog(window).library.folders.topLevelItemCount() == 2)
    return window


def dialog(window: MainWindow) -> SettingsDialog:
    found = window.around.settings.dialog
    assert found is not None
    return found


def agree(qtbot: QtBot, parent: Any, words: str) -> None:
    """Press a button of the question that is shown."""
    (box,) = [box for box in parent.findChildren(QMessageBox) if box.isVisible()]
    (button,) = [b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == words]
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_every_field_can_be_edited(opened: MainWindow) -> None:
    assert dialog(opened).fields.names == {one.name for one in fields(Preferences)}


def test_what_is_in_use_is_shown_and_showing_saves_nothing(
    qtbot: QtBot, backend: Any, settings: QSettings
) -> None:
    backend.preferred = Preferences(
        profile="best", device="cuda:1", workers=3, exclude=("*.a", "b/"), effort=25, on_power=True
    )
    window = MainWindow(backend, settings)
    qtbot.addWidget(window)
    window.show()
    window.around.settings.open("running")
    running = dialog(window).running
    texts = [box.currentText() for box in running.findChildren(type(dialog(window).looks.scheme))]
    assert "cuda:1" in texts
    qtbot.waitUntil(lambda: not window.jobs.busy("settings"))
    assert backend.edits == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("profile", "fast"),
        ("effort", 30),
        ("on_power", True),
        ("device", "cpu"),
        ("service_idle_s", 60),
        ("max_text_mb", 50),
        ("time_limit", 300),
    ],
)
def test_what_is_chosen_is_saved(
    qtbot: QtBot, backend: Any, opened: MainWindow, field: str, value: object
) -> None:
    dialog(opened).fields.choose(field, value)
    qtbot.waitUntil(lambda: backend.edits == [("save", {field: value})])


def test_patterns_are_saved_when_their_field_is_left(qtbot: QtBot, backend: Any, opened: MainWindow) -> None:
    from ui.settings.fields import Lines

    box = dialog(opened).library.findChild(Lines)
    assert isinstance(box, Lines)
    box.setFocus()
    qtbot.keyClicks(box, "*.bak")
    dialog(opened).library.other.setFocus()
    qtbot.waitUntil(lambda: backend.edits == [("save", {"exclude": ("*.bak",)})])


def test_what_cannot_be_saved_is_said_and_shown_as_it_is(
    qtbot: QtBot, backend: Any, opened: MainWindow
) -> None:
    backend.settings_error = LibraryBusyError("Somebody else writes.", "Wait.")
    dialog(opened).learning.boxes["pictures"].click()
    qtbot.waitUntil(lambda: dialog(opened).notice.isVisible())
    assert dialog(opened).notice.label.text() == "Somebody else writes. Wait."
    qtbot.waitUntil(lambda: dialog(opened).learning.boxes["pictures"].isChecked())


def test_another_library_begins_anew(qtbot: QtBot, backend: Any, opened: MainWindow) -> None:
    opened.query.set_words("x")
    before, warmed = backend.status_calls, backend.warmed_up
    dialog(opened).library.switched.emit(Path("/other"))
    qtbot.waitUntil(lambda: backend.edits == [("save", {"library": "/other"})])
    qtbot.waitUntil(lambda: backend.status_calls > before and backend.warmed_up > warmed)
    assert opened.query.current.words == ""


def test_rules_of_a_folder_are_changed_and_it_is_taken_out_when_agreed(
    qtbot: QtBot, backend: Any, opened: MainWindow
) -> None:
    page = dialog(opened).library
    assert not page.forget_button.isEnabled()
    page.folders.setCurrentItem(page.folders.topLevelItem(0))
    page.rules_button.click()
    (asking,) = page.findChildren(QInputDialog)
    assert asking.textValue() == "*.tmp"
    asking.textValueSelected.emit("*.bak\n\n secret/ ")
    asking.close()
    qtbot.waitUntil(lambda: ("excludes", Path("/pictures"), ("*.bak", "secret/")) in backend.edits)
    qtbot.waitUntil(lambda: page.folders.topLevelItemCount() == 2 and not opened.jobs.busy("settings"))
    page.folders.setCurrentItem(page.folders.topLevelItem(1))
    page.forget_button.click()
    agree(qtbot, page, "Take it out")
    qtbot.waitUntil(lambda: ("forget", Path("/usb")) in backend.edits)


def test_what_is_learned_is_switched(qtbot: QtBot, backend: Any, opened: MainWindow) -> None:
    boxes = dialog(opened).learning.boxes
    assert [box.isChecked() for box in boxes.values()] == [True, True, False]
    assert boxes["x-rays"].text() == "X-rays"
    boxes["pictures"].click()
    qtbot.waitUntil(lambda: backend.edits == [("switch", "pictures", False)])


def test_what_was_learned_of_what_is_off_is_deleted_only_when_agreed(
    qtbot: QtBot, backend: Any, opened: MainWindow
) -> None:
    page = dialog(opened).learning
    page.delete_button.click()
    agree(qtbot, page, "Cancel")
    assert backend.edits == []
    page.delete_button.click()
    agree(qtbot, page, "Delete")
    qtbot.waitUntil(lambda: backend.edits == [("delete", "x-rays")])
    page.boxes["x-rays"].click()
    assert not page.delete_button.isEnabled()


def test_face_data_is_deleted_only_when_agreed(qtbot: QtBot, backend: Any, opened: MainWindow) -> None:
    page = dialog(opened).privacy
    assert page.known.text() == "63 faces are known in this library."
    opened.around.settings.open("privacy")
    page.delete_faces.click()
    agree(qtbot, page, "Cancel")
    assert backend.edits == []
    page.delete_faces.click()
    agree(qtbot, page, "Delete")
    qtbot.waitUntil(lambda: backend.edits == [("switch", "faces", False), ("delete", "faces")])


def test_the_history_can_be_switched_off_and_is_then_gone(
    opened: MainWindow, settings: QSettings, qtbot: QtBot
) -> None:
    history = opened.area.history
    history.add("a secret")
    page = dialog(opened).privacy
    assert page.history.isChecked()
    page.history.click()
    assert history.queries == ()
    page.history.click()
    history.add("later")
    assert history.queries == ("later",)
    assert "secret" not in str(settings.value("history/queries"))
    page.clear_history.click()
    assert history.queries == ()


def test_dark_and_large_text_are_followed_and_remembered(
    opened: MainWindow, settings: QSettings, qtbot: QtBot
) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    palette, font = app.palette(), app.font()
    try:
        dialog(opened).looks.chosen.emit("dark", 150)
        assert app.palette().color(QPalette.ColorRole.Window).lightness() < 100
        assert app.font().pointSizeF() == pytest.approx(font.pointSizeF() * 1.5)
        assert settings.value("appearance/scheme") == "dark"
        dialog(opened).looks.chosen.emit("light", 100)
        assert app.palette().color(QPalette.ColorRole.Window).lightness() > 150
    finally:
        dialog(opened).looks.chosen.emit("system", 100)
        app.setPalette(palette)
        app.setFont(font)


def test_keys_are_changed_conflicts_are_told_and_all_can_be_reset(
    opened: MainWindow, settings: QSettings, backend: Any, qtbot: QtBot
) -> None:
    page, actions = dialog(opened).shortcuts, opened.actions_
    page.select("weak")
    page.edit.setKeySequence(QKeySequence("Ctrl+P"))
    assert page.conflict.text().startswith("“Preview” has these keys")
    page.set_button.click()
    assert actions.weak.shortcut() == QKeySequence("Ctrl+P")
    assert actions.preview.shortcuts() == []
    again = MainWindow(backend, settings)
    qtbot.addWidget(again)
    assert again.actions_.weak.shortcut() == QKeySequence("Ctrl+P")
    assert again.actions_.preview.shortcuts() == []
    page.reset_button.click()
    assert actions.preview.shortcut() == QKeySequence("Ctrl+P")
    assert actions.weak.shortcuts() == []
    assert len(actions.find.shortcuts()) == 2
    third = MainWindow(backend, settings)
    qtbot.addWidget(third)
    assert third.actions_.preview.shortcut() == QKeySequence("Ctrl+P")


def test_everything_in_the_menus_can_have_keys(opened: MainWindow) -> None:
    listed = set(opened.around.settings.shortcuts.actions.values())
    orders = set(opened.actions_.orders.actions())
    for menu in opened.menuBar().findChildren(QMenu):
        for action in menu.actions():
            assert action.isSeparator() or action.menu() or action in listed | orders, action.text()


def test_no_two_actions_have_the_same_keys(opened: MainWindow) -> None:
    keys = [
        key.toString()
        for action in opened.around.settings.shortcuts.actions.values()
        for key in action.shortcuts()
    ]
    assert len(keys) == len(set(keys))


def test_a_broken_settings_file_is_told_and_mended_with_a_click(
    qtbot: QtBot, backend: Any, settings: QSettings
) -> None:
    backend.preferences_trouble = "/settings/config.toml cannot be read."
    window = MainWindow(backend, settings)
    qtbot.addWidget(window)
    window.show()
    assert "started with its usual settings" in window.problem.label.text()
    window.problem.button.click()
    qtbot.waitUntil(lambda: "kept as config.broken-1.toml" in window.problem.label.text())
    assert backend.edits == [("mend",)]


def test_a_library_on_a_drive_that_is_away_is_told_and_not_begun_anew(
    qtbot: QtBot, backend: Any, settings: QSettings, tmp_path: Path, window_of: Callable[[], MainWindow]
) -> None:
    place = tmp_path / "drive" / "library"
    place.mkdir(parents=True)
    backend.state = replace(backend.state, library=place)
    first = window_of()
    assert first.view.page is first.view.ready
    place.rmdir()
    backend.state = LibraryState(library=place)
    second = window_of()
    assert second.view.page is second.view.away
    assert str(place) in second.view.away.text.text()
    second.index([tmp_path])
    assert backend.indexed == []
    assert "Connect its drive" in second.problem.label.text()
    place.mkdir()
    second.view.away.buttons[0].click()
    qtbot.waitUntil(lambda: second.view.page is second.view.first_run)


@pytest.fixture
def window_of(qtbot: QtBot, backend: Any, settings: QSettings) -> Callable[[], MainWindow]:
    def make() -> MainWindow:
        window = MainWindow(backend, settings)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(lambda: window.view.page is not window.view.blank)
        return window

    return make
