"""Bring a library of an earlier version up to date: tables and columns that came since are added, empty."""

from pathlib import Path

import pyarrow as pa

from search.errors import LibraryError, LibraryReadOnlyError
from search.store.lock import writer_lock
from search.store.manifest import SCHEMA_VERSION, Manifest, read_manifest, save_manifest
from search.store.schema import FIXED, segments_schema
from search.store.tables import Database, Table, Tables, plain_errors, roll_back


def up_to_date(folder: Path) -> Manifest:
    """Change a library of an earlier form to today's, and return its new manifest.

    Raises `LibraryBusyError` while another process writes, `LibraryError` when it cannot be written.
    """
    try:
        with writer_lock(folder), plain_errors(folder):
            return _upgraded(folder, read_manifest(folder))
    except LibraryReadOnlyError as error:
        raise LibraryError(
            f"The library in {folder} was made by an earlier Crossfind and cannot be brought up to date.",
            "Make its folder writable once, or use another one with --library DIR.",
        ) from error


def _upgraded(folder: Path, manifest: Manifest) -> Manifest:
    if is_behind(manifest):  # nobody else did it meanwhile
        tables = Tables(Database(folder))
        roll_back(tables, manifest.versions)
        for name, schema in _wanted(manifest).items():
            table = tables.get(name) if name in manifest.versions else _made(tables, name, schema)
            there = set(table.schema.names)
            if missing := [field for field in schema if field.name not in there]:
                table.add_columns(pa.schema(missing))
        manifest = manifest.committed(tables)
        save_manifest(folder, manifest)
    return manifest


def is_behind(manifest: Manifest) -> bool:
    """Whether a library lacks what came since it was made."""
    return manifest.schema < SCHEMA_VERSION or not FIXED.keys() <= manifest.versions.keys()


def _made(tables: Tables, name: str, schema: pa.Schema) -> Table:
    """Make a table; what a killed upgrade left of it goes first."""
    tables.drop(name)
    return tables.create(name, schema)


def _wanted(manifest: Manifest) -> dict[str, pa.Schema]:
    spaces = manifest.segment_tables()
    return FIXED | {name: segments_schema(space, made.dim) for name, (space, made) in spaces.items()}
