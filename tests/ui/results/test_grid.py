from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, Qt
from pytestqt.qtbot import QtBot

from search.records import Hit, Page
from ui.results.grid import Results
from ui.results.hit_model import HitModel, HitRole
from ui.thumbnails import Thumbnails


class CountingModel(HitModel):
    """Counts what is asked of it, and of which rows."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__(thumbnails)
        self.calls: Counter[int] = Counter()
        self.rows: set[int] = set()

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        self.calls[role] += 1
        self.rows.add(index.row())
        return super().data(index, role)


@pytest.fixture
def model(thumbnails: Thumbnails) -> CountingModel:
    return CountingModel(thumbnails)


@pytest.fixture
def view(qtbot: QtBot, model: CountingModel) -> Results:
    view = Results(model)
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    qtbot.waitExposed(view)
    return view


def test_a_hundred_thousand_hits_stay_lazy(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    hit = make_hit()
    model.show([replace(hit, file=replace(hit.file, path=f"/{n}.jpg")) for n in range(100_000)])
    qtbot.waitUntil(lambda: view.visualRect(model.index(99_999)).isValid())
    view.viewport().repaint()
    assert model.rowCount() == 100_000
    visible = view.width() * view.height() // (view.gridSize().width() * view.gridSize().height())
    assert len(model.rows) < 4 * visible + 20
    seen = len(model.rows)
    view.scrollTo(model.index(99_999))
    view.viewport().repaint()
    assert 99_999 in model.rows
    assert len(model.rows) - seen < 4 * visible + 20
    assert model.calls[HitRole.THUMBNAIL] < 40 * visible


def test_only_thumbnails_on_screen_are_asked_for(
    view: Results,
    model: CountingModel,
    thumbnails: Thumbnails,
    make_hit: Callable[..., Hit],
    tmp_path: Path,
    qtbot: QtBot,
) -> None:
    arrived: list[Path] = []
    thumbnails.loaded.connect(arrived.append)
    model.show([make_hit(f"{n}.jpg", thumbnail=tmp_path / f"{n}.webp") for n in range(3000)])
    qtbot.waitUntil(lambda: len(arrived) > 3)
    qtbot.wait(100)
    assert len(set(arrived)) < 60


def test_columns_fill_the_width_at_every_size(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    model.show([make_hit()] * 50)
    for width, edge in [(800, 176), (790, 96), (500, 360), (300, 360), (1200, 200)]:
        view.resize(width, 600)
        view.set_edge(edge)
        qtbot.wait(10)
        room, cell = view.viewport().width(), view.gridSize().width()
        columns = max(1, room // edge)
        assert room - columns <= cell * columns + columns + 2
        assert cell * columns <= room


def test_enter_opens_space_previews_up_leaves(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    hits = [make_hit(f"{n}.jpg") for n in range(40)]
    model.show(hits)
    view.select_row(1)
    view.executeDelayedItemsLayout()
    with qtbot.waitSignal(view.opened, check_params_cb=lambda hit: hit is hits[1]):
        qtbot.keyClick(view, Qt.Key.Key_Return)
    with qtbot.waitSignal(view.preview_wanted):
        qtbot.keyClick(view, Qt.Key.Key_Space)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    below = view.currentIndex().row()
    assert below > 1
    with qtbot.assertNotEmitted(view.query_wanted):
        qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.currentIndex().row() == 1
    with qtbot.waitSignal(view.query_wanted):
        qtbot.keyClick(view, Qt.Key.Key_Up)


def test_moving_with_the_arrows_tells_the_current_hit(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    hits = [make_hit(f"{n}.jpg") for n in range(10)]
    model.show(hits)
    view.select_row(0)
    with qtbot.waitSignal(view.current_changed, check_params_cb=lambda hit: hit is hits[1]):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.current_changed, check_params_cb=lambda hit: hit is None):
        model.show([])


def test_two_pages_of_one_file_are_one_selected_path(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit]
) -> None:
    model.show([make_hit("a.pdf", locator=Page(1)), make_hit("b.jpg"), make_hit("a.pdf", locator=Page(2))])
    view.selectAll()
    assert [path.name for path in view.selected_paths()] == ["a.pdf", "b.jpg"]
    view.selectionModel().select(model.index(1), QItemSelectionModel.SelectionFlag.Deselect)
    assert [path.name for path in view.selected_paths()] == ["a.pdf"]


def test_a_double_click_opens(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    hit = make_hit()
    model.show([hit])
    view.executeDelayedItemsLayout()
    spot = view.visualRect(model.index(0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    with qtbot.waitSignal(view.opened, check_params_cb=lambda opened: opened is hit):
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)


def test_shift_and_arrows_select_from_one_hit_to_another(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    model.show([make_hit(f"{n}.jpg") for n in range(40)])
    view.select_row(2)
    counted: list[int] = []
    view.selected.connect(counted.append)
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    columns = view.viewport().width() // view.gridSize().width()
    assert [hit.file.name for hit in view.selected_hits()] == [f"{n}.jpg" for n in range(2, 4 + columns)]
    assert counted[-1] == columns + 2
    qtbot.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert len(view.selected_hits()) == columns + 3
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert len(view.selected_hits()) == 40


def test_a_band_drawn_with_the_mouse_selects_what_it_touches(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    model.show([make_hit(f"{n}.jpg") for n in range(5)])
    first, last = view.visualRect(model.index(0)), view.visualRect(model.index(4))
    beside = QPoint(last.right() + 30, last.center().y())
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    for pos in (last.center(), first.center()):
        qtbot.mouseMove(view.viewport(), pos)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=first.center())
    assert [hit.file.name for hit in view.selected_hits()] == ["0.jpg", "1.jpg", "4.jpg"]


def test_groups_are_folded_by_keyboard_and_by_mouse(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    model.group("folder")
    model.show([make_hit("x/a.jpg"), make_hit("x/b.jpg"), make_hit("y/c.jpg")])
    view.select_row(1)
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert view.currentIndex().row() == 0
    assert view.current_hit() is None
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert model.rowCount() == 3
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert model.rowCount() == 5
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        qtbot.keyClick(view, key)
    assert model.rowCount() == 5
    spot = view.visualRect(model.index(3)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert model.rowCount() == 4
    view.selectAll()
    assert [hit.file.name for hit in view.selected_hits()] == ["a.jpg", "b.jpg"]


def test_a_table_has_titles_that_sort(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    model.show([make_hit(f"{n}.jpg", text="the report of the year") for n in range(30)])
    view.look_for({"report"})
    before = view.viewport().height()
    view.show_table(True)
    assert view.is_table
    assert view.titles.isVisible()
    assert view.viewport().height() < before
    assert view.visualRect(model.index(1)).top() == view.visualRect(model.index(0)).bottom() + 1
    assert view.visualRect(model.index(0)).width() == view.viewport().width()
    assert not view.viewport().grab().isNull()
    spot = QPoint(view.titles.sectionViewportPosition(4) + 10, 8)
    with qtbot.waitSignal(view.titles.order_wanted, check_params_cb=lambda *told: told == ("date", False)):
        qtbot.mouseClick(view.titles.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    view.titles.show_order("date", backwards=False)
    with qtbot.waitSignal(view.titles.order_wanted, check_params_cb=lambda *told: told == ("date", True)):
        qtbot.mouseClick(view.titles.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    view.show_table(False)
    assert view.viewport().height() == before


def test_the_end_is_told_when_one_gets_near(
    view: Results, model: CountingModel, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    model.show([make_hit(f"{n}.jpg") for n in range(500)])
    with qtbot.assertNotEmitted(view.end_near):
        view.verticalScrollBar().setValue(100)
    view.select_row(0)
    with qtbot.waitSignal(view.end_near):
        qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == 499
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert 480 < view.currentIndex().row() < 499
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.currentIndex().row() == 0
