from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPixmap
from pytestqt.qtbot import QtBot

from search.pieces import Inside, Piece
from search.records import Page, Region, TimeSpan, Whole
from ui.preview.lane_window import Window, ticks
from ui.preview.lanes import Lanes, said_of

TRACK = QRectF(100, 0, 400, 20)
INSIDE = Inside(
    (
        Piece("scene", TimeSpan(0, 30)),
        Piece("scene", TimeSpan(30, 100), None, 0.8),
        Piece("object", Region(TimeSpan(40, 50), (0, 0, 1, 1)), "dog", 0.1),
        Piece("speech", TimeSpan(60, 64), "We sail to the harbour.", 0.6),
        Piece("text", Region(Whole(), (0, 0, 1, 1)), "of no time"),
        Piece("text", Region(Page(1), (0, 0, 1, 1)), "of no time"),
    )
)


@pytest.fixture
def lanes(qtbot: QtBot) -> Lanes:
    made = Lanes()
    qtbot.addWidget(made)
    made.show_film(100.0, TimeSpan(60, 64))
    made.show_inside(INSIDE)
    made.resize(600, made.sizeHint().height())
    made.show()
    return made


def place(lanes: Lanes, lane: str, second: float) -> QPointF:
    row = list(lanes.lanes).index(lane)  # type: ignore[arg-type]
    return QPointF(lanes.window_.x(second, lanes._track()), lanes._axis_height() + 18 * row + 9)


def test_only_lanes_with_something_in_time_are_there(lanes: Lanes) -> None:
    assert lanes.lanes == ("scene", "object", "speech")
    assert lanes.sizeHint().height() > 3 * 18


def test_a_click_goes_to_the_beginning_of_what_is_there(lanes: Lanes, qtbot: QtBot) -> None:
    with qtbot.waitSignal(lanes.sought) as sought:
        qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=place(lanes, "speech", 62).toPoint())
    assert sought.args == [60]


def test_a_click_beside_it_goes_to_that_second(lanes: Lanes, qtbot: QtBot) -> None:
    with qtbot.waitSignal(lanes.sought) as sought:
        qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=place(lanes, "speech", 20).toPoint())
    assert sought.args[0] == pytest.approx(20, abs=0.3)  # type: ignore[index]


def test_the_better_answer_lies_on_top_in_the_accent_colour(lanes: Lanes) -> None:
    image = lanes.grab().toImage()
    ratio = lanes.devicePixelRatioF()

    def colour(lane: str, second: float) -> QColor:
        at = place(lanes, lane, second) * ratio
        return image.pixelColor(at.toPoint())

    accent = lanes.palette().highlight().color()
    assert colour("scene", 15) == colour("object", 45)
    found, idle = colour("scene", 80), colour("scene", 15)

    def distance(one: QColor) -> int:
        return abs(one.red() - accent.red()) + abs(one.blue() - accent.blue())

    assert distance(found) < distance(idle)


def test_what_lies_under_the_mouse_is_told(lanes: Lanes) -> None:
    bar = lanes.bar_at(place(lanes, "speech", 62))
    assert bar is not None
    assert said_of(bar) == "1:00–1:04  We sail to the harbour. (60%)"
    assert lanes.bar_at(place(lanes, "speech", 80)) is None
    assert lanes.bar_at(QPointF(300, 2)) is None


def test_the_keyboard_goes_to_matches_and_zooms(lanes: Lanes, qtbot: QtBot) -> None:
    sought: list[float] = []
    lanes.sought.connect(sought.append)
    control = Qt.KeyboardModifier.ControlModifier
    for _ in range(3):
        qtbot.keyClick(lanes, Qt.Key.Key_Right, control)
    qtbot.keyClick(lanes, Qt.Key.Key_Left, control)
    qtbot.keyClick(lanes, Qt.Key.Key_End)
    assert sought == [30, 60, 30, 100]
    qtbot.keyClick(lanes, Qt.Key.Key_Plus)
    assert lanes.window_.seconds == pytest.approx(100 / 1.4)
    qtbot.keyClick(lanes, Qt.Key.Key_0)
    assert lanes.window_.seconds == 100


def test_a_film_at_a_glance_makes_it_taller(lanes: Lanes, make_picture: Callable[..., object]) -> None:
    before = lanes.sizeHint().height()
    strip = QPixmap(1600, 450)
    strip.fill(QColor("#ff00ff"))
    lanes.show_strip(strip)
    lanes.resize(600, lanes.sizeHint().height())
    assert lanes.sizeHint().height() > before
    image = lanes.grab().toImage()
    at = QPoint(300, lanes._axis_height() + 15) * round(lanes.devicePixelRatioF())
    assert image.pixelColor(at).name() == "#ff00ff"


def test_how_loud_it_is_is_drawn(lanes: Lanes) -> None:
    lanes.show_wave([0.0] * 50 + [0.4] * 50)
    lanes.resize(600, lanes.sizeHint().height())
    image = lanes.grab().toImage()
    ratio = lanes.devicePixelRatioF()

    def is_drawn(second: float) -> bool:
        at = QPointF(lanes.window_.x(second, lanes._track()), lanes._axis_height() + 4) * ratio
        ground = image.pixelColor(round(2 * ratio), round((lanes._axis_height() + 4) * ratio))
        return image.pixelColor(at.toPoint()) != ground

    assert is_drawn(90)
    assert not is_drawn(10)


def test_a_place_of_the_window_and_back() -> None:
    window = Window(200)
    window.zoom(4, 50)
    assert window.seconds == 50
    assert window.second(window.x(60, TRACK), TRACK) == pytest.approx(60)
    assert window.x(50, TRACK) == pytest.approx(200)


def test_the_window_stays_inside_the_film() -> None:
    window = Window(200)
    window.zoom(4, 0)
    window.shift(-30)
    assert (window.start_s, window.end_s) == (0, 50)
    window.shift(1000)
    assert (window.start_s, window.end_s) == (150, 200)
    window.follow(10)
    assert window.start_s <= 10 <= window.end_s
    window.zoom(1e9, 10)
    assert window.seconds == 2
    window.zoom(0.0001, 10)
    assert (window.start_s, window.end_s) == (0, 200)


@pytest.mark.parametrize(
    ("length", "most", "expected"),
    [(45, 4, [0, 15, 30, 45]), (7200, 5, [0, 1800, 3600, 5400, 7200]), (0.5, 6, [0])],
)
def test_the_axis_has_round_seconds(length: float, most: float, expected: list[float]) -> None:
    assert list(ticks(Window(length), most)) == expected


def test_a_very_long_film_has_few_numbers() -> None:
    assert len(list(ticks(Window(360_000), 6))) <= 7
