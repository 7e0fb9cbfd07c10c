"""Real photos, a real face model: people are grouped, named from one photo, and searched."""

import json
import shutil
import threading
from pathlib import Path

import pytest

from app import people
from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from search.engine import Engine
from search.store import Library

pytestmark = pytest.mark.usefixtures("home")

WANTED = ("bbt_amy", "bbt_howard", "bbt_group", "df_person02", "df_couple")


@pytest.fixture
def config(media_dir: Path, models_dir: Path, tmp_path: Path) -> Config:
    """A library of some of the labelled photos."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for path in (media_dir / "faces").iterdir():
        if path.name.startswith(WANTED):
            shutil.copy(path, folder)
    config = Config(library=str(tmp_path / "library"), models_dir=str(models_dir))
    wishes = IndexWishes((folder,), only=frozenset(("faces",)))
    for _ in start_indexing(config, wishes, threading.Event()).events:
        pass
    return config


def label(path: str) -> str:
    return Path(path).stem.rstrip("0123456789").removesuffix("_img")


def test_people_are_grouped_named_and_found(config: Config, media_dir: Path) -> None:
    lines = (media_dir / "faces" / "identities.jsonl").read_text(encoding="utf-8").splitlines()
    known = {one["file"]: one["people"][0] for one in map(json.loads, lines) if len(one["people"]) == 1}
    with people.opened(config) as album:
        groups = {
            one.id: [album.path(f).name for f in album.people.faces(one.id)] for one in album.people.people()
        }
        for names in groups.values():
            assert len({known[name] for name in names if name in known}) <= 1  # nobody is mixed up
        howard = max(groups, key=lambda number: sum(name.startswith("bbt_howard") for name in groups[number]))
        assert sum(name.startswith("bbt_howard") for name in groups[howard]) >= 4
        album.people.name(howard, "Howard")
    library = Library.open(Path(config.library_folder))
    hits = Engine(library).search("person:howard").hits
    assert len(hits) >= 4
    assert {label(hit.file.path) for hit in hits} <= {"bbt_howard", "bbt_group"}
    alone = Engine(library).search("only:howard").hits
    assert {label(hit.file.path) for hit in alone} == {"bbt_howard"}
    library.close()
