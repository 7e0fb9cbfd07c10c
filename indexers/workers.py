"""Worker processes that may hang, crash or eat memory without harm to anything but their task.

Each worker has a pipe of its own and a thread in the parent that minds it, so one can be killed at any
moment: no lock or queue is shared between them. Why not a ready-made pool: docs/decisions/0005.
"""

import contextlib
import faulthandler
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

import psutil

from indexers.memory import keep_little

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_LOOK_EVERY_S = 0.1
_TASKS_PER_PROCESS = 2000
_GRACE_S = 10.0
_PATIENCE = 5
"""So many times as long may take what mostly waits: for a processor that others use, for a slow drive."""

_BEHIND = 5
"""By how many steps a worker stands behind its parent in the queue for a processor."""

_spawn = multiprocessing.get_context("spawn")


class WorkerError(Exception):
    """The task was lost: its process hung, died, or was stopped for its memory. The text says which."""


class WorkerStoppedError(Exception):
    """The pool was stopped while the task ran."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one task may use: seconds, and MB of resident memory.

    The seconds are those of the clock; a task that had the processor for less than half of them gets more.
    """

    seconds: float
    memory_mb: float


class Worker(Generic[Task, Answer]):
    """One process that does one task at a time; a new one is started when the last was lost.

    `work` must be importable by name (the process is spawned). Not safe to share between threads,
    but `stopped` may be set from anywhere and ends a running task within a fraction of a second.
    """

    def __init__(self, work: Callable[[Task], Answer], stopped: threading.Event) -> None:
        self._work = work
        self._stopped = stopped
        self._process: multiprocessing.process.BaseProcess | None = None
        self._pipe: Connection | None = None
        self._tasks = 0

    def run(self, task: Task, allowance: Allowance) -> Answer:
        """Do one task. Raises `WorkerError` when it was lost, `WorkerStoppedError` when we stopped.

        A process that crashes after other tasks may suffer from one of those: the task gets a new one.
        """
        while True:
            fresh = self._tasks == 0
            try:
                return self._attempt(task, allowance)
            except (EOFError, OSError) as error:
                code = self._buried()
                if fresh:
                    raise WorkerError(f"its decoder crashed ({code})") from error
            except (WorkerError, WorkerStoppedError):
                self.close()
                raise

    def _attempt(self, task: Task, allowance: Allowance) -> Answer:
        process, pipe = self._ready()
        pipe.send((task, allowance.seconds))
        self._await(process, pipe, allowance)
        answer: Answer = pipe.recv()
        self._tasks += 1
        return answer

    def close(self) -> None:
        """Kill the process, if there is one, and wait until it is gone."""
        if self._process is None or self._pipe is None:
            return
        self._pipe.close()
        self._process.kill()
        self._process.join()
        self._process.close()
        self._process = self._pipe = None
        self._tasks = 0

    def _ready(self) -> tuple["multiprocessing.process.BaseProcess", Connection]:
        if self._tasks >= _TASKS_PER_PROCESS:  # codecs leak
            self.close()
        if self._process is None or self._pipe is None:
            ours, theirs = _spawn.Pipe()
            process = _spawn.Process(target=_serve, args=(theirs, self._work), daemon=True)
            process.start()
            theirs.close()
            self._process, self._pipe = process, ours
        return self._process, self._pipe

    def _await(
        self, process: "multiprocessing.process.BaseProcess", pipe: Connection, may: Allowance
    ) -> None:
        """Return when there is an answer or an end to read; raise when the task goes too far."""
        seconds = may.seconds + (_GRACE_S if self._tasks == 0 else 0)
        began, worked_s = time.monotonic(), _worked_s(process.pid)
        while not wait([pipe, process.sentinel], _LOOK_EVERY_S):
            if self._stopped.is_set():
                raise WorkerStoppedError
            took = time.monotonic() - began
            if took > seconds and (
                took > _PATIENCE * seconds or _worked_s(process.pid) - worked_s > seconds / 2
            ):
                raise WorkerError(f"it took longer than {may.seconds:g} seconds (--time-limit)")
            if _resident_mb(process.pid) > may.memory_mb:
                raise WorkerError(f"it needed more than {may.memory_mb:g} MB of memory (--memory-limit)")

    def _buried(self) -> str:
        """Clear away a process that died by itself, and say how it ended."""
        assert self._process is not None
        self._process.join(timeout=1)
        code = self._process.exitcode
        self.close()
        if code is not None and code < 0:
            with contextlib.suppress(ValueError):
                return signal.Signals(-code).name
        return f"exit code {code}"


def _resident_mb(pid: int | None) -> float:
    try:
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    except psutil.Error:
        return 0.0


def _worked_s(pid: int | None) -> float:
    """How many seconds of a processor a process has had."""
    try:
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)
    except psutil.Error:
        return 0.0


def _serve(pipe: Connection, work: Callable[[Task], Answer]) -> None:
    """The worker's main loop: take a task, do it, answer; leave when the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent()
    _give_way()
    keep_little()
    silence = _silenced()
    with contextlib.suppress(EOFError, OSError):
        while True:
            task, seconds = pipe.recv()
            # A thread in C that needs no interpreter: even a decoder that never returns cannot outlive it.
            end_s = _PATIENCE * (seconds + _GRACE_S) + _GRACE_S
            faulthandler.dump_traceback_later(end_s, exit=True, file=silence)
            answer = work(task)
            faulthandler.cancel_dump_traceback_later()
            pipe.send(answer)


def _give_way() -> None:
    """Let the models of the parent go first: what is read ahead of them only has to come in time, and a model
    whose threads wait for each other loses more by a decoder beside it than the decoder gains.
    """
    if sys.platform != "win32":
        os.nice(_BEHIND)


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent watch", daemon=True).start()
    if sys.platform == "linux":  # also when a decoder holds the interpreter's lock
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _silenced() -> int:
    """Send everything codecs print, and all our own logging, to nowhere."""
    logging.disable(logging.CRITICAL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    return nowhere
