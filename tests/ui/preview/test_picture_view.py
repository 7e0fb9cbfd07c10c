from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps
from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from pytestqt.qtbot import QtBot

from ui.pictures import as_stored, picture_size, read_part
from ui.preview.marks import Mark
from ui.preview.picture_view import PictureView
from ui.preview.zoom import CLOSEST, Room, Zoom

ROOM = Room(QRectF(0, 0, 400, 300), 1.0)


@pytest.fixture
def view(qtbot: QtBot) -> PictureView:
    made = PictureView()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    qtbot.waitExposed(made)
    pixmap = QPixmap(800, 600)
    pixmap.fill(Qt.GlobalColor.white)
    made.show_pixmap(pixmap, size=QSize(3200, 2400))
    return made


def test_keys_zoom_fit_and_show_true_size(view: PictureView, qtbot: QtBot) -> None:
    fitted = view._spot()
    assert fitted.width() < 400
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    assert view._spot().width() == pytest.approx(fitted.width() * 1.25)
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view._spot().width() == pytest.approx(fitted.width())
    qtbot.keyClick(view, Qt.Key.Key_1)
    assert view._spot().width() * view.devicePixelRatioF() == 3200
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view._spot() == fitted
    assert not view.zoom.is_close


def test_the_wheel_keeps_the_place_under_the_mouse(view: PictureView) -> None:
    at = QPointF(120, 90)
    before = view.zoom.shares(QRectF(at, at), view._room())
    view.closer(6, at)
    after = view.zoom.shares(QRectF(at, at), view._room())
    assert after[:2] == pytest.approx(before[:2], abs=0.005)


def test_dragging_moves_a_close_picture_and_keeps_it_in_view(view: PictureView, qtbot: QtBot) -> None:
    view.actual()
    spot = view._spot()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    qtbot.mouseMove(view, QPoint(150, 130))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 130))
    assert view._spot().topLeft() - spot.topLeft() == QPointF(-50, -20)
    for _ in range(100):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view._spot().right() == pytest.approx(400, abs=1)


def test_a_closer_look_asks_for_a_sharper_part(view: PictureView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.part_wanted) as wanted:
        view.actual()
    part, size = wanted.args  # type: ignore[misc]
    assert size == QSize(400, 300) * view.devicePixelRatioF()
    left, _, right, _ = part
    assert (right - left) * 3200 == pytest.approx(400 * view.devicePixelRatioF(), rel=0.01)
    red = QPixmap(size)
    red.fill(Qt.GlobalColor.red)
    view.show_part(part, red)
    assert view.grab().toImage().pixelColor(200, 150).red() == 255
    assert view.grab().toImage().pixelColor(200, 150).green() == 0


def test_what_is_there_in_full_is_not_asked_for_again(view: PictureView, qtbot: QtBot) -> None:
    view.show_pixmap(QPixmap(800, 600))
    with qtbot.assertNotEmitted(view.part_wanted, wait=250):
        view.closer(10)


def test_a_double_click_looks_closer_and_back(view: PictureView, qtbot: QtBot) -> None:
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert view.zoom.is_close
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    assert not view.zoom.is_close


def test_a_box_that_is_drawn_is_told_in_shares(view: PictureView, qtbot: QtBot) -> None:
    spot = view._spot()
    view.draw_region()
    start, end = QPoint(100, 75), QPoint(200, 150)
    with qtbot.waitSignal(view.region_drawn) as drawn:
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=end)
        qtbot.mouseMove(view, start)
        view.grab()
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start)
    expected = [(100 - spot.left()) / spot.width(), (75 - spot.top()) / spot.height()]
    assert drawn.args[0][:2] == pytest.approx(expected, abs=1e-6)  # type: ignore[index]
    assert not view.is_drawing


def test_a_slip_of_the_hand_draws_nothing(view: PictureView, qtbot: QtBot) -> None:
    view.draw_region()
    with qtbot.assertNotEmitted(view.region_drawn):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))


def test_frames_are_those_that_match_then_all_then_none(view: PictureView) -> None:
    match, other = Mark((0.1, 0.1, 0.3, 0.3), "dog"), Mark((0.5, 0.5, 0.9, 0.9), "cat", matching=False)
    view.show_marks([match, other])
    assert view.boxes == (match.box,)
    assert "All" in view.next_frames()
    assert view.boxes == (match.box, other.box)
    assert not view.grab().isNull()
    view.next_frames()
    assert view.boxes == ()


def test_the_smallest_frame_under_the_mouse_counts(view: PictureView) -> None:
    large, small = Mark((0, 0, 1, 1), "person"), Mark((0.4, 0.4, 0.6, 0.6), "face")
    view.show_marks([large, small])
    assert view.mark_at(view._spot().center()) == small
    assert view.mark_at(view._spot().topLeft() + QPointF(5, 5)) == large


@given(st.floats(0.01, 40), st.floats(0, 400), st.floats(0, 300), st.integers(1, 9000), st.integers(1, 9000))
def test_a_zoomed_picture_never_leaves_the_view(
    scale: float, x: float, y: float, width: int, height: int
) -> None:
    zoom = Zoom()
    zoom.show(QSize(width, height), False, keep=False)
    zoom.to(scale, ROOM, QPointF(x, y))
    assert zoom.scale(ROOM) <= CLOSEST
    spot = zoom.spot(ROOM)
    assert spot.intersects(ROOM.rect)
    for start, end, room in ((spot.left(), spot.right(), 400), (spot.top(), spot.bottom(), 300)):
        if end - start >= room:
            assert start <= 1
            assert end >= room - 1
        else:
            assert (start + end) / 2 == pytest.approx(room / 2, abs=1)


def test_the_same_place_is_looked_at_when_the_sharper_picture_comes() -> None:
    zoom = Zoom()
    zoom.show(QSize(100, 100), True, keep=False)
    zoom.to(8.0, ROOM, QPointF(50, 50))
    before = zoom.spot(ROOM)
    zoom.show(QSize(400, 400), False, keep=True)
    assert zoom.spot(ROOM) == before


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_part_of_a_turned_picture_is_the_part_that_is_seen(tmp_path: Path, orientation: int) -> None:
    """Compare with the whole upright picture, cut by Pillow."""
    stored = Image.new("RGB", (80, 40))
    stored.putdata([(3 * x, 6 * y, 128) for y in range(40) for x in range(80)])
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "turned.jpg"
    stored.save(path, exif=exif, quality=100, subsampling=0)
    with Image.open(path) as opened:
        upright = ImageOps.exif_transpose(opened).convert("RGB")
    assert picture_size(path) == QSize(*upright.size)
    part = (0.25, 0.5, 0.5, 0.75)
    cut = read_part(path, part, QSize(500, 500))
    width, height = upright.size
    expected = upright.crop(
        tuple(round(share * side) for share, side in zip(part, (width, height) * 2, strict=True))  # type: ignore[arg-type]
    )
    assert (cut.width(), cut.height()) == expected.size
    for x, y in ((0, 0), (expected.width - 1, 0), (0, expected.height - 1)):
        assert cut.pixelColor(x, y).getRgb()[:3] == pytest.approx(expected.getpixel((x, y)), abs=6)  # type: ignore[index]


@given(st.integers(0, 7), st.tuples(*[st.floats(0, 0.5), st.floats(0, 0.5)]), st.floats(0.01, 0.5))
def test_a_part_stays_a_part(turn: int, corner: tuple[float, float], side: float) -> None:
    left, top = corner
    found = as_stored((left, top, left + side, top + side), turn)
    assert all(-1e-9 <= share <= 1 + 1e-9 for share in found)
    assert found[2] - found[0] == pytest.approx(side)
    assert found[3] - found[1] == pytest.approx(side)


def test_a_part_is_no_larger_than_the_room(make_picture: Callable[..., Path]) -> None:
    image: QImage = read_part(make_picture("large.png", (1000, 800)), (0, 0, 0.5, 0.5), QSize(100, 100))
    assert (image.width(), image.height()) == (100, 80)


def test_a_part_of_no_picture_is_nothing(tmp_path: Any) -> None:
    (tmp_path / "x.jpg").write_bytes(b"x")
    assert read_part(tmp_path / "x.jpg", (0, 0, 1, 1), QSize(10, 10)).isNull()
    assert not picture_size(tmp_path / "x.jpg").isValid()
