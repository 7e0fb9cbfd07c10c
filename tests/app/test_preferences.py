"""No setting that only a file can change: what the file may say and what the window edits are the same."""

from dataclasses import MISSING, fields
from typing import Any

from app.config import Config
from app.modalities import modalities
from ui.settings.backend import Preferences
from ui.settings.names import LEARNED, TASKS


def described(of: type[Any]) -> dict[str, object]:
    return {
        one.name: one.default if one.default is not MISSING else one.default_factory()  # type: ignore[misc]
        for one in fields(of)
    }


def test_the_window_knows_every_setting_and_its_default() -> None:
    assert described(Preferences) == described(Config)


def test_the_window_has_a_name_for_all_that_is_learned(tmp_path: Any) -> None:
    assert {one.name for one in modalities(tmp_path / "none")} == set(LEARNED)


def test_the_window_has_a_name_for_every_task() -> None:
    from app.models.offers import TASKS as KNOWN

    assert set(KNOWN) == set(TASKS)
