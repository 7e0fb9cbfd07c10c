"""Start of the window: the composition root of the graphical program."""

import base64
import logging
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app import config, logs, paths
from app.client import Client
from app.config import Config
from search.records import Missing, SearchResult, TimeSpan
from ui.backend import IndexedFolder, LibraryState, SearchRequest

logger = logging.getLogger(__name__)


class ServiceBackend:
    """The window's view of the program: searching goes to the resident process, indexing to one of its own.

    Implements `ui.backend.Backend`.
    """

    def __init__(self, settings: Config) -> None:
        self._settings = settings
        self._local = threading.local()
        self._searching: Client | None = None

    def _ask(self, operation: str, **values: Any) -> Any:
        return self._client().ask(operation, **values)

    def _client(self) -> Client:
        """One connection a thread: a slow search must not hold up a page image."""
        if not hasattr(self._local, "client"):
            self._local.client = Client(self._settings)
        client: Client = self._local.client
        return client

    def status(self) -> LibraryState:
        """Say what the library holds."""
        facts = self._ask("status")
        folders = tuple(IndexedFolder(Path(root["path"]), root["present"]) for root in facts["roots"])
        missing = tuple(Missing(**gap) for gap in facts["missing"])
        return LibraryState(facts["files"], folders, missing)

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a query."""
        options = {"limit": request.limit, "floor": request.floor, "base": str(Path.home())}
        self._searching = self._client()
        try:
            return self._searching.search(request.query, options)
        finally:
            self._searching = None

    def stop_search(self) -> None:
        """Give up the search that is under way."""
        if (client := self._searching) is not None:
            client.cancel()

    def warm_up(self) -> None:
        """Start the resident process and let it load what the first query needs."""
        self._ask("warm")

    def page_image(self, path: Path, page: int, width: int) -> bytes:
        """Draw a page of a document."""
        return base64.b64decode(self._ask("page_image", path=str(path), page=page, width=width))

    def moment_image(self, path: Path, moment: TimeSpan, width: int) -> bytes:
        """Draw a moment of a film."""
        place = {"start_s": moment.start_s, "end_s": moment.end_s}
        return base64.b64decode(self._ask("moment_image", path=str(path), width=width, **place))

    def indexing_command(self, folders: Sequence[Path]) -> Sequence[str]:
        """Return the command line that indexes folders and reports in JSON."""
        options = [
            "--json",
            "--progress-json",
            "--until-stdin-closes",
            "--library",
            str(self._settings.library_folder),
        ]
        if self._settings.models_dir:
            options += ["--models-dir", self._settings.models_dir]
        return [sys.executable, "-m", "app", "index", *options, *map(str, folders)]


def run(settings: Config) -> int:
    """Open the window and return the exit code of the event loop."""
    from ui.application import run_window

    return run_window(ServiceBackend(settings), paths.config_file().with_name("window.ini"))


def main() -> None:
    """Entry point of `crossfind-gui`."""
    logs.configure(name="window")
    sys.exit(run(config.load()))
