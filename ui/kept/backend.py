"""What the window asks about saved searches and collections."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from search.records import Hit


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query under a name. `found` is how many files it finds, `new` how many of them since it was last
    looked at; None before they were counted. `problem` says why it cannot be asked."""

    name: str
    query: str
    found: int | None = None
    new: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Collection:
    """A list of files and places that a person picked."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A saved search or a collection that was removed, with all that is needed to bring it back."""

    name: str
    content: Any


class KeptBackend(Protocol):
    """The program behind what a person keeps. Every method may raise `CrossfindError`."""

    def saved_searches(self, counted: bool) -> Sequence[SavedSearch]:
        """Return the saved searches by name; `counted` asks each, as slow as searching."""

    def save_search(self, name: str, query: str) -> None:
        """Keep a query; what it finds now counts as seen. Refuses a name that is taken."""

    def rename_search(self, name: str, new_name: str) -> None:
        """Give a saved search another name; what was seen of it stays so."""

    def remove_search(self, name: str) -> Removed:
        """Forget a saved search."""

    def look_at_search(self, name: str, digests: Sequence[str]) -> frozenset[str]:
        """Remember that these of its contents were looked at; return those that had not been before."""

    def collections(self) -> Sequence[Collection]:
        """Return the collections by name."""

    def add_to_collection(self, name: str, hits: Sequence[Hit]) -> int:
        """Put hits into a collection, made if there is none; return how many are new to it."""

    def take_out_of_collection(self, name: str, digests: Sequence[str]) -> int:
        """Take contents out of a collection; return how many things that were."""

    def rename_collection(self, name: str, new_name: str) -> None:
        """Give a collection another name. Refuses one that is taken."""

    def remove_collection(self, name: str) -> Removed:
        """Forget a collection; its files are not touched."""

    def restore_kept(self, removed: Removed) -> None:
        """Bring back what was removed. Refuses a name that was taken meanwhile."""
