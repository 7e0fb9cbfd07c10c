"""What the library knows to be done, per content and space, kept up to date during a run."""

import threading
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from indexers.flow import Trouble, trouble_of
from search.spaces import Fingerprint
from search.store import Library, Mark, Marked
from search.store.types import MarkOutcome


class Ledger:
    """The marks of the spaces of a run. One thread notes, others may read meanwhile.

    What was done before the run is read when it is first asked for: a run that meets nothing new never does.
    """

    def __init__(
        self, library: Library, spaces: Mapping[str, Fingerprint], again: Callable[[str, MarkOutcome], bool]
    ) -> None:
        """Say which marks are meant; one whose reason and outcome `again` accepts counts as not made yet."""
        self._library = library
        self._spaces = spaces
        self._again = again
        self._reading = threading.Lock()
        self._read: dict[str, Marked] | None = None
        self._noted: dict[str, dict[str, int]] = {name: {} for name in spaces}
        self._reopened: dict[str, set[str]] = {name: set() for name in spaces}
        self._troubles: dict[str, Trouble] = {}

    @property
    def _before(self) -> Mapping[str, Marked]:
        with self._reading:
            if self._read is None:
                every = self._library.marked(self._spaces)
                self._read = {name: self._standing(marked) for name, marked in every.items()}
            return self._read

    def _standing(self, marked: Marked) -> Marked:
        return marked.without(
            mark.digest
            for mark in (*marked.others, *marked.noted)
            if self._again(mark.reason or "", mark.outcome)
        )

    def note(self, marks: Iterable[Mark]) -> None:
        """Remember marks that were just written."""
        for mark in marks:
            noted = self._noted.get(mark.space)
            if noted is not None:
                noted[mark.digest] = mark.segments
                self._reopened[mark.space].discard(mark.digest)
                if mark.outcome != "done":
                    self._troubles[mark.digest] = trouble_of(mark.outcome, mark.reason)

    def done(self, space: str) -> set[str]:
        """Return the contents that are through a space; none where the run has no such space."""
        if space not in self._noted:
            return set()
        return (self._before[space].segments.keys() | self._noted[space].keys()) - self._reopened[space]

    def has(self, space: str, digest: str) -> bool:
        """Whether a content is through a space of the run."""
        return space in self._noted and self._count(space, digest) is not None

    def reopen(self, digest: str, spaces: Iterable[str]) -> None:
        """Let a content count as new to these spaces."""
        for space in spaces:
            if space in self._noted:
                self._noted[space].pop(digest, None)
                self._reopened[space].add(digest)

    def is_empty(self, space: str, digest: str) -> bool:
        """Whether a content is through a space of the run and left nothing there."""
        return space in self._noted and self._count(space, digest) == 0

    def reopen_empty(self, space: str, other: str) -> None:
        """Let contents that left nothing in a space, but something in the other, count as new to it.

        To be called before a file is looked at.
        """
        if space in self._noted:
            again = [digest for digest in self.done(other) if self.is_empty(space, digest)]
            self._read = {**self._before, space: self._before[space].without(again)}

    def drop(self, space: str) -> None:
        """Stop asking for a space whose model cannot be used."""
        self._noted = {name: noted for name, noted in self._noted.items() if name != space}

    def missing(self, digest: str, spaces: Iterable[str]) -> frozenset[str]:
        """Return which of these spaces (those of the run among them) still lack the content."""
        return frozenset(name for name in spaces if name in self._noted and self._count(name, digest) is None)

    def before(self, spaces: Iterable[str]) -> list[Marked]:
        """Return what had been through each of these spaces before the run."""
        return [self._before[name] for name in spaces if name in self._noted]

    def now(self) -> dict[str, Marked]:
        """Return what has been through each space by now; of spaces that were dropped nothing is told."""
        return {name: self._by_now(name, noted) for name, noted in self._noted.items()}

    def _by_now(self, space: str, noted: Mapping[str, int]) -> Marked:
        before = self._before[space].without(noted.keys() | self._reopened[space])
        return before.joined(
            Mark(digest, space, self._spaces[space].key, *self._end(digest), segments)
            for digest, segments in noted.items()
        )

    def _end(self, digest: str) -> tuple[MarkOutcome, str | None]:
        trouble = self.troubles.get(digest)
        return ("done", None) if trouble is None else (trouble.outcome, trouble.reason)

    @property
    def troubles(self) -> Mapping[str, Trouble]:
        """Why contents could not be used, by digest."""
        return ChainMap(self._troubles, self._troubles_before)

    @cached_property
    def _troubles_before(self) -> dict[str, Trouble]:
        return {
            mark.digest: trouble_of(mark.outcome, mark.reason)
            for one in self._before.values()
            for mark in one.others
        }

    def knows(self, digest: str) -> bool:
        """Whether any space has seen the content."""
        return any(self._count(name, digest) is not None for name in self._noted)

    def segments(self, digest: str) -> int:
        """Count the searchable pieces of a content in the spaces of the run."""
        return sum(self._count(name, digest) or 0 for name in self._noted)

    def _count(self, space: str, digest: str) -> int | None:
        """Count a content's pieces in a space; None when it has not been through it."""
        noted = self._noted[space].get(digest)  # asked first: what was done before costs a table of all
        if noted is None and digest not in self._reopened[space]:
            return self._before[space].segments.get(digest)
        return noted
