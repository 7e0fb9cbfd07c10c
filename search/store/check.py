"""`crossfind doctor`: what is wrong with a library, and mending what can be mended without losing anything.

Everything a repair deletes is what the next `crossfind index` makes again from the files.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa

from search.errors import LibraryError, LibraryReadOnlyError
from search.store.indexes import (
    add_missing_indexes,
    existing_indexes,
    is_behind,
    optimize_table,
    unindexed_rows,
    wanted_indexes,
)
from search.store.lock import writer_lock
from search.store.manifest import Manifest, read_manifest, save_manifest
from search.store.prune import delete_digests, digests_in
from search.store.rows import vectors_of
from search.store.schema import CONTENTS, FILES, FIXED, KEYS, MARKS, SIGHTINGS, segments_schema
from search.store.sql import both, one_of, quote
from search.store.status import marks_by_space
from search.store.tables import Database, Table, Tables, explain, plain_errors, roll_back
from search.store.thumbs import remove_thumbnails, stored_thumbnails

Kind = Literal[
    "unfinished batch", "missing table", "unreadable table", "unnamed table", "duplicate", "orphan",
    "unfinished", "bad vector", "missing index", "index behind", "thumbnail",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, in words for a person; `safe_to_repair` when `repair` mends it and loses nothing."""

    kind: Kind
    detail: str
    safe_to_repair: bool


Finding = tuple[Problem, Callable[[], object] | None]


def check(folder: Path) -> list[Problem]:
    """Look at everything in the library; reads all of it.

    Raises `LibraryMissingError`, `LibraryNewerError`, `LibraryCorruptError` when not even `library.toml`
    can be read, `LibraryBusyError` while another process writes.
    """
    read_manifest(folder)
    try:
        with writer_lock(folder):
            return [problem for problem, _ in _findings_now(folder)]
    except LibraryReadOnlyError:
        return [problem for problem, _ in _findings_now(folder)]


def repair(folder: Path) -> list[Problem]:
    """Mend what is safe to mend and return it. Raises `LibraryError`, also when another process writes."""
    mended: list[Problem] = []
    with writer_lock(folder), plain_errors(folder):
        manifest = read_manifest(folder)
        for problem, mend in _findings(manifest, folder, Tables(Database(folder))):
            if mend is not None:
                mend()
                mended.append(problem)
        if mended:
            save_manifest(folder, manifest.committed(Tables(Database(folder))))
    return mended


def _findings_now(folder: Path) -> Iterator[Finding]:
    """Look at the library as readers see it."""
    manifest = read_manifest(folder)
    tables = Tables(Database(folder))
    there = {name: version for name, version in manifest.versions.items() if _has(tables, name, version)}
    return _findings(manifest, folder, Tables(Database(folder), there))


def _has(tables: Tables, name: str, version: int) -> bool:
    try:
        return any(known["version"] == version for known in tables.get(name).list_versions())
    except (RuntimeError, OSError, ValueError, LibraryError):
        return False


def _findings(manifest: Manifest, folder: Path, tables: Tables) -> Iterator[Finding]:
    """Find one problem after the other; each is looked for after those before it were mended."""
    made = _expected(manifest).keys() - tables.names()
    yield from _tables_there(manifest, tables)
    broken = list(_unreadable_tables(folder, manifest, tables))
    yield from broken
    if broken or not tables.names() >= _expected(manifest).keys():
        return
    newest = Tables(Database(folder))
    committed = {name: version for name, version in manifest.versions.items() if name not in made}
    if ahead := [name for name, version in committed.items() if newest.get(name).version != version]:
        detail = f"A run was killed in the middle of a batch ({', '.join(ahead)}); the batch will be undone."
        yield Problem("unfinished batch", detail, True), partial(_undo, tables, newest, committed)
    yield from _rows(manifest, tables)
    yield from _indexes(manifest, tables)
    yield from _thumbnails(folder, tables)


def _undo(tables: Tables, newest: Tables, versions: Mapping[str, int]) -> None:
    """Go back to what was committed where that is still there; the checks that follow do the rest."""
    roll_back(tables, {name: v for name, v in versions.items() if _has(newest, name, v)})


def _expected(manifest: Manifest) -> dict[str, pa.Schema]:
    spaces = manifest.segment_tables()
    return FIXED | {name: segments_schema(space, made.dim) for name, (space, made) in spaces.items()}


def _tables_there(manifest: Manifest, tables: Tables) -> Iterator[Finding]:
    expected, there = _expected(manifest), tables.names()
    for name in sorted(expected.keys() - there):
        detail = f"The table {name} is gone; {_refilled(name)}."
        yield Problem("missing table", detail, True), partial(_make, name, expected[name], tables)
    for name in sorted(there - expected.keys()):
        if name.startswith("seg_"):
            detail = f"No space uses the table {name}."
            yield Problem("unnamed table", detail, True), partial(tables.drop, name)


def _refilled(name: str) -> str:
    """Say where the rows of a table come from when they are lost."""
    match name:
        case "edits" | "people":
            return "names and edits of people were in it: bring back a copy of the library if there is one"
        case "own":
            return "what was imported can be imported again: crossfind metadata import FILE"
        case _:
            return "the next run of crossfind index fills it again"


def _make(name: str, schema: pa.Schema, tables: Tables) -> None:
    add_missing_indexes(name, tables.create(name, schema))


def _unreadable_tables(folder: Path, manifest: Manifest, tables: Tables) -> Iterator[Finding]:
    for name in sorted(_expected(manifest).keys() & tables.names()):
        try:
            for _ in tables.get(name).search().limit(None).to_batches():
                pass
        except (RuntimeError, OSError, ValueError, LibraryError) as error:
            told = error if isinstance(error, LibraryError) else explain(folder, error)
            detail = (
                f"{name}: {told.message} Copy the library folder somewhere safe, delete {name}.lance in it "
                f"and run doctor again; {_refilled(name)}."
            )
            yield Problem("unreadable table", detail, False), None


def _rows(manifest: Manifest, tables: Tables) -> Iterator[Finding]:
    for name in _expected(manifest):
        yield from _duplicates(name, tables.get(name), KEYS.get(name, ["digest", "n"]))
    yield from _orphans(manifest, tables)
    for name, (space, fingerprint) in manifest.segment_tables().items():
        if fingerprint.dim:
            yield from _bad_vectors(name, space, fingerprint.key, tables)
        yield from _unfinished(name, space, fingerprint.key, tables)


def _duplicates(name: str, table: Table, key: list[str]) -> Iterator[Finding]:
    rows = table.search().select(key).limit(None).to_arrow()
    counts = Counter(zip(*(rows[column].to_pylist() for column in key), strict=True))
    twice = [values for values, count in counts.items() if count > 1]
    if twice:
        detail = f"{name}: {len(twice)} rows are there more than once."
        yield Problem("duplicate", detail, True), partial(_keep_one, table, key, twice)


def _keep_one(table: Table, key: list[str], twice: list[tuple[str | int, ...]]) -> None:
    for values in twice:
        where = both(*(f"{column} = {quote(value)}" for column, value in zip(key, values, strict=True)))
        one = table.search().where(where).limit(1).to_arrow()
        table.delete(where)
        table.add(one)


def _orphans(manifest: Manifest, tables: Tables) -> Iterator[Finding]:
    known = digests_in(tables, CONTENTS)
    for name in (FILES, MARKS, SIGHTINGS, *manifest.segment_tables()):
        orphans = digests_in(tables, name) - known
        if orphans:
            detail = f"{name}: rows of {len(orphans)} contents nothing else is known about."
            yield Problem("orphan", detail, True), partial(delete_digests, tables, name, orphans)


def _unfinished(name: str, space: str, key: str, tables: Tables) -> Iterator[Finding]:
    """Contents of which the table holds more or fewer rows than their mark says."""
    held = Counter(tables.get(name).search().select(["digest"]).limit(None).to_arrow()["digest"].to_pylist())
    marks = marks_by_space(tables).get((space, key), {})
    promised = {digest: mark.segments for digest, mark in marks.items()}
    wrong = {digest for digest in held.keys() | promised.keys() if held[digest] != promised.get(digest, 0)}
    if wrong:
        detail = f"{space}: {len(wrong)} contents are not complete; the next run does them again."
        yield Problem("unfinished", detail, True), partial(_start_over, name, space, key, wrong, tables)


def _bad_vectors(name: str, space: str, key: str, tables: Tables) -> Iterator[Finding]:
    wrong: set[str] = set()
    for batch in tables.get(name).search().select(["digest", "vector"]).limit(None).to_batches():
        rows = pa.Table.from_batches([batch])
        if len(rows):
            bad = ~np.isfinite(vectors_of(rows)).all(axis=1)
            wrong.update(rows.filter(pa.array(bad))["digest"].to_pylist())
    if wrong:
        detail = f"{space}: vectors of {len(wrong)} contents are not numbers; the next run makes them again."
        yield Problem("bad vector", detail, True), partial(_start_over, name, space, key, wrong, tables)


def _start_over(name: str, space: str, key: str, digests: set[str], tables: Tables) -> None:
    delete_digests(tables, name, digests)
    ordered = sorted(digests)
    for start in range(0, len(ordered), 1_000):
        chosen = one_of("digest", ordered[start : start + 1_000])
        tables.get(MARKS).delete(f"space = {quote(space)} AND key = {quote(key)} AND {chosen}")


def _indexes(manifest: Manifest, tables: Tables) -> Iterator[Finding]:
    for name in _expected(manifest):
        table = tables.get(name)
        missing = wanted_indexes(name, table) - existing_indexes(table)
        if missing:
            detail = f"{name}: no index {', '.join(sorted(missing))}; searching is slower or finds less."
            yield (
                Problem("missing index", detail, True),
                partial(add_missing_indexes, name, table),
            )
        elif is_behind(name, table):
            detail = f"{name}: {unindexed_rows(table)} rows are not in its indexes yet; searching is slower."
            yield (
                Problem("index behind", detail, True),
                partial(optimize_table, name, table),
            )


def _thumbnails(folder: Path, tables: Tables) -> Iterator[Finding]:
    unknown = {digest for digest, _ in stored_thumbnails(folder)} - digests_in(tables, CONTENTS)
    if unknown:
        detail = f"There are thumbnails of {len(unknown)} contents that are not in the library."
        yield Problem("thumbnail", detail, True), partial(remove_thumbnails, folder, unknown)
