"""What `prune` would take away, counted beforehand."""

from dataclasses import dataclass
from pathlib import Path

from search.store.disk import size_of
from search.store.manifest import read_manifest
from search.store.prune import digests_in, orphans
from search.store.schema import FILES
from search.store.tables import Database, Tables, plain_errors
from search.store.thumbs import stored_thumbnails

_INDEXES = "_indices"


@dataclass(frozen=True, slots=True)
class Spare:
    """Contents that no file has any more, pictures kept of such, and about how many bytes pruning frees."""

    contents: int
    thumbnails: int
    bytes: int


def spare(folder: Path) -> Spare:
    """Count what belongs to no file of a library. Changes nothing and waits for nobody.

    Bytes are an estimate: what the tables take beside the rows that count now (earlier states), and the
    pictures; the rows of contents without files are not counted among them. Raises `LibraryError`.
    """
    manifest = read_manifest(folder)
    with plain_errors(folder):
        tables = Tables(Database(folder), manifest.versions)
        wanted = digests_in(tables, FILES)
        pictures = [one for one in stored_thumbnails(folder) if one[0] not in wanted]
        earlier = sum(_earlier(folder / f"{name}.lance", tables, name) for name in manifest.versions)
        kept = sum(_size(path) for _, path in pictures)
        return Spare(len(orphans(tables, manifest)), len(pictures), earlier + kept)


def _earlier(place: Path, tables: Tables, name: str) -> int:
    """Estimate the bytes of states of a table before the one that counts."""
    now = int(tables.get(name).stats()["total_bytes"])
    return max(0, size_of(place) - size_of(place / _INDEXES) - now)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
