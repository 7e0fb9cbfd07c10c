"""The first stage of a run: walks the roots and compares every file with what the library saw last time.

What is unchanged and complete is told at once and goes no further; the rest is handed to the scout.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from indexers.channel import Channel
from indexers.flow import Presence, Write
from indexers.media_types import by_extension
from indexers.roots import Plan, is_away
from indexers.shared import Shared
from indexers.walk import Listing, RootState, Seen, contains, single, state_of, walk
from search.records import Failed, Outcome, Skipped, Unchanged, media_kind
from search.store import KnownFile

_REPORT_EVERY_S = 0.1
_is_present = attrgetter("present")
_KINDS_IN_WORDS = {
    "video": "videos",
    "audio": "sound files",
    "image": "pictures",
    "pdf": "PDFs",
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


class Lister:
    """Walks the roots one after the other."""

    def __init__(self, shared: Shared, writes: Channel[Write]) -> None:
        self._shared = shared
        self._writes = writes
        self._marked: dict[str, tuple[Mapping[str, int], ...]] = {}
        self._unreported: list[Outcome] = []
        self._reported_at = time.monotonic()

    def run(self, plans: Sequence[Plan], found: Channel[Message]) -> None:
        """Walk all plans, then close `found`. Raises `StoppedError`."""
        for plan in plans:
            self._walk(plan, found)
        found.close()

    def _walk(self, plan: Plan, found: Channel[Message]) -> None:
        known = self._known(plan)
        problems = [] if self._is_unreachable(plan, known) else self._listed(plan, known, found)
        if problems is not None and known:
            hidden = frozenset(path for path in known if any(contains(folder, path) for folder in problems))
            found.put(LeftOver(plan.root.path, frozenset(known) - hidden))

    def _known(self, plan: Plan) -> dict[str, KnownFile]:
        known = dict(self._shared.library.known_files(plan.root.path)) if plan.known else {}
        if plan.is_whole:
            return known
        return {path: facts for path, facts in known.items() if contains(plan.start, path)}

    def _is_unreachable(self, plan: Plan, known: dict[str, KnownFile]) -> bool:
        """Deal with a root that is away; its files then count as seen, so `known` is emptied."""
        root, state = plan.root.path, state_of(plan.start)
        if state is RootState.UNREADABLE:
            self._tell(Failed(plan.start, "It cannot be read; check its permissions."))
            known.clear()
            return True
        if known and is_away(root):
            self._tell(Skipped(root, "It is not there now; what was indexed stays searchable as offline."))
            self._writes.put(Presence(root, present=False))
            known.clear()
            return True
        if state is RootState.AWAY and not known:
            self._tell(Failed(plan.start, "There is no such file or folder."))
            return True
        return state is RootState.AWAY

    def _listed(self, plan: Plan, known: dict[str, KnownFile], found: Channel[Message]) -> list[str]:
        """Walk a root that is there; empties `known` of what is met, returns the unreadable folders."""
        if False in map(_is_present, known.values()):
            self._writes.put(Presence(plan.root.path, present=True))
        problems: list[str] = []
        left_out: Counter[str] = Counter()
        is_file = state_of(plan.start) is RootState.FILE
        listings: Iterable[Listing] = (
            [single(plan.start)]
            if is_file
            else walk(plan.root.path, plan.start, plan.root.excludes, plan.boundaries)
        )
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
        self, files: Sequence[Seen], known: dict[str, KnownFile], left_out: Counter[str], is_direct: bool
    ) -> list[tuple[Seen, KnownFile | None]]:
        """Report what is unchanged and complete, return the rest. Called for every file: kept quick."""
        troubles, marked_for = self._shared.ledger.troubles, self._marked
        outcomes = self._unreported
        before = len(outcomes)
        rest: list[tuple[Seen, KnownFile | None]] = []
        for seen in files:
            path = seen[0]
            facts = known.pop(path, None)
            if facts is not None and facts[0] == seen[1] and facts[1] == seen[2]:
                digest = facts[2]
                extension = path[path.rfind(".") :]
                needed = marked_for.get(extension)
                for marked in self._look_up(extension) if needed is None else needed:
                    if digest not in marked:
                        break
                else:
                    outcomes.append(
                        troubles[digest].as_outcome(path) if digest in troubles else Unchanged(path)
                    )
                    continue
            elif not is_direct and not self._is_wanted(path, left_out):
                continue
            rest.append((seen, facts))
        self._shared.count(len(outcomes) - before + len(rest))
        if time.monotonic() - self._reported_at > _REPORT_EVERY_S:
            self._report()
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

    def _look_up(self, extension: str) -> tuple[Mapping[str, int], ...]:
        """Find what the spaces have seen that a file with this extension belongs in."""
        promised = by_extension(extension)
        indexers = self._shared.indexers.of_type(promised) if promised else ()
        found = self._shared.ledger.marked(self._shared.spaces_for(indexers))
        self._marked[extension] = found
        return found

    def _tell(self, outcome: Outcome) -> None:
        self._shared.count(1)
        self._shared.report([outcome])
