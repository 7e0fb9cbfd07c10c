"""What the library page asks of the program.

All but `indexing_command` may take their time and are called off the GUI thread. A `CrossfindError` is shown
as it stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from search.records import Progress


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """An indexed folder: `last` is when it was gone through to the end (ISO 8601, local; "": not known)."""

    path: Path
    present: bool = True
    files: int = 0
    last: str = ""
    watched: bool = False
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, or not all of it, and why."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class LearnedFacts:
    """Something that may be learned from files; `files` counts those it was learned from."""

    name: str
    on: bool = True
    reads: tuple[str, ...] = ()
    files: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """A library as a whole. `bytes` is its size on disk, `free` the room left there.

    `under_way` is how far a run is that writes it now, begun by this window or by another program.
    """

    folder: Path
    bytes: int = 0
    free: int = 0
    files: int = 0
    folders: tuple[FolderFacts, ...] = ()
    learned: tuple[LearnedFacts, ...] = ()
    unread: tuple[Unread, ...] = ()
    under_way: Progress | None = None


class IndexingBackend(Protocol):
    """The library behind the window."""

    def overview(self) -> Overview:
        """Return the library as a whole."""

    def unlock(self, paths: Sequence[Path], password: str) -> Sequence[Path]:
        """Try a password on locked PDFs, have the library remember it, and return those that it opens.

        Raises `CrossfindError` where it opens none.
        """

    def set_watched(self, folder: Path, on: bool) -> None:
        """Remember for this library that a folder is to be watched, or not."""

    def watch(self, folders: Sequence[Path], told: Callable[[Sequence[Path]], None]) -> Callable[[], None]:
        """Watch folders for changes; `told` is called, on another thread, with those to index again.

        Returns what ends it, which is quick. Raises `CrossfindError` where watching is not possible.
        """

    def indexing_command(
        self, folders: Sequence[Path], only: Sequence[str] = (), retry: bool = False
    ) -> Sequence[str]:
        """Return program and arguments of a process that indexes `folders` or files; none means all known.

        `only` keeps to some of what may be learned, `retry` tries again what could not be read. The process
        writes one JSON outcome a line and a final summary to standard output, progress objects to standard
        error. It obeys the lines `pause`, `resume` and `effort PERCENT ON_POWER WHEN_IDLE` (each of the last
        two 0 or 1) on its standard input, and stops in good order when that is closed. Quick.
        """
