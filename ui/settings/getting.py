"""Getting models, one after the other, each in a process of its own: the window never waits for the network.

What was fetched stays when a download is stopped or breaks; getting the model again goes on from there.
"""

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from PySide6.QtCore import QObject, QProcess, Signal, Slot

from ui.language import plural, tr
from ui.remedies import reason_in_window
from ui.settings.names import getting
from ui.wording import readable

How = Literal["done", "stopped", "failed"]
_SAID = 20
_PREFIX = "crossfind: "


class ModelGetter(QObject):
    """Gets models in the order asked for. `changed` when there is something new to show; `ended` carries id,
    how it ended and what to say of it. `failures` says why models are not there that were asked for;
    `total_bytes` is how large the current one is, 0 until that is known."""

    changed = Signal()
    ended = Signal(str, str, str)

    def __init__(self, command: Callable[[str], Sequence[str]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._waiting: deque[str] = deque()
        self._process: QProcess | None = None
        self._files: dict[str, tuple[int, int | None]] = {}
        self._said: deque[str] = deque(maxlen=_SAID)
        self._stopped = False
        self.current = ""
        self.total_bytes = 0
        self.failures: dict[str, str] = {}

    @property
    def busy(self) -> tuple[str, ...]:
        """The models that are being got or wait for it."""
        return (self.current, *self._waiting) if self.current else ()

    @property
    def done_bytes(self) -> int:
        """How many bytes of the current model are there."""
        return sum(done for done, _ in self._files.values())

    def told_of(self, bytes_of: Mapping[str, int]) -> str:
        """Say what is being got, how far it is, and what went wrong before; `bytes_of` are the sizes."""
        lines = [f"{id_}: {why}" for id_, why in self.failures.items()]
        if self.current:
            total = self.total_bytes or bytes_of.get(self.current, 0)
            told = getting(self.current, self.done_bytes, total)
            if more := len(self._waiting):
                told = plural("{told}, {n} more to come", "{told}, {n} more to come", more, told=told)
            lines.insert(0, told)
        return "\n".join(lines)

    def get(self, ids: Sequence[str]) -> None:
        """Get these as well, after those that are under way."""
        self._waiting.extend(id_ for id_ in ids if id_ not in self.busy)
        for id_ in ids:
            self.failures.pop(id_, None)
        if not self.current:
            self._next()
        self.changed.emit()

    def stop(self) -> None:
        """Stop the current one, and forget those that wait. What is there is kept."""
        self._waiting.clear()
        if self._process is not None:
            self._stopped = True
            self._process.closeWriteChannel()
            self._process.terminate()

    def shutdown(self) -> None:
        """Stop, and wait a moment for the process to be gone."""
        self.stop()
        if (process := self._process) is not None and not process.waitForFinished(2000):
            process.kill()
            process.waitForFinished(2000)

    def _next(self) -> None:
        self._files, self._stopped, self.total_bytes = {}, False, 0
        self._said.clear()
        self.current = self._waiting.popleft() if self._waiting else ""
        if not self.current:
            self._process = None
            return
        program, *arguments = self._command(self.current)
        self._process = process = QProcess(self)
        process.readyReadStandardOutput.connect(self._read_progress)
        process.readyReadStandardError.connect(self._read_words)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._not_started)
        process.start(program, arguments)

    @Slot()
    def _read_progress(self) -> None:
        if self._process is None:
            return
        self._process.setReadChannel(QProcess.ProcessChannel.StandardOutput)
        while self._process.canReadLine():
            try:
                told = json.loads(bytes(self._process.readLine().data()))
                self.total_bytes = int(told.get("bytes", self.total_bytes))
                self._files[str(told["file"])] = (int(told["done"]), told["total"])
            except (ValueError, KeyError, TypeError, AttributeError):  # a sentence, and not for us
                continue
        self.changed.emit()

    @Slot()
    def _read_words(self) -> None:
        if self._process is not None:
            said = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            self._said.extend(line.strip() for line in said.splitlines() if line.strip())

    @Slot(int, QProcess.ExitStatus)
    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._read_progress()
        self._read_words()
        if code == 0 and status == QProcess.ExitStatus.NormalExit:
            self._end("done", "")
        elif self._stopped:
            self._end("stopped", tr("Stopped. What is there is kept; it goes on from here."))
        else:
            told = [line.removeprefix(_PREFIX) for line in self._said if line.startswith(_PREFIX)]
            said = " ".join(told or list(self._said)[-1:])
            self._end(
                "failed",
                reason_in_window(readable(said)) or tr("The download ended with code {code}.", code=code),
            )

    @Slot(QProcess.ProcessError)
    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and self._process is not None:
            self._end(
                "failed",
                tr(
                    "The download could not be started: {reason}.",
                    reason=self._process.errorString(),
                ),
            )

    def _end(self, how: How, message: str) -> None:
        ended, process = self.current, self._process
        if how == "failed":
            self.failures[ended] = message
        if process is not None:
            process.deleteLater()
        self._next()
        self.ended.emit(ended, how, message)
        self.changed.emit()
