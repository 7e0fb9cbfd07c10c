"""No text is cut and nothing overlaps, on every page, at 1x and 2x, with large text and in German too."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLayout, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from search.records import Page
from ui.backend import LibraryState
from ui.language import use
from ui.main_window import MainWindow
from ui.settings.backend import FolderRules, Learnable, LibraryFacts, ModelOffer
from ui.settings.looks import apply_looks
from ui.settings.names import LEARNED

ROOT = Path(__file__).parents[2]
OFFERS = (
    ModelOffer("starter-scene", "scene", "Sees", "AGPL-3.0-or-later", "ready", 98_000_000, False, used=True),
    ModelOffer("yamnet", "sound", "Hears " * 20, "Apache-2.0", "available", 16_000_000, True, wished=True),
    ModelOffer("owl", "object", "Finds", "MIT", "cannot run", how="it needs a library. " * 5),
)


def flaws(window: QWidget) -> list[str]:
    """Say which texts are cut and which neighbours overlap, of all that is visible below a window."""
    shown = [widget for widget in (window, *window.findChildren(QWidget)) if widget.isVisible()]
    return [flaw for widget in shown for flaw in (*_cut(widget), *_overlapping(widget))]


def _cut(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QLabel) and widget.text() and widget.pixmap().isNull():
        needed = widget.minimumSizeHint()
        if widget.width() < needed.width():
            yield f"cut: {widget.text()!r} has {widget.width()} of {needed.width()} pixels"
        elif widget.wordWrap() and widget.height() < widget.heightForWidth(widget.width()):
            yield f"cut: {widget.text()!r} has not all its lines"
        elif not widget.wordWrap() and widget.height() < widget.fontMetrics().height():
            yield f"cut: {widget.text()!r} is not high enough"
    elif isinstance(widget, QAbstractButton) and widget.text() and not _shows_only_its_icon(widget):
        needed = widget.minimumSizeHint()
        if widget.width() < needed.width() or widget.height() < widget.fontMetrics().height():
            yield f"cut: button {widget.text()!r} has {widget.width()} of {needed.width()} pixels"


def _shows_only_its_icon(button: QAbstractButton) -> bool:
    only = Qt.ToolButtonStyle.ToolButtonIconOnly
    return isinstance(button, QToolButton) and not button.icon().isNull() and button.toolButtonStyle() == only


def _overlapping(parent: QWidget) -> Iterator[str]:
    """Compare the widgets that one layout, with all inside it, places."""
    if (layout := parent.layout()) is None:
        return
    placed = [widget for widget in _placed(layout) if widget.isVisible()]
    for n, one in enumerate(placed):
        for other in placed[:n]:
            common = one.geometry().intersected(other.geometry())
            if common.width() > 1 and common.height() > 1:
                yield f"overlap: {_name(one)} and {_name(other)}"


def _placed(layout: QLayout) -> Iterator[QWidget]:
    for n in range(layout.count()):
        if (item := layout.itemAt(n)) is None:
            continue
        if (widget := item.widget()) is not None:
            yield widget
        elif (inner := item.layout()) is not None:
            yield from _placed(inner)


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else widget.accessibleName()
    return f"{type(widget).__name__} {text!r}"


@pytest.fixture(
    params=[(100, "en"), (130, "en"), (100, "de"), (130, "de")],
    ids=["usual text", "large text", "German", "large German"],
)
def text_size(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    font = qapp.font()
    percent, language = request.param
    apply_looks(qapp, "system", percent)
    use(language)
    yield
    use("en")
    apply_looks(qapp, "system", 100)
    qapp.setFont(font)


@pytest.fixture
def full(backend: Any, make_hit: Callable[..., Any], tmp_path: Path) -> Any:
    """A backend with something on every page."""
    backend.hits = (
        make_hit("Kopie/" * 12 + "a.txt", media_type="text/plain", text="word " * 90),
        make_hit("report.pdf", media_type="application/pdf", locator=Page(3), text="a table of results"),
        make_hit("photo.jpg", width=4000, height=3000, camera="A camera with a long name", pages=1),
    )
    backend.offered = OFFERS
    backend.facts = LibraryFacts(
        Path("/a/very/long/way/to/the/library/of/somebody"),
        5_000_000,
        (FolderRules(Path("/pictures/" + "deep/" * 12), ("*.tmp",)),),
        tuple(Learnable(name, True, ("image",)) for name in LEARNED),
        63,
    )
    return backend


@pytest.fixture
def shown(qtbot: QtBot, full: Any, text_size: None) -> MainWindow:
    made = MainWindow(full)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    qtbot.waitUntil(lambda: made.view.page is not made.view.blank)
    return made


def is_right(qtbot: QtBot, window: QWidget) -> None:
    """Wait for the layouts to settle, then tell what is left wrong."""
    try:
        qtbot.waitUntil(lambda: not flaws(window), timeout=3000)
    except Exception:  # the time is over: say what it is, not that it took too long
        assert "\n".join(flaws(window)) == ""
        raise


@pytest.mark.parametrize("size", [(1180, 760), (640, 480)], ids=["usual size", "small"])
def test_results_and_their_preview(shown: MainWindow, qtbot: QtBot, full: Any, size: tuple[int, int]) -> None:
    shown.resize(*size)
    shown.complain("A rather long sentence that says what went wrong and what can be done about it. " * 2)
    is_right(qtbot, shown)
    with qtbot.waitSignal(shown.flow.found):
        shown.query.set_words("x")
    for row in range(len(full.hits)):
        shown.view.results.select_row(row)
        qtbot.waitUntil(lambda: not shown.jobs.busy("preview"))
        is_right(qtbot, shown)


def test_the_first_run(qtbot: QtBot, full: Any, text_size: None, tmp_path: Path) -> None:
    full.state = LibraryState()
    window = MainWindow(full)
    qtbot.addWidget(window)
    window.resize(1180, 760)
    window.show()
    page = window.view.first_run
    qtbot.waitUntil(lambda: window.view.page is page and bool(page.get_buttons))
    is_right(qtbot, window)


def test_every_page_of_the_window(shown: MainWindow, qtbot: QtBot) -> None:
    for action in shown.places.actions_:
        action.trigger()
        qtbot.wait(50)
        is_right(qtbot, shown)


def test_every_page_of_the_settings(shown: MainWindow, qtbot: QtBot) -> None:
    shown.actions_.settings.trigger()
    dialog = shown.around.settings.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.models.tree.topLevelItemCount() > 0 and bool(dialog.learning.boxes))
    dialog.models._select("yamnet")
    dialog.notice.say("Somebody else writes to the library just now. Try it again in a moment. " * 2)
    for page in dialog.pages:
        dialog.turn_to(page)
        is_right(qtbot, dialog)


def test_all_the_help(shown: MainWindow, qtbot: QtBot) -> None:
    for action in (shown.actions_.keys, shown.actions_.language, shown.actions_.about):
        action.trigger()
    qtbot.waitUntil(lambda: not shown.jobs.busy("about") and not shown.jobs.busy("about models"))
    shown.around.help.show_fault("Traceback\n  something\n")
    help_ = shown.around.help
    for dialog in (help_.keys, help_.language, help_.about):
        assert dialog is not None
        is_right(qtbot, dialog)


def test_what_is_cut_or_overlaps_is_noticed(qtbot: QtBot) -> None:
    """The tests above could not fail otherwise."""
    from PySide6.QtWidgets import QHBoxLayout, QPushButton

    box = QWidget()
    qtbot.addWidget(box)
    row = QHBoxLayout(box)
    label, button = QLabel("a long text that is cut"), QPushButton("another long one")
    row.addWidget(label)
    row.addWidget(button)
    box.show()
    assert flaws(box) == []
    label.setFixedWidth(20)
    button.setFixedWidth(20)
    row.activate()
    assert len(flaws(box)) == 2
    row.setEnabled(False)
    button.setGeometry(label.geometry())
    assert any(flaw.startswith("overlap") for flaw in flaws(box))


@pytest.mark.skipif("QT_SCALE_FACTOR" in os.environ, reason="this is the run at another fineness")
def test_the_same_at_twice_the_fineness() -> None:
    command = [sys.executable, "-m", "pytest", __file__, "-q", "-n", "0", "-p", "no:cacheprovider"]
    environment = os.environ | {"QT_SCALE_FACTOR": "2"}
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"):
        environment.pop(name, None)
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
