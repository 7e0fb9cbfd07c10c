"""What is kept in memory of one version of a table, so that the next query need not look it up again."""

import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from search.spaces import Vector, unit_rows
from search.store.page_rows import PAGE_MEMORY, PageRows, page_rows
from search.store.postings import Postings, postings
from search.store.rows import vectors_of
from search.store.tables import Table

EAGER = 500_000
"""So many rows of pages are read while somebody waits: one or two seconds; more in the background."""

WORDED = 50_000
"""Of no more rows words are held: to read those takes some seconds in the background, after every commit."""

T = TypeVar("T")

KEPT = 8_000
"""So many vectors of the last filter are kept: 16 MB where they have 512 values."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The vectors of some contents: row ids uint64 (n,), and float32 (n, dim) unit rows."""

    ids: NDArray[np.uint64]
    vectors: Vector


class Held:
    """What is kept of one version of a table; of pages at most about `page_memory` bytes, and what `older`
    has of a version before. Safe to use from several threads."""

    def __init__(self, table: Table, page_memory: int = PAGE_MEMORY, older: PageRows | None = None) -> None:
        self._table = table
        self._page_memory = page_memory
        self._older = older
        self._reading = threading.Lock()
        self._pages: PageRows | None = None
        self._rows = _Later("library-rows", lambda: Rows(table))
        self._words = _Later(
            "library-words", lambda: postings(table) if table.count_rows() <= WORDED else None
        )
        self._is_empty: bool | None = None
        self._last: tuple[Collection[str], Fetched] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the table has no rows; asked of it once."""
        if self._is_empty is None:
            self._is_empty = not self._table.count_rows()
        return self._is_empty

    def rows(self) -> "Rows":
        """Where the rows of each content stand; reads the table once."""
        return self._rows.now()

    def rows_at_hand(self) -> "Rows | None":
        """The same if it was read before. Until it is, the table's own index has to do, at twice the time."""
        return self._rows.at_hand()

    def words(self) -> Postings | None:
        """Which rows of a table of words hold which words; reads the table once. None if it is too much."""
        return self._words.now()

    def words_at_hand(self) -> Postings | None:
        """The same if it was read before."""
        return self._words.at_hand()

    def pages(self) -> PageRows | None:
        """The rows of pages. None while they are being read in the background, for there are many."""
        if self._pages is None and self._table.count_rows() <= EAGER:
            self._read_pages()
        elif self._pages is None and not self._reading.locked():
            threading.Thread(target=self._read_quietly, name="library-pages", daemon=True).start()
        return self._pages

    @property
    def last_pages(self) -> PageRows | None:
        """The same as they are at hand, if only of a version before."""
        return self._pages or self._older

    def vectors(self, digests: Collection[str]) -> Fetched:
        """The vectors of these contents. Those of the last collection are kept if they are not too many,
        for a person changes the words of a query more often than its filter."""
        last = self._last
        if last is not None and last[0] is digests:
            return last[1]
        ids = self.rows().of(digests)
        if not len(ids):
            return Fetched(ids, np.zeros((0, 0), np.float32))
        rows = self._table.take_row_ids(ids.tolist()).select(["vector"]).with_row_id().to_arrow()
        fetched = Fetched(rows["_rowid"].to_numpy(), unit_rows(vectors_of(rows)))
        if len(ids) <= KEPT:
            self._last = digests, fetched
        return fetched

    def _read_pages(self) -> None:
        with self._reading:
            if self._pages is None:
                self._pages = page_rows(self._table, self._page_memory, self._older)
                self._older = None

    def _read_quietly(self) -> None:
        with suppress(RuntimeError, OSError, ValueError):  # a damaged table: the next search will say so
            self._read_pages()


class _Later(Generic[T]):
    """What is read from a table once. Safe to use from several threads."""

    def __init__(self, name: str, read: Callable[[], T]) -> None:
        self._name = name
        self._read = read
        self._guard = threading.Lock()
        self._known: list[T] = []
        self._asked = 0

    def now(self) -> T:
        """Read it, unless that is done."""
        with self._guard:
            if not self._known:
                self._known.append(self._read())
            return self._known[0]

    def at_hand(self) -> T | None:
        """Return it if it was read before. Who asks a second time is likely to ask again: then it is read in
        the background."""
        if self._known:
            return self._known[0]
        self._asked += 1
        if self._asked == 2:
            threading.Thread(target=self._read_quietly, name=self._name, daemon=True).start()
        return None

    def _read_quietly(self) -> None:
        with suppress(RuntimeError, OSError, ValueError):  # a damaged table: the next search will say so
            self.now()


class Rows:
    """Where the rows of each content stand in one version of a table: LanceDB's row ids by digest."""

    def __init__(self, table: Table) -> None:
        found = table.search().select(["digest"]).with_row_id(True).limit(None).to_arrow()
        digests = found["digest"].to_numpy().astype("S")
        order = np.argsort(digests, kind="stable")
        self._digests = digests[order]
        self._ids = found["_rowid"].to_numpy()[order]

    def of(self, digests: Collection[str]) -> NDArray[np.uint64]:
        """Return the row ids of these contents; those that have none are passed over."""
        if not digests:
            return np.zeros(0, np.uint64)
        wanted = np.array(list(digests), dtype="S")
        first = np.searchsorted(self._digests, wanted, "left")
        last = np.searchsorted(self._digests, wanted, "right")
        return np.concatenate([self._ids[start:stop] for start, stop in zip(first, last, strict=True)])
