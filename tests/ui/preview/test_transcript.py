import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from search.pieces import Inside, Piece
from search.records import TimeSpan
from ui.preview.transcript import Transcript

SAID = Inside(
    tuple(
        Piece("speech", TimeSpan(10.0 * n, 10.0 * n + 8), text)
        for n, text in enumerate(
            ["Good morning.", "The boat\nis late.", "Where is the harbour?", "The boat!"]
        )
    )
)


@pytest.fixture
def transcript(qtbot: QtBot) -> Transcript:
    made = Transcript()
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show_inside(SAID, ["boat"])
    made.show()
    return made


def marked(transcript: Transcript) -> list[str]:
    selections = transcript.text.extraSelections()
    return [one.cursor.selectedText() for one in selections]  # type: ignore[attr-defined]


def test_every_sentence_has_a_line_with_its_time(transcript: Transcript) -> None:
    lines = transcript.text.toPlainText().splitlines()
    assert lines[:2] == ["0:00  Good morning.", "0:10  The boat is late."]
    assert not transcript.is_empty


def test_searched_words_are_marked(transcript: Transcript) -> None:
    assert marked(transcript) == ["boat", "boat"]


def test_the_sentence_that_is_said_now_is_marked(transcript: Transcript) -> None:
    transcript.show_position(21.0, follow=True)
    assert marked(transcript)[0] == "0:20  Where is the harbour?"
    transcript.show_position(0.0, follow=True)
    assert marked(transcript)[0] == "0:00  Good morning."


def test_a_click_goes_to_the_second(transcript: Transcript, qtbot: QtBot) -> None:
    block = transcript.text.document().findBlockByNumber(2)
    place = transcript.text.blockBoundingGeometry(block).center().toPoint()
    with qtbot.waitSignal(transcript.sought) as sought:
        qtbot.mouseClick(transcript.text.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert sought.args == [20.0]


def test_enter_on_a_line_goes_to_the_second(transcript: Transcript, qtbot: QtBot) -> None:
    with qtbot.waitSignal(transcript.sought) as sought:
        qtbot.keyClick(transcript.text, Qt.Key.Key_Return)
    assert sought.args == [0.0]


def test_searching_inside_counts_and_enter_goes_on(transcript: Transcript, qtbot: QtBot) -> None:
    sought: list[float] = []
    transcript.sought.connect(sought.append)
    qtbot.keyClicks(transcript.field, "BOAT")
    assert transcript.found.text() == "2"
    assert sought == []
    for _ in range(2):
        qtbot.keyClick(transcript.field, Qt.Key.Key_Return)
    assert sought == [30.0, 10.0]
    transcript.field.setText("nobody says this (")
    assert transcript.found.text() == "0"
    qtbot.keyClick(transcript.field, Qt.Key.Key_Return)
    assert sought == [30.0, 10.0]


def test_it_offers_the_three_forms(transcript: Transcript, qtbot: QtBot) -> None:
    menu = transcript.keep.menu()
    assert menu is not None
    with qtbot.waitSignal(transcript.export_wanted) as wanted:
        menu.actions()[1].trigger()
    assert wanted.args == ["vtt"]


def test_nothing_said_is_nothing(transcript: Transcript) -> None:
    transcript.show_inside(Inside(), [])
    assert transcript.is_empty
    transcript.show_position(3.0, follow=True)
    assert marked(transcript) == []
