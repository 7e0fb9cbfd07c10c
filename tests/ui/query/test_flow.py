import threading
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from search.errors import CancelledError
from ui.jobs import Jobs
from ui.query.flow import SearchFlow
from ui.query.text import Asked


def test_a_newer_question_stops_the_one_before(qtbot: QtBot, backend: Any) -> None:
    """The first search goes on until it is stopped; nothing of it is shown, not even that it failed."""
    stopped, begun = threading.Event(), threading.Event()
    search = backend.search

    def slow(request: Any) -> Any:
        if request.query == "first":
            begun.set()
            assert stopped.wait(10)
            raise CancelledError("The search was cancelled.")
        return search(request)

    def stop() -> None:
        if begun.is_set():
            stopped.set()

    backend.search, backend.stop_search = slow, stop
    jobs = Jobs()
    flow = SearchFlow(backend, jobs)
    shown: list[str] = []
    flow.found.connect(lambda asked, _: shown.append(asked.words))
    flow.failed.connect(lambda *_: pytest.fail("nobody waited for it"))
    flow.ask(Asked("first"))
    qtbot.waitUntil(begun.is_set)
    flow.ask(Asked("second"))
    qtbot.waitUntil(lambda: bool(shown))
    jobs.shutdown()
    assert shown == ["second"]
    assert stopped.is_set()
