"""What the window's library page shows: folders and their counts, what is learned, what cannot be read."""

import shutil
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from app import library_notes, modalities, unread
from app.config import Config
from search.errors import LibraryMissingError
from search.store import Library, LibraryStatus
from search.store.schema import FILES

Json = dict[str, Any]


def overview(config: Config) -> Json:
    """Return it as plain data; an absent library has no folders. Raises `LibraryError`."""
    folder = config.library_folder
    learned = modalities.modalities(folder)
    told: Json = {"folder": str(folder), "bytes": 0, "free": _free(folder), "files": 0}
    told["under_way"] = library_notes.progress_of(folder)
    told |= {"folders": [], "unread": [], "learned": [_learned(one, {}, {}) for one in learned]}
    try:
        library = Library.open(folder)
    except LibraryMissingError:
        return told
    with closing(library):
        facts = library.status()
        done = {space.name: space.contents for space in facts.spaces}
        told["folders"] = _folders(library, folder)
    told["unread"] = unread.listed(facts)
    told["learned"] = [_learned(one, done, facts.kinds) for one in learned]
    return told | _sizes(facts)


def set_watched(config: Config, folder: str, on: bool) -> None:
    """Remember for the library whether a folder is to be watched. Raises `LibraryError`."""
    library_notes.set_watched(config.library_folder, folder, on)


def _sizes(facts: LibraryStatus) -> Json:
    return {"bytes": facts.disk_bytes, "files": facts.files}


def _folders(library: Library, folder: Path) -> list[Json]:
    rows = library.rows(FILES, ["root"])
    counts = Counter(rows["root"].to_pylist())
    runs, watched = library_notes.last_runs(folder), library_notes.watched(folder)
    return [
        {
            "path": root.path,
            "present": Path(root.path).exists(),
            "files": counts[root.path],
            "last": runs.get(root.path, ""),
            "watched": root.path in watched,
            "excludes": list(root.excludes),
        }
        for root in library.roots
    ]


def _learned(one: modalities.Modality, done: Mapping[str, int], kinds: Mapping[str, int]) -> Json:
    """Say from how many files something was learned: spaces that several fill do not count each other's."""
    files = max((done.get(space, 0) for space in one.spaces), default=0)
    files = min(files, sum(kinds.get(kind, 0) for kind in one.reads))
    return {"name": one.name, "on": one.on, "reads": list(one.reads), "files": files}


def _free(folder: Path) -> int:
    """Return the room left on the disk of a folder that may not be there yet; 0 where it cannot be told."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), None)
    try:
        return shutil.disk_usage(there).free if there else 0
    except OSError:
        return 0
