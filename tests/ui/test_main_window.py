import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QSettings, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QImageReader, QPalette
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from search.errors import (
    CrossfindError,
    LibraryBusyError,
    LibraryError,
    LibraryMissingError,
    MediaError,
    QuerySyntaxError,
)
from search.records import Hit, Missing, Page, Region, Whole
from tests import hand
from ui.backend import IndexedFolder, LibraryState
from ui.help.fault import FaultDialog
from ui.main_window import MainWindow
from ui.notices import NoticeBar
from ui.pages import examples
from ui.query.incoming import GivenFiles

Search = Callable[[str], None]
WAIT_FOR_STDIN = (
    "import sys; print('{}', flush=True); sys.stdin.read(); print('{\"summary\": {\"indexed\": 1}}')"
)


def picture(color: int = 0xFF336699) -> QImage:
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(color)
    return image


# ---- starting


def test_the_window_says_what_the_library_holds_and_warms_the_search_up(
    window: MainWindow, backend: Any
) -> None:
    assert window.view.page is window.view.ready
    assert window.view.ready.text.text() == "2 pictures · 1 PDF"
    assert backend.warmed_up == 1
    assert window.query.field.hasFocus()


def test_the_first_run_asks_for_a_folder(qtbot: QtBot, backend: Any) -> None:
    backend.state = LibraryState()
    window = MainWindow(backend)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.view.page is window.view.first_run)
    assert not window.actions_.update_library.isEnabled()
    window.actions_.add_folder.trigger()
    (dialog,) = window.findChildren(QFileDialog)
    backend.command = [sys.executable, "-c", "pass"]
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        dialog.fileSelected.emit("/pictures/new")
    dialog.close()
    assert backend.indexed == [[Path("/pictures/new")]]


def test_missing_models_are_said_quietly_and_a_click_leads_to_them(qtbot: QtBot, backend: Any) -> None:
    missing = Missing("scene", "the model clip is not installed", "crossfind models pull clip")
    backend.state = LibraryState({"image": 1}, (IndexedFolder(Path("/p")),), (missing,))
    window = MainWindow(backend)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.missing.isVisible)
    assert window.missing.label.text() == "The model clip is not installed."
    assert window.missing.label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    window.missing.button.click()
    dialog = window.around.settings.dialog
    assert dialog is not None
    assert dialog.stack.currentWidget() is dialog.models
    with qtbot.waitSignal(window.flow.found):
        window.query.set_words("boat")
    assert not window.missing.isVisible()


def test_a_library_that_cannot_be_read_is_said(
    qtbot: QtBot, backend: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> LibraryState:
        raise LibraryError("The library was made by a newer Crossfind.", "Update Crossfind.")

    monkeypatch.setattr(backend, "status", broken)
    window = MainWindow(backend)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.problem.isVisible)
    assert window.problem.label.text() == "The library was made by a newer Crossfind. Update Crossfind."


def test_a_library_that_goes_away_meanwhile_is_said_and_asked_again_when_it_is_back(
    window: MainWindow, backend: Any, search: Search, qtbot: QtBot, tmp_path: Path
) -> None:
    there, backend.state = backend.state, replace(backend.state, library=tmp_path / "drive" / "library")
    window.refresh()
    qtbot.waitUntil(lambda: window.asking.state.library is not None)
    gone = LibraryState(library=backend.state.library)
    backend.error, backend.state = LibraryMissingError("There is no library.", "crossfind index FOLDER"), gone
    window.query.set_words("boat")
    qtbot.waitUntil(lambda: window.view.page is window.view.away)
    assert not window.problem.isVisible()
    window.query.set_words("boats")
    qtbot.waitUntil(lambda: backend.last_query == "boats" and not window.jobs.busy("status"))
    assert window.view.page is window.view.away
    window.places.turn_to("people")
    assert "Connect its drive" in window.problem.label.text()
    window.places.turn_to("search")
    assert not window.problem.isVisible()
    window.places.turn_to("library")
    window.refresh()
    qtbot.waitUntil(window.problem.isVisible)
    assert "Connect its drive" in window.problem.label.text()
    backend.error, backend.state = None, there
    with qtbot.waitSignal(window.flow.found):
        window.refresh()
    assert backend.last_query == "boats"


def test_a_library_that_is_being_upgraded_is_asked_again_by_itself(
    window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    backend.error = LibraryBusyError("The library is being written.", "Wait until it is done, or stop it.")
    with qtbot.waitSignal(window.flow.failed):
        window.query.set_words("boat")
    assert "Wait until it is done" in window.problem.label.text()
    backend.error = None
    with qtbot.waitSignal(window.flow.found):
        pass
    assert backend.last_query == "boat"
    assert not window.problem.isVisible()


# ---- searching


def test_typing_shows_hits_and_the_first_in_the_preview(
    window: MainWindow,
    backend: Any,
    make_hit: Callable[..., Hit],
    make_picture: Callable[..., Path],
    qtbot: QtBot,
) -> None:
    make_picture("photo.jpg", (50, 40))
    backend.hits = (
        make_hit("photo.jpg", score=0.9),
        make_hit("b.jpg", score=0.5),
        make_hit("weak.jpg", score=0.1),
    )
    qtbot.keyClicks(window.query.field, "red car")
    qtbot.waitUntil(lambda: window.model.rowCount() == 2)
    assert window.view.page is window.view.results
    assert backend.requests[-1].query == "red car"
    qtbot.waitUntil(lambda: window.view.preview.picture.pixmap.width() == 50)
    assert window.view.preview.name.text() == "photo.jpg"
    assert window.statusBar().currentMessage() == "2 results in 12 ms"


def test_a_slow_old_answer_never_replaces_a_newer_one(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    backend.gate = threading.Event()
    backend.hits = (make_hit("a.jpg"),)
    answers: list[str] = []
    window.flow.found.connect(lambda _, result: answers.append(result.query))
    window.query.set_words("one")
    qtbot.waitUntil(lambda: len(backend.requests) == 1)
    with qtbot.waitSignal(window.flow.slow):
        window.query.set_words("two")
    assert window.statusBar().currentMessage() == "Searching …"
    window.query.set_words("three")
    backend.gate.set()
    qtbot.waitUntil(lambda: window.model.rowCount() == 1)
    assert answers == ["three"]
    assert [request.query for request in backend.requests] == ["one", "three"]


def test_nothing_good_found_offers_the_weaker_matches(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search, qtbot: QtBot
) -> None:
    backend.hits = (make_hit("weak.jpg", score=0.1),)
    search("unicorn")
    assert window.view.page is window.view.nothing
    assert window.view.nothing.heading.text() == "Nothing good found"
    assert not window.view.preview.isVisible()
    with qtbot.waitSignal(window.flow.found):
        qtbot.mouseClick(window.view.nothing.buttons[0], Qt.MouseButton.LeftButton)
    assert backend.requests[-1].floor == 0.0
    assert window.model.rowCount() == 1
    assert "weaker ones too" in window.statusBar().currentMessage()
    backend.hits = ()
    search("nothing at all")
    assert window.view.nothing.heading.text() == "Nothing found"
    assert not window.view.nothing.buttons[0].isVisible()
    window.actions_.clear.trigger()
    assert not window.actions_.weak.isChecked()


def test_an_error_in_the_query_is_a_sentence_and_a_mark_and_the_hits_stay(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search, qtbot: QtBot
) -> None:
    backend.hits = (make_hit("a.jpg"),)
    search("boat")
    backend.error = QuerySyntaxError("There is no field tpye.", 5, 9, "Write type:pdf.")
    before = window.query.field.grab().toImage()
    with qtbot.waitSignal(window.flow.failed):
        window.query.set_words("boat tpye:pdf")
    plain_width = before.width()
    assert window.problem.label.text() == "There is no field tpye. Write type:pdf."
    assert window.query.field.grab().toImage().width() == plain_width
    assert window.view.page is window.view.results
    backend.error = None
    search("boat type:pdf")
    assert not window.problem.isVisible()


def test_a_fault_of_ours_offers_its_details(
    window: MainWindow, backend: Any, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    backend.error = ValueError("a secret of the program")
    with qtbot.waitSignal(window.flow.failed):
        window.query.set_words("boat")
    caplog.clear()
    assert "secret" not in window.problem.label.text()
    qtbot.mouseClick(window.problem.button, Qt.MouseButton.LeftButton)
    (shown,) = window.findChildren(FaultDialog)
    assert "ValueError: a secret of the program" in shown.details.toPlainText()
    assert not window.problem.isVisible()


def test_every_bar_stands_in_the_window(window: MainWindow) -> None:
    """One that stands in no layout becomes a window of its own when it says something."""
    bars = [one for one in QApplication.allWidgets() if isinstance(one, NoticeBar)]
    assert {window.problem, window.missing, window.library.fresh.bar} <= set(bars)
    assert not [one for one in bars if one.isWindow()]


def test_example_queries_can_be_clicked(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.flow.found):
        window.view.ready.link_clicked.emit("a dog on the beach")
    assert window.query.field.text() == "a dog on the beach"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.view.page is window.view.ready
    assert window.query.field.text() == ""


def test_orders_keep_the_current_hit(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search
) -> None:
    backend.hits = (make_hit("b.jpg"), make_hit("a.jpg"), make_hit("c.jpg"))
    search("x")
    by_name = next(action for action in window.actions_.orders.actions() if action.data() == "name")
    by_name.trigger()
    assert [window.model.index(row).data() for row in range(3)] == ["a.jpg", "b.jpg", "c.jpg"]
    current = window.view.results.current_hit()
    assert current is not None
    assert current.file.name == "b.jpg"


# ---- pictures as queries


def test_a_dropped_picture_is_searched_by(
    window: MainWindow, backend: Any, make_picture: Callable[..., Path], qtbot: QtBot
) -> None:
    path = make_picture('holiday/my "best" dog.png')
    window.query.field.setText("old words")
    with qtbot.waitSignal(window.flow.found):
        hand.drop(window, hand.with_files(path))
    assert backend.requests[-1].query == f'like:@"{str(path).replace(chr(34), chr(34) * 2)}"'
    assert [chip.shown.value for chip in window.area.chips.chips] == ['my "best" dog.png']
    assert window.query.field.text() == 'like:@"my ""best"" dog.png" '


def test_a_pasted_screenshot_is_kept_privately_until_the_window_closes(
    window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setImage(picture())
    with qtbot.waitSignal(window.flow.found):
        window.actions_.paste.trigger()
    query = backend.requests[-1].query
    kept = Path(query.removeprefix('like:@"').removesuffix('"'))
    assert QImageReader(str(kept)).size() == picture().size()
    if sys.platform != "win32":
        assert kept.parent.stat().st_mode & 0o077 == 0
    qtbot.waitUntil(lambda: window.thumbnails.get(kept) is not None)
    window.close()
    assert not kept.parent.exists()


def test_image_data_can_be_dropped(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setImageData(picture())
    with qtbot.waitSignal(window.flow.found):
        hand.drop(window, mime)
    assert backend.requests[-1].query.startswith('like:@"')


def test_words_are_pasted_where_the_cursor_is(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("on the\nbeach")
    qtbot.keyClicks(window.query.field, "dog ")
    with qtbot.waitSignal(window.flow.found):
        qtbot.keyClick(window.query.field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.query.field.text() == "dog on the beach"


def test_a_dropped_folder_is_indexed_after_a_click(
    window: MainWindow, backend: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    backend.command = [sys.executable, "-c", "pass"]
    hand.drop(window, hand.with_files(tmp_path))
    assert f"Index {tmp_path.name}?" in window.problem.label.text()
    assert backend.indexed == []
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        qtbot.mouseClick(window.problem.button, Qt.MouseButton.LeftButton)
    assert backend.indexed == [[tmp_path]]


def test_a_picture_on_the_network_is_not_fetched(window: MainWindow, backend: Any) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.jpg")])
    hand.drop(window, mime)
    assert "Save the picture" in window.problem.label.text()
    assert backend.requests == []


def test_what_is_useless_is_not_accepted(window: MainWindow) -> None:
    mime = QMimeData()
    mime.setData("application/x-thing", b"1")
    assert not hand.hold_over(window, mime)


def test_similar_searches_by_the_picture_or_the_page(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search, qtbot: QtBot
) -> None:
    kept = Path("/thumbs/away.webp").absolute()
    page = make_hit("report.pdf", media_type="application/pdf", locator=Page(4))
    Path(page.file.path).touch()
    away = make_hit("away.jpg", present=False, thumbnail=kept)
    song = make_hit("song.mp3", media_type="audio/mpeg")
    deleted = make_hit("deleted.jpg", thumbnail=kept.with_name("deleted.webp"))
    backend.hits = (page, away, song, deleted)
    search("x")
    with qtbot.waitSignal(window.flow.found):
        window.actions_.similar.trigger()
    assert backend.requests[-1].query == f'like:@"{page.file.path}"#4'
    assert window.query.field.text() == 'like:@"report.pdf"#4 '
    window.view.results.select_row(1)
    with qtbot.waitSignal(window.flow.found):
        window.actions_.similar.trigger()
    assert backend.requests[-1].query == f'like:@"{away.thumbnail}"'
    window.view.results.select_row(2)
    window.actions_.similar.trigger()
    assert "no picture of song.mp3" in window.problem.label.text()
    window.view.results.select_row(3)
    with qtbot.waitSignal(window.flow.found):
        window.actions_.similar.trigger()
    assert backend.requests[-1].query == f'like:@"{deleted.thumbnail}"'


# ---- acting on hits


def test_copy_takes_the_selected_files(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search, qtbot: QtBot
) -> None:
    backend.hits = (make_hit("a.jpg"), make_hit("b.jpg"))
    search("x")
    window.view.results.setFocus()
    qtbot.keyClick(window.view.results, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    window.actions_.copy.trigger()
    urls = QGuiApplication.clipboard().mimeData().urls()
    assert [Path(url.toLocalFile()).name for url in urls] == ["a.jpg", "b.jpg"]
    window.actions_.copy_path.trigger()
    assert QGuiApplication.clipboard().text().splitlines() == [hit.file.path for hit in backend.hits]


def test_a_file_that_is_away_or_gone_is_explained(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search
) -> None:
    backend.hits = (make_hit("gone.jpg"), make_hit("away.jpg", present=False))
    search("x")
    window.actions_.open.trigger()
    assert "gone.jpg is not there any more" in window.problem.label.text()
    window.view.results.select_row(1)
    window.actions_.reveal.trigger()
    assert window.problem.label.text() == "The drive with away.jpg is not connected."


def test_actions_on_hits_need_hits(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search
) -> None:
    assert not window.actions_.open.isEnabled()
    assert not window.results.acts.export.isEnabled()
    backend.hits = (make_hit(),)
    search("x")
    assert window.actions_.open.isEnabled()
    menu = window.view.results.actions()
    assert [action.text().replace("&", "") for action in menu] == [
        "Open", "Show in folder", "Find similar", "Copy", "Copy path",
        "Open with", "Copy originals to a folder …", "Export a list …", "Cut clips …",
        "Copy as clips", "Find duplicates of this", "Add to a collection …",
    ]  # fmt: skip


def test_the_keyboard_reaches_everything(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search, qtbot: QtBot
) -> None:
    backend.hits = (make_hit("a.jpg"), make_hit("b.jpg"))
    search("x")
    qtbot.keyClick(window.query.field, Qt.Key.Key_Down)
    assert window.view.results.hasFocus()
    assert window.view.preview.isVisible()
    qtbot.keyClick(window.view.results, Qt.Key.Key_Space)
    assert window.view.preview.is_large
    assert not window.view.results.isVisible()
    qtbot.keyClick(window.view.preview, Qt.Key.Key_Escape)
    assert not window.view.preview.is_large
    assert window.view.results.isVisible()
    size = window.header.slider.value()
    window.actions_.larger.trigger()
    assert window.header.slider.value() > size
    window.actions_.find.trigger()
    assert window.query.field.hasFocus()
    assert window.query.field.selectedText() == "x"
    assert {"Ctrl+F", "Ctrl+L"} <= {keys.toString() for keys in window.actions_.find.shortcuts()}


def test_no_two_actions_share_a_shortcut(window: MainWindow) -> None:
    keys = [key.toString() for action in window.actions_.everything() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert all(action.text() for action in window.actions_.everything())


# ---- indexing and closing


def test_a_finished_run_shows_the_new_state_and_answers_again_in_place(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search, qtbot: QtBot
) -> None:
    backend.hits = (make_hit("a.jpg"), make_hit("b.jpg"))
    search("x")
    window.view.results.select_row(1)
    backend.hits = (make_hit("new.jpg"), make_hit("a.jpg"), make_hit("b.jpg"))
    backend.state = LibraryState({"image": 7}, (IndexedFolder(Path("/pictures")),))
    backend.command = [sys.executable, "-c", 'print(\'{"summary": {"indexed": 1}}\')']
    with qtbot.waitSignal(window.flow.found, timeout=20_000):
        window.actions_.update_library.trigger()
    assert backend.indexed == [[]]
    current = window.view.results.current_hit()
    assert current is not None
    assert current.file.name == "b.jpg"
    qtbot.waitUntil(lambda: window._library_label.text() == "7 pictures")


def test_a_second_run_is_refused_kindly(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    backend.command = [sys.executable, "-c", WAIT_FOR_STDIN]
    window.index([])
    window.index([Path("/more")])
    assert "under way already" in window.problem.label.text()
    with qtbot.waitSignal(window.indexing.ended, timeout=20_000):
        window.indexing.cancel()


def test_closing_while_indexing_lets_the_batch_end_first(
    window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    backend.command = [sys.executable, "-c", WAIT_FOR_STDIN]
    window.index([])
    assert not window.close()
    assert window.isVisible()
    assert "Closing when" in window.problem.label.text()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=20_000)
    assert not window.indexing.running


def test_closing_twice_does_not_wait(window: MainWindow, backend: Any, qtbot: QtBot) -> None:
    backend.command = [sys.executable, "-c", "import time; time.sleep(60)"]
    window.index([])
    assert not window.close()
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=10_000)


def test_the_window_remembers_its_choices(qtbot: QtBot, backend: Any, tmp_path: Path) -> None:
    def opened() -> MainWindow:
        settings = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        window = MainWindow(backend, settings)
        qtbot.addWidget(window)
        window.show()
        return window

    first = opened()
    first.header.slider.setValue(222)
    first.actions_.preview.setChecked(False)
    next(action for action in first.actions_.orders.actions() if action.data() == "date").trigger()
    first.close()
    second = opened()
    assert second.header.slider.value() == 222
    assert not second.actions_.preview.isChecked()
    assert second.actions_.orders.checkedAction().data() == "date"
    second.close()
    (tmp_path / "window.ini").write_text("[General]\npicture%20size=much\ngeometry=1\norder=2\n")
    assert opened().header.slider.value() == 176


def test_a_change_of_palette_is_followed(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search, qtbot: QtBot
) -> None:
    backend.hits = (make_hit(),)
    search("x")
    before, light = window.styleSheet(), QApplication.palette()
    QApplication.setPalette(QPalette(Qt.GlobalColor.black))
    try:
        qtbot.waitUntil(lambda: window.styleSheet() != before)
        assert window.view.results.palette().color(QPalette.ColorRole.Base).lightness() < 100
        window.grab()
    finally:
        QApplication.setPalette(light)
    qtbot.waitUntil(lambda: window.styleSheet() == before)


def test_every_control_has_a_name_for_screen_readers(window: MainWindow) -> None:
    for control in (
        window.query.field,
        window.header.slider,
        window.header.order_button,
        window.view.results,
        window.view.preview,
        window.indexing.bar,
        window.indexing.troubles,
        window.problem.close_button,
    ):
        assert control.accessibleName()


def cut_texts(window: MainWindow) -> list[str]:
    """Texts on screen that do not fit into their labels."""
    labels = [label for label in window.findChildren(QLabel) if label.isVisible() and label.text()]
    narrow = [label.text() for label in labels if label.width() < label.minimumSizeHint().width()]
    return narrow + [label.text() for label in labels if label.height() < label.heightForWidth(label.width())]


@pytest.mark.parametrize("size", [(1180, 760), (660, 400)])
def test_no_text_is_cut(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], size: tuple[int, int], qtbot: QtBot
) -> None:
    window.resize(*size)
    backend.hits = (make_hit("Kopie/" * 12 + "a.txt", media_type="text/plain", text="word " * 90),)
    long = "A rather long sentence that says what went wrong and what can be done about it. " * 2
    window.complain(long)
    for page in (window.view.first_run, window.view.ready, window.view.nothing):
        window.view.stack.setCurrentWidget(page)
        qtbot.waitUntil(lambda: cut_texts(window) == [])
    with qtbot.waitSignal(window.flow.found):
        window.query.set_words("x")
    window.complain(long)
    qtbot.waitUntil(lambda: cut_texts(window) == [])


def test_what_is_waited_for_is_said_where_nothing_else_is(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], qtbot: QtBot
) -> None:
    view = window.view
    backend.gate, backend.hits = threading.Event(), (make_hit("a.jpg"),)
    with qtbot.waitSignal(window.flow.slow):
        window.query.set_words("one")
    assert view.page is view.waiting
    assert view.waiting.heading.text() == "Searching …"
    window.query.clear()
    assert view.page is view.ready
    with qtbot.waitSignal(window.flow.slow):
        window.query.set_words("two")
    backend.gate.set()
    qtbot.waitUntil(lambda: view.page is view.results)
    backend.gate = threading.Event()
    with qtbot.waitSignal(window.flow.slow):
        window.query.set_words("three")
    assert view.page is view.results  # what was found before stays meanwhile
    backend.gate.set()


def test_a_slow_question_that_fails_leaves_no_page_that_waits(
    window: MainWindow, backend: Any, qtbot: QtBot
) -> None:
    backend.gate, backend.error = threading.Event(), CrossfindError("It is broken.")
    with qtbot.waitSignal(window.flow.slow):
        window.query.set_words("one")
    backend.gate.set()
    qtbot.waitUntil(lambda: window.problem.label.text() == "It is broken.")
    assert window.view.page is window.view.ready


def test_queries_to_begin_with_fit_what_is_there(window: MainWindow, qtbot: QtBot) -> None:
    assert examples({"image": 3, "pdf": 1}) == ["a dog on the beach", "type:pdf invoice", "red car at night"]
    assert examples({"audio": 2}) == ['sound:"dog barking"']
    assert examples({}) == []
    window.view.ready.show_links(examples({"audio": 2}))
    (link,) = [one for one in window.view.ready.findChildren(QPushButton) if one.isVisible()]
    with qtbot.waitSignal(window.flow.found):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert window.query.current.words == 'sound:"dog barking"'


def test_hits_of_another_question_do_not_stand_under_a_picture_that_cannot_be_read(
    window: MainWindow,
    backend: Any,
    make_hit: Callable[..., Hit],
    search: Search,
    qtbot: QtBot,
    tmp_path: Path,
) -> None:
    backend.hits = (make_hit("a.jpg"), make_hit("b.pdf", media_type="application/pdf"))
    search("dog")
    assert window.view.side.isVisible()
    backend.error = MediaError("The picture is cut off.")
    window.sources.take(GivenFiles((tmp_path / "broken.jpg", tmp_path / "other.jpg")))
    assert "2 files were given" in window.area.remarks.label.text()
    qtbot.waitUntil(lambda: window.problem.label.text() == "broken.jpg: The picture is cut off.")
    assert window.view.page is window.view.nothing
    assert window.view.nothing.heading.text() == "No answer"
    assert not window.view.side.isVisible()  # nor what they have in common, with its bars
    backend.error = None
    search("dog")
    assert window.view.page is window.view.results
    assert not window.area.remarks.isVisible()


def test_a_photo_in_which_a_thing_was_found_is_searched_by_as_a_whole(
    window: MainWindow, backend: Any, make_hit: Callable[..., Hit], search: Search, qtbot: QtBot
) -> None:
    photo = make_hit("photo.jpg", locator=Region(of=Whole(), box=(0.1, 0.1, 0.5, 0.5)))
    Path(photo.file.path).touch()
    backend.hits = (photo,)
    search("object:dog")
    with qtbot.waitSignal(window.flow.found):
        window.actions_.similar.trigger()
    assert backend.requests[-1].query == f'like:@"{photo.file.path}"'


def test_nothing_found_does_not_stand_under_a_question_that_cannot_be_read(
    window: MainWindow, backend: Any, search: Search, qtbot: QtBot
) -> None:
    search("unicorn")
    assert window.view.nothing.heading.text() == "Nothing good found"
    backend.error = QuerySyntaxError("someday is not a date.", 5, 12)
    window.query.set_words("date:someday")
    qtbot.waitUntil(lambda: window.view.nothing.heading.text() == "No answer")
    assert "not a date" in window.problem.label.text()
