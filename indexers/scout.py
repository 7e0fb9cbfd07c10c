"""The second stage of a run: takes digests and decides what each new or changed file needs.

Known contents only get a new path; unknown ones become work for the indexers that read their type.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from indexers.base import LAYOUT
from indexers.beside import TOLD_BESIDE
from indexers.channel import Channel
from indexers.digest import Digested, digest_of
from indexers.flow import Finished, Item, Presence, Relocated, Trouble, Work, Write
from indexers.lister import Candidates, LeftOver, Message
from indexers.media_types import by_extension, describe, fits
from indexers.roots import exists, is_away, is_remounted
from indexers.shared import Shared
from indexers.speech import HEARD, SHOWN
from search.plan import MEANING
from search.records import File, Indexed, Moved, Outcome, Removed, Skipped, Unchanged
from search.store import KnownFile, Seen

CHUNK = 64

_OF_LAYOUT = frozenset(("text", MEANING))
"""What is read anew where documents were read by an earlier version."""


@dataclass(slots=True)
class _Sorted:
    """What one chunk of files led to, besides work."""

    files: list[File] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Found:
    """A file with its content: whether that `is_new` to the library, the path it was moved from, whether the
    path held the same before, and which spaces are to be read `again`."""

    file: File
    media_type: str
    is_new: bool
    before: str | None
    is_same: bool
    again: frozenset[str]


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
        self._shared.tally.is_complete = True
        self._go_on()
        self._works.close()

    def _go_on(self) -> None:
        """Let the dearer works follow, one modality after the other: two at a time would need the models of
        both, and one thread asks all models."""
        later = sorted(self._later, key=lambda entry: (entry[0], entry[1].indexer))
        for _, works in groupby(later, key=lambda entry: entry[1].indexer):
            self._works.join()
            for _, work in works:
                self._works.put(work)

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
                readable.append((_file(seen, answer.digest, root), answer, facts))
        known = self._shared.library.contents({answer.digest for _, answer, _ in readable})
        others = self._shared.library.files_of(
            {file.digest for file, _, facts in readable if facts is None and file.digest in known}
        )
        for file, answer, facts in readable:
            content = known.get(file.digest)
            media_type = answer.media_type or (content.media_type if content else "application/octet-stream")
            before = self._moved_from(file, others.get(file.digest, ()))
            is_same = facts is not None and facts[2] == file.digest
            beside = facts.beside if is_same and facts else before.beside if before else None
            again = TOLD_BESIDE if content and beside != file.beside else frozenset[str]()
            at = before.path if before else None
            self._place(_Found(file, media_type, content is None, at, is_same, again), result)
        if result.files or result.gone or result.outcomes:
            self._writes.put(Relocated(result.files, result.gone, result.outcomes))

    def _place(self, found: _Found, result: _Sorted) -> None:
        """Attach a file to a content that is on its way, to one that is complete, or start work on it."""
        shared, file, before = self._shared, found.file, found.before
        with shared.lock:
            item = shared.items.get(file.digest)
            if item is not None:
                item.files.append(file)
                if before is not None:
                    item.before[file.path] = before
                return
            is_new = found.is_new and not shared.ledger.knows(file.digest)
            item = Item(file.digest, found.media_type, file.size, file.mtime_ns, file.path, [file], 0)
            item.is_known = not is_new
            works = self._works_for(item, is_new, found.again)
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
            result.outcomes.append(self._known_outcome(file, before, found.is_same))

    def _works_for(self, item: Item, is_new: bool, again: frozenset[str]) -> list[tuple[int, Work]]:
        """Return what is to be done about a content; the spaces `again` count as missing."""
        works: list[tuple[int, Work]] = []
        if not fits(item.media_type, item.path):
            return works
        for indexer in self._shared.indexers.of_type(item.media_type):
            missing = self._shared.ledger.missing(item.digest, indexer.spaces)
            missing |= again & self._shared.spaces_for([indexer])
            if SHOWN in missing and self._shared.ledger.is_empty(HEARD, item.digest):
                missing |= {HEARD}  # subtitles may have covered what is to be heard
            is_of_use = self._shared.spaces_for([indexer]) or not works  # the first one tells the facts
            if LAYOUT in missing:
                missing |= _OF_LAYOUT & self._shared.spaces_for([indexer])
            if missing or (is_new and is_of_use):
                spaces = {space: self._shared.spaces[space] for space in sorted(missing)}
                is_first = is_new or missing == self._shared.spaces_for([indexer])
                works.append((indexer.cost, Work(item, indexer.name, spaces, is_first)))
        return works

    def _start(self, works: Sequence[tuple[int, Work]]) -> None:
        for cost, work in works:
            self._shared.tally.begin(work.indexer)
            if cost > self._cheapest:
                self._later.append((cost, work))
            else:
                self._works.put(work)

    def _refuse(self, item: Item, result: _Sorted) -> None:
        """Skip a file that is not what its name says, and remember it in the spaces its name promised."""
        promised = by_extension(item.path)
        what = f"The file is {describe(item.media_type)}"
        is_called_so = fits(item.media_type, item.path)
        if promised is None or (is_called_so and self._shared.every.of_type(item.media_type)):
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

    def _moved_from(self, file: File, others: Iterable[File]) -> File | None:
        """Return the file that this one was before, when that is no longer there."""
        for other in others:
            if other.path == file.path or other.path in self._moved or exists(other.path):
                continue
            if not is_away(other.root) or is_remounted(file.path, other.path, other.root):
                self._moved.add(other.path)
                return other
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


def _file(seen: Seen, digest: str, root: str) -> File:
    path, size, mtime_ns, beside = seen
    return File(path, digest, size, mtime_ns, root, beside=beside)
