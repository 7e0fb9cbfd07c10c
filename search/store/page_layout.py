"""Which rows of a table belong to which page."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.store.tables import Table

Place = tuple[str, int | None]
"""A content's digest and the number of the page, None where the content is one picture."""

Numbers = NDArray[np.int64]
Ids = NDArray[np.uint64]

BATCH = 16_384


@dataclass(frozen=True)
class Layout:
    """The pages of one version of a table: `content` (which of `digests`) and `number` (0 for none) int64
    (pages,); page i has the rows `starts[i]` to `starts[i + 1]`, int64 (pages + 1,), of `ids` uint64 (rows,),
    LanceDB's row ids. The first row of a page stands for all of it."""

    digests: Sequence[str]
    content: Numbers
    number: Numbers
    starts: Numbers
    ids: Ids

    def __len__(self) -> int:
        return len(self.content)

    def place(self, page: int) -> Place:
        """Return where a page is."""
        return self.digests[self.content[page]], int(self.number[page]) or None

    def at(self, places: Collection[Place]) -> Numbers:
        """Return which pages lie at these places, as far as there are any."""
        return np.array([self._pages[place] for place in places if place in self._pages], np.int64)

    def among(self, digests: Collection[str] | None) -> NDArray[np.bool_]:
        """Return for each page whether it belongs to one of these contents, bool (pages,)."""
        if digests is None:
            return np.ones(len(self), np.bool_)
        wanted = np.fromiter((digest in digests for digest in self.digests), np.bool_, len(self.digests))
        return wanted[self.content]

    def rows_of(self, pages: Numbers) -> tuple[Numbers, Numbers]:
        """Return the rows of these pages, one page after the other, and where each page begins there."""
        lengths = self.starts[pages + 1] - self.starts[pages]
        begins = begins_of(lengths)
        return np.arange(lengths.sum()) + np.repeat(self.starts[pages] - begins, lengths), begins

    @cached_property
    def columns(self) -> "Columns":
        """The order in which rows are held."""
        return columns_of(self.starts)

    @cached_property
    def _pages(self) -> dict[Place, int]:
        return {self.place(page): page for page in range(len(self))}


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows in another order: the first row of every page, then the second of those that have one, and so on,
    the pages with most rows first. What is greatest on each page then comes of a few long columns, one
    against the other, and not of many short stretches, which takes four times as long.

    `pages` int64 (pages,): which come first; `counts` int64 (columns,): how many have a row in each; `at`
    int64 (rows,): where each row of the layout stands.
    """

    pages: Numbers
    counts: Numbers
    at: Numbers


def columns_of(starts: Numbers) -> Columns:
    """Return the order for pages that begin at `starts`, int64 (pages + 1,), the end of the last behind."""
    lengths = np.diff(starts)
    pages = np.argsort(-lengths, kind="stable")
    nth = np.arange(lengths.max(initial=0))
    counts = len(lengths) - np.searchsorted(lengths[pages][::-1], nth, "right")
    rank = np.empty_like(pages)
    rank[pages] = np.arange(len(pages))
    within = np.arange(lengths.sum()) - np.repeat(starts[:-1], lengths)
    return Columns(pages, counts, begins_of(counts)[within] + np.repeat(rank, lengths))


def begins_of(lengths: Numbers) -> Numbers:
    """Return where each of some stretches of these lengths begins when they stand one behind the other."""
    return np.cumsum(lengths) - lengths


def layout_of(table: Table) -> Layout:
    """Read which rows a table has."""
    codes: dict[str, int] = {}
    content, number, n, ids = (np.concatenate(parts) for parts in zip(*_scanned(table, codes), strict=True))
    order = np.lexsort((n, number, content))
    content, number = content[order], number[order]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (content[1:] != content[:-1]) | (number[1:] != number[:-1])
    first = np.flatnonzero(is_new)
    starts = np.append(first, len(order))
    return Layout(list(codes), content[first], number[first], starts, ids[order].astype(np.uint64))


def _scanned(table: Table, codes: dict[str, int]) -> Iterator[tuple[Numbers, Numbers, Numbers, Ids]]:
    """Yield content, number, n and id of some rows at a time; `codes` gets the number of each digest."""
    none = np.zeros(0, np.int64)
    yield none, none, none, none.astype(np.uint64)
    scan = table.search().select(["digest", "page", "n"]).with_row_id(True).limit(None)
    for batch in scan.to_batches(BATCH):
        digests = batch["digest"].dictionary_encode()
        known = [codes.setdefault(digest, len(codes)) for digest in digests.dictionary.to_pylist()]
        content = np.array(known, np.int64)[digests.indices.to_numpy()]
        page = batch["page"].fill_null(0).to_numpy()
        yield content, page, batch["n"].to_numpy(), batch["_rowid"].to_numpy()
