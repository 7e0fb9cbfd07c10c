"""The preview over the real program: what is in a file, and a whole flow from a query to the next result."""

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.config import Config
from app.window.backend import ServiceBackend
from search.errors import CrossfindError
from ui.main_window import MainWindow


@pytest.fixture
def backend(home: Path, sample_library: Path) -> Iterator[ServiceBackend]:
    backend = ServiceBackend(Config(library=str(sample_library)))
    yield backend
    backend._client().close()


@pytest.fixture
def window(qtbot: QtBot, backend: ServiceBackend) -> MainWindow:
    made = MainWindow(backend)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    qtbot.waitUntil(lambda: not made.jobs.busy("status"), timeout=60_000)
    return made


def a_path(backend: ServiceBackend, query: str) -> Path:
    from ui.backend import SearchRequest

    return Path(backend.search(SearchRequest(query)).hits[0].file.path)


def test_what_is_in_a_file_comes_through_the_resident_process(backend: ServiceBackend) -> None:
    path = a_path(backend, "type:pdf inverters")
    assert backend.inside(path, "inverters", 1).paths == (str(path),)
    with pytest.raises(CrossfindError, match="not in the library"):
        backend.inside(path.with_name("none.pdf"), "")


def test_a_file_in_which_nothing_is_said_has_no_transcript(backend: ServiceBackend) -> None:
    with pytest.raises(CrossfindError, match="no speech"):
        backend.transcript(a_path(backend, "type:image"), "srt")


def test_how_loud_a_recording_is_comes_through_as_well(backend: ServiceBackend, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 8000 + (40 * b"\0\x40" + 40 * b"\0\xc0") * 100)
    peaks = backend.waveform(path)
    assert peaks[0] == 0
    assert peaks[-1] > 0.1


def test_from_a_query_to_a_page_a_box_and_the_next_result(window: MainWindow, qtbot: QtBot) -> None:
    preview = window.view.preview

    def settle() -> None:
        channels = ("search", "preview", "preview inside")
        qtbot.waitUntil(lambda: not any(map(window.jobs.busy, channels)), timeout=60_000)

    with qtbot.waitSignal(window.flow.found, timeout=60_000):
        window.query.set_words("type:pdf inverters")
    settle()
    qtbot.waitUntil(lambda: any(mark.word for mark in preview.picture._marks), timeout=60_000)
    assert preview.stage.pages.isVisible() == ((preview.stage.hit.content.pages or 1) > 1)  # type: ignore[union-attr]

    window.actions_.large.trigger()
    assert preview.is_large
    assert not window.view.results.isVisible()
    qtbot.keyClick(preview.picture, Qt.Key.Key_R)
    spot = preview.picture._spot().toRect()
    qtbot.mousePress(preview.picture, Qt.MouseButton.LeftButton, pos=spot.topLeft() + QPoint(5, 5))
    qtbot.mouseMove(preview.picture, spot.center())
    with qtbot.waitSignal(preview.asked) as asked:
        qtbot.mouseRelease(preview.picture, Qt.MouseButton.LeftButton, pos=spot.center())
    assert asked.args[0].startswith("like:@")  # type: ignore[index]
    settle()

    with qtbot.waitSignal(window.flow.found, timeout=60_000):
        window.query.set_words("type:image")
    settle()
    first = preview.name.text()
    qtbot.keyClick(preview, Qt.Key.Key_Down)
    assert preview.name.text() != first
    qtbot.keyClick(preview, Qt.Key.Key_Up)
    assert preview.name.text() == first
    if preview.is_large:
        qtbot.keyClick(preview, Qt.Key.Key_Escape)
    assert not preview.is_large
    window.close()
