"""Models in the window: what there is, getting them, what interrupts that, and what must be agreed to."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from search.errors import ModelError
from ui.main_window import MainWindow
from ui.settings.backend import ModelOffer
from ui.settings.getting import ModelGetter
from ui.settings.models_page import ModelsPage

FREE = ModelOffer("clip", "scene", "Sees", "MIT", "available", 2_000_000, True, wished=True)
STRICT = ModelOffer("strict", "face", "Faces", "Research", "available", 1000, False, "Trained on faces.")
OWN = ModelOffer("mine", "scene", "Mine", "MIT", "ready", 10, True, removable=True)
USED = ModelOffer("used", "scene", "Used", "MIT", "ready", 10, True, used=True)
GETS = "import json; print(json.dumps({'file': 'a', 'done': 1000000, 'total': 2000000}), flush=True)"


@pytest.fixture
def page(qtbot: QtBot, backend: Any, window: MainWindow) -> ModelsPage:
    backend.offered = (FREE, OWN, USED, STRICT)
    backend.getting = [sys.executable, "-c", GETS]
    window.actions_.models.trigger()
    dialog = window.around.settings.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.models.tree.topLevelItemCount() == 2)
    return dialog.models


@pytest.fixture
def getter(qtbot: QtBot) -> Iterator[ModelGetter]:
    made = ModelGetter(lambda _: [sys.executable, "-c", "input()"])
    yield made
    made.shutdown()


def test_models_stand_below_what_they_are_for(page: ModelsPage) -> None:
    tops = [page.tree.topLevelItem(row) for row in range(2)]
    assert [top.text(0) for top in tops if top] == ["What pictures show", "Faces"]
    assert [top.text(1) for top in tops if top] == ["", "nothing yet"]
    page._select("strict")
    assert "not for commercial use" in page.details.text()
    assert "Trained on faces." in page.details.text()


def test_a_model_is_got_with_one_click_and_the_window_asks_again(
    qtbot: QtBot, page: ModelsPage, backend: Any, window: MainWindow
) -> None:
    page._select("clip")
    assert page.get_button.text() == "Get it (2 MB)"
    before = backend.status_calls
    with qtbot.waitSignal(window.around.settings.getter.ended, timeout=20_000) as ended:
        page.get_button.click()
    assert ended.args == ["clip", "done", ""]
    assert page.news.text().startswith("clip is there.")
    qtbot.waitUntil(lambda: backend.status_calls > before)


def test_a_strict_licence_must_be_agreed_to(qtbot: QtBot, page: ModelsPage, backend: Any) -> None:
    page._select("strict")
    page.get_button.click()
    (box,) = page.findChildren(QMessageBox)
    assert "not for commercial use" in box.text()
    assert "Trained on faces." in box.informativeText()
    buttons = {button.text().replace("&", ""): button for button in box.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["Cancel"], Qt.MouseButton.LeftButton)
    assert backend.edits == []
    page.get_button.click()
    (box,) = [one for one in page.findChildren(QMessageBox) if one.isVisible()]
    buttons = {button.text().replace("&", ""): button for button in box.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["I agree, get it"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: backend.edits == [("get", "strict")])
    qtbot.waitUntil(lambda: not page.stop_button.isVisible(), timeout=20_000)


def test_a_download_that_fails_says_why_and_can_be_tried_again(
    qtbot: QtBot, page: ModelsPage, backend: Any
) -> None:
    says = "import sys; sys.exit('crossfind: clip could not be fetched: the connection broke. Try again.')"
    backend.getting = [sys.executable, "-c", says]
    page._select("clip")
    page.get_button.click()
    qtbot.waitUntil(lambda: "the connection broke. Try again." in page.news.text(), timeout=20_000)
    assert not page.news.text().startswith("crossfind:")
    backend.getting = [sys.executable, "-c", GETS]
    qtbot.waitUntil(page.get_button.isEnabled)
    page.get_button.click()
    qtbot.waitUntil(lambda: page.news.text().startswith("clip is there."), timeout=20_000)


def test_what_was_begun_says_how_much_is_left(
    qtbot: QtBot, page: ModelsPage, backend: Any, window: MainWindow
) -> None:
    backend.offered = (replace(FREE, begun=500_000),)
    window.around.settings.show_models()
    qtbot.waitUntil(lambda: page.tree.topLevelItemCount() == 1)
    page._select("clip")
    item = page.tree.currentItem()
    assert item is not None
    assert item.text(1) == "500 kB there"
    assert page.get_button.text() == "Go on (2 MB more)"


@pytest.mark.parametrize(
    ("code", "said", "button"),
    [
        (GETS, "clip is there. Update your folders to use it for them.", "Update all folders"),
        (
            "import sys; sys.exit('crossfind: The connection broke.')",
            "clip: The connection broke.",
            "Models …",
        ),
    ],
)
def test_how_it_ended_is_said_in_the_window_where_the_settings_are_closed(
    qtbot: QtBot, page: ModelsPage, backend: Any, window: MainWindow, code: str, said: str, button: str
) -> None:
    backend.getting = [sys.executable, "-c", code]
    page._select("clip")
    page.get_button.click()
    dialog = window.around.settings.dialog
    assert dialog is not None
    dialog.close()
    qtbot.waitUntil(lambda: window.problem.label.text() == said, timeout=60_000)
    assert window.problem.button.text() == button


def test_what_failed_is_still_said_while_the_next_is_got(
    qtbot: QtBot, page: ModelsPage, backend: Any
) -> None:
    backend.getting = [sys.executable, "-c", "import sys; sys.exit('crossfind: The connection broke.')"]
    page._getter.get(["strict"])
    backend.getting = [sys.executable, "-c", f"{GETS}; input()"]
    page._getter.get(["clip"])
    wanted = "Getting clip: 1 MB of 2 MB\nstrict: The connection broke."
    qtbot.waitUntil(lambda: page.news.text() == wanted, timeout=60_000)
    page.stop_button.click()
    qtbot.waitUntil(lambda: not page._getter.busy, timeout=60_000)


def test_one_is_named_in_place_of_the_profile_s_and_no_more(
    qtbot: QtBot, page: ModelsPage, backend: Any
) -> None:
    page._select("mine")
    page.use_button.click()
    qtbot.waitUntil(lambda: backend.edits == [("save", {"models": {"scene": "mine"}})])
    page._fields.show(backend.preferences())
    page._select("mine")
    assert page.use_button.text() == "Let the profile choose"
    page.use_button.click()
    qtbot.waitUntil(lambda: backend.edits[1:] == [("save", {"models": {}})])


def test_only_own_models_are_removed_and_only_when_agreed(
    qtbot: QtBot, page: ModelsPage, backend: Any
) -> None:
    page._select("used")
    assert not page.remove_button.isEnabled()
    page._select("mine")
    page.remove_button.click()
    (box,) = page.findChildren(QMessageBox)
    (yes,) = [b for b in box.findChildren(QPushButton) if b.text().replace("&", "") == "Remove"]
    qtbot.mouseClick(yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: backend.edits == [("remove", "mine")])


# ---- the queue


def test_models_are_got_one_after_the_other(qtbot: QtBot, tmp_path: Path) -> None:
    code = "import sys, pathlib; pathlib.Path(sys.argv[1]).touch()"
    getter = ModelGetter(lambda id_: [sys.executable, "-c", code, str(tmp_path / id_)])
    ended: list[tuple[str, str]] = []
    getter.ended.connect(lambda id_, how, _: ended.append((id_, how)))
    getter.get(["a", "b"])
    getter.get(["b"])
    assert getter.busy == ("a", "b")
    qtbot.waitUntil(lambda: len(ended) == 2, timeout=20_000)
    assert ended == [("a", "done"), ("b", "done")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_stopping_says_that_what_is_there_is_kept(qtbot: QtBot, getter: ModelGetter) -> None:
    getter.get(["a", "b"])
    with qtbot.waitSignal(getter.ended, timeout=20_000) as ended:
        getter.stop()
    assert ended.args is not None
    assert ended.args[:2] == ["a", "stopped"]
    assert "kept" in ended.args[2]
    assert getter.busy == ()


def test_a_program_that_is_not_there_is_a_failure(qtbot: QtBot) -> None:
    getter = ModelGetter(lambda _: ["/no/such/program"])
    with qtbot.waitSignal(getter.ended) as ended:
        getter.get(["a"])
    assert ended.args is not None
    assert ended.args[1] == "failed"


SEES = ModelOffer("sees", "page-look", "Sees pages", "MIT", "ready", 10, True, used=True, dim=2560)


def sees(qtbot: QtBot, page: ModelsPage, window: MainWindow, offer: ModelOffer = SEES) -> QInputDialog:
    """The question how many numbers a vector shall have."""
    page.show_models([offer])
    page._select(offer.id)
    assert page.reduce_button.isVisible()
    page.reduce_button.click()
    (dialog,) = [one for one in page.findChildren(QInputDialog) if one.isVisible()]
    return dialog


def test_pages_take_less_room_with_fewer_numbers(
    qtbot: QtBot, page: ModelsPage, backend: Any, window: MainWindow
) -> None:
    dialog = sees(qtbot, page, window)
    assert (dialog.intMinimum(), dialog.intMaximum(), dialog.intValue()) == (8, 2559, 128)
    dialog.setIntValue(256)
    calls = backend.status_calls
    dialog.accept()
    assert page.news.text() == "Going through the pages that sees has seen …"
    assert not page.reduce_button.isEnabled()
    qtbot.waitUntil(lambda: ("reduce", "sees", 256) in backend.edits)
    qtbot.waitUntil(lambda: page.news.text().startswith("sees-256 is used for pages from now on."))
    assert "5 % of the room" in page.news.text().replace("\u202f", " ").replace("5%", "5 %")
    assert page._named["page-look"] == "sees-256"
    qtbot.waitUntil(lambda: backend.status_calls > calls)


def test_a_library_with_too_few_pages_is_said_and_nothing_changes(
    qtbot: QtBot, page: ModelsPage, backend: Any, window: MainWindow
) -> None:
    dialog = sees(qtbot, page, window)
    message = "The library holds nothing that sees made of pages."
    backend.settings_error = ModelError(message, "Index some pages with it: crossfind index FOLDER")
    dialog.accept()
    notice = window.around.settings.dialog
    assert notice is not None
    qtbot.waitUntil(lambda: message in notice.notice.label.text())
    assert page.news.text() == ""
    assert page.reduce_button.isEnabled()


def test_only_models_of_pages_that_are_in_use_can_be_made_smaller(qtbot: QtBot, page: ModelsPage) -> None:
    page.show_models([OWN, SEES, replace(SEES, id="other", used=False)])
    page._select("mine")
    assert not page.reduce_button.isVisible()
    page._select("other")
    assert page.reduce_button.isVisible()
    assert not page.reduce_button.isEnabled()
    page._select("sees")
    assert page.reduce_button.isEnabled()
