"""Whole flows with everything real: the window, its resident process, a picture model, a library of photos
and pages. Only the drag itself is cut short, which would wait for another program."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import resources
from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from app.models import packaged
from app.window.backend import ServiceBackend
from tests import hand
from ui.main_window import MainWindow

MODEL = "clip-mini"
SAMPLES = resources.path("samples")
COFFEE, ITS_COPY = SAMPLES / "coffee.jpg", SAMPLES / "IMG_2041.jpg"

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def indexed(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library of the samples, and the one model that looked at them."""
    if not (models_dir / MODEL).is_dir():
        pytest.skip(f"there is no {MODEL}")
    folder = tmp_path_factory.mktemp("indexed")
    shutil.copytree(models_dir / MODEL, folder / "models" / MODEL)
    wishes = IndexWishes((SAMPLES,), exclude=("*.md",), only=frozenset({"pictures", "documents"}))
    config = Config(library=str(folder / "library"), models_dir=str(folder / "models"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CROSSFIND_HOME", str(folder / "home"))
        patch.setenv(packaged.SWITCH, "off")
        for _ in start_indexing(config, wishes, threading.Event()).events:
            pass
    return folder


@pytest.fixture
def window(home: Path, indexed: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    shutil.copytree(indexed / "library", tmp_path / "library")
    config = Config(library=str(tmp_path / "library"), models_dir=str(indexed / "models"))
    made = MainWindow(ServiceBackend(config))
    qtbot.addWidget(made)
    made.show()
    hand.until(qtbot, lambda: made.view.page is made.view.ready)
    yield made
    made.close()


@pytest.fixture
def dark(tmp_path: Path) -> Path:
    """The cup of coffee with the light almost off."""
    path = tmp_path / "dark.png"
    with Image.open(COFFEE) as image:
        image.point(lambda value: value // 7).save(path)
    return path


@pytest.fixture
def lying(tmp_path: Path) -> Path:
    """The rocket on its side."""
    path = tmp_path / "lying.png"
    with Image.open(SAMPLES / "trips" / "rocket launch.jpg") as image:
        image.transpose(Image.Transpose.ROTATE_90).save(path)
    return path


def files(window: MainWindow) -> list[Path]:
    """The files of the hits in the order shown."""
    hits = (window.model.hit(window.model.index(row)) for row in range(window.model.rowCount()))
    return [Path(hit.file.path) for hit in hits if hit is not None]


def light(label: QLabel) -> float:
    """How bright a picture is in the middle, from 0 to 255; 0 without one."""
    image = label.pixmap().toImage()
    return 0.0 if image.isNull() else float(colours(image)[4:12, 4:12].mean())


def colours(image: QImage) -> np.ndarray:
    """A picture as 16 x 16 colours."""
    ways = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    small = image.scaled(QSize(16, 16), *ways)
    rows = [[small.pixelColor(x, y).getRgb()[:3] for x in range(16)] for y in range(16)]
    return np.array(rows, dtype=float)


def drawn(window: MainWindow) -> QImage:
    """What the preview paints of a picture, without the room around it."""
    view = window.view.preview.picture
    return view.grab(view._spot().toRect()).toImage()


def unlike(window: MainWindow, picture: QImage) -> float:
    """How much the colours on the screen differ from those of a picture, of 255 on average; 255 while none is
    painted, or one that is distorted."""
    on_screen = drawn(window)
    if on_screen.isNull():
        return 255
    shape = on_screen.width() / on_screen.height() / (picture.width() / picture.height())
    return float(np.abs(colours(on_screen) - colours(picture)).mean()) if 0.97 < shape < 1.03 else 255


def test_from_a_dropped_dark_photo_to_the_original_in_another_program(
    window: MainWindow, dark: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hand.answered(qtbot, window):
        hand.drop(window, hand.with_files(dark))
    strip = window.area.fixes.strip
    assert strip.isVisible()
    assert "The picture was brightened" in strip.text.text()
    assert "Too dark" in strip.text.text()
    hand.until(qtbot, lambda: light(strip.after) > 2 * light(strip.before) > 0)
    assert files(window)[:2] == [COFFEE, ITS_COPY]
    repaired = window.model.found[1].score

    with hand.answered(qtbot, window):
        qtbot.mouseClick(strip.undo, Qt.MouseButton.LeftButton)
    assert "as it is" in strip.text.text()
    assert window.model.found[1].score < repaired
    with hand.answered(qtbot, window):
        qtbot.mouseClick(strip.redo, Qt.MouseButton.LeftButton)
    assert "The picture was brightened" in strip.text.text()
    assert files(window)[:2] == [COFFEE, ITS_COPY]

    hand.key(Qt.Key.Key_Down)  # from the query to the hits
    hand.key(Qt.Key.Key_Right)
    hand.until(qtbot, lambda: unlike(window, QImage(str(ITS_COPY))) < 6)
    assert window.view.preview.name.text() == ITS_COPY.name
    beside = drawn(window).width()
    hand.key(Qt.Key.Key_Space)
    hand.until(qtbot, lambda: drawn(window).width() > 1.4 * beside)
    assert unlike(window, QImage(str(ITS_COPY))) < 6
    hand.key(Qt.Key.Key_Left)
    hand.until(qtbot, lambda: window.view.preview.picture.pixmap.width() == 600)
    assert window.view.preview.name.text() == COFFEE.name
    assert unlike(window, QImage(str(COFFEE))) < 6
    hand.key(Qt.Key.Key_Space)
    assert window.view.results.hasFocus()

    drags = hand.carried(monkeypatch)
    hand.pull(window.view.results, 0)
    assert drags == [[COFFEE]]


def test_a_photo_on_its_side_is_turned(window: MainWindow, lying: Path, qtbot: QtBot) -> None:
    with hand.answered(qtbot, window):
        hand.drop(window, hand.with_files(lying))
    strip = window.area.fixes.strip
    assert "turned by 90° to the right" in strip.text.text()
    hand.until(qtbot, lambda: light(strip.after) > 0)
    before, after = strip.before.pixmap(), strip.after.pixmap()
    assert (before.width() < before.height(), after.width() < after.height()) == (True, False)
    assert files(window)[0].name == "rocket launch.jpg"


def test_from_words_to_a_page_to_the_clipboard(window: MainWindow, qtbot: QtBot) -> None:
    recipes = SAMPLES / "papers" / "recipes.pdf"
    with pymupdf.open(recipes) as document:
        pages = [QImage.fromData(page.get_pixmap(dpi=100).tobytes("png")) for page in document]
    with hand.answered(qtbot, window):
        qtbot.keyClicks(window.query.field, "text:lentils")
    assert files(window) == [recipes]
    preview = window.view.preview
    hand.until(qtbot, lambda: unlike(window, pages[1]) < unlike(window, pages[0]))
    assert preview.stage.pages.label.text() == "Page 2 of 2"
    hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Space)
    hand.key(Qt.Key.Key_PageUp)
    hand.until(qtbot, lambda: unlike(window, pages[0]) < unlike(window, pages[1]))
    assert preview.stage.pages.label.text() == "Page 1 of 2"
    hand.key(Qt.Key.Key_Escape)
    hand.key(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [Path(url.toLocalFile()) for url in urls] == [recipes]
