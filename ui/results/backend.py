"""What the results ask of the rest of the program beyond searching."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from search.records import Hit

ExportForm = Literal["csv", "json", "m3u", "paths"]


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing files: how many are new or were there already; problems by path."""

    made: int
    there: int = 0
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch of a film or recording, in seconds from its beginning."""

    path: Path
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Alike:
    """Files that are the same or alike, the best first; `text` of each hit says what it is to the others."""

    title: str
    spare_bytes: int
    hits: tuple[Hit, ...]


class ResultsBackend(Protocol):
    """The program behind the results. Nothing here changes, moves or deletes a file that was found."""

    def storyboard(self, digest: str) -> Path | None:
        """Return the picture that shows a film at a glance (see `search.storyboard`), or None."""

    def people_in(self, digests: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """Return the names of those who are in contents, by digest; contents without anybody are left out."""

    def copy_originals(self, hits: Sequence[Hit], folder: Path) -> Written:
        """Copy the files of hits into a folder, never over another file. Raises `CrossfindError`."""

    def export(self, hits: Sequence[Hit], query: str, form: ExportForm) -> bytes:
        """Write hits down for other programs."""

    def cut(self, clips: Sequence[Clip], into: Path) -> Written:
        """Cut clips into a folder, or a single one into a new file. Raises `CrossfindError`."""

    def clips(self, clips: Sequence[Clip]) -> Sequence[Path]:
        """Cut clips for other programs into a place of the program's own, where they stay for some days.

        Raises `CrossfindError` for the first that cannot be cut.
        """

    def duplicates(self) -> Sequence[Alike]:
        """Find what the library holds more than once; may take long. Raises `CrossfindError`."""
