"""`crossfind watch`: index what changes, as it changes, until it is stopped."""

import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from app import cli_options as options
from app.watch_news import News
from search.errors import CrossfindError

_QUIET_S = 3.0
_LONGEST_S = 60.0
"""Where something changes all the time, a run begins after so long all the same."""

_LONGEST_PATIENCE_S = 600.0


def watch(
    folders: Annotated[
        list[Path] | None, typer.Argument(help="Folders in the library; none means all of them.")
    ] = None,
    library: options.Library = None,
    models_dir: options.ModelsDir = None,
    json_: options.Json = False,
) -> None:
    """Index what changes in folders, after a quiet moment; first what changed before. Ctrl-C stops.

    Of very many files at once the first are named, the rest counted; --json names all.

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
    command = launch.command("index", "--json", "--until-stdin-closes")
    command += ["--library", str(config.library_folder)]
    command += ["--models-dir", config.models_dir] if config.models_dir else []
    pending = _Pending(command, config.library_folder, as_json=json_)
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

    def __init__(self, command: Sequence[str], library: Path, as_json: bool = False) -> None:
        self._command, self._library = command, library
        self._guard = threading.Lock()
        self._folders: dict[Path, None] = {}
        self._first = self._last = 0.0
        self._wait_s = _QUIET_S
        self._news = News(as_json)

    def take(self, folders: Sequence[Path]) -> None:
        """Remember folders for the next run."""
        with self._guard:
            self._last = time.monotonic()
            self._first = self._first if self._folders else self._last
            self._folders |= dict.fromkeys(folders)

    def run(self, stop: threading.Event) -> None:
        """Index what changed, whenever it has been quiet for a while, until `stop` is set.

        Nothing is begun while another run, from the window perhaps, writes the library. What a run that broke
        off was to index is tried again, later and later.
        """
        while not stop.wait(min(0.5, self._wait_s)):
            if due := self._due():
                if self._news.of_run([*self._command, *map(str, due)]):
                    self._wait_s = _QUIET_S
                elif not stop.is_set():
                    self._wait_s = min(2 * self._wait_s, _LONGEST_PATIENCE_S)
                    self.take(due)

    def _due(self) -> list[Path]:
        from search.store.pause import is_written

        with self._guard:
            now = time.monotonic()
            is_time = now - self._last >= self._wait_s or now - self._first >= max(_LONGEST_S, self._wait_s)
            if not (self._folders and is_time) or is_written(self._library):
                return []
            due, self._folders = list(self._folders), {}
            return due
