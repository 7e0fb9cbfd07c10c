"""Looking after a library in the settings: what would be done, one click, what was done."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from search.errors import LibraryBusyError
from ui.main_window import MainWindow
from ui.settings.backend import Ailment, Finding, Health, LibraryFacts, Tended
from ui.settings.care import Care


def found(kind: Ailment, mends: bool = True) -> Finding:
    return Finding(kind, f"seg_1: {kind}.", mends)


@pytest.fixture
def care(window: MainWindow, backend: Any, qtbot: QtBot) -> Care:
    backend.facts = LibraryFacts(Path("/library"), 5_000_000)
    window.actions_.settings.trigger()
    dialog = window.around.settings.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: "5 MB" in dialog.library.told_size.text())
    return dialog.library.care


def test_first_it_says_what_it_would_do_then_does_it(
    care: Care, window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    backend.health = Health(
        (found("unfinished"), found("orphan"), found("orphan"), found("unreadable table", False)),
        12,
        12,
        3_000_000,
    )
    assert not care.tend_button.isVisible()
    qtbot.mouseClick(care.look_button, Qt.MouseButton.LeftButton)
    assert care.bar.isVisible()
    assert not care.look_button.isEnabled()
    qtbot.waitUntil(lambda: care.tend_button.isVisible())
    assert care.told.text().splitlines() == [
        "Of some files not all was learned; the next update reads them again.",
        "Something is known of files that nothing else is known of; it is forgotten. (2)",
        "A part of the library cannot be read. seg_1: unreadable table.",
        "Something is still known of 12 files that are gone; it is forgotten.",
        "About 3 MB are taken by earlier states and old pictures; they are freed.",
    ]
    assert ("tend",) not in backend.edits
    backend.tended = Tended((found("unfinished"),), (found("unreadable table", False),), 12, 3_000_000)
    with qtbot.waitSignal(window.around.settings.answers_changed):
        qtbot.mouseClick(care.tend_button, Qt.MouseButton.LeftButton)
    assert care.told.text().splitlines() == [
        "Done. 1 thing was mended. 12 files that are gone are forgotten. 3 MB are free again. "
        "Update all folders, so that what was incomplete is read again.",
        "A part of the library cannot be read. seg_1: unreadable table.",
    ]
    assert not care.tend_button.isVisible()
    assert not care.bar.isVisible()


def test_a_library_that_is_well_has_nothing_to_click(care: Care, qtbot: QtBot) -> None:
    care.look_button.click()
    qtbot.waitUntil(lambda: care.told.text() == "All is well, and nothing is kept for nothing.")
    assert not care.tend_button.isVisible()


def test_while_files_are_read_it_says_why_it_cannot(
    care: Care, window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    backend.settings_error = LibraryBusyError(
        "The library is being written.", "Wait until it is done, or stop it."
    )
    care.look_button.click()
    dialog = window.around.settings.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: "Files are being read" in dialog.notice.label.text())
    assert care.look_button.isEnabled()
    assert not care.told.isVisible()


def test_another_library_begins_anew(care: Care, window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    backend.health = Health((), 3)
    care.look_button.click()
    qtbot.waitUntil(lambda: care.tend_button.isVisible())
    dialog = window.around.settings.dialog
    assert dialog is not None
    dialog.library.show_facts(LibraryFacts(Path("/library"), 5_000_000), [])
    assert care.tend_button.isVisible()
    dialog.library.show_facts(LibraryFacts(Path("/other"), 5_000_000), [])
    assert not care.tend_button.isVisible()
