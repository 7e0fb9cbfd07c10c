from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
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
    model.show([hit] * 100_000)
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
