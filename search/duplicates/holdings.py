"""What of a library is compared: files, contents, and the vectors of their pictures."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from search.duplicates.films import Moments
from search.filters import to_filter
from search.query import InFolder
from search.records import Content, File, date_of
from search.spaces import Vector
from search.store import Library
from search.store.rows import vectors_of

SPACES = ("phash", "look")


@dataclass(frozen=True, slots=True)
class Holdings:
    """The files that are looked at, by digest, and their contents."""

    files: Mapping[str, list[File]]
    contents: Mapping[str, Content]

    def rank(self, digest: str) -> tuple[float, ...]:
        """Return what puts the content with the most to see first: pixels, length, bytes, then age."""
        content = self.contents[digest]
        pixels = (content.width or 0) * (content.height or 0)
        return (-pixels, -(content.duration_s or 0), -content.size, self.oldest(digest).timestamp())

    def oldest(self, digest: str) -> datetime:
        """Return when it was taken, else when a file of it was changed first."""
        return min(date_of(file, self.contents[digest]) for file in self.files[digest])

    def of_kind(self, kind: str) -> list[str]:
        """Return the digests of one kind of content, in order."""
        return sorted(digest for digest, content in self.contents.items() if content.kind == kind)


def holdings(library: Library, folder: str | None) -> Holdings:
    """Look up all files, or those below a folder (a name or a path, as behind `in:`)."""
    matching = library.matching(to_filter(InFolder(folder)) if folder else None)
    found = library.files_of(matching.digests)
    files = {
        digest: kept
        for digest, every in found.items()
        if (kept := [file for file in every if file.path in matching.paths])
    }
    return Holdings(files, library.contents(list(files)))


def pictures_of(library: Library, digests: list[str]) -> dict[str, Vector]:
    """Return for each space float16 (n, dim) in the order of the digests, zeros where there is no vector."""
    return {
        space: made
        for space in SPACES
        if (made := _rows(library, space, {digest: row for row, digest in enumerate(digests)})) is not None
    }


def _rows(library: Library, space: str, row_of: Mapping[str, int]) -> Vector | None:
    """Read the vectors of whole pictures in one space."""
    whole = "page IS NULL AND start_s IS NULL AND box IS NULL"
    found = library.rows(space, ["digest", "n", "vector"], whole)
    if not found.num_rows:
        return None
    kept = [(at, row_of[digest]) for at, digest in enumerate(found["digest"].to_pylist()) if digest in row_of]
    vectors = vectors_of(found)
    made = np.zeros((len(row_of), vectors.shape[1]), np.float16)
    made[[row for _, row in kept]] = vectors[[at for at, _ in kept]]
    return made  # type: ignore[return-value]


def films_of(library: Library, holdings: Holdings) -> list[Moments]:
    """Return the moments of all films that have some, in the order of their digests."""
    digests = holdings.of_kind("video")
    if not digests:
        return []
    tables = {space: _moments(library, space, set(digests)) for space in SPACES}
    made = []
    for digest in digests:
        rows = {space: table[digest] for space, table in tables.items() if digest in table}
        if "phash" not in rows:
            continue
        spans = rows["phash"][0]
        aligned = {space: v for space, (others, v) in rows.items() if others == spans}
        made.append(Moments(holdings.contents[digest], spans, aligned))
    return made


def _moments(
    library: Library, space: str, digests: Collection[str]
) -> dict[str, tuple[list[tuple[float, float]], Vector]]:
    columns = ["digest", "n", "start_s", "end_s", "vector"]
    found = library.rows(space, columns, "start_s IS NOT NULL AND box IS NULL")
    if not found.num_rows:
        return {}
    found = found.sort_by([("digest", "ascending"), ("start_s", "ascending"), ("n", "ascending")])
    at: dict[str, list[int]] = {}
    for row, digest in enumerate(found["digest"].to_pylist()):
        if digest in digests:
            at.setdefault(digest, []).append(row)
    return {digest: _film(found.take(pa.array(rows))) for digest, rows in at.items()}


def _film(rows: pa.Table) -> tuple[list[tuple[float, float]], Vector]:
    spans = list(zip(rows["start_s"].to_pylist(), rows["end_s"].to_pylist(), strict=True))
    return spans, vectors_of(rows)
