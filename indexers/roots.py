"""Which folders a run walks: what a person gave, fitted to what the library has as roots.

Every file belongs to the deepest root that contains it, so overlapping roots never see a file twice.
"""

# ruff: noqa: PTH112, PTH119, PTH120  (paths come as text, as in `walk`)

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexers.media_types import by_extension
from indexers.walk import RootState, absolute, left_out, state_of
from search.store import Root


@dataclass(frozen=True, slots=True)
class Plan:
    """One walk: the whole of a root, or only what is below `start`. `boundaries` are not entered.

    `known` says that the library has had this root before.
    """

    root: Root
    start: str
    boundaries: frozenset[str]
    known: bool

    @property
    def is_whole(self) -> bool:
        """Whether the whole root is walked."""
        return self.start == self.root.path


def plan_walks(
    given: Sequence[Path], before: Sequence[Root], excludes: Sequence[str], library: Path
) -> list[Plan]:
    """Plan the walks of a run over the `given` paths; `before` are the library's roots.

    A path inside a root is walked as a part of it (unless the root's rules leave it out: then it becomes
    a root itself). Roots inside a given folder are walked with it. Exclude patterns add up over the runs.
    """
    old = {root.path: root for root in before}
    roots = dict(old)
    starts: dict[str, str] = {}
    for path in sorted(dict.fromkeys(map(absolute, given)), key=len):
        home = _home_of(path, roots)
        if home is not None and home.path != path and not left_out(home.path, path, home.excludes):
            starts[path] = home.path
            continue
        patterns = tuple(dict.fromkeys((*(old[path].excludes if path in old else ()), *excludes)))
        roots[path] = Root(path, patterns)
        starts[path] = path
    for path in old:
        if any(folder in starts for folder in _above(path)):
            starts.setdefault(path, path)
    stops = _inside((*roots, absolute(library)))
    return [
        Plan(roots[root], start, frozenset(stops.get(start, ())), root in old)
        for start, root in starts.items()
        if not any(starts.get(folder) == root for folder in _above(start))
    ]


def _home_of(path: str, roots: dict[str, Root]) -> Root | None:
    """Return the deepest root that contains a path."""
    return next((roots[folder] for folder in (path, *_above(path)) if folder in roots), None)


def _inside(paths: Iterable[str]) -> dict[str, set[str]]:
    """Return folder -> which of the paths are inside it. Quick also for thousands of files given by name."""
    found: dict[str, set[str]] = {}
    for path in paths:
        for folder in _above(path):
            found.setdefault(folder, set()).add(path)
    return found


def _above(path: str) -> Iterator[str]:
    """Yield the folders that contain a path, the deepest first."""
    while (folder := os.path.dirname(path)) != path:
        yield folder
        path = folder


def exists(path: str) -> bool:
    """Whether something is at a path; what may not be looked at counts as there."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def is_away(root: str) -> bool:
    """Whether an indexed folder is not there now: a drive that is unplugged or not mounted.

    Of a file that was given as a root this is true when its folder is gone as well.
    """
    state = state_of(root)
    if state is RootState.AWAY and by_extension(root) is not None:
        return not os.path.isdir(os.path.dirname(root))
    return state in (RootState.AWAY, RootState.EMPTY)


def is_remounted(path: str, before: str, root: str) -> bool:
    """Whether `path` is the place that `before` had below its root, now that its drive is elsewhere."""
    tail = before[len(root) :].strip(os.sep) or os.path.basename(before)
    return path.endswith(os.sep + tail)
