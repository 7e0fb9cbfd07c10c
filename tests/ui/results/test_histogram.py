from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from search.facets import FacetValue, histogram
from search.query import Dates
from search.records import Hit
from ui.main_window import MainWindow
from ui.results.histogram import DateHistogram, told

YEARS = [
    FacetValue("2020", 3, Dates(date(2020, 1, 1), date(2020, 12, 31))),
    FacetValue("2021", 0, Dates(date(2021, 1, 1), date(2021, 12, 31))),
    FacetValue("2022", 9, Dates(date(2022, 1, 1), date(2022, 12, 31))),
]


def test_bars_are_picked_by_mouse_and_by_keyboard(qtbot: QtBot) -> None:
    chart = DateHistogram()
    qtbot.addWidget(chart)
    chart.show_values(YEARS)
    chart.resize(200, chart.sizeHint().height())
    chart.show()
    assert chart.accessibleName() == "Dates of the results from 2020 to 2022"
    before = chart.grab().toImage()
    with qtbot.waitSignal(
        chart.toggled, check_params_cb=lambda part, on: (part, on) == (YEARS[2].filter, True)
    ):
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(180, 30))
    assert chart.grab().toImage() != before
    with qtbot.assertNotEmitted(chart.toggled):
        qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(100, 30))
    qtbot.keyClick(chart, Qt.Key.Key_Left)
    with qtbot.waitSignal(chart.toggled, check_params_cb=lambda part, on: part == YEARS[0].filter and on):
        qtbot.keyClick(chart, Qt.Key.Key_Return)


def test_one_bar_is_no_picture(qtbot: QtBot) -> None:
    chart = DateHistogram()
    qtbot.addWidget(chart)
    chart.show_values(YEARS[:1])
    assert not chart.isVisibleTo(None)
    assert told(YEARS[0]) == "2020: 3 files"


def test_years_without_hits_stay_in_it_and_few_years_are_told_by_month(make_hit: Callable[..., Hit]) -> None:
    def counted(*days: datetime) -> dict[str, int]:
        hits = [make_hit(f"{n}.jpg", taken_at=day) for n, day in enumerate(days)]
        return {value.label: value.files for value in histogram(hits)}

    assert counted(datetime(2015, 3, 1), datetime(2018, 1, 1), datetime(2018, 5, 1)) == {
        "2015": 1, "2016": 0, "2017": 0, "2018": 2,
    }  # fmt: skip
    assert counted(datetime(2020, 11, 3), datetime(2021, 1, 1)) == {"2020-11": 1, "2020-12": 0, "2021-01": 1}
    assert histogram([]) == ()


def test_a_click_keeps_to_the_year(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Any, qtbot: QtBot
) -> None:
    backend.hits = tuple(make_hit(f"{year}.jpg", taken_at=datetime(year, 5, 1)) for year in (2010, 2020))
    search("dog")
    dates = window.view.dates
    assert [value.label for value in dates.values][::10] == ["2010", "2020"]
    qtbot.waitUntil(lambda: dates.isVisible() and dates.width() > 100)
    qtbot.mouseClick(dates, Qt.MouseButton.LeftButton, pos=QPoint(10, 40))
    qtbot.waitUntil(lambda: backend.last_query == "dog date:2010")
