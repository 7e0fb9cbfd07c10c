import logging
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from search.errors import LibraryError
from ui.jobs import Jobs


@pytest.fixture
def jobs(qapp: object) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.shutdown()


def never(_: object) -> None:
    pytest.fail("must not be called")


def test_of_three_requests_only_the_newest_is_delivered_and_on_this_thread(jobs: Jobs, qtbot: QtBot) -> None:
    got: list[tuple[str, bool]] = []
    gate = threading.Event()

    def work(name: str) -> str:
        assert gate.wait(10)
        return name

    for name in "abc":
        jobs.submit(
            "search",
            lambda name=name: work(name),
            lambda x: got.append((x, threading.current_thread() is threading.main_thread())),
            never,
        )
    gate.set()
    qtbot.waitUntil(lambda: not jobs.busy("search"))
    qtbot.wait(20)
    assert got == [("c", True)]


def test_an_error_a_person_can_mend_is_delivered_without_a_log_record(jobs: Jobs, qtbot: QtBot) -> None:
    got: list[BaseException] = []

    def work() -> None:
        raise LibraryError("The library is away.")

    jobs.submit("search", work, never, got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert str(got[0]) == "The library is away."


def test_a_fault_of_ours_is_delivered_and_logged_with_its_traceback(
    jobs: Jobs, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    got: list[BaseException] = []
    jobs.submit("search", lambda: 1 // 0, never, got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert isinstance(got[0], ZeroDivisionError)
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert record.name == "ui.jobs"
    assert record.exc_info
    caplog.clear()


def test_a_slow_channel_does_not_hold_up_another(jobs: Jobs, qtbot: QtBot) -> None:
    gate = threading.Event()
    got: list[str] = []
    jobs.submit("slow", lambda: gate.wait(10), lambda _: got.append("slow"), never)
    jobs.submit("quick", lambda: None, lambda _: got.append("quick"), never)
    qtbot.waitUntil(lambda: got == ["quick"])
    gate.set()
    qtbot.waitUntil(lambda: got == ["quick", "slow"])


def test_what_is_cancelled_is_not_delivered(jobs: Jobs, qtbot: QtBot) -> None:
    ran = threading.Event()
    jobs.submit("search", ran.set, never, never)
    assert ran.wait(10)
    jobs.cancel("search")
    assert not jobs.busy("search")
    qtbot.wait(30)


def test_shutdown_waits_for_running_work_drops_waiting_work_and_delivers_nothing(qtbot: QtBot) -> None:
    jobs = Jobs()
    started, finished = threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        qtbot.wait(0) if threading.current_thread() is threading.main_thread() else threading.Event().wait(
            0.1
        )
        finished.set()

    jobs.submit("a", work, never, never)
    assert started.wait(10)
    jobs.submit("a", lambda: pytest.fail("was waiting"), never, never)
    jobs.shutdown()
    assert finished.is_set()
    jobs.submit("a", lambda: pytest.fail("too late"), never, never)
    qtbot.wait(30)
