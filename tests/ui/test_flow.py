"""One person, one picture: dropped, repaired, searched, looked at closely and dragged out again."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from pytestqt.qtbot import QtBot

from search.records import Fix, Hit, SearchResult
from tests import hand
from ui.backend import SearchRequest
from ui.main_window import MainWindow

TURNED = Fix("rotate", True, "turned by 90° to the right (more in the library is like it then)", 1.3)
RED, GREEN, BLUE = "#ff0000", "#00ff00", "#0000ff"


@pytest.fixture
def photos(
    window: MainWindow,
    backend: Any,
    make_picture: Callable[..., Path],
    make_hit: Callable[..., Hit],
    monkeypatch: pytest.MonkeyPatch,
) -> list[Path]:
    """Three pictures that the engine finds in this order when it repairs, the other way round without."""
    paths = [
        make_picture(name, size, color)
        for name, size, color in (
            ("red.png", (50, 40), RED),
            ("green.png", (40, 50), GREEN),
            ("blue.png", (60, 60), BLUE),
        )
    ]
    hits = [make_hit(path, score=0.9 - n / 10, media_type="image/png") for n, path in enumerate(paths)]

    def search(request: SearchRequest) -> SearchResult:
        backend.requests.append(request)
        repaired = request.fixing == "auto"
        found = hits if repaired else hits[::-1]
        ranked = tuple(replace(hit, rank=rank) for rank, hit in enumerate(found, 1))
        return SearchResult(request.query, 12.0, ranked, fixes=(TURNED,) if repaired else ())

    monkeypatch.setattr(backend, "search", search)
    return paths


def middle(pixmap: QPixmap) -> str:
    """The colour of the pixel in the middle, empty without a picture."""
    image = pixmap.toImage()
    return "" if image.isNull() else QColor(image.pixelColor(image.rect().center())).name()


def shown(window: MainWindow) -> tuple[str, str]:
    """What the preview says and draws: a name, and the colour of the picture on the screen."""
    preview = window.view.preview
    return preview.name.text(), middle(preview.picture.grab())


def test_from_a_dropped_picture_to_a_file_in_another_program(
    window: MainWindow,
    backend: Any,
    photos: list[Path],
    make_picture: Callable[..., Path],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lying = make_picture("lying.png", (60, 30), RED)
    backend.page = lying.read_bytes()
    with hand.answered(qtbot, window):
        hand.drop(window, hand.with_files(lying))
    strip = window.area.fixes.strip
    assert backend.last_query == f'like:@"{lying}"'
    assert "turned by 90° to the right, +1.3 surer" in strip.text.text()
    hand.until(qtbot, lambda: (middle(strip.before.pixmap()), middle(strip.after.pixmap())) == (RED, RED))
    assert strip.after.pixmap().height() > strip.after.pixmap().width()
    hand.until(qtbot, lambda: shown(window) == ("red.png", RED))

    with hand.answered(qtbot, window):
        qtbot.mouseClick(strip.undo, Qt.MouseButton.LeftButton)
    hand.until(qtbot, lambda: shown(window) == ("blue.png", BLUE))
    with hand.answered(qtbot, window):
        qtbot.mouseClick(strip.redo, Qt.MouseButton.LeftButton)
    assert [request.fixing for request in backend.requests] == ["auto", "off", "auto"]
    hand.until(qtbot, lambda: shown(window) == ("red.png", RED))

    hand.key(Qt.Key.Key_Down)  # from the query to the hits
    hand.key(Qt.Key.Key_Right)
    hand.until(qtbot, lambda: shown(window) == ("green.png", GREEN))
    beside = window.view.preview.picture.width()
    hand.key(Qt.Key.Key_Space)
    assert window.view.preview.is_large
    hand.until(qtbot, lambda: window.view.preview.picture.width() > 1.5 * beside)
    assert shown(window) == ("green.png", GREEN)
    hand.key(Qt.Key.Key_Right)
    hand.until(qtbot, lambda: shown(window) == ("blue.png", BLUE))
    hand.key(Qt.Key.Key_Left)
    hand.until(qtbot, lambda: shown(window) == ("green.png", GREEN))
    hand.key(Qt.Key.Key_Space)
    assert window.view.results.hasFocus()

    drags = hand.carried(monkeypatch)
    hand.pull(window.view.results, 1)
    hand.key(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    hand.pull(window.view.results, 2)
    assert drags == [[photos[1]], photos]
    assert all(photo.is_file() for photo in photos)


def test_a_repair_is_undone_and_made_again_by_keyboard(
    window: MainWindow, backend: Any, photos: list[Path], qtbot: QtBot
) -> None:
    backend.page = photos[0].read_bytes()
    with hand.answered(qtbot, window):
        window.query.set_words(f'like:@"{photos[0]}"')
    strip = window.area.fixes.strip
    strip.undo.setFocus(Qt.FocusReason.TabFocusReason)
    for again in (strip.redo, strip.undo):
        with hand.answered(qtbot, window):
            hand.key(Qt.Key.Key_Space)
        assert again.hasFocus()
