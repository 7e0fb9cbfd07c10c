from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from search.parser import parse
from search.records import Suggestion
from ui.main_window import MainWindow
from ui.query.chip import Chip
from ui.query.editors import ChangeEditor, DateEditor, KindEditor, LengthEditor, StarsEditor, TextEditor
from ui.query.parts import Shown, Sign, items
from ui.query.popup import EditPopup


def chips(window: MainWindow) -> list[str]:
    shown = [chip.shown for chip in window.area.chips.chips]
    return [" ".join(filter(None, ("not" * one.negated, one.title, one.value))) for one in shown]


def popup(window: MainWindow) -> EditPopup:
    found = [one for one in window.findChildren(EditPopup) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def open_editor(window: MainWindow, qtbot: QtBot, number: int = 0) -> Any:
    qtbot.mouseClick(window.area.chips.chips[number], Qt.MouseButton.LeftButton)
    return popup(window).editor


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("red car", []),
        ("red person:Ada type:photo,pdf", ["Person Ada", "Kind Pictures, PDFs"]),
        ("-tag:x NOT in:Holidays", ["not Tag x", "not Folder Holidays"]),
        ('"two words" said:hi', ["Exactly “two words”", "Said hi"]),
        ("date:2024-05 rating:>=4 duration:>90s", ["Date May 2024", "Stars 4 – 5 ★", "Length from 1:30 on"]),
        ("a OR person:Ada", ["a", "or", "Person Ada"]),
        ("said:a THEN sound:b WITHIN 20s", ["Said a", "then within 20 s", "Sound b"]),
        (
            "SAME moment (said:a (tag:b OR c))",
            ["in the same moment:", "(", "Said a", "and", "(", "Tag b", "or", "c", ")", ")"],
        ),
        ("-(a OR b)", ["not", "(", "a", "or", "b", ")"]),
        ('like:@"/x/a.jpg"#3[0,0,1,0.5] but "in snow"', ["Like a.jpg, p. 3, a part of it, but in snow"]),
        ("like:@a.jpg + snow - people", ["Like a.jpg + snow − people"]),
        ("near:51.5,-0.12,10km only:\"Ada, Bo\"", ["Near 51.5, -0.12, 10 km", "Only Ada, Bo"]),
    ],
)  # fmt: skip
def test_what_is_shown_of_a_query(text: str, shown: list[str]) -> None:
    def told(item: Shown | Sign) -> str:
        if isinstance(item, Sign):
            return item.text
        return " ".join(filter(None, ("not" * item.negated, item.title, item.value)))

    assert [told(item) for item in items(parse(text).root)] == shown


def test_typing_makes_chips_and_chips_follow_the_text(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(window.query.field, "red person:Ada -type:pdf")
    assert chips(window) == ["Person Ada", "not Kind PDFs"]
    assert window.area.chips.isVisible()
    qtbot.keyClicks(window.query.field, " tag:")
    assert not window.area.chips.isEnabled()
    qtbot.keyClicks(window.query.field, "x")
    assert window.area.chips.isEnabled()
    assert chips(window)[-1] == "Tag x"
    window.query.clear()
    assert not window.area.chips.isVisible()


def test_the_cross_takes_a_part_out(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    window.query.set_words("red  person:Ada  car")
    chip = window.area.chips.chips[0]
    qtbot.mouseClick(chip.clear_button, Qt.MouseButton.LeftButton)
    assert window.query.field.text() == "red car"
    qtbot.waitUntil(lambda: backend.last_query == "red car")


def test_chips_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    window.query.set_words("person:Ada tag:b")
    first = window.area.chips.chips[0]
    first.setFocus()
    qtbot.keyClick(first, Qt.Key.Key_N)
    assert window.query.field.text() == "-person:Ada tag:b"
    first = window.area.chips.chips[0]
    assert first.hasFocus()
    assert first.property("negated") is True
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert window.area.chips.chips[1].hasFocus()
    qtbot.keyClick(window.area.chips.chips[1], Qt.Key.Key_Delete)
    assert window.query.field.text() == "-person:Ada"
    qtbot.keyClick(window.area.chips.chips[0], Qt.Key.Key_Return)
    assert isinstance(popup(window).editor, TextEditor)
    qtbot.keyClick(popup(window), Qt.Key.Key_Escape)


def test_a_name_is_changed_by_typing_or_choosing(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    backend.suggestions = (Suggestion('person:"Grace H"', "person"), Suggestion("x", "word"))
    window.query.set_words("red person:Ada^2 OR blue")
    editor = open_editor(window, qtbot)
    assert isinstance(editor, TextEditor)
    qtbot.waitUntil(editor.list.isVisible)
    assert backend.typed[-1] == "person:"
    editor.line.setText("Bo")
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert window.query.field.text() == "red person:Bo^2 OR blue"
    editor = open_editor(window, qtbot)
    qtbot.waitUntil(editor.list.isVisible)
    index = editor.list.model().index(0, 0)
    qtbot.mouseClick(
        editor.list.viewport(), Qt.MouseButton.LeftButton, pos=editor.list.visualRect(index).center()
    )
    assert window.query.field.text() == 'red person:"Grace H"^2 OR blue'


def fill_dates(editor: DateEditor) -> None:
    editor.to.setChecked(False)


def fill_kinds(editor: KindEditor) -> None:
    editor.boxes["video"].setChecked(True)


def fill_stars(editor: StarsEditor) -> None:
    editor.most.setValue(4)


def fill_length(editor: LengthEditor) -> None:
    editor.most.setText("5m")


def fill_change(editor: ChangeEditor) -> None:
    editor.keep.own.setChecked(True)
    editor.keep.slider.setValue(30)
    editor.without.setText("people")


@pytest.mark.parametrize(
    ("text", "fill", "after"),
    [
        ("x date:2024-05-02..2025", fill_dates, "x date:2024-05-02.."),
        ("type:pdf x", fill_kinds, "type:pdf,video x"),
        ("rating:4..5", fill_stars, "rating:4"),
        ("duration:>60s", fill_length, "duration:60.0s..300.0s"),
        (
            "like:@a.jpg but snow type:pdf",
            fill_change,
            'like:@"a.jpg" but "snow" but not "people" keep:0.3 type:pdf',
        ),
    ],
)
def test_each_kind_of_part_has_its_form(
    window: MainWindow, qtbot: QtBot, text: str, fill: Callable[[Any], None], after: str
) -> None:
    window.query.set_words(text)
    fill(open_editor(window, qtbot))
    qtbot.mouseClick(popup(window).done, Qt.MouseButton.LeftButton)
    assert window.query.field.text() == after


def test_not_in_the_form_and_what_is_wrong_is_said(window: MainWindow, qtbot: QtBot) -> None:
    window.query.set_words("red said:hello")
    editor = open_editor(window, qtbot)
    editor.line.setText("")
    qtbot.keyClick(editor.line, Qt.Key.Key_Return)
    assert "nothing to look for" in popup(window).trouble.text()
    editor.line.setText("good bye")
    popup(window).negated.setChecked(True)
    qtbot.mouseClick(popup(window).done, Qt.MouseButton.LeftButton)
    assert window.query.field.text() == 'red -said:"good bye"'


def test_what_cannot_be_left_is_explained(window: MainWindow, qtbot: QtBot) -> None:
    window.query.set_words("SAME moment (said:a type:pdf)")
    qtbot.mouseClick(window.area.chips.chips[0].clear_button, Qt.MouseButton.LeftButton)
    assert "no place or time" in window.problem.label.text()
    assert window.query.field.text() == "SAME moment (said:a type:pdf)"


def test_a_chip_shows_the_picture(
    window: MainWindow, make_picture: Callable[..., Path], qtbot: QtBot
) -> None:
    path = make_picture("red.png", color="#ff0000")
    window.query.set_words(f'like:@"{path}"')

    def has_red() -> bool:
        image = window.area.chips.chips[0].grab().toImage()
        colors = {image.pixelColor(x, y).name() for x in range(40) for y in range(image.height())}
        return "#ff0000" in colors

    qtbot.waitUntil(has_red)


def test_chips_wrap_and_are_named(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(560, 500)
    window.query.set_words(" ".join(f"tag:number{n}" for n in range(12)))
    qtbot.waitUntil(lambda: window.area.chips.chips[-1].y() > window.area.chips.chips[0].y())
    for chip in window.findChildren(Chip):
        assert chip.accessibleName()
        assert chip.geometry().right() <= window.area.chips.width()


def test_a_form_closes_by_escape_or_a_click_elsewhere(window: MainWindow, qtbot: QtBot) -> None:
    window.query.set_words("person:Ada")
    editor = open_editor(window, qtbot)
    qtbot.waitUntil(editor.line.hasFocus)
    qtbot.keyClick(editor.line, Qt.Key.Key_Escape)
    assert window.query.field.text() == "person:Ada"
    qtbot.waitUntil(lambda: window.findChildren(EditPopup) == [])
    open_editor(window, qtbot)
    qtbot.mouseClick(window.query.field, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.findChildren(EditPopup) == [])
