"""The tasks are Python expressions for `eval`: a worker needs a function that it can import by name."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from indexers.workers import Allowance, Worker, WorkerError, WorkerStoppedError

PLENTY = Allowance(seconds=60, memory_mb=2000)


@pytest.fixture
def stopped():
    return threading.Event()


@pytest.fixture
def worker(stopped):
    worker = Worker(eval, stopped)
    yield worker
    worker.close()


def test_tasks_share_a_process(worker):
    assert worker.run("1 + 1", PLENTY) == 2
    pid = worker.run("__import__('os').getpid()", PLENTY)
    assert worker.run("__import__('os').getpid()", PLENTY) == pid


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has classes of priority, which are inherited")
def test_a_worker_lets_its_parent_go_first(worker):
    assert worker.run("__import__('os').nice(0)", PLENTY) == min(os.nice(0) + 5, 19)


@pytest.mark.parametrize(
    "task",
    ["__import__('os')._exit(3)", "__import__('os').abort()", "1 / 0", "__import__('ctypes').string_at(0)"],
)
def test_a_crash_costs_only_its_task(worker, task):
    with pytest.raises(WorkerError, match="crashed"):
        worker.run(task, PLENTY)
    assert worker.run("2 + 2", PLENTY) == 4
    with pytest.raises(WorkerError, match="crashed"):
        worker.run(task, PLENTY)


def test_a_hang_is_ended(worker):
    worker.run("0", PLENTY)
    began = time.monotonic()
    with pytest.raises(WorkerError, match=r"longer than 0\.5 seconds"):
        worker.run("__import__('time').sleep(60)", Allowance(seconds=0.5, memory_mb=2000))
    assert time.monotonic() - began < 20
    assert worker.run("'alive'", PLENTY) == "alive"


def test_a_task_that_never_ends_is_ended(worker):
    worker.run("0", PLENTY)
    with pytest.raises(WorkerError, match=r"longer than 0\.5 seconds"):
        worker.run("sum(i for i in range(10**12))", Allowance(seconds=0.5, memory_mb=2000))


def test_waiting_for_a_busy_machine_or_a_slow_drive_is_no_hang(worker):
    worker.run("0", PLENTY)
    assert worker.run("__import__('time').sleep(1.5)", Allowance(seconds=1, memory_mb=2000)) is None


def test_a_glutton_is_ended(worker):
    with pytest.raises(WorkerError, match="more than 300 MB"):
        worker.run("[bytearray(10**6) for _ in range(10**6)]", Allowance(seconds=60, memory_mb=300))
    assert worker.run("'alive'", PLENTY) == "alive"


def test_a_stop_ends_a_running_task(worker, stopped):
    threading.Timer(0.5, stopped.set).start()
    with pytest.raises(WorkerStoppedError):
        worker.run("__import__('time').sleep(60)", PLENTY)


def test_a_process_that_died_in_its_sleep_is_replaced(worker):
    psutil.Process(worker.run("__import__('os').getpid()", PLENTY)).kill()
    time.sleep(0.2)
    assert worker.run("'alive'", PLENTY) == "alive"


def test_what_codecs_print_goes_nowhere(worker, capfd):
    worker.run("print('noise'), __import__('os').write(2, b'more noise')", PLENTY)
    worker.run("__import__('logging').getLogger('x').error('and more')", PLENTY)
    assert capfd.readouterr() == ("", "")


PARENT = """
import threading, sys
from indexers.workers import Allowance, Worker
if __name__ == "__main__":
    worker = Worker(eval, threading.Event())
    print(worker.run("__import__('os').getpid()", Allowance(60, 2000)), flush=True)
    {then}
"""


@pytest.mark.parametrize(
    "then",
    [
        "sys.stdin.read()",
        "worker.run(\"__import__('time').sleep(100)\", Allowance(60, 2000))",
        'worker.run("sum(i for i in range(10**12))", Allowance(60, 2000))',
    ],
    ids=["idle", "asleep", "busy"],
)
def test_no_worker_survives_its_parent(tmp_path, then):
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(then=then))
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(root), **_environment()},
    )
    with parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.5)
        assert psutil.pid_exists(pid)
        parent.kill()
    deadline = time.monotonic() + 20
    while _is_running(pid):
        assert time.monotonic() < deadline, "the worker outlived its parent"
        time.sleep(0.1)


def _environment() -> dict[str, str]:
    import os

    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def _is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
