from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPalette, QPixmap
from PySide6.QtWidgets import QStyle
from pytestqt.qtbot import QtBot

from search.records import Hit, Page
from ui.results.grid import Results
from ui.results.hit_delegate import HitDelegate, cell_height
from ui.results.hit_model import HitModel
from ui.thumbnails import Thumbnails

BLUE = QColor("#3366cc")


def painted(view: Results) -> QPixmap:
    """What the view shows of its first hit."""
    return view.viewport().grab(view.visualRect(view.model().index(0, 0)))


def colors(pixmap: QPixmap) -> set[str]:
    image = pixmap.toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


@pytest.fixture
def view(qtbot: QtBot, thumbnails: Thumbnails) -> Results:
    view = Results(HitModel(thumbnails))
    qtbot.addWidget(view)
    view.resize(420, 400)
    view.show()
    qtbot.waitExposed(view)
    return view


def show(view: Results, *hits: Hit) -> None:
    model = view.model()
    assert isinstance(model, HitModel)
    model.show(hits)
    view.executeDelayedItemsLayout()


def test_the_thumbnail_is_painted_when_it_arrives(
    view: Results, make_hit: Callable[..., Hit], make_picture: Callable[..., Path], qtbot: QtBot
) -> None:
    show(view, make_hit(thumbnail=make_picture("blue.png", color=BLUE.name())))
    before = colors(painted(view))
    assert BLUE.name() not in before
    qtbot.waitUntil(lambda: BLUE.name() in colors(painted(view)))


def test_hits_without_a_picture_show_the_icon_of_their_kind(
    view: Results, make_hit: Callable[..., Hit]
) -> None:
    looks = []
    for media_type in ("image/heic", "application/pdf", "video/mp4", "audio/mpeg", "text/plain"):
        show(view, make_hit(media_type=media_type))
        image = painted(view).toImage()
        looks.append(bytes(image.constBits()))
    assert len(set(looks)) == 5


def test_page_and_absence_are_marked_on_the_picture(view: Results, make_hit: Callable[..., Hit]) -> None:
    show(view, make_hit(media_type="application/pdf"))
    plain = colors(painted(view))
    show(view, make_hit(media_type="application/pdf", locator=Page(7)))
    assert painted(view).toImage().pixelColor(0, 0).isValid()
    with_page = painted(view).toImage()
    show(view, make_hit(media_type="application/pdf", present=False))
    away = painted(view).toImage()
    assert colors(QPixmap.fromImage(with_page)) - plain
    assert with_page != away


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0, 7.0, -1.0])
def test_the_bar_is_as_long_as_the_score(view: Results, make_hit: Callable[..., Hit], score: float) -> None:
    show(view, make_hit(score=score))
    image = painted(view).toImage()
    accent = view.palette().color(QPalette.ColorRole.Highlight).name()
    widths = [
        sum(image.pixelColor(x, y).name() == accent for x in range(image.width()))
        for y in range(image.height())
    ]
    share = max(widths) / image.width()
    assert share == pytest.approx(min(max(score, 0.0), 1.0), abs=0.12)


def test_a_long_name_is_shortened_and_stays_in_its_cell(view: Results, make_hit: Callable[..., Hit]) -> None:
    show(view, make_hit("n" * 300 + ".jpg"), make_hit("b.jpg"))
    first, second = (view.visualRect(view.model().index(row, 0)) for row in range(2))
    assert first.right() < second.left()
    assert first.height() == cell_height(
        view.gridSize().height() - cell_height(0, view.fontMetrics().height()), view.fontMetrics().height()
    )


def test_selection_is_seen(view: Results, make_hit: Callable[..., Hit]) -> None:
    show(view, make_hit())
    before = painted(view).toImage()
    view.select_row(0)
    assert painted(view).toImage() != before


def test_a_stale_index_paints_nothing(view: Results, make_hit: Callable[..., Hit]) -> None:
    show(view, make_hit())
    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

    target = QPixmap(50, 50)
    target.fill(QColor("white"))
    painter = QPainter(target)
    option = QStyleOptionViewItem()
    option.rect = QRect(0, 0, 50, 50)
    option.state = QStyle.StateFlag.State_Enabled
    HitDelegate().paint(painter, option, QModelIndex())
    painter.end()
    assert colors(target) == {"#ffffff"}
