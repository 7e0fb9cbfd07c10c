"""The library and its indexing behind the window: facts through the resident process, runs in their own."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from app import launch
from app.window.link import Link
from search.errors import CrossfindError
from search.records import Learned, Progress
from ui.indexing.backend import FolderFacts, LearnedFacts, Overview, Unread

logger = logging.getLogger(__name__)


class IndexingLink(Link):
    """Implements `ui.indexing.backend.IndexingBackend`."""

    def overview(self) -> Overview:
        """Return the library as a whole."""
        told = self._ask("overview")
        return Overview(
            Path(told["folder"]),
            told["bytes"],
            told["free"],
            told["files"],
            tuple(
                FolderFacts(**one | {"path": Path(one["path"]), "excludes": tuple(one["excludes"])})
                for one in told["folders"]
            ),
            tuple(LearnedFacts(**one | {"reads": tuple(one["reads"])}) for one in told["learned"]),
            tuple(Unread(Path(one["path"]), one["reason"]) for one in told["unread"]),
            _progress(told["under_way"]),
        )

    def unlock(self, paths: Sequence[Path], password: str) -> Sequence[Path]:
        """Try a password on locked PDFs, and remember it."""
        opened = self._ask("library", what="unlock", paths=list(map(str, paths)), password=password)
        return [Path(path) for path in opened]

    def set_watched(self, folder: Path, on: bool) -> None:
        """Remember whether a folder is to be watched."""
        self._ask("watch", folder=str(folder), on=on)

    def watch(self, folders: Sequence[Path], told: Callable[[Sequence[Path]], None]) -> Callable[[], None]:
        """Watch folders for changes until the function returned is called."""
        try:
            from app.watching import watch
        except ImportError as error:  # watchfiles has no build for this system
            raise CrossfindError("Folders cannot be watched on this computer.") from error
        stop, library = threading.Event(), self._settings.library_folder

        def work() -> None:
            try:
                watch(folders, library, told, stop)
            except OSError as error:
                logger.error("watching folders ended: %s", error)

        threading.Thread(target=work, name="watch", daemon=True).start()
        return stop.set

    def indexing_command(
        self, folders: Sequence[Path], only: Sequence[str] = (), retry: bool = False
    ) -> Sequence[str]:
        """Return the command line that indexes folders and reports in JSON."""
        options = ["--json", "--progress-json", "--until-stdin-closes"]
        options += ["--library", str(self._settings.library_folder)]
        if self._settings.models_dir:
            options += ["--models-dir", self._settings.models_dir]
        options += ["--only", ",".join(only)] if only else []
        options += ["--retry"] if retry else []
        return launch.command("index", *options, *map(str, folders))


def _progress(told: dict[str, Any] | None) -> Progress | None:
    if told is None:
        return None
    return Progress(**told | {"learned": tuple(Learned(**one) for one in told["learned"])})
