"""Something dear is made once, when it is needed, and again after it was let go of."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from indexers.on_demand import OnDemand


def test_nothing_is_made_before_it_is_asked_for() -> None:
    made: list[int] = []
    OnDemand(lambda: made.append(1)).close()
    assert not made


def test_threads_that_ask_at_once_share_one() -> None:
    gate = threading.Barrier(4)
    thing = OnDemand(object)

    def ask(_: int) -> object:
        gate.wait(10)
        return thing.get()

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))
    assert len({id(one) for one in found}) == 1


def test_after_close_it_is_made_anew_and_the_old_one_goes_on() -> None:
    thing = OnDemand(lambda: [0])
    old = thing.get()
    thing.close()
    assert thing.get() is not old
    assert old == [0]


def test_what_fails_is_tried_again() -> None:
    answers = iter([OSError("not yet"), "there"])

    def make() -> str:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    thing = OnDemand(make)
    with pytest.raises(OSError, match="not yet"):
        thing.get()
    assert thing.get() == "there"
