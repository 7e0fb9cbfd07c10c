"""`crossfind index`: read folders into the library, with progress a person or a program can follow."""

import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from app import cli_options as options
from search.errors import CrossfindError
from search.records import (
    Failed,
    Indexed,
    Missing,
    Moved,
    Outcome,
    Progress,
    Removed,
    Skipped,
    Unchanged,
)

NAMES = {
    Indexed: "indexed",
    Unchanged: "unchanged",
    Moved: "moved",
    Skipped: "skipped",
    Failed: "failed",
    Removed: "removed",
}
EXAMPLES = """[bold]Examples[/bold]

crossfind index ~/Pictures ~/Documents

crossfind index ~/Pictures --exclude 'Trash*' --exclude '*.tmp'

crossfind index   (again, everything indexed before)

crossfind index --pause   (in another terminal; then --resume)
"""


def index(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders or files; none means all that were indexed before.")
    ] = None,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    device: options.Device = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", help="A .gitignore-style pattern to leave out; repeatable."),
    ] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Only these: pictures, documents.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes that read files.")
    ] = None,
    password: Annotated[list[str] | None, typer.Option("--password", help="Try this on locked PDFs.")] = None,
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", help="A file with one password a line.", exists=True, dir_okay=False),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Try files again that could not be read before.")
    ] = False,
    max_megapixels: Annotated[float | None, typer.Option(min=1, help="Refuse larger pictures.")] = None,
    time_limit: Annotated[
        float | None, typer.Option(min=1, help="Seconds one file (or part) may take.")
    ] = None,
    memory_limit: Annotated[int | None, typer.Option(min=100, help="Megabytes one reader may use.")] = None,
    effort: Annotated[
        int | None,
        typer.Option(
            min=1, max=100, help="Percent of the time that may be spent working.", show_default="100"
        ),
    ] = None,
    on_power: Annotated[
        bool | None, typer.Option("--on-power/--on-battery-too", help="Wait while on battery.")
    ] = None,
    when_idle: Annotated[
        bool | None, typer.Option("--when-idle/--always", help="Wait while other programs are busy.")
    ] = None,
    pause: Annotated[
        bool, typer.Option("--pause", help="Pause the run that is under way, started here or elsewhere.")
    ] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Let a paused run go on.")] = False,
    json_: options.Json = False,
    progress_json: Annotated[bool, typer.Option("--progress-json", hidden=True)] = False,
    until_stdin_closes: Annotated[bool, typer.Option("--until-stdin-closes", hidden=True)] = False,
) -> None:
    """Read folders into the library. Only what is new or changed is read; Ctrl-C stops cleanly."""
    from app import bootstrap

    config = options.settings(
        library, models_dir, device, workers=workers, effort=effort, on_power=on_power, when_idle=when_idle
    )
    if pause or resume:
        raise typer.Exit(_told_to_run(config.library_folder, pause=pause))
    _give_way()
    cancelled = threading.Event()
    if until_stdin_closes:
        obey = (config.library_folder, cancelled)
        threading.Thread(target=_obey_stdin, args=obey, daemon=True).start()
    limits = {"megapixels": max_megapixels, "seconds": time_limit, "memory_mb": memory_limit}
    wanted = bootstrap.IndexWishes(
        folders=tuple(path.absolute() for path in folders or ()),
        exclude=(*config.exclude, *(exclude or ())),
        only=frozenset(only) if only else None,
        passwords=(*(password or ()), *_lines(password_file)),
        retry=retry,
        limits={name: value for name, value in limits.items() if value is not None},
    )
    run = bootstrap.start_indexing(config, wanted, cancelled, _tell)
    for notice in run.notices:
        print(notice, file=sys.stderr)
    report = JsonReport(progress_json) if json_ else PersonReport()
    with _signals_cancel(cancelled):
        counts = report.follow(run.events)
    raise typer.Exit(1 if counts["failed"] else 130 if cancelled.is_set() else 0)


def _told_to_run(library: Path, *, pause: bool) -> int:
    """Pause the run under way, or let it go on; return the exit code. Raises `LibraryError`."""
    from search.store import pause as signal_file

    if pause:
        signal_file.pause(library)
        print("Paused: what was begun is being finished. Go on with: crossfind index --resume")
        return 0
    was_paused = signal_file.resume(library)
    print("Going on." if was_paused else "No run is paused.")
    return 0 if was_paused else 1


def _give_way() -> None:
    """Let every other program, searches among them, go first."""
    import psutil

    below_normal = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 10)  # elsewhere it is a nice value
    with suppress(psutil.Error, OSError):
        psutil.Process().nice(below_normal)


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _lines(file: Path | None) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file else []


@contextmanager
def _signals_cancel(cancelled: threading.Event) -> Iterator[None]:
    """Make Ctrl-C and a polite kill stop the run in good order; a second one stops it at once."""

    def stop(*_: object) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt
        cancelled.set()
        print("Stopping; what is finished is kept. Ctrl-C again to leave at once.", file=sys.stderr)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _obey_stdin(library: Path, cancelled: threading.Event) -> None:
    """Do what the lines `pause` and `resume` say; the end of the input cancels the run."""
    from search.store import pause as signal_file

    rest = b""
    while said := os.read(sys.stdin.fileno(), 1024):  # not sys.stdin: its lock would be held at the end
        *lines, rest = (rest + said).split(b"\n")
        for line in lines:
            with suppress(CrossfindError):  # the run has just ended
                if line.strip() == b"pause":
                    signal_file.pause(library)
                elif line.strip() == b"resume":
                    signal_file.resume(library)
    cancelled.set()


def as_json(outcome: Outcome) -> dict[str, Any]:
    """One outcome as the stable output format has it."""
    reason = getattr(outcome, "reason", None) or getattr(outcome, "before", None)
    return {"outcome": NAMES[type(outcome)], "path": outcome.path, "reason": reason}


class Report:
    """Counts outcomes; children show them."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter(dict.fromkeys(NAMES.values(), 0))
        self._began = time.monotonic()

    def follow(self, events: Iterator[Outcome | Progress | Missing]) -> Counter[str]:
        """Consume a run to its end and return how often each outcome came."""
        for event in events:
            if isinstance(event, Progress):
                self.progress(event)
            elif isinstance(event, Missing):
                self.gap(event)
            else:
                self.counts[NAMES[type(event)]] += 1
                self.outcome(event)
        self.summary(round(time.monotonic() - self._began, 2))
        return self.counts

    def progress(self, event: Progress) -> None:
        """Show how far the run is."""

    def outcome(self, event: Outcome) -> None:
        """Show what became of one file."""

    def gap(self, event: Missing) -> None:
        """Say that a model failed and its space is left out of the run."""
        print(f"{event.space} is left out of this run. {event.told}", file=sys.stderr)

    def summary(self, seconds: float) -> None:
        """Show the end."""


class JsonReport(Report):
    """One JSON object a line on standard output; progress, if wanted, on standard error."""

    def __init__(self, with_progress: bool) -> None:
        super().__init__()
        self._with_progress = with_progress

    def progress(self, event: Progress) -> None:
        """Write a progress line."""
        if self._with_progress:
            fields = ("done", "total", "files_per_s", "left_s", "stage")
            print(
                json.dumps({"progress": {f: getattr(event, f) for f in fields}}), file=sys.stderr, flush=True
            )

    def outcome(self, event: Outcome) -> None:
        """Write an outcome line."""
        print(json.dumps(as_json(event), ensure_ascii=False), flush=True)

    def summary(self, seconds: float) -> None:
        """Write the summary line."""
        print(json.dumps({"summary": {**self.counts, "seconds": seconds}}), flush=True)


class PersonReport(Report):
    """A progress bar on standard error, then what could not be read and why."""

    def __init__(self) -> None:
        super().__init__()
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        self._console = Console(stderr=True, highlight=False)
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            console=self._console,
            transient=True,
        )
        self._task = self._bar.add_task("looking for files", total=None, speed="")
        self._unread: list[Skipped | Failed] = []

    def follow(self, events: Iterator[Outcome | Progress | Missing]) -> Counter[str]:
        """Consume a run under a progress bar."""
        with self._bar:
            return super().follow(events)

    def progress(self, event: Progress) -> None:
        """Move the bar."""
        left = "" if event.left_s is None else f" · {_duration(event.left_s)} left"
        speed = f"{event.files_per_s:.1f} files/s{left}"
        self._bar.update(
            self._task, completed=event.done, total=event.total, description=event.stage, speed=speed
        )

    def outcome(self, event: Outcome) -> None:
        """Remember what could not be read."""
        if isinstance(event, Skipped | Failed):
            self._unread.append(event)

    def summary(self, seconds: float) -> None:
        """Say what happened."""
        self._bar.stop()
        for event in self._unread:
            style = "red" if isinstance(event, Failed) else "yellow"
            self._console.print(f"{NAMES[type(event)]}: ", style=style, end="")
            self._console.print(f"{event.path}: {event.reason}", markup=False, soft_wrap=True)
        told = [f"{count} {name}" for name, count in self.counts.items() if count]
        print(f"{', '.join(told) or 'no files'} in {_duration(seconds)}")


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


index.__doc__ = f"{index.__doc__}\n\n{EXAMPLES}"
