from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from search.errors import QuerySyntaxError
from search.parser import parse
from ui.language import SOURCE, use
from ui.query.bar import QueryBar
from ui.query.field import characters, units
from ui.query.text import Asked, Reference

DOG = Reference(Path("/pictures/my dog.jpg").absolute(), "my dog.jpg")


@pytest.fixture
def bar(qtbot: QtBot) -> QueryBar:
    bar = QueryBar(delay_ms=30)
    qtbot.addWidget(bar)
    bar.resize(500, 40)
    bar.show()
    qtbot.waitExposed(bar)
    return bar


def heard(bar: QueryBar) -> list[Asked]:
    got: list[Asked] = []
    bar.asked.connect(got.append)
    return got


def red_columns(bar: QueryBar) -> list[int]:
    image = bar.field.grab().toImage()

    def red(x: int, y: int) -> bool:
        color = image.pixelColor(x, y)
        return color.red() > color.green() + 60 and color.red() > color.blue() + 60

    return [x for x in range(image.width()) if any(red(x, y) for y in range(image.height()))]


def test_typing_asks_once_after_a_pause(bar: QueryBar, qtbot: QtBot) -> None:
    got = heard(bar)
    qtbot.keyClicks(bar.field, "red car")
    assert got == []
    qtbot.waitUntil(lambda: got == [Asked("red car")])
    qtbot.wait(60)
    assert len(got) == 1


def test_what_cannot_be_read_yet_is_underlined_and_asked_later(bar: QueryBar, qtbot: QtBot) -> None:
    got = heard(bar)
    qtbot.keyClicks(bar.field, "car person:")
    qtbot.waitUntil(lambda: bar.field.toolTip().startswith("person: has no value"))
    assert red_columns(bar)
    assert got == []
    qtbot.waitUntil(lambda: got == [Asked("car person:")])


def test_enter_asks_at_once_and_again(bar: QueryBar, qtbot: QtBot) -> None:
    got = heard(bar)
    qtbot.keyClicks(bar.field, "boat")
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert got == [Asked("boat")]
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert got == [Asked("boat"), Asked("boat")]


def test_a_blank_at_the_end_is_no_new_question(bar: QueryBar, qtbot: QtBot) -> None:
    got = heard(bar)
    bar.set_words("boat")
    qtbot.keyClicks(bar.field, " ")
    qtbot.wait(60)
    assert got == [Asked("boat")]


def test_emptying_the_field_is_heard_at_once(bar: QueryBar) -> None:
    bar.set_words("boat")
    got = heard(bar)
    bar.field.clear()
    assert got == [Asked()]


def test_a_picture_begins_a_new_question_and_words_narrow_it(bar: QueryBar, qtbot: QtBot) -> None:
    bar.set_words("boat")
    got = heard(bar)
    bar.search_like(DOG)
    assert got[-1].words == 'like:@"my dog.jpg"'
    assert got[-1].query == f'like:@"{DOG.path}"'
    qtbot.keyClicks(bar.field, "but in snow")
    qtbot.waitUntil(lambda: got[-1].query == f'like:@"{DOG.path}" but in snow')


def test_whole_paths_go_by_short_names(bar: QueryBar) -> None:
    got = heard(bar)
    bar.set_words(f'like:@"{DOG.path}"#2 type:pdf')
    assert bar.field.text() == 'like:@"my dog.jpg"#2 type:pdf'
    assert got[-1].query == f'like:@"{DOG.path}"#2 type:pdf'


def test_whether_to_repair_holds_until_the_text_changes(bar: QueryBar) -> None:
    got = heard(bar)
    bar.search_like(DOG)
    bar.set_fixing("off")
    assert got[-1].fixing == "off"
    bar.set_words("boat")
    assert got[-1].fixing == "auto"


def test_clear_asks_nothing(bar: QueryBar) -> None:
    bar.search_like(DOG)
    bar.field.setText("x")
    bar.clear()
    assert bar.current == Asked()


def test_an_error_is_underlined_where_it_is_until_the_text_changes(bar: QueryBar, qtbot: QtBot) -> None:
    words = "red car tpye:pdf"
    bar.set_words(words)
    assert red_columns(bar) == []
    bar.show_error(bar.current, 8, 16)
    columns = red_columns(bar)
    assert columns
    before = bar.field.fontMetrics().horizontalAdvance("red car ")
    assert min(columns) > before
    assert bar.field.text() == words
    qtbot.keyClick(bar.field, Qt.Key.Key_Home)
    assert red_columns(bar)
    qtbot.keyClicks(bar.field, "a")
    assert red_columns(bar) == []


def test_an_error_of_an_older_question_is_not_shown(bar: QueryBar) -> None:
    bar.set_words("one")
    older = bar.current
    bar.set_words("two")
    bar.show_error(older, 0, 3)
    assert red_columns(bar) == []


def test_the_placeholder_and_names_help(bar: QueryBar) -> None:
    assert bar.field.accessibleName() == "Query"
    assert "drop a picture" in bar.field.placeholderText()


def test_paste_is_handed_to_the_window(bar: QueryBar, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("words")
    with qtbot.waitSignal(bar.paste_wanted):
        qtbot.keyClick(bar.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert bar.field.text() == ""


@pytest.mark.parametrize(
    ("words", "bad"),
    [
        ('red "a (b', '"a (b'),
        ("𝄞𝄞𝄞 tpye:pdf", "tpye:pdf"),
        ('"𝄞 car" date:someday', "date:someday"),
        ("  (car", "("),
    ],
)
def test_an_error_inside_quotes_or_behind_rare_letters_is_underlined_in_its_place(
    bar: QueryBar, words: str, bad: str
) -> None:
    bar.field.setText(words)
    with pytest.raises(QuerySyntaxError) as error:
        parse(words.strip())
    bar.show_error(bar.current, error.value.start, error.value.end, str(error.value))
    assert words.strip()[error.value.start : error.value.end] == bad
    columns = red_columns(bar)
    metrics = bar.field.fontMetrics()
    left = metrics.horizontalAdvance(words[: words.index(bad)])
    assert left < min(columns) < left + 40
    assert max(columns) - min(columns) <= metrics.horizontalAdvance(bad) + 3
    assert bar.field.toolTip() == str(error.value)
    bar.field.setText("fine")
    assert bar.field.toolTip() == ""


@given(text=st.text(max_size=12), at=st.integers(0, 12))
def test_places_are_counted_as_qt_counts_them_and_back(text: str, at: int) -> None:
    at = min(at, len(text))
    assert characters(text, units(text, at)) == at


def test_why_something_is_underlined_is_said_in_the_language_of_the_window(
    bar: QueryBar, qtbot: QtBot
) -> None:
    use("de")
    try:
        qtbot.keyClicks(bar.field, "(car")
        qtbot.waitUntil(lambda: bar.field.toolTip().startswith("Diese Klammer ist nicht geschlossen."))
    finally:
        use(SOURCE)
