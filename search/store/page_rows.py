"""What is held in memory of a space of pages, so that all words of a question are compared with all of them
at once.

As far as memory allows, the vectors of every row are held, in fewer dimensions: their principal axes, for
they only have to tell of which pages all token vectors are worth reading. Where there are too many, only the
vectors of whole pages are held, and those of their runs are read for the pages that come into question.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from search.records import Segment
from search.spaces import Vector
from search.store.kept_tokens import KeptTokens
from search.store.page_layout import BATCH, Ids, Layout, Numbers, layout_of
from search.store.rows import segment_of, tokens_of, vectors_of
from search.store.schema import PLACE_COLUMNS, TOKENS
from search.store.tables import Table

T = TypeVar("T")

PAGE_MEMORY = 512 << 20
"""Bytes."""

AT_ONCE = 50_000
"""Of more pages only the vectors of whole pages are held."""

SHARE, FEWEST = 0.375, 48
"""Runs are held in such a share of the dimensions, but in no fewer than that: with 48 of 128, in union with
the words, 3,000 pages are answered as well as with 64, a sixth faster (decision 81)."""

SAMPLE = 8_192
"""So many rows tell the principal axes."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Vectors, float32 (n, k), of some pages, of which each begins at one of `starts`, int64 (pages,)."""

    vectors: Vector
    starts: Numbers

    @property
    def each(self) -> list[Vector]:
        """The vectors of one page after the other."""
        return np.split(self.vectors, self.starts[1:]) if len(self.starts) else []


@dataclass(frozen=True, slots=True)
class PageRows:
    """The pages of one version of a table. `axes` float32 (dim, k), columns of length 1 at right angles; in
    them `means` float32 (pages, k) and, unless that is too much, `rows` float32 (rows, k), in the order of
    `layout.columns`. `files` tell the table from others of its name, `tokens` has those read last."""

    table: Table
    files: frozenset[str]
    layout: Layout
    axes: Vector
    means: Vector
    rows: Vector | None
    tokens: KeptTokens

    @property
    def at_hand(self) -> tuple[Ids, Vector]:
        """The row ids and the vectors of the rows that are held."""
        if self.rows is not None:
            return _in_columns(self.layout), self.rows
        return self.layout.ids[self.layout.starts[:-1]], self.means

    def rows_of(self, pages: Numbers) -> Rows:
        """Return the vectors of all rows of these pages, along `axes`, as they are held or else read."""
        at, starts = self.layout.rows_of(pages)
        if self.rows is not None:
            return Rows(self.rows[self.layout.columns.at[at]], starts)
        return Rows(_taken(self.table, self.layout.ids[at], ["vector"], vectors_of) @ self.axes, starts)

    def tokens_of(self, pages: Numbers) -> list[Vector]:
        """Return all token vectors of each of these pages, float32 (n, dim); of one without any its own."""
        return self.tokens.of(self.layout.ids[self.layout.starts[pages]].tolist(), self._tokens)

    def segments(self, rows: Numbers, space: str) -> list[Segment]:
        """Read what these rows, as numbered by `layout`, say."""
        found = _taken(self.table, self.layout.ids[rows], PLACE_COLUMNS, pa.Table.to_pylist)
        return [segment_of(row, space) for row in found]

    def _tokens(self, ids: list[int]) -> list[Vector]:
        return _taken(self.table, np.array(ids, np.uint64), [TOKENS, "vector"], _token_vectors)


def page_rows(table: Table, memory: int, older: PageRows | None = None) -> PageRows:
    """Read what is to be held of a version of a table: at most about `memory` bytes.

    What `older` holds of a version before is not read again.
    """
    layout, files = layout_of(table), data_files(table)
    dim = table.schema.field("vector").type.list_size
    is_all, wide = _form(len(layout), len(layout.ids), dim, memory)
    known = older if older and _serves(older, files, wide, is_all, len(layout.ids)) else None
    axes = known.axes if known else principal_axes(_sample(table, len(layout.ids)), wide)
    firsts = layout.starts[:-1]
    vectors = _vectors(table, _in_columns(layout) if is_all else layout.ids[firsts], axes, known)
    means, rows = (vectors[layout.columns.at[firsts]], vectors) if is_all else (vectors, None)
    tokens = known.tokens if known else KeptTokens(memory - vectors.nbytes - layout.ids.nbytes)
    return PageRows(table, files, layout, axes, means, rows, tokens)


def _form(pages: int, rows: int, dim: int, memory: int) -> tuple[bool, int]:
    """Return whether the vectors of all rows are held, or of whole pages alone, and how wide they are."""
    fewest = min(dim, max(round(SHARE * dim), FEWEST))
    if pages <= AT_ONCE and rows * (4 * fewest + 8) <= memory:
        return True, fewest
    left = memory - 8 * rows
    return False, next((wide for wide in (dim, dim // 2) if 4 * wide * pages <= left), fewest)


def principal_axes(vectors: Vector, wide: int) -> Vector:
    """Return the `wide` directions, float32 (dim, wide), in which most of vectors, float32 (n, dim), lies:
    the products of what is left along them are nearest to those of the vectors."""
    if not len(vectors):
        return np.eye(vectors.shape[1], wide, dtype=np.float32)
    _, directions = np.linalg.eigh((vectors.T @ vectors).astype(np.float64))
    return np.ascontiguousarray(directions[:, ::-1][:, :wide], dtype=np.float32)


def data_files(table: Table) -> frozenset[str]:
    """Return the names of the files that hold a table: no two tables ever share one."""
    return frozenset(file.name for file in (Path(table.uri) / "data").glob("*"))


def _serves(older: PageRows, files: frozenset[str], wide: int, is_all: bool, rows: int) -> bool:
    """Whether what is held of a version can be kept: it is of the same table, in the same form, and the
    table has not doubled since, so that its axes still fit."""
    same = bool(files & older.files) and older.axes.shape[1] == wide and (older.rows is not None) == is_all
    return same and rows <= 2 * len(older.layout.ids)


def _sample(table: Table, rows: int) -> Vector:
    chosen = np.random.default_rng(0).choice(rows, size=min(SAMPLE, rows), replace=False)
    if not len(chosen):
        return np.zeros((0, table.schema.field("vector").type.list_size), np.float32)
    return vectors_of(table.take_offsets(np.sort(chosen).tolist()).select(["vector"]).to_arrow())


def _vectors(table: Table, ids: Ids, axes: Vector, known: PageRows | None) -> Vector:
    """Return the vectors of the rows with these ids along the axes; some are `known`."""
    vectors = np.zeros((len(ids), axes.shape[1]), np.float32)
    is_known = np.zeros(len(ids), np.bool_)
    if known is not None:
        before, kept = known.at_hand
        at, is_known = _found(before, ids)
        vectors[is_known] = kept[at[is_known]]
    missing = np.flatnonzero(~is_known)
    for some, found in _read(table, ids[missing]):
        vectors[missing[some]] = found @ axes
    return vectors


def _read(table: Table, ids: Ids) -> Iterator[tuple[Numbers, Vector]]:
    """Yield some of the vectors of the rows with these ids at a time, and which those are."""
    if 2 * len(ids) < table.count_rows():
        for first in range(0, len(ids), BATCH):
            some = np.arange(first, min(first + BATCH, len(ids)))
            yield some, _taken(table, ids[some], ["vector"], vectors_of)
        return
    scan = table.search().select(["vector"]).with_row_id(True).limit(None)
    for batch in scan.to_batches(BATCH):
        at, is_wanted = _found(ids, batch["_rowid"].to_numpy())
        yield at[is_wanted], vectors_of(pa.table(batch))[is_wanted]


def _found(known: Ids, wanted: Ids) -> tuple[Numbers, NDArray[np.bool_]]:
    """Return where each of the wanted stands among the known, and whether it does."""
    if not len(known):
        return np.zeros(len(wanted), np.int64), np.zeros(len(wanted), np.bool_)
    order = np.argsort(known)
    at = order[np.minimum(np.searchsorted(known, wanted, sorter=order), len(known) - 1)]
    return at, known[at] == wanted


def _taken(table: Table, ids: Ids, columns: list[str], read: Callable[[pa.Table], T]) -> T:
    """Read rows in the order of their ids."""
    if not len(ids):
        return read(table.schema.empty_table().select(columns))
    found = table.take_row_ids(ids.tolist()).select(columns).with_row_id().to_arrow()
    at, _ = _found(found["_rowid"].to_numpy(), ids)
    return read(found.take(at))


def _in_columns(layout: Layout) -> Ids:
    """Return the row ids in the order in which rows are held."""
    ids = np.empty_like(layout.ids)
    ids[layout.columns.at] = layout.ids
    return ids


def _token_vectors(rows: pa.Table) -> list[Vector]:
    own = vectors_of(rows).astype(np.float32)
    dim = own.shape[1]
    written = rows[TOKENS].to_pylist()
    return [tokens_of(one, dim) if one else own[at : at + 1] for at, one in enumerate(written)]
