"""Memory that was freed goes back to the system."""

import sys

import pytest

from indexers.memory import Tidier


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only glibc keeps what is freed")
def test_what_is_free_is_given_back_but_not_all_the_time() -> None:
    assert Tidier(every_s=0.0).tidy()
    patient = Tidier(every_s=1000.0)
    assert not patient.tidy()


def test_a_system_that_does_so_by_itself_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not Tidier(every_s=0.0).tidy()
