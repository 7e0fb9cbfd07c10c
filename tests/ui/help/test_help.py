"""Help: examples that run, keys as they are, licences, and what to do when something breaks."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from search.language import REFERENCE
from ui.help.fault import FaultDialog
from ui.main_window import MainWindow
from ui.settings.backend import ModelOffer


def test_an_example_runs_in_the_window(qtbot: QtBot, window: MainWindow, backend: Any) -> None:
    window.actions_.language.trigger()
    reference = window.around.help.language
    assert reference is not None
    links = {button.text(): button for button in reference.findChildren(QPushButton)}
    with qtbot.waitSignal(window.flow.found):
        links["type:pdf"].click()
    assert backend.requests[-1].query == "type:pdf"
    assert reference.isVisible()


def test_all_of_the_language_is_there_and_files_are_no_links(window: MainWindow) -> None:
    window.actions_.language.trigger()
    reference = window.around.help.language
    assert reference is not None
    links = {button.text() for button in reference.findChildren(QPushButton)}
    texts = {label.text() for label in reference.findChildren(QLabel)}
    for example in (e for chapter in REFERENCE for entry in chapter.entries for e in entry.examples):
        assert example in (texts if "@" in example else links)


def test_the_sheet_shows_the_keys_as_they_are_now(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_.weak.setShortcut(QKeySequence("Ctrl+Alt+W"))
    window.actions_.keys.trigger()
    sheet = window.around.help.keys
    assert sheet is not None
    native = QKeySequence("Ctrl+Alt+W").toString(QKeySequence.SequenceFormat.NativeText)
    texts = [label.text() for label in sheet.area.widget().findChildren(QLabel)]
    assert texts[texts.index("Show weaker matches") + 1] == native
    qtbot.mouseClick(sheet.change, Qt.MouseButton.LeftButton)
    dialog = window.around.settings.dialog
    assert dialog is not None
    assert dialog.stack.currentWidget() is dialog.shortcuts


def test_a_question_mark_in_the_query_is_a_letter(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(window.query.field, "who?")
    assert window.query.current.words == "who?"
    assert window.around.help.keys is None


def test_about_names_libraries_and_models(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    backend.offered = (
        ModelOffer("mine", "scene", "", "MIT", "ready", training="photos"),
        ModelOffer("other", "scene", "", "MIT", "available"),
    )
    window.actions_.about.trigger()
    about = window.around.help.about
    assert about is not None
    qtbot.waitUntil(lambda: about.libraries.topLevelItemCount() == 1)
    qtbot.waitUntil(lambda: about.models.topLevelItemCount() == 1)
    item = about.models.topLevelItem(0)
    assert item is not None
    assert item.text(2) == "MIT; photos"
    assert about.heading.text() == "Crossfind 9.9"


def test_a_fault_of_ours_has_details_to_copy(window: MainWindow) -> None:
    try:
        raise RuntimeError("the 7th wheel came off")
    except RuntimeError as error:
        window.fail(error)
    assert "files and the library are safe" in window.problem.label.text()
    window.problem.button.click()
    (shown,) = window.findChildren(FaultDialog)
    assert "the 7th wheel came off" in shown.details.toPlainText()
    shown.copy.click()
    assert "the 7th wheel came off" in QGuiApplication.clipboard().text()
