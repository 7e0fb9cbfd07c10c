"""Locked PDFs: where the window asks for their password, and what it does with it."""

import sys
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from search.errors import MediaError
from ui.backend import IndexedFolder
from ui.indexing.backend import Overview, Unread
from ui.indexing.unlocking import PasswordDialog
from ui.main_window import MainWindow

REASON = "The PDF is encrypted and it needs a password. Give it with --password or --password-file."
LOCKED = Path("/pictures/a.pdf")
TELLS = f"""
import json
print(json.dumps({{"outcome": "skipped", "path": {str(LOCKED)!r}, "reason": {REASON!r}}}), flush=True)
print(json.dumps({{"summary": {{"skipped": 1}}}}), flush=True)
"""


def asked(window: MainWindow) -> PasswordDialog:
    dialog = window.library.unlocking.dialog
    assert dialog is not None
    return dialog


def give(dialog: PasswordDialog, password: str) -> None:
    assert not dialog.go.isEnabled()
    dialog.field.setText(password)
    dialog.go.click()


def test_a_run_that_met_a_locked_pdf_asks_and_reads_it(
    window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    backend.command = [sys.executable, "-c", TELLS]
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        window.index([LOCKED.parent])
    row = window.indexing.troubles.topLevelItem(0)
    assert row is not None
    assert row.text(1) == "The PDF is encrypted and it needs a password."
    window.indexing.unlock_button.click()
    dialog = asked(window)
    give(dialog, "wrong")
    qtbot.waitUntil(dialog.trouble.isVisible)
    assert dialog.trouble.text() == "This password does not open this PDF."
    dialog.shown.setChecked(True)
    assert dialog.field.echoMode() == QLineEdit.EchoMode.Normal
    dialog.field.clear()
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        give(dialog, "secret")
    assert backend.unlocked == [(LOCKED,)]
    assert (backend.indexed[-1], backend.run_options[-1]) == ([LOCKED], ((), True))
    assert window.library.unlocking.dialog is None


def test_the_library_page_offers_it_for_those_selected(
    window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    other, broken = LOCKED.with_name("b.pdf"), Path("/pictures/c.jpg")
    unread = (Unread(LOCKED, REASON), Unread(other, REASON), Unread(broken, "It is cut off."))
    backend.library = Overview(Path("/library"), unread=unread)
    page = window.library.page
    window.places.turn_to("library")
    qtbot.waitUntil(page.troubles.unlock_button.isVisible)
    assert page.troubles.locked() == [LOCKED, other]
    page.troubles.list.setCurrentItem(page.troubles.list.topLevelItem(1))
    assert page.troubles.locked() == [other]
    page.troubles.list.setCurrentItem(page.troubles.list.topLevelItem(2))
    assert not page.troubles.unlock_button.isEnabled()
    page.troubles.list.clearSelection()
    page.troubles.unlock_button.click()
    assert "2 files are locked" in asked(window).findChildren(type(asked(window).trouble))[0].text()
    asked(window).reject()
    assert window.library.unlocking.dialog is None


def test_a_locked_pdf_that_is_searched_by_is_asked_again(
    window: MainWindow, backend: Any, qtbot: QtBot, tmp_path: Path
) -> None:
    backend.error = MediaError(*REASON.split(". ", 1))
    path = tmp_path / "my letter.pdf"
    with qtbot.waitSignal(window.flow.failed):
        window.query.set_words(f'like:@"{path}"#1')
    told = window.problem.label.text()
    assert told == "my letter.pdf: The PDF is encrypted and it needs a password"
    window.problem.button.click()
    backend.error = None
    with qtbot.waitSignal(window.flow.found):
        give(asked(window), "secret")
    assert backend.unlocked == [(path,)]
    assert not backend.indexed


def test_one_of_an_indexed_folder_is_read_anew(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    assert window.asking.state.folders == (IndexedFolder(LOCKED.parent),)
    backend.command = [sys.executable, "-c", "pass"]
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        window.library.unlocking.unlocked.emit([LOCKED])
    assert backend.indexed == [[LOCKED]]
