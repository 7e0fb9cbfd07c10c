"""What the stages of one run have in common."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from indexers.base import Indexer, Registry
from indexers.flow import Item
from indexers.ledger import Ledger
from search.records import Outcome
from search.spaces import PictureInput
from search.store import Library


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
