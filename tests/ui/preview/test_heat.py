"""The switch that colours what answers on a page: asked for when it is on, for each page that is shown."""

from pathlib import Path
from typing import Any

import pymupdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from search.errors import CrossfindError
from search.pieces import Warm
from search.records import Content, File, Hit, Page
from ui.jobs import Jobs
from ui.preview.heat import CHANNEL, NOTHING
from ui.preview.marks import Mark
from ui.preview.pane import Preview

WARM = (Warm((0.1, 0.1, 0.4, 0.2), 0.2), Warm((0.5, 0.5, 0.9, 0.9), 1.0))


@pytest.fixture
def hit(tmp_path: Path) -> Hit:
    path = tmp_path / "a.pdf"
    with pymupdf.open() as made:
        for _ in range(3):
            made.new_page(width=200, height=200)
        made.save(path)
    content = Content("d", "application/pdf", 1, pages=3)
    return Hit(1, 0.8, File(str(path), "d", 1, 0, str(tmp_path)), content, Page(2), None, ())


@pytest.fixture
def shown(preview: Preview, backend: Any, jobs: Jobs, hit: Hit, qtbot: QtBot) -> Preview:
    backend.warm = WARM
    preview.set_query("gold pot")
    preview.show_hit(hit)
    qtbot.waitUntil(lambda: not jobs.busy("preview"))
    return preview


def settled(jobs: Jobs, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not jobs.busy(CHANNEL))


def seen(preview: Preview, box: tuple[float, float, float, float]) -> QColor:
    """The colour in the middle of a part of the page."""
    image = preview.picture.grab().toImage()
    spot = preview.picture._spot()
    x = spot.left() + spot.width() * (box[0] + box[2]) / 2
    y = spot.top() + spot.height() * (box[1] + box[3]) / 2
    return image.pixelColor(int(x * image.devicePixelRatio()), int(y * image.devicePixelRatio()))


def test_off_nothing_is_asked_and_on_the_page_is_coloured(
    shown: Preview, backend: Any, jobs: Jobs, hit: Hit, qtbot: QtBot
) -> None:
    assert shown.tools.heat.isVisible()
    assert backend.heats == []
    assert seen(shown, WARM[1].box).name() == "#ffffff"
    shown.picture.show_marks([Mark((0.0, 0.0, 0.05, 0.05))])
    assert shown.picture.boxes == ((0.0, 0.0, 0.05, 0.05),)
    qtbot.mouseClick(shown.tools.heat, Qt.MouseButton.LeftButton)
    settled(jobs, qtbot)
    assert backend.heats == [(Path(hit.file.path), "gold pot", 2)]
    assert shown.picture.heat == WARM
    assert shown.picture.boxes == ()
    hot, cool = seen(shown, WARM[1].box), seen(shown, WARM[0].box)
    assert hot.lightness() < cool.lightness() < 255
    assert seen(shown, (0.0, 0.9, 0.1, 1.0)).name() == "#ffffff"
    qtbot.keyClick(shown, Qt.Key.Key_H)
    assert shown.picture.heat == ()
    assert seen(shown, WARM[1].box).name() == "#ffffff"


def test_another_page_is_asked_for_anew(shown: Preview, backend: Any, jobs: Jobs, qtbot: QtBot) -> None:
    qtbot.keyClick(shown, Qt.Key.Key_H)
    settled(jobs, qtbot)
    shown.stage.turn_to(3)
    settled(jobs, qtbot)
    assert [page for _, _, page in backend.heats] == [2, 3]
    shown.show_hit(None)
    assert shown.picture.heat == ()


def test_where_nothing_stands_out_it_is_said(shown: Preview, backend: Any, jobs: Jobs, qtbot: QtBot) -> None:
    backend.warm = ()
    qtbot.keyClick(shown, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: NOTHING in shown.note.text())


def test_what_cannot_be_told_is_said(shown: Preview, backend: Any, jobs: Jobs, qtbot: QtBot) -> None:
    backend.error = CrossfindError("No model can tell.", "Get one.")
    qtbot.keyClick(shown, Qt.Key.Key_H)
    qtbot.waitUntil(lambda: "No model can tell." in shown.note.text())
    assert shown.picture.heat == ()


def test_pictures_have_no_such_switch(preview: Preview, tmp_path: Path, backend: Any, qtbot: QtBot) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"")
    content = Content("d", "image/jpeg", 1)
    preview.show_hit(Hit(1, 0.8, File(str(path), "d", 1, 0, str(tmp_path)), content, Page(1), None, ()))
    assert not preview.tools.heat.isVisible()
    qtbot.keyClick(preview, Qt.Key.Key_H)
    assert not preview.tools.heat.isChecked()
    assert backend.heats == []
