"""The first stage of a run: walks the roots and compares every file with what the library saw last time.

What is unchanged and complete is told at once and goes no further; the rest is handed to the scout.
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain

from indexers.channel import Channel
from indexers.document_types import CODE_ENDINGS
from indexers.flow import Presence, Write, trouble_of
from indexers.media_types import KNOWN_EXTENSIONS, by_extension
from indexers.roots import Plan, is_away
from indexers.shared import Shared
from indexers.walk import Helper, Listing, RootState, contains, helpers_in, single, state_of, walk
from search.records import Failed, Outcome, Skipped, Unchanged, media_kind
from search.store import KnownFile, LastSeen, Marked, Seen

_REPORT_EVERY_S = 0.1
_THERE = (RootState.FOLDER, RootState.FILE)
_KINDS_IN_WORDS = {
    "video": "videos",
    "audio": "sound files",
    "image": "pictures",
    "pdf": "PDFs",
    "document": "documents",
    "other": "files",
}


@dataclass(frozen=True, slots=True)
class Candidates:
    """Files of one root that are new, changed, or not complete in every space."""

    root: str
    files: Sequence[tuple[Seen, KnownFile | None]]


@dataclass(frozen=True, slots=True)
class LeftOver:
    """Files that the library knows below a root and the walk did not meet."""

    root: str
    paths: frozenset[str]


Message = Candidates | LeftOver


def _listings(
    plan: Plan, endings: Collection[str], helpers: Callable[[str], Sequence[Helper]]
) -> Iterator[Listing]:
    if state_of(plan.start) is RootState.FILE:
        yield single(plan.start, helpers)
    else:
        yield from walk(plan.root.path, plan.start, plan.root.excludes, plan.boundaries, endings)


def _ending(path: str) -> str:
    return path[path.rfind(".") :].lower()


def _until(is_over: Callable[[], bool], listings: Iterator[Listing]) -> Iterator[Listing]:
    """Take listings as long as something else is not over."""
    while not is_over() and (listing := next(listings, None)) is not None:
        yield listing


class _Known:
    """What the library knows where a walk goes; `met` are the paths of it that the walk came upon.

    `settled` are those that need no look if they are unchanged, as the walk would see them, and `troubled`
    those of which the same is told as before.
    """

    def __init__(self, files: LastSeen) -> None:
        """Take judged files."""
        self._files = files
        self.settled, self.troubled, self._rest = files.parted()
        self.met: list[str] = []

    def __bool__(self) -> bool:
        return bool(len(self._files))

    @property
    def are_present(self) -> bool:
        """Whether none was away at the last look."""
        return self._files.are_present

    def facts(self, path: str) -> KnownFile | None:
        """Return what the last run saw at a path."""
        return self._unsettled.get(path) or self._all.get(path)

    def unmet(self) -> frozenset[str]:
        """Return the paths that the walk did not come upon."""
        return (
            frozenset()
            if len(self.met) == len(self._files)
            else frozenset(self._files.paths()).difference(self.met)
        )

    @cached_property
    def _unsettled(self) -> dict[str, KnownFile]:
        return self._rest.files()

    @cached_property
    def _all(self) -> dict[str, KnownFile]:
        return self._files.files()  # slow to make, and a walk that meets nothing new never asks


class Lister:
    """Walks the roots one after the other."""

    def __init__(self, shared: Shared, writes: Channel[Write]) -> None:
        self._shared = shared
        self._writes = writes
        self._unreported: list[Outcome] = []
        self._reported_at = time.monotonic()
        self._helpers = cache(helpers_in)

    def run(self, plans: Sequence[Plan], found: Channel[Message]) -> None:
        """Walk all plans, then close `found`. Raises `StoppedError`."""
        for plan in plans:
            self._walk(plan, found)
        found.close()

    def _walk(self, plan: Plan, found: Channel[Message]) -> None:
        with ThreadPoolExecutor(1, "index known") as pool:
            reading = pool.submit(self._known, plan)  # mostly the database's work, beside the walk's
            state = state_of(plan.start)
            listings = _listings(plan, KNOWN_EXTENSIONS - self._passed_by, self._helpers)
            ahead = list(_until(reading.done, listings)) if state in _THERE else []
            known = reading.result()
        if self._is_unreachable(plan, known):
            return
        problems = [] if state is RootState.AWAY else self._listed(plan, known, chain(ahead, listings), found)
        if unmet := {path for path in known.unmet() if _ending(path) not in self._passed_by}:
            hidden = {path for path in unmet if any(contains(folder, path) for folder in problems)}
            found.put(LeftOver(plan.root.path, frozenset(unmet - hidden)))

    @cached_property
    def _passed_by(self) -> frozenset[str]:
        """Endings of files that nobody of this run reads and that are many: they are not even looked at."""
        return frozenset(ending for ending in CODE_ENDINGS if not self._shared.spaces_of(ending[1:]))

    def _known(self, plan: Plan) -> _Known:
        if not plan.known:
            return _Known(LastSeen.nothing())
        kept, root = self._settled, plan.root.path
        files = kept.of_root(root) if kept is not None else self._shared.library.last_seen(root)
        files = files if plan.is_whole else files.below(plan.start, os.sep)
        return _Known(files if kept is not None else files.judged(self._marks))

    @cached_property
    def _settled(self) -> LastSeen | None:
        return self._shared.library.settled(self._shared.needs) if self._shared.begins_settled else None

    def _marks(self, ending: str) -> list[Marked]:
        return self._shared.ledger.before(self._shared.spaces_of(ending))

    def _is_unreachable(self, plan: Plan, known: _Known) -> bool:
        """Deal with a root that is away or cannot be read: nothing of it counts as gone then."""
        root, state = plan.root.path, state_of(plan.start)
        if state is RootState.UNREADABLE:
            self._tell(Failed(plan.start, "It cannot be read; check its permissions."))
            return True
        if known and is_away(root):
            self._tell(Skipped(root, "It is not there now; what was indexed stays searchable as offline."))
            self._writes.put(Presence(root, present=False))
            return True
        if state is RootState.AWAY and not known:
            self._tell(Failed(plan.start, "There is no such file or folder."))
            return True
        return False

    def _listed(
        self, plan: Plan, known: _Known, listings: Iterable[Listing], found: Channel[Message]
    ) -> list[str]:
        """Compare what is listed of a root that is there; returns the folders that cannot be read."""
        if not known.are_present:
            self._writes.put(Presence(plan.root.path, present=True))
        problems: list[str] = []
        left_out: Counter[str] = Counter()
        is_file = state_of(plan.start) is RootState.FILE
        for listing in listings:
            for problem in filter(None, (listing.problem, listing.complaint)):
                self._tell(Failed(listing.folder, problem))
            if listing.problem:
                problems.append(listing.folder)
            rest = self._unfinished(listing.files, known, left_out, is_file)
            if rest:
                found.put(Candidates(plan.root.path, rest), weight=len(rest))
        self._report()
        for kind, number in sorted(left_out.items()):
            self._tell(
                Skipped(plan.start, f"{number} {_KINDS_IN_WORDS[kind]} were left out: not indexed yet.")
            )
        return problems

    def _unfinished(
        self, files: Sequence[Seen], known: _Known, left_out: Counter[str], is_direct: bool
    ) -> list[tuple[Seen, KnownFile | None]]:
        """Report what is unchanged and complete, return the rest. Called for every folder: kept quick."""
        settled, told = known.settled, self._unreported
        before = len(told)
        is_same = settled.issuperset(files)
        paths = [seen[0] for seen in files if is_same or seen in settled]
        known.met.extend(paths)
        told.extend(map(Unchanged, paths))
        rest = [] if is_same else self._looked_at(files, known, left_out, is_direct)
        self._shared.count(len(told) - before + len(rest))
        if time.monotonic() - self._reported_at > _REPORT_EVERY_S:
            self._report()
        return rest

    def _looked_at(
        self, files: Sequence[Seen], known: _Known, left_out: Counter[str], is_direct: bool
    ) -> list[tuple[Seen, KnownFile | None]]:
        """Return what needs work of the files that are not settled; report what could not be read before."""
        rest: list[tuple[Seen, KnownFile | None]] = []
        for seen in files:
            if seen in known.settled:
                continue
            path = seen[0]
            if trouble := known.troubled.get(seen):
                known.met.append(path)
                self._unreported.append(trouble_of(*trouble).as_outcome(path))
                continue
            facts = known.facts(path)
            if facts is not None:
                known.met.append(path)
            is_same = facts is not None and (facts.size, facts.mtime_ns, facts.beside) == seen[1:]
            if is_same or is_direct or self._is_wanted(path, left_out):
                rest.append((seen, facts))
        return rest

    def _report(self) -> None:
        """Tell what is unchanged, much at a time: who listens would else take turns with the walk."""
        self._shared.report(self._unreported)
        self._unreported = []
        self._reported_at = time.monotonic()

    def _is_wanted(self, path: str, left_out: Counter[str]) -> bool:
        """Whether an indexer of this run reads what a name promises; counts what nobody reads yet."""
        promised = by_extension(path)
        if promised is None or self._shared.indexers.of_type(promised):
            return True
        if not self._shared.every.of_type(promised):
            left_out[media_kind(promised)] += 1
        return False

    def _tell(self, outcome: Outcome) -> None:
        self._shared.count(1)
        self._shared.report([outcome])
