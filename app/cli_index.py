"""`crossfind index`: read folders into the library, with progress a person or a program can follow."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app import cli_index_options as given
from app import cli_options as options
from app import given_folders
from app.cli_index_report import JsonReport, PersonReport, Report, Share
from app.config import Config
from search.errors import CrossfindError

if TYPE_CHECKING:
    from app.bootstrap import IndexWishes
    from indexers.pace import Effort, Throttle

EXAMPLES = """[bold]Examples[/bold]

crossfind index ~/Pictures ~/Documents

crossfind index ~/Pictures --exclude 'Trash*' --exclude '*.tmp'

crossfind index   (again, everything indexed before)

crossfind index ~/Pictures --estimate   (how much there is, and what it would take)

crossfind index --pause   (in another terminal; then --resume)
"""


def index(
    folders: given.Folders = None,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    device: options.Device = None,
    exclude: given.Exclude = None,
    only: given.Only = None,
    workers: given.Workers = None,
    password: given.Password = None,
    password_file: given.PasswordFile = None,
    retry: given.Retry = False,
    max_megapixels: given.MaxMegapixels = None,
    max_text_mb: given.MaxTextMb = None,
    time_limit: given.TimeLimit = None,
    memory_limit: given.MemoryLimit = None,
    effort: given.Effort = None,
    on_power: given.OnPower = None,
    when_idle: given.WhenIdle = None,
    hear_subtitled: given.HearSubtitled = None,
    pause: given.Pause = False,
    resume: given.Resume = False,
    estimate: given.Estimate = False,
    json_: options.Json = False,
    progress_json: given.Hidden = False,
    until_stdin_closes: given.Hidden = False,
) -> None:
    """Read folders into the library. Only what is new or changed is read; Ctrl-C stops cleanly."""
    pace = {"effort": effort, "on_power": on_power, "when_idle": when_idle}
    own = {"workers": workers, "hear_subtitled": hear_subtitled}
    config = options.settings(library, models_dir, device, **own, **pace)
    if pause or resume:
        raise typer.Exit(_told_to_run(config.library_folder, pause=pause))
    given_folders.check(folders or (), config.library_folder)
    excluded = (*config.exclude, *(exclude or ()))
    if estimate:
        from app.cli_estimate import show_estimate

        show_estimate(config, folders or (), excluded, as_json=json_)
        return
    from app.bootstrap import IndexWishes

    limits = {"megapixels": max_megapixels, "text_mb": max_text_mb}
    limits |= {"seconds": time_limit, "memory_mb": memory_limit}
    wanted = IndexWishes(
        folders=tuple(path.absolute() for path in folders or ()),
        exclude=excluded,
        only=frozenset(name.strip() for names in only for name in names.split(",")) if only else None,
        passwords=(*(password or ()), *(options.lines_of(password_file) if password_file else ())),
        retry=retry,
        limits={name: value for name, value in limits.items() if value is not None},
    )
    report = partial(JsonReport, progress_json) if json_ else PersonReport
    raise typer.Exit(_run(config, wanted, report, until_stdin_closes=until_stdin_closes))


def _run(
    config: Config, wanted: "IndexWishes", made: Callable[[Share], Report], *, until_stdin_closes: bool
) -> int:
    """Run to the end, or until it is stopped, and return the exit code. Raises `CrossfindError`."""
    from app import bootstrap, library_notes, pace_notes
    from indexers.pace import Throttle

    _give_way()
    cancelled = threading.Event()
    throttle = Throttle(bootstrap.effort_of(config))
    if until_stdin_closes:
        obey = (config.library_folder, cancelled, throttle)
        threading.Thread(target=_obey_stdin, args=obey, daemon=True).start()
    run = bootstrap.start_indexing(config, wanted, cancelled, _tell, throttle)
    for notice in run.notices:
        print(notice, file=sys.stderr)
    report = made(partial(library_notes.note_progress, config.library_folder))
    with _signals_cancel(cancelled):
        counts = report.follow(run.events)
    if not cancelled.is_set():
        library_notes.note_run(config.library_folder, bootstrap.roots_of(config, run.folders), datetime.now())
        pace_notes.note(config.library_folder, report.read, report.seconds)
    return 1 if counts["failed"] else 130 if cancelled.is_set() else 0


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


def _obey_stdin(library: Path, cancelled: threading.Event, throttle: "Throttle") -> None:
    """Do what the lines say: `pause`, `resume`, or `effort` with percent, `on-power` and `when-idle` (0 or 1
    each), for example `effort 50 1 0`. The end of the input cancels the run."""
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
                elif line.startswith(b"effort "):
                    throttle.effort = _effort(line)
    cancelled.set()


def _effort(line: bytes) -> "Effort":
    """Read a line of our own window's; see `_obey_stdin`."""
    from indexers.pace import Effort

    percent, on_power, when_idle = (int(part) for part in line.split()[1:])
    return Effort(min(max(percent, 1), 100) / 100, bool(on_power), bool(when_idle))


index.__doc__ = f"{index.__doc__}\n\n{EXAMPLES}"
