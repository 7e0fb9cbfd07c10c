"""What pruning would take away is known before, and is what it takes."""

from pathlib import Path
from typing import Any

import pytest

from search.errors import LibraryMissingError
from search.store import Library
from search.store.disk import size_of
from search.store.spare import spare


def test_what_is_spare_is_what_prune_takes(filled: Library, world: Any) -> None:
    assert (spare(filled.folder).contents, spare(filled.folder).thumbnails) == (0, 0)
    with filled.writer() as writer:
        writer.remove_files([f"{world.root}/trip/IMG_{n}.jpg" for n in range(10)])
    told, before = spare(filled.folder), size_of(filled.folder)
    assert (told.contents, told.thumbnails) == (10, 10)
    assert 0 < told.bytes < before
    assert size_of(filled.folder) == before
    with filled.writer() as writer:
        report = writer.prune()
    assert (report.contents, report.thumbnails) == (told.contents, told.thumbnails)
    after = spare(filled.folder)
    assert (after.contents, after.thumbnails) == (0, 0)
    assert after.bytes < told.bytes


def test_it_waits_for_nobody_who_writes(filled: Library) -> None:
    with filled.writer():
        assert spare(filled.folder).contents == 0


def test_no_library_has_nothing_to_spare(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissingError):
        spare(tmp_path)
