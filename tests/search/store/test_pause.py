from pathlib import Path

import pytest

from search.errors import LibraryError
from search.store import Library
from search.store.pause import is_paused, pause, resume


def test_only_a_run_under_way_can_be_paused(tmp_path: Path):
    library = Library.create(tmp_path / "library")
    with pytest.raises(LibraryError, match="Nothing is being indexed"):
        pause(library.folder)
    with library.writer():
        assert not is_paused(library.folder)
        pause(library.folder)
        assert is_paused(library.folder)
        assert resume(library.folder)
        assert not is_paused(library.folder)
    assert not resume(library.folder)


def test_asking_does_not_take_the_lock_from_anybody(tmp_path: Path):
    library = Library.create(tmp_path)
    with pytest.raises(LibraryError):
        pause(library.folder)
    with library.writer():
        pass


def test_a_library_that_is_not_there(tmp_path: Path):
    with pytest.raises(LibraryError):
        pause(tmp_path / "nowhere")
    assert not resume(tmp_path / "nowhere")
