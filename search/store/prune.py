"""Removing what nothing refers to any more."""

from collections.abc import Collection
from dataclasses import dataclass

from search.store.manifest import Manifest
from search.store.schema import CONTENTS, FILES, MARKS, OWN, SIGHTINGS
from search.store.sql import one_of
from search.store.tables import Tables

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class PruneReport:
    """What `prune` took away."""

    contents: int
    segments: int
    thumbnails: int
    bytes_freed: int


def digests_in(tables: Tables, name: str) -> set[str]:
    """Return the digests a table has rows for."""
    return set(tables.get(name).search().select(["digest"]).limit(None).to_arrow()["digest"].to_pylist())


def orphans(tables: Tables, manifest: Manifest) -> set[str]:
    """Return the digests that have rows of any kind but no file."""
    held = (
        digests_in(tables, name) for name in (CONTENTS, MARKS, SIGHTINGS, OWN, *manifest.segment_tables())
    )
    return set().union(*held) - digests_in(tables, FILES)


def purge(tables: Tables, manifest: Manifest, digests: Collection[str]) -> tuple[int, int]:
    """Delete all that was learned from these contents; return how many contents and segments that were."""
    contents = delete_digests(tables, CONTENTS, digests)
    segments = sum(delete_digests(tables, name, digests) for name in manifest.segment_tables())
    for name in (MARKS, SIGHTINGS, OWN):
        delete_digests(tables, name, digests)
    return contents, segments


def delete_digests(tables: Tables, name: str, digests: Collection[str]) -> int:
    """Delete a table's rows of these digests and return how many there were."""
    table, every = tables.get(name), sorted(digests)
    before: int = table.count_rows()
    for start in range(0, len(every), CHUNK):
        where = one_of("digest", every[start : start + CHUNK])
        if table.count_rows(where):
            table.delete(where)
    return before - int(table.count_rows())
