"""`crossfind people` on real files: names come from regions in sidecars, so no model is needed."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app import cli
from search.store import Library

pytestmark = pytest.mark.usefixtures("home")


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def crossfind(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """Run the real entry point on the test's library."""

    def run(*arguments: object) -> Told:
        monkeypatch.setattr("sys.argv", ["crossfind", *map(str, arguments), "-l", str(tmp_path / "library")])
        capfd.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        code = stop.value.code
        return Told(code if isinstance(code, int) else 0, *capfd.readouterr())

    return run


@pytest.fixture
def family(crossfind: Any, family_photos: Path) -> Any:
    """Ada and Grace together, each alone, and Grace's twin, whom the file calls Gracie."""
    assert crossfind("index", family_photos).code == 0
    return crossfind


def found(crossfind: Any, query: str) -> set[str]:
    told = crossfind("search", "--no-service", "--json", query)
    return {Path(hit["path"]).stem for hit in told.json["hits"]}


def test_names_in_sidecars_are_people(family: Any) -> None:
    people = {one["name"]: one for one in family("people", "list", "--json").json}
    assert {name: (one["faces"], one["files"]) for name, one in people.items()} == {
        "Ada": (2, 2),
        "Grace": (2, 2),
        "Gracie": (1, 1),
    }
    assert people["Gracie"]["best"]["locator"]["kind"] == "region"
    assert found(family, "person:ada") == {"both", "ada"}
    assert found(family, 'only:"ada, grace"') == {"both"}
    assert found(family, "only:grace type:image") == {"grace"}


def test_a_list_is_readable(family: Any) -> None:
    told = family("people", "list")
    assert "Ada" in told.out
    assert "2 faces" in told.out
    faces = family("people", "list", "grace")
    assert "grace.png" in faces.out
    assert "the file says Grace" in faces.out


def test_every_edit_and_its_undoing(family: Any) -> None:
    def state() -> dict[str, Any]:
        listed = family("people", "list", "--all", "--json").json
        return {one["name"] or f"#{one['id']}": one["faces"] for one in listed}

    def face(person: str, name: str) -> int:
        faces = family("people", "list", person, "--json").json["faces"]
        return next(one["face"] for one in faces if Path(one["path"]).stem == name)

    begun = state()
    edits = [
        lambda: family("people", "merge", "Grace", "Gracie"),
        lambda: family("people", "name", "Ada", "Ada Lovelace"),
        lambda: family("people", "split", "Grace", face("Grace", "twin"), "--name", "Gwen"),
        lambda: family("people", "move", "Ada", face("Gwen", "twin")),
        lambda: family("people", "reject", face("Ada", "twin")),
        lambda: family("people", "reject", "--nobody", face("Grace", "grace")),
        lambda: family("people", "apart", "Ada", "Grace"),
        lambda: family("people", "forget", "Ada"),
    ]
    states = []
    for edit in edits:
        states.append(state())
        told = edit()
        assert told.code == 0, told
        assert "undo" in told.out
    assert states[1] == {"Ada": 2, "Grace": 3}
    assert states[2] == {"Ada Lovelace": 2, "Grace": 3}
    assert states[3] == {"Ada Lovelace": 2, "Grace": 2, "Gwen": 1}
    assert states[4] == {"Ada Lovelace": 3, "Grace": 2}
    assert states[6]["Grace"] == 1
    ended = state()
    for before in reversed(states):
        assert family("people", "undo").out.startswith("Undone: ")
        assert state() == before
    assert state() == begun
    for _ in edits:
        family("people", "redo")
    assert state() == ended
    history = family("people", "history", "--json").json
    assert history[0]["did"].endswith("has no name any more.")
    assert "names in files" in history[-1]["did"]


def test_what_cannot_be_is_told_with_a_way_out(family: Any) -> None:
    told = family("people", "merge", "Ada", "Grace")
    assert told.code == 1
    assert "both.png, and two faces in one picture" in told.err
    assert "crossfind people reject" in told.err
    assert "Did you mean Grace or Gracie" in family("people", "name", "Gracey", "x").err
    assert family("people", "redo").err.strip() == "crossfind: There is nothing to redo."
    told = family("search", "--no-service", "a person:Adda")
    assert (told.code, "Did you mean Ada?" in told.err) == (2, True)
    assert "   ^^^^" in told.err
    assert family("people", "forget").code == 2
    assert family("people", "name", "Ada", "Ada").out == "It is so already.\n"


def test_moving_and_copying_files_keeps_people(family: Any, tmp_path: Path) -> None:
    family("people", "name", "Ada", "Ada Lovelace")
    photos = tmp_path / "photos"
    (photos / "ada.png").rename(photos / "moved.png")
    (photos / "ada.png.xmp").rename(photos / "moved.png.xmp")
    shutil.copy(photos / "both.png", photos / "copy.png")
    shutil.copy(photos / "both.png.xmp", photos / "copy.png.xmp")
    family("index", photos)
    assert found(family, 'person:"Ada Lovelace"') == {"both", "copy", "moved"}


def test_a_sidecar_that_comes_later_is_read(family: Any, tmp_path: Path, named_photo: Any) -> None:
    path = named_photo(tmp_path / "photos" / "late.png", 222)
    family("index", tmp_path / "photos")
    assert found(family, "person:Ada name:late") == set()
    named_photo(path, 222, "Ada")
    family("index", tmp_path / "photos")
    assert found(family, "person:Ada name:late") == {"late"}


def test_forget_all_leaves_nothing_and_looks_for_no_more(family: Any, tmp_path: Path) -> None:
    told = family("people", "forget", "--all")
    assert "5 faces deleted" in told.out
    assert "crossfind modalities on faces" in told.out
    family("index")
    assert family("people", "list", "--all", "--json").json == []
    library = Library.open(tmp_path / "library")
    assert "face" not in library.spaces()
    library.close()
    told = family("search", "--no-service", "--json", "person:Ada")
    assert told.json["missing"][0]["space"] == "face"
    family("modalities", "on", "faces")
    family("index")
    assert {one["name"] for one in family("people", "list", "--json").json} == {"Ada", "Grace", "Gracie"}


def test_faces_switched_off_and_deleted_take_people_along(family: Any) -> None:
    assert family("modalities", "off", "faces", "--delete").code == 0
    family("index")
    assert family("people", "list", "--all", "--json").json == []
    assert family("people", "history", "--json").json == []


def test_faces_switched_off_are_still_searched(family: Any) -> None:
    family("modalities", "off", "faces")
    family("index")
    assert found(family, "person:Ada") == {"both", "ada"}


def test_status_counts_people(family: Any) -> None:
    assert family("status", "--json").json["people"] == {"named": 3, "faces": 5}
    assert "3 with a name, 5 faces" in family("status").out


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs root to become somebody else")
def test_people_of_a_library_that_cannot_be_written_are_listed(family: Any, tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from app import people\n"
        "from app.config import Config\n"
        "config = Config(library=sys.argv[1])\n"
        "with people.opened(config):\n    pass\n"  # imports, while it may
        "(Path(sys.argv[1]) / 'people.stamp').unlink()\n"  # what is known may be old
        "os.setuid(65534)\n"
        "with people.opened(config) as album:\n    print(sorted(filter(None, album.names().values())))\n"
    )
    family("people", "list")
    with tempfile.TemporaryDirectory() as shared:
        Path(shared).chmod(0o755)
        copy = shutil.copytree(tmp_path / "library", Path(shared) / "library")
        command = [sys.executable, "-c", program, copy]
        ended = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert ended.stdout == "['Ada', 'Grace', 'Gracie']\n", ended.stderr


def test_doctor_prune_and_forget_know_people(family: Any, tmp_path: Path) -> None:
    assert family("doctor", "--json").json["problems"] == []
    family("forget", tmp_path / "photos" / "ada.png")
    assert found(family, "person:Ada") == {"both"}
    family("prune")
    told = family("doctor", "--json")
    assert (told.code, told.json["problems"]) == (0, [])


def test_an_empty_library_says_what_to_do(crossfind: Any, tmp_path: Path) -> None:
    assert "crossfind index" in crossfind("people", "list").err
    (tmp_path / "empty").mkdir()
    crossfind("index", tmp_path / "empty")
    assert "crossfind index" in crossfind("people", "list").out
    assert crossfind("people", "undo").code == 1
    assert crossfind("people", "suggest").out == "Nobody looks like somebody else.\n"
