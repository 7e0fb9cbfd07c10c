"""What the window asks of the rest of the program: one protocol, which `app` implements and tests fake.

Every method but `indexing_command` may take its time: the window calls them off the GUI thread, the
methods of one backend possibly at the same time from several threads. A `CrossfindError` is shown to
the person as it stands; anything else is shown as a fault of ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from search.records import MediaKind, Missing, SearchResult, TimeSpan
from ui.indexing.backend import IndexingBackend
from ui.kept.backend import KeptBackend
from ui.people.backend import PeopleBackend
from ui.preview.backend import PreviewBackend
from ui.query.backend import QueryBackend
from ui.results.backend import ResultsBackend
from ui.settings.backend import SettingsBackend


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question. `floor` is the least score 0..1 to show; None leaves it to the engine, 0 shows all.

    `fixing` is "auto" where a query picture that seems wrong may be repaired, "off" for the picture as it is.
    `by_moment` asks for every page, moment and place by itself instead of the best of each file.
    """

    query: str
    limit: int = 1000
    floor: float | None = None
    fixing: Literal["auto", "off"] = "auto"
    by_moment: bool = False


@dataclass(frozen=True, slots=True)
class IndexedFolder:
    """A folder whose files are in the library; `present` is False while its drive is away."""

    path: Path
    present: bool = True


@dataclass(frozen=True, slots=True)
class LibraryState:
    """What the library holds now: files by kind, the indexed folders, what cannot be asked and why, and the
    folder it lies in."""

    files: Mapping[MediaKind, int] = field(default_factory=dict)
    folders: tuple[IndexedFolder, ...] = ()
    missing: tuple[Missing, ...] = ()
    library: Path | None = None

    @property
    def total(self) -> int:
        """The number of files that can be found."""
        return sum(self.files.values())


class Backend(
    IndexingBackend,
    KeptBackend,
    PeopleBackend,
    PreviewBackend,
    QueryBackend,
    ResultsBackend,
    SettingsBackend,
    Protocol,
):
    """The program behind the window."""

    def status(self) -> LibraryState:
        """Say what the library holds; an absent library is an empty state. Raises `CrossfindError`."""

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer a query, best hits first. Raises `QuerySyntaxError` with offsets into `request.query`, and
        `CancelledError` after `stop_search`."""

    def stop_search(self) -> None:
        """Give up the search that is under way, from another thread, if there is one. Quick."""

    def warm_up(self) -> None:
        """Load what the first query will need. Called once, when the window opens."""

    def page_image(self, path: Path, page: int, width: int) -> bytes:
        """Draw page `page` (from 1) of a document `width` pixels wide: PNG bytes. Raises `MediaError`."""

    def moment_image(self, path: Path, moment: TimeSpan, width: int) -> bytes:
        """Draw a moment of a film at most `width` pixels wide: PNG bytes. Raises `MediaError`."""
