"""What there is to choose from, and what runs here."""

import os
from pathlib import Path

import pytest

from app.config import Config
from app.models import offers as offered
from app.models.offers import TASKS, Offer, lacking, offers
from search.searching import searching

MODELS = os.environ.get("CROSSFIND_MODELS", "")

pytestmark = pytest.mark.usefixtures("home")


def by_id(config: Config) -> dict[str, Offer]:
    return {offer.id: offer for offer in offers(config)}


def test_without_models_all_can_be_got_and_the_profile_says_which() -> None:
    found = by_id(Config(profile="best"))
    assert not any(offer.used for offer in found.values())
    assert {o.id for o in found.values() if o.wished and o.task == "scene"} == {"ViT-SO400M-16-SigLIP2-384"}
    assert found["buffalo_s"].commercial_use is False
    assert found["yunet"].bytes > 100_000


@pytest.mark.skipif(not MODELS, reason="CROSSFIND_MODELS names no models")
def test_what_is_installed_is_used_and_lies_elsewhere() -> None:
    found = by_id(Config(models_dir=MODELS))
    (used,) = (offer for offer in found.values() if offer.used and offer.task == "scene")
    assert (used.state, used.removable) == ("ready", False)
    assert (found["yolox-nano"].task, found["yolox-nano"].used) == ("object", True)


def test_tasks_stand_together_and_what_is_used_first() -> None:
    tasks = [offer.task for offer in offers(Config())]
    assert tasks == sorted(tasks, key=lambda task: offered.TASKS.index(task))


def test_an_engine_whose_library_is_absent_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lacking("onnx-yunet") == ""
    monkeypatch.setitem(offered._RUN_BY, "open-clip", ("no_such_library",))
    assert "no_such_library" in lacking("open-clip")
    state = by_id(Config())["ViT-B-32-laion2b"].state
    assert state == "cannot run"


def test_a_packaged_program_brings_its_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from app.models import packaged
    from app.models.installed import installed

    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    model = tmp_path / "models" / "tiny"
    model.mkdir(parents=True)
    (model / "model.toml").write_text("broken", encoding="utf-8")
    assert installed().broken == ()  # switched off for tests
    monkeypatch.delenv(packaged.SWITCH)
    assert [bad.folder for bad in installed(catalogue=()).broken] == [model]


def test_every_task_is_called_what_a_person_understands() -> None:
    assert [task for task in TASKS if searching(task) == task] == []
