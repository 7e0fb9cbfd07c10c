"""One flow through the results with the real window, the real resident process and a real library."""

import shutil
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.config import Config
from app.window.backend import ServiceBackend
from ui.main_window import MainWindow


@pytest.fixture
def window(home: Path, sample_library: Path, tmp_path: Path, qtbot: QtBot) -> MainWindow:
    shutil.copytree(sample_library, tmp_path / "library")
    made = MainWindow(ServiceBackend(Config(library=str(tmp_path / "library"))))
    qtbot.addWidget(made)
    made.show()
    return made


def test_search_group_write_down_keep_and_ask_again(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.flow.found, timeout=60_000):
        window.query.set_words("type:image")
    found = len(window.model.found)
    assert found > 2
    window.view.choices.groupings.actions()[3].trigger()
    assert window.model.headings()[0] == 0
    target = tmp_path / "list.csv"
    window.results.acts.write_list(target, "csv")
    qtbot.waitUntil(target.exists)
    assert len(target.read_text(encoding="utf-8").splitlines()) == found + 1
    window.kept.save_as("Pictures")
    qtbot.waitUntil(lambda: [one.name for one in window.kept.searches] == ["Pictures"], timeout=30_000)
    with qtbot.waitSignal(window.flow.found, timeout=30_000):
        window.query.set_words("type:pdf")
    window.kept.refresh()
    qtbot.waitUntil(lambda: window.kept.searches[0].found == found, timeout=30_000)
    with qtbot.waitSignal(window.flow.found, timeout=30_000):
        window.kept.run(window.kept.searches[0])
    assert len(window.model.found) == found
    qtbot.waitUntil(
        lambda: not window.jobs.busy("kept") and not window.jobs.busy("kept counts"), timeout=30_000
    )
    window.close()
