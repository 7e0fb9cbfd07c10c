"""The people page over people from memory: naming, merging, putting right, and every edit in its order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSettings, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from search.errors import CrossfindError, LibraryBusyError
from search.records import Region, Whole
from ui.jobs import Jobs
from ui.main_window import MainWindow
from ui.people.backend import (
    Everybody,
    Face,
    HideFaces,
    HidePeople,
    Likeness,
    MergePeople,
    MoveFaces,
    NamePerson,
    PartPeople,
    PersonCard,
    Redo,
    RejectFaces,
    SplitFaces,
    Undo,
    UnnamePerson,
)
from ui.people.edits import Edits
from ui.people.models import WHO, CardRole
from ui.people.page import PeoplePage

ADA, GRACE, TWINS, ONCE = (
    PersonCard(3, "Ada", 9, 8, 31, "2024-01-01", "2024-05-01"),
    PersonCard(5, "Grace", 4, 4, 51),
    PersonCard(7, "", 6, 5, 71),
    PersonCard(9, "", 1, 1, 91),
)
Key = Qt.Key


def jpeg() -> bytes:
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("#aa5533"))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "JPEG")
    return bytes(data.data())


def face(number: int, typical: float | None = 0.9, quality: float = 0.5, person: int = 3) -> Face:
    place = Region(Whole(), (0.1, 0.1, 0.2, 0.2))
    return Face(number, person, Path(f"/p/{number}.jpg"), place, quality, typical)


@pytest.fixture
def backend(backend: Any) -> Any:
    backend.who = Everybody((ADA, GRACE, TWINS, ONCE), undo="Name Ada")
    backend.faces = {3: (face(31, 0.9, 0.9), face(32, 0.2, 0.8), face(33, 0.7, 0.1), face(34, None))}
    backend.portrait_jpeg = jpeg()
    return backend


@pytest.fixture
def page(qtbot: QtBot, backend: Any) -> Iterator[PeoplePage]:
    jobs = Jobs()
    made = PeoplePage(backend, jobs)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    qtbot.waitExposed(made)
    made.refresh()
    qtbot.waitUntil(lambda: made.everyone.model.rowCount() > 0)
    qtbot.waitUntil(lambda: not jobs.busy("people-alike"))
    yield made
    jobs.shutdown()
    made.shutdown()


def edits_of(qtbot: QtBot, backend: Any, count: int) -> list[Any]:
    qtbot.waitUntil(lambda: len(backend.people_edits) >= count)
    made: list[Any] = backend.people_edits
    return made


def shown(page: PeoplePage) -> list[str]:
    model = page.everyone.model
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def press(qtbot: QtBot, page: PeoplePage, keys: str) -> None:
    qtbot.keyClicks(page.everyone.cards, keys)


def test_everybody_is_shown_but_those_seen_once(page: PeoplePage) -> None:
    assert shown(page) == ["Ada", "Grace", WHO]
    page.everyone.once.setChecked(True)
    assert shown(page) == ["Ada", "Grace", WHO, WHO]
    page.everyone.filter.setText("gra")
    assert shown(page) == ["Grace"]


def test_faces_arrive_later(qtbot: QtBot, page: PeoplePage) -> None:
    index = page.everyone.model.index(0)
    qtbot.waitUntil(lambda: index.data(CardRole.PORTRAIT) is not None)
    assert index.data(CardRole.PORTRAIT).width() == 40


def test_a_name_takes_the_letters_and_enter(qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
    cards = page.everyone.cards
    cards.select([2])
    cards.setFocus()
    qtbot.keyClicks(cards, "L")
    (field,) = cards.viewport().findChildren(QLineEdit)
    assert field.text() == "L"
    qtbot.keyClicks(field, "inus")
    qtbot.keyClick(field, Key.Key_Return)
    assert edits_of(qtbot, backend, 1) == [NamePerson(7, "Linus")]
    qtbot.waitUntil(lambda: page.told.text() == "Name Ada")


def test_a_name_that_stays_as_it_is_is_no_edit(page: PeoplePage, backend: Any) -> None:
    model = page.everyone.model
    assert model.setData(model.index(0), "  Ada ")
    assert not model.setData(model.index(0), "   ")
    assert backend.people_edits == []
    assert page.edits.pending == ()


def test_after_a_name_the_next_one_has_its_turn(qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
    page.everyone.once.setChecked(True)
    page.everyone.cards.select([2])
    page.everyone.model.setData(page.everyone.model.index(2), "Linus")
    backend.who = Everybody((ADA, GRACE, PersonCard(7, "Linus", 6, 5, 71), ONCE))
    edits_of(qtbot, backend, 1)
    qtbot.waitUntil(lambda: [one.id for one in page.everyone.chosen()] == [9])


def test_m_merges_the_selected_into_the_one_with_a_name(qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
    page.everyone.cards.select([2, 1])
    press(qtbot, page, "m")
    assert edits_of(qtbot, backend, 1) == [MergePeople(5, (7,))]


def test_one_dropped_on_another_is_merged(qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
    page.everyone.cards.dropped.emit([7, 5], 0)
    assert edits_of(qtbot, backend, 1) == [MergePeople(3, (7, 5))]
    mime = page.everyone.model.mimeData([page.everyone.model.index(2)])
    assert bytes(mime.data("application/x-crossfind-people").data()) == b"7"


def test_who_does_not_matter_is_left_out(qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
    page.everyone.cards.select([2])
    qtbot.keyClick(page.everyone.cards, Key.Key_Delete)
    assert edits_of(qtbot, backend, 1) == [HidePeople((7,))]
    page.everyone.cards.select([0])
    page.everyone.unname.trigger()
    assert edits_of(qtbot, backend, 2)[1] == UnnamePerson(3)


def test_undo_says_what_it_undoes(qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
    assert page.undo.toolTip() == "Undo: Name Ada (Ctrl+Z)"
    assert not page.redo.isEnabled()
    backend.who = Everybody((ADA,), redo="Merge")
    page.undo.trigger()
    qtbot.waitUntil(page.redo.isEnabled)
    assert page.told.text() == "Undone: Name Ada"
    page.redo.trigger()
    assert edits_of(qtbot, backend, 2) == [Undo(), Redo()]


@pytest.mark.parametrize(("row", "words"), [(0, 'person:"Ada"'), (2, "person:7")])
def test_a_persons_pictures_are_searched(qtbot: QtBot, page: PeoplePage, row: int, words: str) -> None:
    page.everyone.cards.select([row])
    with qtbot.waitSignal(page.searched) as waiting:
        page.everyone.pictures.trigger()
    assert waiting.args == [words]


def test_a_name_with_quotes_is_searched(qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
    backend.who = Everybody((PersonCard(3, 'Bob "Bo" Lee', 3, 3, 31),))
    page.refresh()
    qtbot.waitUntil(lambda: shown(page) == ['Bob "Bo" Lee'])
    page.everyone.cards.select([0])
    with qtbot.waitSignal(page.searched) as waiting:
        page.everyone.pictures.trigger()
    assert waiting.args == [r'person:"Bob \"Bo\" Lee"']


class TestOnePerson:
    @pytest.fixture
    def page(self, qtbot: QtBot, page: PeoplePage) -> PeoplePage:
        page.everyone.cards.select([0])
        qtbot.keyClick(page.everyone.cards, Key.Key_Return)
        qtbot.waitUntil(lambda: page.person.model.rowCount() == 4)
        return page

    def test_the_odd_faces_come_first(self, page: PeoplePage) -> None:
        def order() -> list[int]:
            return [page.person.model.face(row).id for row in range(4)]

        assert page.person.title.text() == "Ada"
        assert order() == [32, 33, 31, 34]
        page.person.order.setCurrentIndex(1)
        assert order() == [31, 33, 32, 34]
        page.person.order.setCurrentIndex(2)
        assert order() == [31, 32, 34, 33]

    @pytest.mark.parametrize(
        ("rows", "name", "edit"),
        [
            ([0], "grace", MoveFaces((32,), 5)),
            ([0, 1], "Byron", SplitFaces(3, (32, 33), "Byron")),
            ([0, 1, 2, 3], "Augusta", NamePerson(3, "Augusta")),
        ],
    )
    def test_a_typed_name_moves_the_selected_faces(
        self, qtbot: QtBot, page: PeoplePage, backend: Any, rows: list[int], name: str, edit: Any
    ) -> None:
        page.person.cards.select(rows)
        page.person.model.setData(page.person.model.index(rows[0]), name)
        assert edits_of(qtbot, backend, 1) == [edit]

    def test_their_own_name_is_no_edit(self, page: PeoplePage, backend: Any) -> None:
        page.person.cards.select([0])
        page.person.model.setData(page.person.model.index(0), "ada")
        assert page.edits.pending == ()
        assert backend.people_edits == []

    def test_faces_are_taken_out(self, qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
        page.person.cards.select([0])
        qtbot.keyClick(page.person.cards, Key.Key_Delete)
        page.person.cards.select([0, 1])
        page.person.split.trigger()
        page.person.cards.select([2])
        page.person.hide_.trigger()
        wanted = [RejectFaces((32,)), SplitFaces(3, (32, 33)), HideFaces((31,))]
        assert edits_of(qtbot, backend, 3) == wanted

    def test_escape_leads_back(self, qtbot: QtBot, page: PeoplePage) -> None:
        qtbot.keyClick(page.person.cards, Key.Key_Escape)
        assert page.stack.currentWidget() is page.everyone

    def test_somebody_who_is_gone_is_left(self, qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
        backend.who = Everybody((GRACE,))
        page.refresh()
        qtbot.waitUntil(lambda: page.stack.currentWidget() is page.everyone)


def test_faces_left_out_can_be_put_back(qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
    backend.who = Everybody((ADA,), hidden=1)
    backend.faces[0] = (face(81, person=0),)
    page.refresh()
    qtbot.waitUntil(page.hidden.isVisible)
    assert page.hidden.text() == "Left out (1)"
    page.hidden.click()
    qtbot.waitUntil(lambda: page.person.model.rowCount() == 1)
    assert page.person.title.text() == "Left out"
    page.person.cards.select([0])
    page.person.reject.trigger()
    assert edits_of(qtbot, backend, 1) == [RejectFaces((81,))]


class TestLikeness:
    @pytest.fixture
    def page(self, qtbot: QtBot, page: PeoplePage, backend: Any) -> PeoplePage:
        backend.alike = (
            Likeness(7, 3, 0.8, face(71), face(31)),
            Likeness(9, 7, 0.5, face(91), face(71)),
            Likeness(5, 3, 0.2, face(51), face(31)),
        )
        page.refresh()
        qtbot.waitUntil(page.likeness.isVisible)
        return page

    def test_one_key_answers(self, qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
        assert page.likeness.question.text() == "Is this Ada too?"
        assert page.likeness.reason.text().startswith("80% sure")
        assert "71.jpg and 31.jpg" in page.likeness.reason.text()
        qtbot.keyClick(page.likeness, Key.Key_Y)
        assert page.likeness.question.text() == "Are these the same person?"
        qtbot.keyClick(page.likeness, Key.Key_N)
        assert page.likeness.question.text() == "Are Grace and Ada the same person?"
        assert edits_of(qtbot, backend, 2) == [MergePeople(3, (7,)), PartPeople(9, 7)]

    def test_what_is_put_off_is_not_asked_again(self, qtbot: QtBot, page: PeoplePage) -> None:
        for _ in range(3):
            qtbot.keyClick(page.likeness, Key.Key_Right)
        assert not page.likeness.isVisible()
        page.refresh()
        qtbot.waitUntil(lambda: not page._jobs.busy("people") and not page._jobs.busy("people-alike"))
        assert not page.likeness.isVisible()


def test_nobody_yet_and_switched_off_are_said(qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
    backend.who = Everybody()
    page.refresh()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.nothing)
    assert page.nothing.heading.text() == "No faces yet"
    backend.who = Everybody(off=True)
    page.refresh()
    qtbot.waitUntil(lambda: page.nothing.heading.text() == "Faces are switched off")


def test_an_edit_that_must_wait_is_kept_and_made(qtbot: QtBot, backend: Any) -> None:
    jobs = Jobs()
    edits = Edits(backend, jobs, again_ms=20)
    backend.people_errors = [LibraryBusyError("The library is being written."), LibraryBusyError("Still.")]
    told: list[int] = []
    edits.waiting.connect(told.append)
    edits.make(NamePerson(3, "Ada"))
    edits.make(Undo())
    assert edits_of(qtbot, backend, 2) == [NamePerson(3, "Ada"), Undo()]
    qtbot.waitUntil(lambda: edits.pending == ())
    assert told == [2, 2, 0, 0]
    jobs.shutdown()


def test_an_edit_that_makes_no_sense_is_said_and_the_next_is_made(
    qtbot: QtBot, page: PeoplePage, backend: Any
) -> None:
    backend.people_errors = [CrossfindError("Both are in one picture.")]
    page.edits.make(MergePeople(3, (5,)))
    page.edits.make(NamePerson(7, "Linus"))
    assert edits_of(qtbot, backend, 1) == [NamePerson(7, "Linus")]


def test_what_went_wrong_stands_beside_undo(qtbot: QtBot, page: PeoplePage, backend: Any) -> None:
    backend.people_errors = [CrossfindError("Both are in one picture.")]
    page.edits.make(MergePeople(3, (5,)))
    qtbot.waitUntil(lambda: page.told.text() == "Both are in one picture.")


def test_the_window_searches_for_a_person(qtbot: QtBot, window: MainWindow, backend: Any) -> None:
    window.places.turn_to("people")
    qtbot.waitUntil(lambda: window.people.everyone.model.rowCount() == 3)
    window.people.everyone.cards.select([1])
    with qtbot.waitSignal(window.flow.found):
        window.people.everyone.pictures.trigger()
    assert window.places.current == "search"
    assert backend.requests[-1].query == 'person:"Grace"'


def test_what_is_shown_is_remembered(page: PeoplePage, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    page.everyone.once.setChecked(True)
    page.remember(settings)
    page.everyone.once.setChecked(False)
    page.recall(settings)
    assert page.everyone.once.isChecked()
