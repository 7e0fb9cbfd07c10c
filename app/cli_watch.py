"""`crossfind watch`: index what changes, as it changes, until it is stopped."""

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from app import cli_options as options
from search.errors import CrossfindError

_QUIET_S = 3.0


def watch(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders in the library; none means all of them.")
    ] = None,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
) -> None:
    """Index what changes in folders, after a quiet moment. Ctrl-C stops.

    Example: crossfind watch ~/Pictures
    """
    from app import bootstrap, launch
    from app.watching import watch as changes

    config = options.settings(library, models_dir)
    with closing(bootstrap.open_library(config)) as opened:
        roots = [Path(root.path) for root in opened.roots]
    wanted = [path.absolute() for path in folders] if folders else roots
    if strange := [path for path in wanted if not any(path.is_relative_to(root) for root in roots)]:
        way = f"Begin with: crossfind index {strange[0]}"
        raise CrossfindError(f"{strange[0]} was not indexed before.", way)
    command = launch.command("index", "--library", str(config.library_folder))
    command += ["--models-dir", config.models_dir] if config.models_dir else []
    pending = _Pending(command, config.library_folder)
    print(f"Watching {', '.join(map(str, wanted))}. Ctrl-C stops.", file=sys.stderr)
    stop = threading.Event()
    runner = threading.Thread(target=pending.run, args=(stop,), name="watch runs")
    runner.start()
    try:
        changes(wanted, config.library_folder, pending.take, stop)
    except KeyboardInterrupt:
        pass
    except OSError as error:
        raise CrossfindError(f"The folders cannot be watched: {error}.", "Watch fewer of them.") from error
    finally:
        stop.set()
        runner.join()


class _Pending:
    """Folders that changed, and the runs that index them, one at a time."""

    def __init__(self, command: Sequence[str], library: Path) -> None:
        self._command, self._library = command, library
        self._guard = threading.Lock()
        self._folders: dict[Path, None] = {}
        self._last = 0.0

    def take(self, folders: Sequence[Path]) -> None:
        """Remember folders for the next run."""
        with self._guard:
            self._folders |= dict.fromkeys(folders)
            self._last = time.monotonic()

    def run(self, stop: threading.Event) -> None:
        """Index what changed, whenever it has been quiet for a while, until `stop` is set.

        Nothing is begun while another run, from the window perhaps, writes the library.
        """
        while not stop.wait(0.5):
            if due := self._due():
                subprocess.run([*self._command, *map(str, due)], check=False)

    def _due(self) -> list[Path]:
        from search.store.pause import is_written

        with self._guard:
            is_quiet = time.monotonic() - self._last >= _QUIET_S
            if not (self._folders and is_quiet) or is_written(self._library):
                return []
            due, self._folders = list(self._folders), {}
            return due
