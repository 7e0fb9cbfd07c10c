"""Which folders a run walks: what a person gave, fitted to what the library has as roots.

Every file belongs to the deepest root that contains it, so overlapping roots never see a file twice.
"""

# ruff: noqa: PTH112, PTH119, PTH120  (paths come as text, as in `walk`)

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexers.media_types import by_extension
from indexers.walk import RootState, absolute, contains, left_out, state_of
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
        if any(contains(start, path) for start in starts):
            starts.setdefault(path, path)
    stops = frozenset((*roots, absolute(library)))
    return [
        Plan(roots[root], start, stops - {root}, root in old)
        for start, root in starts.items()
        if not _covered(start, root, starts)
    ]


def _home_of(path: str, roots: dict[str, Root]) -> Root | None:
    """Return the deepest root that contains a path."""
    homes = [root for root in roots.values() if contains(root.path, path)]
    return max(homes, key=lambda root: len(root.path), default=None)


def _covered(start: str, root: str, starts: dict[str, str]) -> bool:
    """Whether another walk of the same root includes this one."""
    return any(other != start and at == root and contains(other, start) for other, at in starts.items())


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
