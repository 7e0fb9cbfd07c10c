from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from search.records import Hit, TimeSpan
from search.storyboard import TILE, size_of, tile_place
from tests import hand
from ui.main_window import MainWindow
from ui.results.hover import tile_of

FILM = {"media_type": "video/mp4", "duration_s": 20.0, "width": 160, "height": 90}


@pytest.fixture
def sheet(tmp_path: Path, qapp: object) -> Path:
    """A storyboard of ten tiles, each of another shade."""
    image = QImage(QSize(*size_of(10)), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for number in range(10):
        painter.fillRect(QRect(*tile_place(number), *TILE), QColor(20 * number, 255 - 20 * number, 40))
    painter.end()
    path = tmp_path / "sheet.png"
    assert image.save(str(path))
    return path


def test_a_film_plays_from_its_second_and_follows_the_mouse(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], sheet: Path, search: Any, qtbot: QtBot
) -> None:
    backend.sheet = sheet
    backend.hits = (make_hit("a.mp4", locator=TimeSpan(10, 12), **FILM), make_hit("b.jpg"))
    search("dog")
    results = window.view.results
    room = results.picture_rect(window.model.index(0))
    hand.move(results, room.center(), Qt.MouseButton.NoButton)
    qtbot.waitUntil(lambda: results.delegate.playing is not None)
    playing = results.delegate.playing
    assert (playing.row, playing.share) == (0, 0.5)
    assert playing.source == QRect(*tile_place(5), *TILE)
    shade = results.viewport().grab(QRect(room.center(), QSize(1, 1))).toImage().pixelColor(0, 0)
    assert shade.red() == pytest.approx(100, abs=3)
    qtbot.waitUntil(lambda: results.delegate.playing.share > 0.5)
    hand.move(results, QPoint(room.left() + 2, room.center().y()), Qt.MouseButton.NoButton)
    qtbot.waitUntil(lambda: results.delegate.playing.share < 0.05)
    hand.move(results, results.picture_rect(window.model.index(1)).center(), Qt.MouseButton.NoButton)
    assert results.delegate.playing is None
    assert [told for told in backend.done if told[0] == "storyboard"] == [("storyboard", "digest of a.mp4")]


def test_a_film_without_a_storyboard_keeps_its_picture(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Any, qtbot: QtBot
) -> None:
    backend.hits = (make_hit("a.mp4", **FILM),)
    search("dog")
    results = window.view.results
    hand.move(results, results.picture_rect(window.model.index(0)).center(), Qt.MouseButton.NoButton)
    qtbot.waitUntil(lambda: ("storyboard", "digest of a.mp4") in backend.done)
    qtbot.wait(50)
    assert results.delegate.playing is None


def test_dark_edges_of_a_tile_are_left_away() -> None:
    assert tile_of(0, 90, 160) == QRect(55, 0, 50, 90)
    assert tile_of(11, None, None) == QRect(*tile_place(11), *TILE)
