"""The indexing panel follows real child processes: small programs that speak its language."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.indexing.panel import IndexingPanel
from ui.indexing.run import Ended, IndexingRun, Trouble

SPEAK = """
import json, sys, time
def outcome(kind, path, reason=None):
    print(json.dumps({"outcome": kind, "path": path, "reason": reason}, ensure_ascii=False), flush=True)
def progress(done, total, speed=10.0, left=None, stage="reading"):
    told = {"done": done, "total": total, "files_per_s": speed, "left_s": left, "stage": stage}
    print(json.dumps({"progress": told}), file=sys.stderr, flush=True)
def summary(**counts):
    print(json.dumps({"summary": {**counts, "seconds": 1.0}}), flush=True)
"""
WHOLE_RUN = (
    SPEAK
    + """
progress(0, None)
outcome("indexed", "/a/1.jpg")
outcome("unchanged", "/a/2.jpg")
outcome("failed", "/a/ü 3.jpg", "The picture is cut off.")
outcome("skipped", "/a/4.pdf", "It is locked.")
progress(4, 4, 12.5, 0.0)
summary(indexed=1, unchanged=1, moved=0, skipped=1, failed=1, removed=0)
sys.exit(1)
"""
)
UNTIL_STDIN_CLOSES = (
    SPEAK
    + """
outcome("indexed", "/a/1.jpg")
progress(1, 100, 5.0, 20.0)
sys.stdin.read()
outcome("indexed", "/a/2.jpg")
summary(indexed=2)
"""
)
PAUSES = (
    SPEAK
    + """
progress(1, 100, 5.0, 20.0)
for line in sys.stdin:
    progress(1, 100, 0.0, None, "paused" if line.strip() == "pause" else "indexing")
summary(indexed=1)
"""
)
DEAF = (
    SPEAK
    + """
outcome("indexed", "/a/1.jpg")
time.sleep(60)
"""
)
CRASH = (
    SPEAK
    + """
outcome("indexed", "/a/1.jpg")
import os
os.abort() if sys.platform == "win32" else os.kill(os.getpid(), 9)
"""
)
REFUSED = """
import sys
print("The library is in use by process 4711.", "Wait until it is done.", file=sys.stderr)
sys.exit(2)
"""
MANY = (
    SPEAK
    + """
for n in range(30_000):
    print('{"outcome": "unchanged", "path": "/a/%d.jpg", "reason": null}' % n)
print('not json at all')
print('[1, 2]')
summary(unchanged=30_000)
"""
)


def child(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def finished(run: IndexingRun, qtbot: QtBot) -> Ended:
    with qtbot.waitSignal(run.ended, timeout=20_000) as waiting:
        run.start()
    assert waiting.args is not None
    (ended,) = waiting.args
    assert isinstance(ended, Ended)
    return ended


def started(run: IndexingRun, qtbot: QtBot) -> None:
    run.start()
    qtbot.waitUntil(lambda: run.counts["indexed"] == 1, timeout=20_000)


def test_a_whole_run_is_followed(qtbot: QtBot) -> None:
    run = IndexingRun(child(WHOLE_RUN))
    assert finished(run, qtbot) == Ended("done")
    assert run.counts == {"indexed": 1, "unchanged": 1, "moved": 0, "skipped": 1, "failed": 1, "removed": 0}
    assert run.progress is not None
    assert (run.progress.done, run.progress.total, run.progress.files_per_s) == (4, 4, 12.5)
    assert run.troubles == [
        Trouble("failed", "/a/ü 3.jpg", "The picture is cut off."),
        Trouble("skipped", "/a/4.pdf", "It is locked."),
    ]


def test_cancel_closes_the_childs_input_and_waits_for_its_last_words(qtbot: QtBot) -> None:
    run = IndexingRun(child(UNTIL_STDIN_CLOSES))
    started(run, qtbot)
    with qtbot.waitSignal(run.ended, timeout=20_000) as waiting:
        run.cancel()
        run.cancel()
    assert waiting.args == [Ended("cancelled")]
    assert run.counts["indexed"] == 2


def test_a_child_that_does_not_listen_is_ended_after_the_grace_period(qtbot: QtBot) -> None:
    run = IndexingRun(child(DEAF), grace_ms=50)
    started(run, qtbot)
    with qtbot.waitSignal(run.ended, timeout=20_000) as waiting:
        run.cancel()
    assert waiting.args == [Ended("cancelled")]
    assert not run.running


def test_a_crash_is_an_end_with_a_sentence(qtbot: QtBot) -> None:
    run = IndexingRun(child(CRASH))
    ended = finished(run, qtbot)
    assert ended.how == "broken"
    assert run.counts["indexed"] == 1


def test_a_crash_after_the_last_words_changes_nothing(qtbot: QtBot) -> None:
    run = IndexingRun(child(CRASH.replace('outcome("indexed", "/a/1.jpg")', "summary(indexed=3)")))
    assert finished(run, qtbot) == Ended("done")
    assert run.counts["indexed"] == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no death by signal")
def test_a_killed_indexer_is_called_a_crash(qtbot: QtBot) -> None:
    assert "crashed" in finished(IndexingRun(child(CRASH)), qtbot).message


def test_what_the_indexer_says_when_it_refuses_is_shown(qtbot: QtBot) -> None:
    ended = finished(IndexingRun(child(REFUSED)), qtbot)
    assert ended == Ended("broken", "The library is in use by process 4711. Wait until it is done.")


def test_notices_before_an_error_are_left_out(qtbot: QtBot) -> None:
    said = "print('The model is for research only.', file=sys.stderr);"
    said += "print('crossfind: The disk is full.\\nMake room.', file=sys.stderr); sys.exit(1)"
    assert finished(IndexingRun(child(f"import sys; {said}")), qtbot) == Ended(
        "broken", "The disk is full.\nMake room."
    )


def test_a_program_that_is_not_there_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    ended = finished(IndexingRun([str(tmp_path / "no such program")]), qtbot)
    assert ended.how == "broken"
    assert "could not be started" in ended.message


def test_many_lines_come_in_portions_and_none_is_lost(qtbot: QtBot) -> None:
    run = IndexingRun(child(MANY))
    told: list[int] = []
    run.changed.connect(lambda: told.append(run.counts["unchanged"]))
    assert finished(run, qtbot) == Ended("done")
    assert run.counts["unchanged"] == 30_000
    assert run.troubles == []


@pytest.fixture
def commands() -> dict[str, Sequence[str]]:
    return {"command": child(WHOLE_RUN)}


@pytest.fixture
def panel(qtbot: QtBot, commands: dict[str, Sequence[str]]) -> IndexingPanel:
    made = IndexingPanel(lambda *_: commands["command"], grace_ms=5000)
    qtbot.addWidget(made)
    made.resize(900, 200)
    return made


def test_the_panel_tells_how_it_ended_and_lists_the_problems(panel: IndexingPanel, qtbot: QtBot) -> None:
    assert not panel.isVisible()
    with qtbot.waitSignal(panel.ended, timeout=20_000):
        assert panel.start([Path("/a/Holiday")])
        assert panel.isVisible()
        assert panel.title.text() == "Indexing Holiday"
    assert panel.title.text() == "Finished: 1 indexed, 1 unchanged, 1 left out, 1 could not be read."
    assert panel.details_button.text() == "2 problems"
    qtbot.mouseClick(panel.details_button, Qt.MouseButton.LeftButton)
    assert panel.troubles.isVisible()
    rows = [panel.troubles.topLevelItem(row) for row in range(panel.troubles.topLevelItemCount())]
    assert [(row.text(0), row.text(1)) for row in rows if row] == [
        ("/a/ü 3.jpg", "The picture is cut off."),
        ("/a/4.pdf", "It is locked."),
    ]
    assert panel.stop_button.text() == "Close"
    qtbot.mouseClick(panel.stop_button, Qt.MouseButton.LeftButton)
    assert not panel.isVisible()


def test_a_second_run_is_refused_while_one_is_under_way(
    panel: IndexingPanel, commands: dict[str, Sequence[str]], qtbot: QtBot
) -> None:
    commands["command"] = child(UNTIL_STDIN_CLOSES)
    assert panel.start([])
    assert not panel.start([])
    qtbot.waitUntil(lambda: "1 of 100" in panel.numbers.text(), timeout=20_000)
    assert panel.numbers.text() == "1 of 100 · 5.0 files/s · 20 s left"
    assert (panel.bar.value(), panel.bar.maximum()) == (10, 1000)
    with qtbot.waitSignal(panel.ended, timeout=20_000):
        qtbot.mouseClick(panel.stop_button, Qt.MouseButton.LeftButton)
        assert panel.title.text() == "Finishing the files in hand …"
        assert not panel.stop_button.isEnabled()
    assert panel.title.text() == "Stopped: 2 indexed."
    commands["command"] = child(WHOLE_RUN)
    with qtbot.waitSignal(panel.ended, timeout=20_000):
        assert panel.start([])


def test_a_crash_leaves_the_panel_usable(
    panel: IndexingPanel, commands: dict[str, Sequence[str]], qtbot: QtBot
) -> None:
    commands["command"] = child(REFUSED)
    with qtbot.waitSignal(panel.ended, timeout=20_000):
        panel.start([])
    assert panel.title.text().startswith("The library is in use")
    assert not panel.running


def test_the_panel_pauses_and_resumes(
    panel: IndexingPanel, commands: dict[str, Sequence[str]], qtbot: QtBot
) -> None:
    commands["command"] = child(PAUSES)
    panel.start([Path("/a/Holiday")])
    assert not panel.pause_button.isVisible()  # nothing to pause yet
    qtbot.waitUntil(panel.pause_button.isVisible, timeout=20_000)
    qtbot.mouseClick(panel.pause_button, Qt.MouseButton.LeftButton)
    assert not panel.pause_button.isEnabled()  # until the run obeys
    qtbot.waitUntil(lambda: panel.pause_button.text() == "Resume", timeout=20_000)
    assert panel.pause_button.isEnabled()
    assert panel.numbers.text() == "1 of 100 · paused"
    qtbot.mouseClick(panel.pause_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.pause_button.text() == "Pause", timeout=20_000)
    assert "files/s" in panel.numbers.text() or panel.numbers.text() == "1 of 100"
    with qtbot.waitSignal(panel.ended, timeout=20_000):
        panel.cancel()
    assert not panel.pause_button.isVisible()


def test_a_run_that_broke_off_can_go_on(
    panel: IndexingPanel, commands: dict[str, Sequence[str]], qtbot: QtBot
) -> None:
    commands["command"] = child(CRASH)
    with qtbot.waitSignal(panel.ended, timeout=20_000):
        panel.start([Path("/a/Holiday")], ["faces"], retry=True)
    assert panel.again_button.isVisible()
    assert panel.asked == ([Path("/a/Holiday")], ["faces"], True)
    with qtbot.waitSignal(panel.again_wanted):
        qtbot.mouseClick(panel.again_button, Qt.MouseButton.LeftButton)
    commands["command"] = child(WHOLE_RUN)
    with qtbot.waitSignal(panel.ended, timeout=20_000):
        panel.start(*panel.asked)
    assert not panel.again_button.isVisible()
