from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from search.records import Fix, Hit, SearchResult
from ui.backend import SearchRequest
from ui.fixes.area import first_picture
from ui.fixes.repair_picker import RepairPicker
from ui.fixes.wording import told_of, turn_of
from ui.main_window import MainWindow
from ui.query.backend import Examined, Repair
from ui.query.region_picker import RegionPicker

TURNED = Fix("rotate", True, "turned by 90° to the right (more in the library is like it then)", 1.3)
DARK = Fix("dark", True, "brightened (too dark: only 1 % of it is bright)", 0.7)
SEAM = Fix("panels", False, "cut to its first part (a seam)", -0.2)
FACES = Fix(
    "face",
    True,
    'There are 3 faces in a.jpg; the largest is searched. For another one name its place: face:@"a"[0]',
    0.0,
)
RED, BLUE = "#ff0000", "#0000ff"


@pytest.fixture
def ask(
    window: MainWindow,
    backend: Any,
    make_picture: Callable[..., Path],
    make_hit: Callable[..., Hit],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Path]:
    """Ask for what is like a red picture; the answer tells of these fixes unless none are wanted."""
    path = make_picture("photo.png", (60, 30), RED)
    hit = make_hit("hit.jpg")
    backend.page = path.read_bytes()
    backend.repaired = {2: make_picture("other.png", (60, 30), BLUE).read_bytes()}

    def made(*fixes: Fix, words: str = 'like:@"{}"') -> Path:
        def search(request: SearchRequest) -> SearchResult:
            backend.requests.append(request)
            return SearchResult(request.query, 1.0, (hit,), (), fixes if request.fixing == "auto" else ())

        monkeypatch.setattr(backend, "search", search)
        with qtbot.waitSignal(window.flow.found):
            window.query.set_words(words.format(path))
        return path

    return made


def color(window: MainWindow, name: str) -> str:
    label = getattr(window.area.fixes.strip, name)
    image = label.pixmap().toImage()
    return QColor(image.pixelColor(image.rect().center())).name() if not image.isNull() else ""


def test_what_is_said_of_a_repair() -> None:
    assert (
        told_of(TURNED)
        == "The picture was turned by 90° to the right, +1.3 surer.\nMore in the library is like it then"
    )
    assert told_of(DARK).startswith("The picture was brightened, +0.7 surer.\nToo dark")
    assert (turn_of(TURNED), turn_of(DARK)) == (90, 0)
    assert turn_of(Fix("rotate", True, "turned by 90° to the left", 1)) == 270


def test_before_and_after_and_back_to_the_original(
    window: MainWindow, backend: Any, ask: Callable[..., Path], qtbot: QtBot
) -> None:
    ask(TURNED)
    strip = window.area.fixes.strip
    assert strip.isVisible()
    assert "turned by 90°" in strip.text.text()
    assert "--fix" not in window.missing.label.text()
    qtbot.waitUntil(lambda: color(window, "after") == RED)
    before, after = (
        strip.before.pixmap().deviceIndependentSize(),
        strip.after.pixmap().deviceIndependentSize(),
    )
    assert before.width() > before.height()
    assert after.width() < after.height()
    with qtbot.waitSignal(window.flow.found):
        strip.undo.click()
    assert backend.requests[-1].fixing == "off"
    assert "as it is" in strip.text.text()
    assert not strip.undo.isVisible()
    with qtbot.waitSignal(window.flow.found):
        strip.redo.click()
    assert backend.requests[-1].fixing == "auto"
    with qtbot.waitSignal(window.flow.nothing_asked):
        window.query.clear()
    assert not strip.isVisible()


def test_the_repaired_picture_is_the_one_that_was_told_of(
    window: MainWindow, backend: Any, ask: Callable[..., Path], qtbot: QtBot
) -> None:
    backend.examined = Examined(
        (), (Repair(1, "cast", "less tinted", True), Repair(2, "dark", "brightened", True))
    )
    ask(DARK)
    qtbot.waitUntil(lambda: (color(window, "before"), color(window, "after")) == (RED, BLUE))


def test_another_repair_becomes_the_query_picture(
    window: MainWindow, backend: Any, ask: Callable[..., Path], qtbot: QtBot
) -> None:
    repairs = (Repair(1, "cast", "less tinted", True), Repair(2, "dark", "brightened", True))
    backend.examined = Examined(("too dark",), repairs)
    ask(DARK, words='like:@"{}" type:image')
    window.area.fixes.strip.repairs.click()
    qtbot.waitUntil(lambda: len(window.findChildren(RepairPicker)) == 1)
    picker = window.findChildren(RepairPicker)[0]
    assert [button.text() for button in picker.buttons] == ["less tinted", "brightened"]
    qtbot.waitUntil(lambda: not picker.buttons[1].icon().isNull())
    picker.buttons[1].click()
    qtbot.waitUntil(lambda: window.query.field.text() == 'like:@"photo, brightened" type:image')
    kept = window.query.files.path_of("photo, brightened")
    assert kept is not None
    qtbot.waitUntil(lambda: kept in backend.last_query)
    assert Path(kept).is_file()


@pytest.mark.parametrize("size", [(1180, 760), (560, 400)])
def test_many_repairs_fit_into_a_small_window(
    window: MainWindow, backend: Any, ask: Callable[..., Path], size: tuple[int, int], qtbot: QtBot
) -> None:
    told = ("too dark: only 1 % of it is brighter than 10 % of full brightness " * 3, "a border")
    repairs = tuple(Repair(n, "border+dark", "without its border and brightened", True) for n in range(1, 8))
    backend.examined = Examined(told, repairs)
    window.resize(*size)
    ask(DARK)
    window.area.fixes.strip.repairs.click()
    qtbot.waitUntil(lambda: len(window.findChildren(RepairPicker)) == 1)
    picker = window.findChildren(RepairPicker)[0]
    assert window.rect().contains(picker.geometry())
    assert picker.rect().contains(picker.area.geometry())
    assert picker.told.height() >= picker.told.heightForWidth(picker.told.width())
    seen = picker.area.viewport()
    for button in picker.buttons:
        button.setFocus()
        picker.area.ensureWidgetVisible(button, 0, 0)
        at = button.mapTo(seen, button.rect().topLeft())
        assert 0 <= at.x() <= seen.width() - button.width()
        assert -1 <= at.y() <= max(seen.height() - button.height(), 0) + 1


def test_of_several_things_one_is_searched(
    window: MainWindow, backend: Any, ask: Callable[..., Path], qtbot: QtBot
) -> None:
    backend.examined = Examined(parts=((0.1, 0.1, 0.4, 0.9), (0.5, 0.1, 0.9, 0.9)))
    path = ask(SEAM)
    assert "also tried cut to its first part" in window.area.fixes.strip.text.text()
    window.area.fixes.strip.things.click()
    qtbot.waitUntil(lambda: len(window.findChildren(RegionPicker)) == 1)
    picker = window.findChildren(RegionPicker)[0]
    picker.view.mark(picker.view._frames[1])
    picker.take()
    qtbot.waitUntil(lambda: backend.last_query == f'like:@"{path}"[0.5,0.1,0.9,0.9]')


def test_nothing_to_choose_is_said(
    window: MainWindow, backend: Any, ask: Callable[..., Path], qtbot: QtBot
) -> None:
    ask(DARK)
    window.area.fixes.choose_thing()
    qtbot.waitUntil(lambda: "No several things" in window.problem.label.text())
    window.area.fixes.choose_repair()
    qtbot.waitUntil(lambda: "Nothing seems to be wrong" in window.problem.label.text())


def test_of_several_faces_another_is_offered(
    window: MainWindow, backend: Any, ask: Callable[..., Path], qtbot: QtBot
) -> None:
    ask(FACES, words='face:@"{}"')
    strip = window.area.fixes.strip
    assert strip.text.text() == "There are 3 faces in a.jpg; the largest is searched."
    assert strip.faces.isVisible()
    assert not strip.repairs.isVisible()
    backend.face_boxes = ((0.1, 0.1, 0.2, 0.2), (0.5, 0.5, 0.6, 0.6))
    strip.faces.click()
    qtbot.waitUntil(lambda: len(window.findChildren(RegionPicker)) == 1)


def test_without_a_picture_or_a_repair_nothing_is_said(window: MainWindow, ask: Callable[..., Path]) -> None:
    ask()
    assert not window.area.fixes.strip.isVisible()
    ask(Fix("spelling", True, "Searched dog as well.", 0), words="dgo")
    assert not window.area.fixes.strip.isVisible()
    assert "Searched dog as well." in window.missing.label.text()


@pytest.mark.parametrize(
    ("text", "path"),
    [("red OR (face:@a.jpg x)", "a.jpg"), ("like:@b.jpg", "b.jpg"), ("red", None), ('"', None), ("", None)],
)
def test_the_first_picture_of_a_query(text: str, path: str | None) -> None:
    part = first_picture(text)
    assert (part.path if part else None) == path


def test_sliders_for_what_is_to_be_otherwise(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    row = window.area.shares
    window.query.set_words("but")
    assert not row.isVisible()
    window.query.set_words('like:@"a.jpg" but "in snow" type:pdf')
    assert row.isVisible()
    assert (row.keep.value(), row.insist.value()) == (40, 35)
    row.keep.setValue(60)
    qtbot.waitUntil(
        lambda: window.query.field.text() == 'like:@"a.jpg" but "in snow" keep:0.6 insist:0.35 type:pdf'
    )
    window.query.set_words('like:@"a.jpg" but "in snow" keep:20%')
    assert row.keep.value() == 20
