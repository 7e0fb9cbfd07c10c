"""Looking after a library from the window: what `crossfind doctor` and `prune` would do, and doing it."""

from contextlib import closing
from dataclasses import asdict
from typing import Any

from app.config import Config
from search.store import Library, check
from search.store.spare import spare

Json = dict[str, Any]


def look(config: Config) -> Json:
    """Return what is wrong with the library, and what it holds for nothing. Changes nothing.

    Raises `LibraryError`, as `LibraryBusyError` while another process writes.
    """
    folder = config.library_folder
    return {"findings": _plain(check.check(folder)), "spare": asdict(spare(folder))}


def tend(config: Config) -> Json:
    """Mend what loses nothing by it, then take away what belongs to no file any more; return what was done,
    and what is still wrong. Raises `LibraryError`."""
    folder = config.library_folder
    mended = check.repair(folder)
    left = [problem for problem in check.check(folder) if not problem.safe_to_repair]
    with closing(Library.open(folder)) as library, library.writer() as writer:
        report = writer.prune()
    return {"mended": _plain(mended), "left": _plain(left), "pruned": asdict(report)}


def _plain(problems: list[check.Problem]) -> list[Json]:
    return [asdict(problem) for problem in problems]
