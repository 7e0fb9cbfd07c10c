"""The window's view of the program: searching goes to the resident process, indexing to one of its own."""

import base64
from pathlib import Path

from app.client import Client
from app.config import Config, ConfigError
from app.window.films import FilmsBackend
from app.window.indexing import IndexingLink
from app.window.kept import KeptLink
from app.window.people import PeopleLink
from app.window.query import QueryLink
from app.window.results import ResultsLink
from app.window.settings import Settings
from search.records import Missing, SearchResult, TimeSpan
from ui.backend import IndexedFolder, LibraryState, SearchRequest

PLACES = 100
"""So many places of one file are fetched; it has no more than its share of what is shown."""


class ServiceBackend(FilmsBackend, IndexingLink, KeptLink, PeopleLink, QueryLink, ResultsLink, Settings):
    """Implements `ui.backend.Backend`; each area of the window that needs more adds a base class."""

    def __init__(self, settings: Config, problem: ConfigError | None = None) -> None:
        super().__init__(settings, problem)
        self._searching: Client | None = None

    def status(self) -> LibraryState:
        """Say what the library holds."""
        facts = self._ask("status")
        folders = tuple(IndexedFolder(Path(root["path"]), root["present"]) for root in facts["roots"])
        missing = tuple(Missing(**gap) for gap in facts["missing"])
        return LibraryState(facts["files"], folders, missing, Path(facts["library"]))

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a query."""
        options = {"limit": request.limit, "floor": request.floor, "base": str(Path.home())}
        if request.fixing != "auto":
            options["fix"] = request.fixing
        options["group"] = "segment" if request.by_moment else "file"
        options["per_file"] = PLACES
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
