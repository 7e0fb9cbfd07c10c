from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from search.records import Hit, Page
from ui.main_window import MainWindow

MakeHit = Callable[..., Hit]


def test_the_slider_leaves_hits_out_without_asking_and_asks_for_weaker_ones(
    window: MainWindow, backend: Any, make_hit: MakeHit, search: Any, qtbot: QtBot
) -> None:
    backend.hits = tuple(make_hit(f"{n}.jpg", score=n / 10) for n in range(9, 0, -1))
    search("dog")
    bar, asked = window.view.bar, len(backend.requests)
    assert window.model.rowCount() == 7
    bar.least.setValue(60)
    assert [window.model.index(row).data() for row in range(window.model.rowCount())] == [
        f"{n}.jpg" for n in (9, 8, 7, 6)
    ]
    assert bar.label.text() == "4 of 7 results"
    assert len(backend.requests) == asked
    bar.least.setValue(25)
    assert window.model.rowCount() == 7
    bar.least.setValue(15)
    qtbot.waitUntil(lambda: window.model.rowCount() == 8)
    assert backend.requests[-1].floor == 0.0
    assert window.actions_.weak.isChecked()
    bar.least.setValue(0)
    assert window.model.rowCount() == 9
    window.actions_.weak.setChecked(False)
    qtbot.waitUntil(lambda: window.model.rowCount() == 7)
    assert bar.least.value() == 25


def test_where_nothing_is_good_it_says_how_much_is_weaker(
    window: MainWindow, backend: Any, make_hit: MakeHit, qtbot: QtBot
) -> None:
    backend.hits = (make_hit("a.jpg", score=0.21), make_hit("b.jpg", score=0.1))
    window.query.set_words("dog")
    qtbot.waitUntil(lambda: "2 weaker matches" in window.view.nothing.text.text())
    assert "the best reaches 21%" in window.view.nothing.text.text()


def test_grouping_by_file_asks_for_every_place(
    window: MainWindow, backend: Any, make_hit: MakeHit, search: Any, qtbot: QtBot
) -> None:
    backend.hits = (make_hit("a.pdf", locator=Page(1)), make_hit("a.pdf", locator=Page(2)))
    search("dog")
    with qtbot.waitSignal(window.flow.found):
        window.view.choices.groupings.actions()[1].trigger()
    assert backend.requests[-1].by_moment
    assert window.model.headings() == [0]
    window.view.choices.fold_all.trigger()
    assert window.model.rowCount() == 1
    with qtbot.waitSignal(window.flow.found):
        window.view.choices.groupings.actions()[0].trigger()
    assert not backend.requests[-1].by_moment


def test_people_are_a_facet_and_a_grouping(
    window: MainWindow, backend: Any, make_hit: MakeHit, search: Any, qtbot: QtBot
) -> None:
    backend.people = {"digest of a.jpg": ("Ada",)}
    backend.hits = (make_hit("a.jpg"), make_hit("b.jpg"))
    window.view.choices.groupings.actions()[4].trigger()
    search("dog")
    qtbot.waitUntil(lambda: window.model.index(0).data() == "Ada")
    model = window.view.facets.model()
    sections = [model.index(row, 0) for row in range(model.rowCount())]
    (who,) = (section for section in sections if section.data() == "Who")
    assert model.index(0, 0, who).data() == "Ada"


def test_more_is_asked_for_at_the_end(
    window: MainWindow, backend: Any, make_hit: MakeHit, search: Any, qtbot: QtBot
) -> None:
    backend.hits = tuple(make_hit(f"{n}.jpg") for n in range(1000))
    search("dog")
    assert window.view.bar.label.text() == "The best 1,000 results"
    backend.hits = (*backend.hits, *(make_hit(f"{n}.jpg") for n in range(1000, 1300)))
    bar = window.view.results.verticalScrollBar()
    bar.setValue(bar.maximum())
    place = bar.value()
    qtbot.waitUntil(lambda: window.model.rowCount() == 1300)
    assert backend.requests[-1].limit == 10_000
    assert bar.value() == place
    assert window.view.bar.label.text() == "1,300 results"


def test_how_results_are_shown_is_remembered(
    window: MainWindow, backend: Any, qtbot: QtBot, tmp_path: Any
) -> None:
    settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
    choices = window.view.choices
    choices.table.trigger()
    choices.frames.trigger()
    choices.groupings.actions()[2].trigger()
    window.results.remember(settings)
    other = MainWindow(backend, settings)
    qtbot.addWidget(other)
    assert other.view.results.is_table
    assert other.view.results.delegate.frames
    assert other.view.choices.grouping == "day"
