"""What the window asks about saved searches and collections, answered by the resident process."""

from collections.abc import Sequence
from typing import Any

from app.window.link import Link
from search.output import locator_to_json
from search.records import Hit
from ui.kept.backend import Collection, Removed, SavedSearch


class KeptLink(Link):
    """Implements `ui.kept.backend.KeptBackend`."""

    def saved_searches(self, counted: bool) -> Sequence[SavedSearch]:
        """Return the saved searches."""
        return [
            SavedSearch(one["name"], one["query"], one.get("hits"), one.get("new"), one.get("error") or "")
            for one in self._kept("searches", counted=counted)
        ]

    def save_search(self, name: str, query: str) -> None:
        """Keep a query."""
        self._kept("save", name=name, query=query)

    def rename_search(self, name: str, new_name: str) -> None:
        """Give a saved search another name."""
        self._kept("rename_search", name=name, new_name=new_name)

    def remove_search(self, name: str) -> Removed:
        """Forget a saved search."""
        return Removed(name, self._kept("remove_search", name=name))

    def look_at_search(self, name: str, digests: Sequence[str]) -> frozenset[str]:
        """Remember what was looked at, and return what is new."""
        return frozenset(self._kept("look", name=name, digests=list(digests)))

    def collections(self) -> Sequence[Collection]:
        """Return the collections."""
        return [Collection(one["name"], one["count"]) for one in self._kept("collections")]

    def add_to_collection(self, name: str, hits: Sequence[Hit]) -> int:
        """Put hits into a collection."""
        picks = [
            {"digest": hit.file.digest, "locator": locator_to_json(hit.locator), "path": hit.file.path}
            for hit in hits
        ]
        return int(self._kept("add", name=name, picks=picks))

    def take_out_of_collection(self, name: str, digests: Sequence[str]) -> int:
        """Take contents out of a collection."""
        return int(self._kept("take_out", name=name, digests=list(digests)))

    def rename_collection(self, name: str, new_name: str) -> None:
        """Give a collection another name."""
        self._kept("rename_collection", name=name, new_name=new_name)

    def remove_collection(self, name: str) -> Removed:
        """Forget a collection."""
        return Removed(name, self._kept("remove_collection", name=name))

    def restore_kept(self, removed: Removed) -> None:
        """Bring back what was removed."""
        self._kept("restore", removed=removed.content)

    def _kept(self, what: str, **values: Any) -> Any:
        return self._ask("kept", what=what, **values)
