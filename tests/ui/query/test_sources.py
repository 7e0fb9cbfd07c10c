from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMarginsF, QSizeF, Qt
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.query.incoming import GivenFiles
from ui.query.page_picker import PagePicker
from ui.query.sources import page_count


def pdf(path: Path, pages: int) -> Path:
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QSizeF(50, 50), QPageSize.Unit.Millimeter))
    writer.setPageMargins(QMarginsF())
    painter = QPainter(writer)
    for number in range(pages):
        if number:
            writer.newPage()
        painter.drawText(100, 100, str(number))
    painter.end()
    return path


def given(*paths: Path) -> GivenFiles:
    return GivenFiles(paths)


@pytest.mark.parametrize(
    ("name", "query"),
    [("bark.wav", 'sound:@"{}"'), ("film.mp4", 'clip:@"{}"'), ("dog.heic", 'like:@"{}"')],
)
def test_files_are_searched_by_what_they_are(
    window: MainWindow, backend: Any, tmp_path: Path, qtbot: QtBot, name: str, query: str
) -> None:
    with qtbot.waitSignal(window.flow.found):
        window.sources.take(given(tmp_path / name))
    assert backend.requests[-1].query == query.format(tmp_path / name)
    assert len(window.area.chips.chips) == 1


def test_a_document_of_one_page_is_that_page(
    window: MainWindow, backend: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    path = pdf(tmp_path / "one.pdf", 1)
    assert page_count(path) == 1
    with qtbot.waitSignal(window.flow.found):
        window.sources.take(given(path))
    assert backend.requests[-1].query == f'like:@"{path}"#1'


def test_of_several_pages_one_is_chosen(
    window: MainWindow, backend: Any, make_picture: Callable[..., Path], tmp_path: Path, qtbot: QtBot
) -> None:
    backend.page = make_picture("page.png").read_bytes()
    path = pdf(tmp_path / "three.pdf", 3)
    window.sources.take(given(path))
    qtbot.waitUntil(lambda: len(window.findChildren(PagePicker)) == 1)
    picker = window.findChildren(PagePicker)[0]
    qtbot.waitUntil(lambda: not picker.picture.pixmap().isNull())
    picker.number.setValue(3)
    qtbot.waitUntil(lambda: backend.pages[-1] == (path, 3))
    with qtbot.waitSignal(window.flow.found):
        qtbot.mouseClick(picker.take_button, Qt.MouseButton.LeftButton)
    assert backend.requests[-1].query == f'like:@"{path}"#3'
    assert window.query.field.text() == 'like:@"three.pdf"#3 '


def test_what_is_no_document_is_left_to_the_search_to_find_fault_with(
    window: MainWindow, backend: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(b"no document")
    assert page_count(path) == 0
    with qtbot.waitSignal(window.flow.found):
        window.sources.take(given(path))
    assert backend.requests[-1].query == f'like:@"{path}"#1'


def test_of_ten_files_the_first_is_used_and_that_is_said(
    window: MainWindow, backend: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(window.flow.found):
        window.sources.take(given(*(tmp_path / f"{n}.jpg" for n in range(10))))
    assert backend.requests[-1].query == f'like:@"{tmp_path / "0.jpg"}"'
    assert "10 files were given; 0.jpg is searched by" in window.area.remarks.label.text()
    assert window.area.remarks.isVisible()
    qtbot.keyClicks(window.query.field, "x")
    assert not window.area.remarks.isVisible()


def test_files_of_words_are_no_query_and_others_beside_them_are(
    window: MainWindow, backend: Any, tmp_path: Path, qtbot: QtBot
) -> None:
    window.sources.take(given(tmp_path / "notes.docx"))
    assert "notes.docx is no picture, sound, film or PDF" in window.problem.label.text()
    assert not backend.requests
    with qtbot.waitSignal(window.flow.found):
        window.sources.take(given(tmp_path / "notes.txt", tmp_path / "dog.jpg"))
    assert backend.last_query == f'like:@"{tmp_path / "dog.jpg"}"'
    assert "dog.jpg is searched by" in window.area.remarks.label.text()
