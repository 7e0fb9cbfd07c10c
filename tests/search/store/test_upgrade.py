"""A library of an earlier version is brought up to date when it is opened, and loses nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from search.errors import LibraryBusyError
from search.store import Library, Words
from search.store.manifest import SCHEMA_VERSION, read_manifest, save_manifest
from search.store.schema import CONTENTS, EDITS, FILES, PEOPLE, SIGHTINGS
from search.store.tables import Database, Tables


def make_old(folder: Path) -> None:
    """Take away what came since version 1."""
    manifest = read_manifest(folder)
    tables = Tables(Database(folder), manifest.versions)
    for name in (FILES, CONTENTS):
        table = tables.get(name)
        table.checkout_latest()
        table.drop_columns(["language", "rating", "place", "tags"])
    tables.get(FILES).drop_columns(["beside", "fields"])
    text = next(name for name, (space, _) in manifest.segment_tables().items() if space == "text")
    tables.get(text).checkout_latest()
    tables.get(text).drop_columns(["timing"])
    scene = next(name for name, (space, _) in manifest.segment_tables().items() if space == "scene")
    tables.get(scene).checkout_latest()
    tables.get(scene).drop_columns(["quality", "landmarks"])
    save_manifest(folder, manifest.committed(tables))
    path = folder / "library.toml"
    path.write_text(path.read_text().replace(f"schema = {SCHEMA_VERSION}", "schema = 1"))


def everything(library: Library, world: Any) -> tuple[object, ...]:
    digests = ["d3", "d39"]
    return (
        library.contents(digests),
        library.files_of(digests),
        library.known_files(world.root),
        library.find_words("text", Words("topic7"), 5),
        [found.segment for found in library.nearest("scene", world.vectors(1000)[5], 3)],
        library.segments("scene", "d3", looks=True),
    )


def test_an_older_library_keeps_all_it_held(filled: Library, world: Any) -> None:
    before = everything(filled, world)
    filled.close()
    make_old(filled.folder)
    again = Library.open(filled.folder)
    assert everything(again, world) == before
    assert read_manifest(filled.folder).schema == SCHEMA_VERSION
    again.close()


def test_tables_that_came_since_are_made(filled: Library, world: Any) -> None:
    before = everything(filled, world)
    filled.close()
    manifest = read_manifest(filled.folder)
    later = {SIGHTINGS, PEOPLE, EDITS}
    versions = {name: version for name, version in manifest.versions.items() if name not in later}
    for name in later - {EDITS}:  # one of them is left from an upgrade that was killed
        Tables(Database(filled.folder)).drop(name)
    save_manifest(filled.folder, replace(manifest, versions=versions))
    again = Library.open(filled.folder)
    assert everything(again, world) == before
    assert read_manifest(filled.folder).versions.keys() == manifest.versions.keys()
    again.close()


def test_an_older_library_can_be_written_at_once(filled: Library, world: Any) -> None:
    filled.close()
    make_old(filled.folder)
    again = Library.open(filled.folder)
    with again.writer() as writer:
        writer.remove_files([f"{world.root}/trip/IMG_3.jpg"])
    assert again.files_of(["d3"]) == {}
    again.close()


def test_a_library_that_is_being_written_says_so(filled: Library) -> None:
    with filled.writer():
        make_old(filled.folder)
        with pytest.raises(LibraryBusyError, match="Wait until it is done"):
            Library.open(filled.folder)
