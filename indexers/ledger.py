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
        self._segments: dict[str, dict[str, int]] = {}
        self._troubles: dict[str, Trouble] = {}
        for name, (done, others) in library.marked(spaces).items():
            self._segments[name] = done
            self.note(mark for mark in others if not again(mark.reason or ""))

    def note(self, marks: Iterable[Mark]) -> None:
        """Remember marks that were just written."""
        for mark in marks:
            marked = self._segments.get(mark.space)
            if marked is not None:
                marked[mark.digest] = mark.segments
                if mark.outcome != "done":
                    reason = mark.reason or "It could not be read before."
                    self._troubles[mark.digest] = Trouble(mark.outcome, reason)

    def drop(self, space: str) -> None:
        """Stop asking for a space whose model cannot be used."""
        self._segments = {name: marked for name, marked in self._segments.items() if name != space}

    def missing(self, digest: str, spaces: Iterable[str]) -> frozenset[str]:
        """Return which of these spaces (those of the run among them) still lack the content."""
        known = self._segments
        return frozenset(name for name in spaces if name in known and digest not in known[name])

    def marked(self, spaces: Iterable[str]) -> tuple[Mapping[str, int], ...]:
        """Return what each of these spaces has seen, to ask it quickly of every file of a rescan."""
        return tuple(self._segments[name] for name in spaces if name in self._segments)

    @property
    def troubles(self) -> Mapping[str, Trouble]:
        """Why contents could not be used, by digest."""
        return self._troubles

    def knows(self, digest: str) -> bool:
        """Whether any space has seen the content."""
        return any(digest in marked for marked in self._segments.values())

    def segments(self, digest: str) -> int:
        """Count the searchable pieces of a content in the spaces of the run."""
        return sum(marked.get(digest, 0) for marked in self._segments.values())
