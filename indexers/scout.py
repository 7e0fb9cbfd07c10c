"""The first two stages of a run: the lister walks, the scout decides what each new file needs.

The lister compares every file with what the library saw last time; what is unchanged and complete goes no
further. The scout takes the digests of the rest and sorts them out: known contents only get a new path,
unknown ones become work.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from indexers.base import Indexer, Registry
from indexers.channel import Channel
from indexers.digest import Digested, digest_of
from indexers.flow import Finished, Item, Presence, Relocated, Trouble, Work, Write
from indexers.ledger import Ledger
from indexers.media_types import by_extension, describe
from indexers.roots import Plan, exists, is_away, is_remounted
from indexers.walk import Listing, RootState, Seen, contains, single, state_of, walk
from search.records import Failed, File, Indexed, Moved, Outcome, Removed, Skipped, Unchanged, media_kind
from search.spaces import PictureInput
from search.store import KnownFile, Library

CHUNK = 64
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


@dataclass(slots=True)
class Shared:
    """What the stages of a run have in common.

    `spaces` maps the spaces of the run to how they take pictures; `indexers` are those asked for, `every`
    also the others; `items` are the contents on their way, guarded by `lock`.
    """

    library: Library
    ledger: Ledger
    indexers: Registry
    every: Registry
    spaces: Mapping[str, PictureInput | None]
    report: Callable[[Sequence[Outcome]], None]
    count: Callable[[int], None]
    lock: threading.Lock = field(default_factory=threading.Lock)
    items: dict[str, Item] = field(default_factory=dict)

    def spaces_for(self, indexers: Iterable[Indexer]) -> frozenset[str]:
        """Return the spaces of this run that these indexers serve."""
        return frozenset(space for indexer in indexers for space in indexer.spaces if space in self.spaces)


class Lister:
    """Walks the roots one after the other."""

    def __init__(self, shared: Shared, writes: Channel[Write]) -> None:
        self._shared = shared
        self._writes = writes
        self._marked: dict[str, tuple[Mapping[str, int], ...]] = {}

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
        if any(not facts[3] for facts in known.values()):
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
        outcomes: list[Outcome] = []
        rest: list[tuple[Seen, KnownFile | None]] = []
        for seen in files:
            path = seen[0]
            facts = known.pop(path, None)
            if facts is not None and facts[0] == seen[1] and facts[1] == seen[2]:
                digest = facts[2]
                extension = path[path.rfind(".") :]
                for marked in marked_for.get(extension) or self._look_up(extension):
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
        self._shared.count(len(outcomes) + len(rest))
        self._shared.report(outcomes)
        return rest

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


@dataclass(slots=True)
class _Sorted:
    """What one chunk of files led to, besides work."""

    files: list[File] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


class Scout:
    """Sorts out the files that the lister found."""

    def __init__(self, shared: Shared, works: Channel[Work], writes: Channel[Write]) -> None:
        self._shared = shared
        self._works = works
        self._writes = writes
        self._later: list[tuple[int, Work]] = []
        self._cheapest = min((indexer.cost for indexer in shared.indexers.indexers), default=0)
        self._left: list[LeftOver] = []
        self._moved: set[str] = set()

    def run(self, found: Channel[Message]) -> None:
        """Work until `found` is closed and empty, then sweep and close `works`. Raises `StoppedError`."""
        for message in found:
            match message:
                case Candidates(root, files):
                    for start in range(0, len(files), CHUNK):
                        self._sort_out(root, files[start : start + CHUNK])
                case LeftOver():
                    self._left.append(message)
        self._sweep()
        for _, work in sorted(self._later, key=lambda entry: entry[0]):
            self._works.put(work)
        self._works.close()

    def _sort_out(self, root: str, files: Sequence[tuple[Seen, KnownFile | None]]) -> None:
        result = _Sorted()
        readable: list[tuple[File, Digested, KnownFile | None]] = []
        for seen, facts in files:
            answer = digest_of(seen, facts)
            if isinstance(answer, Trouble):
                result.outcomes.append(answer.as_outcome(seen[0]))
                if not answer.transient and facts is not None:
                    result.gone.append(seen[0])
            else:
                readable.append((File(seen[0], answer.digest, seen[1], seen[2], root), answer, facts))
        known = self._shared.library.contents({answer.digest for _, answer, _ in readable})
        others = self._shared.library.files_of(
            {file.digest for file, _, facts in readable if facts is None and file.digest in known}
        )
        for file, answer, facts in readable:
            content = known.get(file.digest)
            media_type = answer.media_type or (content.media_type if content else "application/octet-stream")
            before = self._moved_from(file, others.get(file.digest, ()))
            is_same = facts is not None and facts[2] == file.digest
            self._place(file, media_type, content is None, before, is_same, result)
        if result.files or result.gone or result.outcomes:
            self._writes.put(Relocated(result.files, result.gone, result.outcomes))

    def _place(
        self, file: File, media_type: str, is_new: bool, before: str | None, is_same: bool, result: _Sorted
    ) -> None:
        """Attach a file to a content that is on its way, to one that is complete, or start work on it."""
        shared = self._shared
        with shared.lock:
            item = shared.items.get(file.digest)
            if item is not None:
                item.files.append(file)
                if before is not None:
                    item.before[file.path] = before
                return
            is_new = is_new and not shared.ledger.knows(file.digest)
            item = Item(file.digest, media_type, file.size, file.mtime_ns, file.path, [file], 0)
            works = self._works_for(item, is_new)
            if works:
                item.works = len(works)
                item.before.update({file.path: before} if before is not None else {})
                shared.items[file.digest] = item
        if works:
            self._start(works)
        elif is_new:
            self._refuse(item, result)
        else:
            result.files.append(file)
            result.gone.extend([before] if before is not None else [])
            result.outcomes.append(self._known_outcome(file, before, is_same))

    def _works_for(self, item: Item, is_new: bool) -> list[tuple[int, Work]]:
        works = []
        for indexer in self._shared.indexers.of_type(item.media_type):
            missing = self._shared.ledger.missing(item.digest, indexer.spaces)
            if missing or is_new:
                spaces = {space: self._shared.spaces[space] for space in sorted(missing)}
                works.append((indexer.cost, Work(item, indexer.name, spaces, is_new)))
        return works

    def _start(self, works: Sequence[tuple[int, Work]]) -> None:
        for cost, work in works:
            if cost > self._cheapest:
                self._later.append((cost, work))
            else:
                self._works.put(work)

    def _refuse(self, item: Item, result: _Sorted) -> None:
        """Skip a file that is not what its name says, and remember it in the spaces its name promised."""
        promised = by_extension(item.path)
        what = f"The file is {describe(item.media_type)}"
        if promised is None or self._shared.every.of_type(item.media_type):
            reason = f"{what}; files of this kind are not indexed."
            result.outcomes.append(Skipped(item.path, reason))
            return
        trouble = Trouble("skipped", f"{what}, not {describe(promised)} as its name says.")
        spaces = self._shared.spaces_for(self._shared.indexers.of_type(promised))
        item.works = 1
        work = Work(item, "", dict.fromkeys(sorted(spaces)), is_new=True)
        with self._shared.lock:
            self._shared.items[item.digest] = item
        self._writes.put(Finished(work, trouble=trouble))

    def _known_outcome(self, file: File, before: str | None, is_same: bool) -> Outcome:
        trouble = self._shared.ledger.troubles.get(file.digest)
        if trouble is not None:
            return trouble.as_outcome(file.path)
        if is_same:
            return Unchanged(file.path)
        if before is not None:
            return Moved(file.path, before)
        return Indexed(file.path, self._shared.ledger.segments(file.digest))

    def _moved_from(self, file: File, others: Iterable[File]) -> str | None:
        """Return the path that this file had before, when it is no longer there."""
        for other in others:
            if other.path == file.path or other.path in self._moved or exists(other.path):
                continue
            if not is_away(other.root) or is_remounted(file.path, other.path, other.root):
                self._moved.add(other.path)
                return other.path
        return None

    def _sweep(self) -> None:
        """Remove the files that are gone from roots that are still there."""
        for left in self._left:
            paths = sorted(left.paths - self._moved)
            if not paths:
                continue
            if is_away(left.root):  # it went while we walked
                self._writes.put(Presence(left.root, present=False))
            else:
                self._writes.put(Relocated(gone=paths, outcomes=[Removed(path) for path in paths]))
