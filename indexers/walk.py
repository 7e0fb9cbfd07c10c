"""Finds files: one pass over a folder, quickly, without following links to folders.

A walk yields one `Listing` per folder. It never raises for what it meets on the way: a folder that
cannot be listed is a `Listing` with a `problem`. Files are only those whose extension promises a
media type we know; the rest of a person's files is not touched, not even by `stat`.
"""

# A walk meets too many files to make a Path object of each.
# ruff: noqa: PTH100, PTH111, PTH116, PTH118, PTH119, PTH120, PTH122, PTH206

import os
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from indexers import beside
from indexers.ignore import BESIDE, IGNORE_FILE, Rules, is_junk_folder, rules_for
from indexers.media_types import KNOWN_EXTENSIONS, may_be_film
from search.errors import MediaError
from search.store import Seen


@dataclass(frozen=True, slots=True)
class Listing:
    """One folder (or one file given directly). With a `problem`, what is below it is not known.

    `complaint` is about something beside the listing itself, such as a bad ignore file.
    """

    folder: str
    files: Sequence[Seen] = ()
    problem: str | None = None
    complaint: str | None = None


Helper = tuple[str, int, int]
"""Name, size and mtime of a file beside others."""

_LIBRARY = frozenset(("library.toml", "thumbs"))
_SPECIAL = _LIBRARY | {IGNORE_FILE}


class RootState(Enum):
    """What became of a path that a person gave."""

    FOLDER = "folder"
    FILE = "file"
    AWAY = "away"
    EMPTY = "empty"
    UNREADABLE = "unreadable"


def absolute(path: str | os.PathLike[str]) -> str:
    """Return the path as the library knows it: absolute, no `..`, links as the person wrote them."""
    return os.path.abspath(os.path.expanduser(path))


def contains(folder: str, path: str) -> bool:
    """Whether `path` is the folder itself or somewhere below it."""
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def state_of(root: str) -> RootState:
    """Look at a root. A folder without a single entry may be the mount point of a drive that is away."""
    try:
        mode = os.stat(root).st_mode
        if not stat.S_ISDIR(mode):
            return RootState.FILE if stat.S_ISREG(mode) else RootState.UNREADABLE
        with os.scandir(root) as entries:
            return RootState.FOLDER if next(entries, None) else RootState.EMPTY
    except (FileNotFoundError, NotADirectoryError):
        return RootState.AWAY
    except OSError:
        return RootState.UNREADABLE


def walk(
    root: str,
    start: str | None = None,
    excludes: Sequence[str] = (),
    boundaries: Collection[str] = (),
    endings: Collection[str] = KNOWN_EXTENSIONS,
) -> Iterator[Listing]:
    """Walk `start` (by default the whole root) under the ignore rules that hold from `root` down.

    Files are looked at whose names end so; `endings` are in lower case with their dot.

    Folders in `boundaries` are not entered: other roots, and the library itself.
    Yields nothing when `start` itself is left out by the rules of the root.
    """
    begin = start or root
    try:
        rules = _rules_down_to(root, begin, rules_for(root, excludes))
    except MediaError as error:
        yield Listing(begin, problem=str(error))
        return
    if rules is None:
        return
    visited: set[tuple[int, int]] = set()
    waiting = [(begin, rules)]
    while waiting:
        folder, rules = waiting.pop()
        if _is_new(folder, visited):
            listing, inner, below = _list(folder, rules, endings)
            waiting.extend((path, inner) for path in reversed(below) if path not in boundaries)
            yield listing


def left_out(root: str, path: str, excludes: Sequence[str]) -> bool:
    """Whether the rules of a root keep a walk from a path inside it."""
    try:
        return _rules_down_to(root, path, rules_for(root, excludes)) is None
    except MediaError:
        return False


def single(path: str, helpers: Callable[[str], Sequence[Helper]] | None = None) -> Listing:
    """List one file that a person named directly; no rule and no extension keeps it out.

    `helpers` is `helpers_in`, or that of a run, which remembers: many files may be named in one folder.
    """
    folder = os.path.dirname(path)
    try:
        status = os.stat(path)
    except OSError as error:
        return Listing(path, problem=f"The file cannot be read: {error.strerror}.")
    near = (helpers or helpers_in)(folder)
    return Listing(folder, _with_helpers([(path, status.st_size, status.st_mtime_ns, None)], near))


def helpers_in(folder: str) -> Sequence[Helper]:
    """Return the files of a folder that say more about others."""
    try:
        with os.scandir(folder) as scan:
            near = [entry for entry in scan if os.path.splitext(entry.name)[1].lower() in beside.ENDINGS]
    except OSError:
        return ()
    return [told for entry in near for told in _helper(entry)]


def _rules_down_to(root: str, start: str, rules: Rules) -> Rules | None:
    """Collect the rules above `start`; None when one of them leaves it out."""
    folder = root
    for name in start[len(root) :].split(os.sep):
        if not name:
            continue
        if os.path.lexists(os.path.join(folder, IGNORE_FILE)):
            rules = rules.inside(folder)
        folder = os.path.join(folder, name)
        if is_junk_folder(name) or rules.ignore(folder, is_folder=True):
            return None
    return rules


def _is_new(folder: str, visited: set[tuple[int, int]]) -> bool:
    """Guard against loops that are not links: bind mounts and junctions."""
    try:
        status = os.stat(folder)
    except OSError:
        return True  # listing it will tell why
    identity = (status.st_dev, status.st_ino)
    if status.st_ino and identity in visited:
        return False
    visited.add(identity)
    return True


def _list(folder: str, rules: Rules, endings: Collection[str]) -> tuple[Listing, Rules, list[str]]:
    """List one folder: its files, the rules that hold in it, the folders to enter next."""
    try:
        with os.scandir(folder) as scan:
            entries = {entry.name: entry for entry in scan}
    except OSError as error:
        gone = isinstance(error, FileNotFoundError)
        return Listing(folder, problem=None if gone else _sentence(error)), rules, []
    complaint = None
    names = _SPECIAL & entries.keys()
    if names >= _LIBRARY:
        return Listing(folder), rules, []
    if IGNORE_FILE in names:
        try:
            rules = rules.inside(folder)
        except MediaError as error:
            complaint = str(error)
    files, folders = _sorted_out(entries, rules, endings)
    return Listing(folder, files, complaint=complaint), rules, folders


def _sorted_out(
    entries: Mapping[str, "os.DirEntry[str]"], rules: Rules, extensions: Collection[str]
) -> tuple[list[Seen], list[str]]:
    """Part the entries of a folder into files and folders, in the order of their names; kept quick."""
    files: list[Seen] = []
    folders: list[str] = []
    helpers: list[Helper] = []
    is_regular, has_rules = stat.S_ISREG, bool(rules)
    for name in sorted(entries):
        entry = entries[name]
        ending = name[name.rfind(".") :].lower()
        if ending in extensions and name[:2] != BESIDE:
            try:
                status = entry.stat()
            except OSError:  # gone meanwhile, or a link to nowhere
                continue
            if is_regular(status.st_mode):
                if ending == ".ts" and not may_be_film(entry.path, status.st_size):
                    continue
                if not (has_rules and rules.ignore(entry.path, is_folder=False)):
                    files.append((entry.path, status.st_size, status.st_mtime_ns, None))
                continue
        elif ending in beside.ENDINGS:
            helpers += _helper(entry)
            continue
        if (
            entry.is_dir(follow_symlinks=False)
            and not is_junk_folder(name)
            and not (has_rules and rules.ignore(entry.path, is_folder=True))
        ):
            folders.append(entry.path)
    return (_with_helpers(files, helpers) if helpers else files), folders


def _helper(entry: "os.DirEntry[str]") -> list[Helper]:
    try:
        status = entry.stat()
    except OSError:
        return []
    return [(entry.name, status.st_size, status.st_mtime_ns)]


def _with_helpers(files: list[Seen], helpers: Sequence[Helper]) -> list[Seen]:
    """Note which files of a folder have others beside them, and the state of those."""
    names = [os.path.basename(path) for path, *_ in files]
    stamps = beside.stamps(names, helpers)
    return [(*seen[:3], stamps.get(name)) for name, seen in zip(names, files, strict=True)]


def _sentence(error: OSError) -> str:
    return f"The folder cannot be listed: {error.strerror or error}."
