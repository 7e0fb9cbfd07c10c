"""What the library knows to be done, per content and space, kept up to date during a run."""

from collections.abc import Callable, Iterable, Mapping

from indexers.flow import Trouble
from search.spaces import Fingerprint
from search.store import Library, Mark


class Ledger:
    """The marks of the spaces of a run. One thread notes, others may read meanwhile."""

    def __init__(
        self, library: Library, spaces: Mapping[str, Fingerprint], again: Callable[[str], bool]
    ) -> None:
        """Read the marks; a failure whose reason `again` accepts counts as not tried yet."""
        self._segments: dict[str, dict[str, int]] = {name: {} for name in spaces}
        self._troubles: dict[str, Trouble] = {}
        for name, fingerprint in spaces.items():
            for mark in library.marks(name, fingerprint.key).values():
                if mark.outcome == "done" or not again(mark.reason or ""):
                    self._note(mark)

    def note(self, marks: Iterable[Mark]) -> None:
        """Remember marks that were just written."""
        for mark in marks:
            self._note(mark)

    def drop(self, space: str) -> None:
        """Stop asking for a space whose model cannot be used."""
        self._segments = {name: marked for name, marked in self._segments.items() if name != space}

    def missing(self, digest: str, spaces: Iterable[str]) -> frozenset[str]:
        """Return which of these spaces (those of the run among them) still lack the content."""
        known = self._segments
        return frozenset(name for name in spaces if name in known and digest not in known[name])

    def is_done(self, digest: str, spaces: Iterable[str]) -> bool:
        """Whether nothing is missing; quick, it is asked for every file of a rescan."""
        for name in spaces:
            marked = self._segments.get(name)
            if marked is not None and digest not in marked:
                return False
        return True

    def knows(self, digest: str) -> bool:
        """Whether any space has seen the content."""
        return any(digest in marked for marked in self._segments.values())

    def trouble(self, digest: str) -> Trouble | None:
        """Return why the content could not be used, when that was so."""
        return self._troubles.get(digest)

    def segments(self, digest: str) -> int:
        """Count the searchable pieces of a content in the spaces of the run."""
        return sum(marked.get(digest, 0) for marked in self._segments.values())

    def _note(self, mark: Mark) -> None:
        marked = self._segments.get(mark.space)
        if marked is None:
            return
        marked[mark.digest] = mark.segments
        if mark.outcome != "done":
            self._troubles[mark.digest] = Trouble(mark.outcome, mark.reason or "It could not be read before.")
