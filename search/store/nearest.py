"""Nearest vectors: LanceDB supplies candidates, the order comes from cosines computed here."""

import math
from collections.abc import Callable, Collection, Set
from typing import Any

import numpy as np
import pyarrow as pa

from search.spaces import Vector, cosines_with, unit_rows
from search.store.held import Fetched, Held
from search.store.indexes import METRIC
from search.store.rows import segment_of, vectors_of
from search.store.schema import PLACE_COLUMNS
from search.store.sql import one_of
from search.store.tables import Table
from search.store.types import Found

SELECTIVE = 500
"""Up to this many wanted digests go into the filter itself."""

FETCHED = 4_000
"""Up to this many are looked up and all their vectors compared here; more are checked after over-fetching."""

PROBES = 100
"""How many partitions of an index (4,096 rows each) are looked into: all of them up to 400,000 rows."""

CANDIDATES = 80
"""The index picks at least so many rows, and `SPARE` times the limit, for exact comparison."""

SPARE = 2


def nearest(
    table: Table,
    space: str,
    vector: Vector,
    limit: int,
    digests: Collection[str] | None,
    held: Held,
) -> list[Found]:
    """Return the `limit` segments with the highest cosine, best first, among those of `digests`.

    `held` is what is kept of this version of the table.
    """
    if limit <= 0 or (digests is not None and not digests):
        return []
    query = unit_rows(np.asarray(vector, dtype=np.float32).reshape(-1))
    if digests is None:
        rows = _search(table, query, limit).limit(limit).to_arrow()
    elif len(digests) <= SELECTIVE:
        wanted = one_of("digest", digests)
        rows = _search(table, query, limit).where(wanted).bypass_vector_index().limit(limit).to_arrow()
    elif len(digests) <= FETCHED:
        rows = _best_of(table, query, limit, held.vectors(digests))
    else:
        rows = _over_fetched(table, query, limit, digests)
    return _ranked(rows, space, query)[:limit]


def until_enough(
    fetch: Callable[[int], pa.Table], limit: int, digests: Collection[str], rows: int, exact: bool
) -> pa.Table:
    """Ask for more until `limit` rows of the wanted digests are there, or all `rows` were asked for.

    `exact`: fewer rows than asked for means that there are no more; an index that looks into some of its
    partitions only cannot promise that.
    """
    wanted = digests if isinstance(digests, Set) else frozenset(digests)
    count = math.ceil(1.5 * limit * max(1.0, rows / len(wanted)))
    while True:
        count = count if count < rows / 4 else rows
        found = fetch(count)
        kept = found.filter(pa.array([one in wanted for one in found["digest"].to_pylist()], pa.bool_()))
        if len(kept) >= limit or count >= rows or (exact and len(found) < count):
            return kept
        count *= 4


def _search(table: Table, query: Vector, limit: int) -> Any:
    """Prepare the search whose `limit` rows hold all that is needed to score and show them."""
    search = _candidates(table, query).select([*PLACE_COLUMNS, "vector", "_distance"])
    return search.refine_factor(max(SPARE, math.ceil(CANDIDATES / limit)))


def _candidates(table: Table, query: Vector) -> Any:
    return table.search(query, vector_column_name="vector").distance_type(METRIC).nprobes(PROBES)


def _over_fetched(table: Table, query: Vector, limit: int, digests: Collection[str]) -> pa.Table:
    rows = table.count_rows()

    def fetch(count: int) -> pa.Table:
        search = _candidates(table, query).select(["digest", "_distance"]).with_row_id(True)
        return (search.bypass_vector_index() if count >= rows else search).limit(count).to_arrow()

    kept = until_enough(fetch, SPARE * limit, digests, rows, exact=False)
    best = kept.slice(0, max(CANDIDATES, SPARE * limit))["_rowid"].to_pylist()
    return table.take_row_ids(best).select([*PLACE_COLUMNS, "vector"]).to_arrow()


def _best_of(table: Table, query: Vector, limit: int, fetched: Fetched) -> pa.Table:
    """Compare all of these vectors, and read the rest of the best."""
    if not len(fetched.ids):
        return pa.table({})
    best = np.argsort(-cosines_with(fetched.vectors, query), kind="stable")[: SPARE * limit]
    return table.take_row_ids(fetched.ids[best].tolist()).select([*PLACE_COLUMNS, "vector"]).to_arrow()


def _ranked(rows: pa.Table, space: str, query: Vector) -> list[Found]:
    if not len(rows):
        return []
    scores = cosines_with(unit_rows(vectors_of(rows)), query)
    records = rows.select(PLACE_COLUMNS).to_pylist()
    found = [Found(segment_of(row, space), float(score)) for row, score in zip(records, scores, strict=True)]
    return sorted(found, key=lambda one: (-one.score, one.segment.digest, one.segment.n))
