from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.query.editors import KindEditor, TextEditor
from ui.query.language import PREFIXES
from ui.query.popup import JOINS, AddPopup


def entries(menu: QMenu) -> list[QAction]:
    """All entries of a menu and the menus in it."""
    found: list[QAction] = []
    for action in menu.actions():
        inner = action.menu()
        found += entries(inner) if isinstance(inner, QMenu) else [action]
    return found


def fill(popup: AddPopup, text: str, join: str = "and") -> None:
    assert isinstance(popup.editor, TextEditor)
    popup.editor.line.setText(text)
    popup.join.setCurrentIndex([name for name, _ in JOINS].index(join))
    popup.done.click()


def test_everything_but_files_can_be_added_by_mouse(window: MainWindow, qtbot: QtBot) -> None:
    found = entries(window.area.commands.add_menu)
    assert len(found) == len(PREFIXES) + 1 - len(("like", "face", "clip"))
    for action in found:
        action.trigger()
        popup = window.findChildren(AddPopup)[-1]
        assert popup.accessibleName()
        popup.leave()


@pytest.mark.parametrize(
    ("join", "after"),
    [
        ("and", "said:hello person:Ada"),
        ("or", "said:hello OR person:Ada"),
        ("but not", "said:hello -person:Ada"),
        ("in the same moment", "SAME moment (said:hello person:Ada)"),
        ("on the same page", "SAME page (said:hello person:Ada)"),
        ("in one or two places of a file", "SAME pair (said:hello person:Ada)"),
        ("in the same file", "SAME file (said:hello person:Ada)"),
        ("in the same folder", "SAME folder (said:hello person:Ada)"),
        ("then, within …", "said:hello THEN person:Ada WITHIN 20s"),
        ("then, any time after", "said:hello THEN person:Ada"),
    ],
)
def test_each_operator_can_be_reached_by_mouse(
    window: MainWindow, backend: Any, qtbot: QtBot, join: str, after: str
) -> None:
    window.query.set_words("said:hello")
    fill(window.area.builder.open("person"), "Ada", join)
    assert window.query.field.text() == after
    qtbot.waitUntil(lambda: [one.query for one in backend.requests][-1:] == [after])


def test_the_first_part_needs_no_operator(window: MainWindow) -> None:
    popup = window.area.builder.open("")
    assert not popup.join.isVisible()
    fill(popup, 'annual "report"')
    assert window.query.field.text() == '"annual ""report"""'


def test_kinds_are_ticked(window: MainWindow, qtbot: QtBot) -> None:
    popup = window.area.builder.open("type")
    assert isinstance(popup.editor, KindEditor)
    popup.done.click()
    assert "nothing to look for" in popup.trouble.text()
    popup.editor.boxes["video"].setChecked(True)
    popup.editor.boxes["pdf"].setChecked(True)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert window.query.field.text() == "type:pdf,video"


def test_what_makes_no_sense_together_is_said(window: MainWindow) -> None:
    window.query.set_words("type:pdf")
    popup = window.area.builder.open("said")
    fill(popup, "hello", "then, any time after")
    assert "no place or time" in popup.trouble.text()
    assert window.query.field.text() == "type:pdf"


def test_a_query_that_cannot_be_read_is_left_alone(window: MainWindow) -> None:
    window.query.field.setText('red "car')
    popup = window.area.builder.open("person")
    fill(popup, "Ada")
    assert "not closed" in popup.trouble.text()
    assert window.query.field.text() == 'red "car'
