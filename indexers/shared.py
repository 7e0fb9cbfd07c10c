"""What the stages of one run have in common."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from indexers.base import Indexer, Registry
from indexers.derived import SOURCES
from indexers.flow import Item
from indexers.ledger import Ledger
from indexers.media_types import by_extension
from indexers.tally import Tally
from search.records import Outcome
from search.spaces import PictureInput
from search.store import Library


@dataclass(slots=True)
class Shared:
    """What the stages of a run have in common.

    `spaces` maps the spaces of the run to how they take pictures, `keys` all that it fills, also those made
    of others' words, to the keys of their fingerprints; `indexers` are those asked for, `every` also the
    others; `items` are the contents on their way, guarded by `lock`. `begins_settled` lets the run begin
    with what the last one kept, if its limits, `within`, were the same ("" for the usual ones).
    """

    library: Library
    ledger: Ledger
    indexers: Registry
    every: Registry
    spaces: Mapping[str, PictureInput | None]
    keys: Mapping[str, str]
    begins_settled: bool
    within: str
    report: Callable[[Sequence[Outcome]], None]
    count: Callable[[int], None]
    lock: threading.Lock = field(default_factory=threading.Lock)
    items: dict[str, Item] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    _spaces_of: dict[str, frozenset[str]] = field(default_factory=dict)

    def spaces_for(self, indexers: Iterable[Indexer]) -> frozenset[str]:
        """Return the spaces of this run that these indexers serve."""
        return frozenset(space for indexer in indexers for space in indexer.spaces if space in self.spaces)

    def spaces_of(self, ending: str) -> frozenset[str]:
        """Return the spaces that the content of a file with this extension, without a dot, belongs in."""
        if ending not in self._spaces_of:
            promised = by_extension(f".{ending}")
            self._spaces_of[ending] = self.spaces_for(self.indexers.of_type(promised) if promised else ())
        return self._spaces_of[ending]

    def needs(self, ending: str) -> list[str]:
        """Return the same spaces with their keys, the spaces that what they find is needed for, and within
        which limits."""
        spaces = self.spaces_of(ending)
        made = {name for name, sources in SOURCES.items() if name in self.keys and spaces & set(sources)}
        needed = sorted(f"{name} {self.keys[name]}" for name in spaces | made)
        return [*needed, self.within] if self.within else needed
