"""Which indexes each table has, and keeping them complete.

Names are ours, not LanceDB's `<column>_idx`, so that looking one up never misses and never rebuilds.
"""

import logging
from datetime import timedelta

from search.store.schema import CONTENTS, FILES
from search.store.tables import Table

logger = logging.getLogger(__name__)

WORDS = "words_tokens"
VECTOR = "vector_ann"
LOOKUPS = {"digest": "digest_lookup", "path": "path_lookup"}
"""Column -> the index its rows are found by. `merge_insert`, which such an index upsets, is not used."""

METRIC = "cosine"
LOOKUP_FROM = 5_000
"""A table of fewer rows is read through in a millisecond or two."""

FLAT_BELOW = 50_000
"""Fewer rows than this are searched without an index: exact, and fast enough."""

RQ_FROM_DIM = 64
"""Vectors with fewer values need more bits for each."""

MAX_TAIL = 4_000
"""More rows than this outside an index make `optimize` worth its time."""

MAX_WORDS_TAIL = 1_000
"""The same for word indexes: each row outside costs a search 0.1 ms, because its words are cut anew."""

MAX_PIECES = 32
"""Every write adds a fragment; so many of them slow reading down."""

KEEP_VERSIONS = timedelta(minutes=10)
"""Old versions stay this long for readers that are still using them."""


def holds_words(name: str, table: Table) -> bool:
    """Whether word search looks into this table."""
    return name in (FILES, CONTENTS) or "words" in table.schema.names


def wanted_indexes(name: str, table: Table) -> set[str]:
    """Return the indexes this table should have at its present size."""
    wanted = {WORDS} if holds_words(name, table) else set()
    rows = table.count_rows()
    if "vector" in table.schema.names and rows >= FLAT_BELOW:
        wanted.add(VECTOR)
    if rows >= LOOKUP_FROM:
        wanted |= {index for column, index in LOOKUPS.items() if column in table.schema.names}
    return wanted


def existing_indexes(table: Table) -> set[str]:
    """Return the names of the indexes the table has."""
    return {index.name for index in table.list_indices()}


def build_index(table: Table, index: str) -> None:
    """Build one of our indexes, replacing an older one."""
    from lancedb.index import FTS, BTree

    match index:
        case _ if index == WORDS:
            config = FTS(
                base_tokenizer="icu/split",
                with_position=True,
                stem=False,
                remove_stop_words=False,
                max_token_length=4_000,
            )
            table.create_index("words", config=config, name=WORDS)
        case _ if index == VECTOR:
            dim = table.schema.field("vector").type.list_size
            table.create_index("vector", config=_vector_config(dim), name=VECTOR)
        case _ if index in LOOKUPS.values():
            column = next(column for column, name in LOOKUPS.items() if name == index)
            table.create_index(column, config=BTree(), name=index)
        case _:
            raise ValueError(f"unknown index {index!r}")


def _vector_config(dim: int) -> object:
    """Choose how vectors are shortened: four bits per value, or eight where there are few values.

    Measured at 200,000 vectors of 512: one bit loses answers to queries unlike the stored vectors (text for
    pictures), eight bits take three times as long, HNSW takes minutes to build; four bits lose nothing.
    """
    from lancedb.index import IvfRq, IvfSq

    if dim >= RQ_FROM_DIM and dim % 8 == 0:
        return IvfRq(distance_type=METRIC, num_bits=4)
    return IvfSq(distance_type=METRIC)


def add_missing_indexes(name: str, table: Table) -> list[str]:
    """Build the indexes the table should have and lacks; return their names."""
    missing = sorted(wanted_indexes(name, table) - existing_indexes(table))
    for index in missing:
        build_index(table, index)
    return missing


def unindexed_rows(table: Table) -> int:
    """Return how many rows the index that lags most has not seen."""
    tails = (table.index_stats(index).num_unindexed_rows for index in existing_indexes(table))
    return max(tails, default=0)


def is_behind(name: str, table: Table) -> bool:
    """Whether so many rows are outside an index that searching gets slow."""
    return unindexed_rows(table) > (MAX_WORDS_TAIL if holds_words(name, table) else MAX_TAIL)


def optimize_table(name: str, table: Table) -> None:
    """Compact the table and bring its indexes up to date; old versions stay until `drop_old_versions`.

    A word index that cannot be merged is dropped and built again.
    """
    try:
        table.optimize()
    except RuntimeError as error:
        logger.info("%s: optimize failed, rebuilding its word indexes (%s)", name, error)
        for index in existing_indexes(table) & {WORDS}:
            table.drop_index(index)
        table.optimize()
    add_missing_indexes(name, table)


def is_due(name: str, table: Table) -> bool:
    """Whether a table lacks an index, has a long unindexed tail or lies in many pieces."""
    pieces = table.stats()["fragment_stats"]["num_fragments"]
    complete = wanted_indexes(name, table) <= existing_indexes(table)
    return not complete or pieces > MAX_PIECES or is_behind(name, table)


def drop_old_versions(table: Table, older_than: timedelta = KEEP_VERSIONS) -> None:
    """Delete the files only old versions need. The version readers are told to use must be the newest.

    What killed runs left goes too, which is only safe while no other process writes.
    """
    table.optimize(cleanup_older_than=older_than, delete_unverified=True)
