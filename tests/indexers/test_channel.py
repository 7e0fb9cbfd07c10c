import threading

import pytest

from indexers.channel import Channel, StoppedError


@pytest.fixture
def stopped():
    return threading.Event()


def test_items_come_in_order_until_it_is_closed(stopped):
    channel = Channel(10, stopped)
    for number in range(3):
        channel.put(number)
    channel.close()
    assert not channel.finished
    assert list(channel) == [0, 1, 2]
    assert channel.finished


def test_who_puts_waits_for_room(stopped):
    channel = Channel(2, stopped)
    channel.put("light")
    channel.put("heavy", weight=9)  # gets in while the sum is below the capacity
    putting = threading.Thread(target=channel.put, args=("late",))
    putting.start()
    putting.join(0.3)
    assert putting.is_alive()
    assert [channel.get(), channel.get()] == ["light", "heavy"]
    putting.join(5)
    assert channel.get() == "late"


def test_one_can_wait_until_all_is_done_with(stopped):
    channel = Channel(9, stopped)
    channel.join()
    channel.put(1)
    channel.put(2)
    joining = threading.Thread(target=channel.join)
    joining.start()
    for _ in range(2):
        channel.get()
        joining.join(0.2)
        assert joining.is_alive()
        channel.done()
    joining.join(5)
    assert not joining.is_alive()
    channel.put(3)
    stopped.set()
    with pytest.raises(StoppedError):
        channel.join()


def test_one_can_wait_until_there_is_more_than_others_can_do(stopped):
    channel = Channel(9, stopped)
    channel.put(1)
    channel.get()
    told = []
    waiting = threading.Thread(target=lambda: told.append(channel.crowds(1)))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive(), "one item is at hand, and is being done"
    channel.put(2)
    waiting.join(5)
    assert told == [True]
    channel.done()
    channel.close()
    assert not channel.crowds(1)
    assert channel.crowds(0)
    stopped.set()
    with pytest.raises(StoppedError):
        Channel(9, stopped).crowds(1)


def test_get_gives_up_after_its_time(stopped):
    assert Channel(1, stopped).get(timeout_s=0.1) is None


def test_a_stop_wakes_both_sides_and_leaves_the_rest(stopped):
    channel = Channel(1, stopped)
    channel.put(1)
    stopped.set()
    with pytest.raises(StoppedError):
        channel.put(2)
    assert channel.drain() == [1]
    with pytest.raises(StoppedError):
        channel.get()


def test_nothing_passes_while_it_is_held(stopped):
    held = threading.Event()
    channel = Channel(10, stopped, held)
    channel.put("before")
    held.set()
    assert channel.get(timeout_s=0.1) is None
    putting = threading.Thread(target=channel.put, args=("after",))
    putting.start()
    putting.join(0.3)
    assert putting.is_alive()
    held.clear()
    putting.join(5)
    assert [channel.get(), channel.get()] == ["before", "after"]


def test_who_waits_while_it_is_held_is_stopped_too(stopped):
    held = threading.Event()
    held.set()
    channel = Channel(10, stopped, held)
    stopped.set()
    with pytest.raises(StoppedError):
        channel.get()
    with pytest.raises(StoppedError):
        channel.put("late")


def test_a_closed_channel_ends_also_while_it_is_held(stopped):
    held = threading.Event()
    held.set()
    channel = Channel(10, stopped, held)
    channel.close()
    assert channel.get() is None
