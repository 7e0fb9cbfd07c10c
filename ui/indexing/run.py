"""One indexing run in a process of its own, followed through the lines it writes.

The window never waits for it: lines are read in small portions, an end by crash is an end like any
other, and cancelling closes its input, which asks it to finish the batch in hand.
"""

import json
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, QProcess, QTimer, Signal, Slot

from search.records import Learned, Progress
from ui.language import mark, tr
from ui.remedies import reason_in_window
from ui.wording import readable

PORTION = 400
"""Lines read before other events have their turn."""
MOST_TROUBLES = 5000
_SAID = 40
PAUSED = mark("paused")
"""The stage that a run reports while a pause holds it."""

_ERROR = "crossfind: "
"""How the command line begins to tell an error."""

CRASHED = mark("The indexer crashed. What it had finished is kept; start it again to go on.")


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that was left out or could not be read, and why."""

    outcome: str
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended; `message` says what went wrong when it is `broken`."""

    how: Literal["done", "cancelled", "broken"]
    message: str = ""


class IndexingRun(QObject):
    """A `QProcess` and what it has told so far. `changed` comes at most ten times a second."""

    changed = Signal()
    ended = Signal(object)

    def __init__(self, command: Sequence[str], parent: QObject | None = None, grace_ms: int = 20_000) -> None:
        super().__init__(parent)
        self.progress: Progress | None = None
        self.counts: Counter[str] = Counter()
        self.troubles: list[Trouble] = []
        self.cancelled = False
        self._summed_up = False
        self._over = False
        self._said: deque[str] = deque(maxlen=_SAID)
        self._command = command
        self._stopping = QTimer(self, singleShot=True, interval=grace_ms)
        self._reading = QTimer(self, singleShot=True, interval=0)
        self._telling = QTimer(self, singleShot=True, interval=100)
        self._process = QProcess(self)
        self._connect()

    def start(self) -> None:
        """Start the process; a program that cannot be started ends the run."""
        self._process.start(self._command[0], list(self._command[1:]))

    @property
    def running(self) -> bool:
        """Whether the process is alive."""
        return self._process.state() != QProcess.ProcessState.NotRunning

    @Slot()
    def cancel(self) -> None:
        """Ask it to stop; if it does not within the grace period, make it, twice as firmly each time."""
        if self.running and not self.cancelled:
            self.cancelled = True
            self._process.closeWriteChannel()
            self._stopping.start()

    @property
    def paused(self) -> bool:
        """Whether the process says that it waits to be resumed."""
        return self.progress is not None and self.progress.stage == PAUSED

    def pause(self, paused: bool) -> None:
        """Ask it to pause, or to go on; it tells by its progress when it does."""
        if self.running:
            self._process.write(b"pause\n" if paused else b"resume\n")

    def set_effort(self, percent: int, on_power: bool, when_idle: bool) -> None:
        """Let it work harder or less hard from now on."""
        if self.running:
            self._process.write(f"effort {percent} {on_power:d} {when_idle:d}\n".encode())

    def kill(self) -> None:
        """Stop it at once and wait; the library mends itself at the next run."""
        self.cancelled = True
        self._process.kill()
        self._process.waitForFinished(5000)

    def _connect(self) -> None:
        self._process.readyReadStandardOutput.connect(lambda: self._reading.start())
        self._process.readyReadStandardError.connect(lambda: self._reading.start())
        self._process.finished.connect(lambda: self._reading.start())
        self._process.errorOccurred.connect(self._not_started)
        self._reading.timeout.connect(self._read)
        self._telling.timeout.connect(self.changed)
        self._stopping.timeout.connect(self._insist)

    @Slot()
    def _read(self) -> None:
        more = [self._read_channel(channel) for channel in QProcess.ProcessChannel]
        if any(more):
            self._reading.start()
        elif not self.running:
            self._finish(self._how_it_ended())
        if not self._over and not self._telling.isActive():
            self._telling.start()

    def _read_channel(self, channel: QProcess.ProcessChannel) -> bool:
        """Read a portion of lines; return whether there are more."""
        self._process.setReadChannel(channel)
        for _ in range(PORTION):
            last_words = not self.running and self._process.bytesAvailable() > 0
            if not (self._process.canReadLine() or last_words):
                return False
            self._take(bytes(self._process.readLine().data()).decode("utf-8", "surrogateescape").strip())
        return True

    def _take(self, line: str) -> None:
        try:
            told = json.loads(line)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            if line:
                self._said.append(line)
        elif "outcome" in told:
            self._take_outcome(told)
        elif "progress" in told:
            self.progress = progress_of(told["progress"])
        elif "summary" in told:
            self._summed_up = True
            names = told["summary"].keys() - {"seconds"}
            self.counts = Counter({name: int(told["summary"][name]) for name in names})

    def _take_outcome(self, told: dict[str, Any]) -> None:
        outcome = str(told["outcome"])
        self.counts[outcome] += 1
        if outcome in {"failed", "skipped"} and len(self.troubles) < MOST_TROUBLES:
            reason = str(told.get("reason") or tr("no reason given"))
            self.troubles.append(Trouble(outcome, readable(str(told.get("path"))), readable(reason)))
        elif outcome == "indexed" and told.get("reason") and len(self.troubles) < MOST_TROUBLES:
            reason = readable(str(told["reason"]))
            self.troubles.append(Trouble(outcome, readable(str(told.get("path"))), reason))

    def _finish(self, ended: Ended) -> None:
        if not self._over:
            self._over = True
            self._stopping.stop()
            self._telling.stop()
            self.ended.emit(ended)

    def _how_it_ended(self) -> Ended:
        if self.cancelled:
            return Ended("cancelled")
        if self._summed_up:  # its last words; how it leaves after them changes nothing
            return Ended("done")
        if self._process.exitStatus() == QProcess.ExitStatus.CrashExit:
            return Ended("broken", tr(CRASHED))
        said = _error_in([readable(line) for line in self._said])
        return Ended(
            "broken", said or tr("The indexer ended with code {code}.", code=self._process.exitCode())
        )

    @Slot(QProcess.ProcessError)
    def _not_started(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._finish(
                Ended(
                    "broken",
                    tr(
                        "The indexer could not be started: {reason}.",
                        reason=self._process.errorString(),
                    ),
                )
            )

    @Slot()
    def _insist(self) -> None:
        if self.running:
            self._process.terminate()
            self._stopping.timeout.disconnect(self._insist)
            self._stopping.timeout.connect(self._process.kill)
            self._stopping.start()


def _error_in(lines: Sequence[str]) -> str:
    """Return the error among the last words of a run, else all of them: notices may come before it."""
    at = max((n for n, line in enumerate(lines) if line.startswith(_ERROR)), default=0)
    text = "\n".join(lines[at:]).removeprefix(_ERROR).strip()
    return reason_in_window(text)


def progress_of(told: Mapping[str, Any]) -> Progress:
    """Return what a run says of itself, from its plain form; what is missing is not known."""
    return Progress(
        done=int(told.get("done") or 0),
        total=told.get("total"),
        files_per_s=float(told.get("files_per_s") or 0),
        left_s=told.get("left_s"),
        stage=str(told.get("stage") or ""),
        learned=tuple(Learned(**one) for one in told.get("learned") or ()),
    )
