"""The window's people page asks the resident process's desk: names come from sidecars, no model is needed."""

import base64
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.bootstrap import IndexWishes, start_indexing
from app.config import Config
from app.people_desk import PeopleDesk
from app.portraits import portrait
from app.window.people import PeopleLink
from search.errors import CrossfindError, LibraryMissingError, MediaError
from search.people.records import Anchor
from search.records import Whole
from ui.people.backend import (
    HideFaces,
    HidePeople,
    MergePeople,
    MoveFaces,
    NamePerson,
    PartPeople,
    Redo,
    RejectFaces,
    SplitFaces,
    Undo,
    UnnamePerson,
)

pytestmark = pytest.mark.usefixtures("home")


class Direct(PeopleLink):
    """The window's people over a desk in this process."""

    def __init__(self, config: Config, desk: PeopleDesk) -> None:
        super().__init__(config)
        self._desk = desk

    def _ask(self, operation: str, **values: Any) -> Any:
        assert operation == "people"
        given = json.loads(json.dumps(values))  # as it comes through the pipe
        return self._desk.answer(self._settings, given["what"], given)


@pytest.fixture
def family(family_photos: Path, tmp_path: Path) -> None:
    config = Config(library=str(tmp_path / "library"))
    for _ in start_indexing(config, IndexWishes((family_photos,)), threading.Event()).events:
        pass


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Direct]:
    desk = PeopleDesk()
    yield Direct(Config(library=str(tmp_path / "library")), desk)
    desk.close()


def ids(people: Direct) -> dict[str, int]:
    return {one.name: one.id for one in people.everybody().people}


def test_a_library_that_is_not_there_has_nobody(people: Direct) -> None:
    assert people.everybody().people == ()
    assert people.likenesses(5) == ()
    with pytest.raises(LibraryMissingError):
        people.faces_of(1)


@pytest.mark.usefixtures("family")
def test_every_edit_is_made_told_and_taken_back(people: Direct) -> None:
    before = ids(people)
    assert set(before) == {"Ada", "Grace", "Gracie"}
    ada, grace, gracie = (before[name] for name in ("Ada", "Grace", "Gracie"))
    face = people.faces_of(ada)[0]
    assert face.path.name in ("ada.png", "both.png")
    for edit, told in (
        (NamePerson(ada, "Ada Lovelace"), "Name Ada Lovelace"),
        (UnnamePerson(ada), "Take a name away"),
        (MergePeople(grace, (gracie,)), "Merge into Grace"),
        (SplitFaces(ada, (face.id,)), "Take 1 face out"),
        (SplitFaces(ada, (face.id,), "Byron"), "Move 1 face to Byron"),
        (MoveFaces((face.id,), gracie), "Move 1 face to Gracie"),
        (RejectFaces((face.id,)), "Take 1 face out"),
        (HideFaces((face.id,)), "Leave out 1 face"),
        (HidePeople((ada, gracie)), "Leave out 3 faces"),
        (PartPeople(grace, gracie), "Keep two people apart"),
    ):
        done = people.edit_people(edit)
        assert (done.did, done.undo, done.redo) == (told, told, "")
        undone = people.edit_people(Undo())
        assert (undone.did, undone.redo) == (told, told)
        assert ids(people) == before
    assert people.edit_people(Redo()).did == "Keep two people apart"
    assert people.edit_people(PartPeople(grace, gracie)).did == ""


@pytest.mark.usefixtures("family")
def test_what_cannot_be_is_refused_without_a_command_line(people: Direct) -> None:
    who = ids(people)
    with pytest.raises(CrossfindError, match="two faces in one picture") as refused:
        people.edit_people(MergePeople(who["Ada"], (who["Grace"],)))
    assert "crossfind people" not in str(refused.value)


@pytest.mark.usefixtures("family")
def test_hidden_faces_are_counted_and_can_come_back(people: Direct) -> None:
    gracie = ids(people)["Gracie"]
    people.edit_people(HidePeople((gracie,)))
    everybody = people.everybody()
    assert everybody.hidden == 1
    (face,) = people.faces_of(0)
    assert face.person == 0
    people.edit_people(MoveFaces((face.id,), ids(people)["Ada"]))
    assert people.everybody().hidden == 0


@pytest.mark.usefixtures("family")
def test_a_face_is_cut_out_of_its_picture(people: Direct) -> None:
    face = people.faces_of(ids(people)["Gracie"])[0]
    picture = Image.open(io.BytesIO(people.portrait(face.id, 200)))
    assert picture.width == picture.height
    assert picture.width <= 200


def test_the_original_is_read_where_the_small_picture_shows_too_little(tmp_path: Path) -> None:
    large = Image.new("RGB", (2000, 1000), "blue")
    large.paste((255, 0, 0), (1800, 400, 1900, 600))
    large.save(tmp_path / "large.png")
    large.resize((320, 160)).save(tmp_path / "small.webp")
    anchor = Anchor("d", Whole(), (0.9, 0.4, 0.95, 0.6))
    sharp = portrait(tmp_path / "large.png", tmp_path / "small.webp", anchor, 200)
    assert sharp.size == (200, 200)
    assert sharp.getpixel((100, 100)) == (255, 0, 0)
    away = portrait(tmp_path / "gone.png", tmp_path / "small.webp", anchor, 200)
    assert away.width < 100
    with pytest.raises(MediaError):
        portrait(tmp_path / "gone.png", None, anchor, 200)


def test_a_face_at_the_edge_is_cut_out_within_the_picture(tmp_path: Path) -> None:
    Image.new("RGB", (400, 300), "green").save(tmp_path / "a.png")
    cut = portrait(tmp_path / "a.png", None, Anchor("d", Whole(), (0.0, 0.0, 1.0, 1.0)), 128)
    assert cut.size == (128, 128)
    assert base64.b64encode(cut.tobytes()[:3]) == base64.b64encode(bytes((0, 128, 0)))
