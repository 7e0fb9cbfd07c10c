from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from search.errors import ModelError
from search.records import Box
from ui.main_window import MainWindow
from ui.query.popup import EditPopup
from ui.query.region import RegionView, _pulled
from ui.query.region_picker import RegionPicker

LEFT: Box = (0.1, 0.2, 0.3, 0.4)
RIGHT: Box = (0.6, 0.2, 0.8, 0.5)


@pytest.fixture
def view(qtbot: QtBot) -> RegionView:
    view = RegionView()
    qtbot.addWidget(view)
    picture = QPixmap(400, 300)
    picture.fill(Qt.GlobalColor.darkGreen)
    view.show_picture(picture)
    view.show()
    qtbot.waitExposed(view)
    return view


def at(view: RegionView, across: float, down: float) -> QPoint:
    spot = view._spot()
    return QPointF(spot.left() + across * spot.width(), spot.top() + down * spot.height()).toPoint()


def drag(view: RegionView, qtbot: QtBot, begin: tuple[float, float], end: tuple[float, float]) -> None:
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at(view, *begin))
    qtbot.mouseMove(view, at(view, *end))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(view, *end))


def test_a_box_is_drawn_moved_pulled_and_taken_away(view: RegionView, qtbot: QtBot) -> None:
    drag(view, qtbot, (0.7, 0.8), (0.2, 0.3))
    assert view.box == pytest.approx((0.2, 0.3, 0.7, 0.8), abs=0.01)
    drag(view, qtbot, (0.4, 0.5), (0.5, 0.4))
    assert view.box == pytest.approx((0.3, 0.2, 0.8, 0.7), abs=0.01)
    drag(view, qtbot, (0.8, 0.7), (1.0, 1.0))
    assert view.box == pytest.approx((0.3, 0.2, 1, 1), abs=0.01)
    view.grab()
    drag(view, qtbot, (0.1, 0.1), (0.101, 0.101))
    assert view.box is None


def test_by_keyboard(view: RegionView, qtbot: QtBot) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.box == (0.25, 0.25, 0.75, 0.75)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.box == (0.27, 0.23, 0.77, 0.73)
    qtbot.keyClick(view, Qt.Key.Key_Left, shift)
    qtbot.keyClick(view, Qt.Key.Key_Down, shift)
    assert view.box == (0.27, 0.23, 0.75, 0.75)
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert view.box is None


def test_of_frames_one_is_chosen(view: RegionView, qtbot: QtBot) -> None:
    view.show_frames([LEFT, RIGHT])
    assert view.box == LEFT
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.box == RIGHT
    qtbot.keyClick(view, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.taken):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, 0.7, 0.3))
    assert view.box == RIGHT
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at(view, 0.45, 0.9))
    assert view.box == RIGHT
    view.grab()


shares = st.floats(0, 1)
grips = st.sampled_from([(x, y) for x in (0.0, 0.5, 1.0) for y in (0.0, 0.5, 1.0)])


@given(x=st.tuples(shares, shares), y=st.tuples(shares, shares), grip=grips, by=st.tuples(shares, shares))
def test_a_pulled_box_stays_in_the_picture(
    x: tuple[float, float], y: tuple[float, float], grip: tuple[float, float], by: tuple[float, float]
) -> None:
    box = (min(x), min(y), max(x), max(y))
    left, top, right, bottom = _pulled(box, grip, QPointF(by[0] * 2 - 1, by[1] * 2 - 1))
    assert 0 <= left <= right <= 1
    assert 0 <= top <= bottom <= 1
    if grip == (0.5, 0.5):
        assert (right - left, bottom - top) == pytest.approx((box[2] - box[0], box[3] - box[1]), abs=0.002)


# ---- in the window


@pytest.fixture
def asked(window: MainWindow, backend: Any, make_picture: Callable[..., Path], qtbot: QtBot) -> Path:
    """A picture that is the query."""
    path = make_picture("dog.png", (400, 300))
    backend.page = path.read_bytes()
    with qtbot.waitSignal(window.flow.found):
        window.query.set_words(f'like:@"{path}" type:image')
    return path


def picker(window: MainWindow, qtbot: QtBot) -> RegionPicker:
    def shown() -> list[RegionPicker]:
        return [one for one in window.findChildren(RegionPicker) if one.isVisible()]

    qtbot.waitUntil(lambda: len(shown()) == 1)
    return shown()[0]


def test_a_part_of_the_query_picture_is_searched_and_all_of_it_again(
    window: MainWindow, backend: Any, asked: Path, qtbot: QtBot
) -> None:
    window.area.chips.chips[0].edit_wanted.emit()
    panel = picker(window, qtbot)
    qtbot.waitUntil(lambda: not panel.view._pixmap.isNull())
    assert backend.pages[-1] == (asked, 1)
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    with qtbot.waitSignal(window.flow.found):
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert backend.requests[-1].query == f'like:@"{asked}"[0.25,0.25,0.75,0.75] type:image'
    assert window.query.field.text() == 'like:@"dog.png"[0.25,0.25,0.75,0.75] type:image'
    window.area.chips.chips[0].edit_wanted.emit()
    panel = picker(window, qtbot)
    assert panel.view.box == (0.25, 0.25, 0.75, 0.75)
    panel.whole.click()
    with qtbot.waitSignal(window.flow.found):
        panel.take_button.click()
    assert window.query.field.text() == 'like:@"dog.png" type:image'


def test_of_several_faces_one_is_chosen(window: MainWindow, backend: Any, asked: Path, qtbot: QtBot) -> None:
    backend.face_boxes = (LEFT, RIGHT)
    face = next(one for one in window.area.pictures.actions(window.area.chips.chips[0].shown.part)
                if one.text().startswith("A face"))  # fmt: skip
    face.trigger()
    panel = picker(window, qtbot)
    assert "2 faces" in panel.accessibleName()
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(window.flow.found):
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert backend.requests[-1].query == f'face:@"{asked}"[0.6,0.2,0.8,0.5] type:image'


def test_one_face_is_taken_and_none_is_said(
    window: MainWindow, backend: Any, asked: Path, qtbot: QtBot
) -> None:
    part = window.area.chips.chips[0].shown.part
    window.area.pictures.choose_face(part)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: "No face" in window.problem.label.text())
    backend.face_boxes = (LEFT,)
    with qtbot.waitSignal(window.flow.found):
        window.area.pictures.choose_face(part)  # type: ignore[arg-type]
    assert window.query.field.text() == 'face:@"dog.png" type:image'


def test_a_picture_that_is_to_be_otherwise(window: MainWindow, asked: Path, qtbot: QtBot) -> None:
    window.area.pictures.change(window.area.chips.chips[0].shown.part)  # type: ignore[arg-type]
    popup = window.findChildren(EditPopup)[-1]
    popup.editor.change.setText("in snow")  # type: ignore[attr-defined]
    popup.done.click()
    assert window.query.field.text() == 'like:@"dog.png" but "in snow" type:image'


def test_sounds_and_films_can_be_asked_the_other_way(window: MainWindow) -> None:
    window.query.set_words('clip:@"a.mp4"')
    (action,) = window.area.pictures.actions(window.area.chips.chips[0].shown.part)
    action.trigger()
    assert window.query.field.text() == 'sound:@"a.mp4"'
    (action,) = window.area.pictures.actions(window.area.chips.chips[0].shown.part)
    action.trigger()
    assert window.query.field.text() == 'clip:@"a.mp4"'


def test_a_picture_that_cannot_be_drawn_says_why(
    window: MainWindow, backend: Any, asked: Path, qtbot: QtBot
) -> None:
    backend.error = ModelError("This picture is damaged.")
    window.area.chips.chips[0].edit_wanted.emit()
    panel = picker(window, qtbot)
    qtbot.waitUntil(lambda: "damaged" in panel.view._message)
    panel.view.grab()
