"""No setting that only a file can change: all that files and options may say has its place in the window."""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from importlib import import_module
from typing import Any

import pytest

from app import cli_index, cli_modalities
from app.config import Config
from app.modalities import modalities
from search.store.manifest import Manifest
from ui.settings.backend import Preferences
from ui.settings.names import LEARNED, TASKS

IN_THE_WINDOW = {
    "folders": "ui.settings.library_page.LibraryPage.add_wanted",
    "library": "ui.settings.library_page.LibraryPage.switched",
    "only": "ui.indexing.learned.LearnedList.only_wanted",
    "password": "ui.indexing.troubles.TroubleList.unlock_wanted",
    "retry": "ui.indexing.troubles.TroubleList.retry_wanted",
    "estimate": "ui.first_run.counting.Counted",
    "pause": "ui.indexing.run.IndexingRun.pause",
    "resume": "ui.indexing.run.IndexingRun.pause",
    "names": "ui.settings.learning_page.LearningPage.switched",
    "delete": "ui.settings.learning_page.LearningPage.deleted",
    "roots": "ui.settings.library_page.LibraryPage.excludes_chosen",
    "on": "ui.settings.learning_page.LearningPage.switched",
    "off": "ui.settings.learning_page.LearningPage.switched",
}
"""What the fields do not hold: an option or a key of `library.toml`, and where it is in the window."""

FOR_PROGRAMS = {"json_", "progress_json", "until_stdin_closes", "context", "password_file"}
"""Options that say how a program talks to the command; a file of passwords is typed in the window."""

NO_CHOICE = {"generation", "spaces", "versions", "schema"}
"""What Crossfind itself keeps in `library.toml`."""


def described(of: type[Any]) -> dict[str, object]:
    return {
        one.name: one.default if one.default is not MISSING else one.default_factory()  # type: ignore[misc]
        for one in fields(of)
    }


def test_the_window_knows_every_setting_and_its_default() -> None:
    assert described(Preferences) == described(Config)


@pytest.mark.parametrize(
    "command",
    [cli_index.index, cli_modalities._modalities, cli_modalities.switch_on, cli_modalities.switch_off],
)
def test_every_option_has_its_place_in_the_window(command: Callable[..., None]) -> None:
    options = inspect.signature(command).parameters.keys()
    assert options - described(Preferences).keys() - IN_THE_WINDOW.keys() - FOR_PROGRAMS == set()


def test_every_choice_of_a_library_has_its_place_in_the_window() -> None:
    assert {one.name for one in fields(Manifest)} - NO_CHOICE - IN_THE_WINDOW.keys() == set()


@pytest.mark.parametrize("place", sorted(set(IN_THE_WINDOW.values())))
def test_the_places_are_there(place: str) -> None:
    module, owner, name = place.rpartition(".")[0], "", place.rpartition(".")[2]
    if module.rpartition(".")[2][0].isupper():
        module, _, owner = module.rpartition(".")
    found: Any = import_module(module)
    assert hasattr(getattr(found, owner) if owner else found, name)


def test_the_window_has_a_name_for_all_that_is_learned(tmp_path: Any) -> None:
    assert {one.name for one in modalities(tmp_path / "none")} == set(LEARNED)


def test_the_window_has_a_name_for_every_task() -> None:
    from app.models.offers import TASKS as KNOWN

    assert set(KNOWN) == set(TASKS)
