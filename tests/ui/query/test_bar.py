from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from pytestqt.qtbot import QtBot

from search.errors import QuerySyntaxError
from search.parser import parse
from search.query import And, Like
from ui.query.bar import QueryBar
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
    assert got == [Asked("", DOG)]
    assert bar.chip.isVisible()
    assert "my dog" in bar.chip.accessibleName()
    qtbot.keyClicks(bar.field, "on the beach")
    qtbot.waitUntil(lambda: got[-1] == Asked("on the beach", DOG))
    qtbot.mouseClick(bar.chip.clear_button, Qt.MouseButton.LeftButton)
    assert got[-1] == Asked("on the beach")
    assert not bar.chip.isVisible()


def test_the_chip_shows_the_picture(bar: QueryBar) -> None:
    bar.search_like(DOG)
    red = QPixmap(80, 60)
    red.fill(Qt.GlobalColor.red)
    bar.show_image(red)
    image = bar.chip.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert "#ff0000" in colors
    bar.show_image(QPixmap())


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
    assert bar.chip.clear_button.accessibleName()


def test_paste_is_handed_to_the_window(bar: QueryBar, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("words")
    with qtbot.waitSignal(bar.paste_wanted):
        qtbot.keyClick(bar.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert bar.field.text() == ""


NAMES = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\ufeff"), min_size=1)


@given(name=NAMES.map(str.strip).filter(bool))
def test_any_path_becomes_a_query_that_means_it(name: str) -> None:
    reference = Reference(Path(name), "label", page=3)
    try:
        root = parse(Asked("car OR boat", reference).query).root
    except QuerySyntaxError:
        assert not name.isprintable()
        return
    assert isinstance(root, And)
    assert isinstance(root.parts[0], Like)
    assert (root.parts[0].path, root.parts[0].page) == (str(Path(name)), 3)


@pytest.mark.parametrize(
    ("words", "picture", "bad", "span"),
    [
        ("a tpye:b", None, "tpye", (2, 6)),
        ("a tpye:b", DOG, "tpye", (2, 6)),
        ("abc", DOG, "like:", (0, 1)),
        ("", DOG, "like:", (0, 0)),
        ("(abc", None, "(", (0, 1)),
    ],
)
def test_an_error_in_the_query_is_found_in_the_words(
    words: str, picture: Reference | None, bad: str, span: tuple[int, int]
) -> None:
    asked = Asked(words, picture)
    start = asked.query.index(bad)
    assert asked.span(start, start + len(bad)) == span


def test_an_error_behind_the_words_points_at_their_end() -> None:
    asked = Asked("abc", DOG)
    assert asked.span(len(asked.query), len(asked.query) + 1) == (2, 3)
