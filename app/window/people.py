"""The people behind the window, through the resident process."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.window.link import Link
from search.errors import CrossfindError
from search.output import locator_from_json
from ui.people.backend import (
    Edited,
    Everybody,
    Face,
    HideFaces,
    HidePeople,
    Likeness,
    MergePeople,
    MoveFaces,
    NamePerson,
    PartPeople,
    PeopleEdit,
    PersonCard,
    Redo,
    RejectFaces,
    SplitFaces,
    Undo,
    UnnamePerson,
)

_DO = {
    NamePerson: "name",
    UnnamePerson: "unname",
    MergePeople: "merge",
    SplitFaces: "split",
    MoveFaces: "move",
    RejectFaces: "reject",
    HideFaces: "hide",
    HidePeople: "hide people",
    PartPeople: "part",
    Undo: "undo",
    Redo: "redo",
}


class PeopleLink(Link):
    """Implements `ui.people.backend.PeopleBackend`."""

    def everybody(self) -> Everybody:
        """Return who there is."""
        told = self._ask("people", what="everybody")
        return Everybody(**told | {"people": tuple(PersonCard(**one) for one in told["people"])})

    def faces_of(self, person: int) -> tuple[Face, ...]:
        """Return the faces of a person."""
        return tuple(map(_face, self._ask("people", what="faces", person=person)))

    def likenesses(self, limit: int) -> tuple[Likeness, ...]:
        """Return who may be the same."""
        found = self._ask("people", what="likenesses", limit=limit)
        return tuple(
            Likeness(**one | {"face": _face(one["face"]), "like": _face(one["like"])}) for one in found
        )

    def edit_people(self, edit: PeopleEdit) -> Edited:
        """Make an edit."""
        with _without_commands():
            return Edited(**self._ask("people", what="edit", edit={"do": _DO[type(edit)], **asdict(edit)}))

    def portrait(self, face: int, edge: int) -> bytes:
        """Return the picture of a face."""
        return base64.b64decode(self._ask("people", what="portrait", face=face, edge=edge))


@contextmanager
def _without_commands() -> Iterator[None]:
    """Leave out remedies that are commands: the window has buttons."""
    try:
        yield
    except CrossfindError as error:
        if "crossfind people" not in (error.remedy or ""):
            raise
        raise CrossfindError(error.message) from error


def _face(told: dict[str, Any]) -> Face:
    place = locator_from_json(told["locator"])
    return Face(**told | {"path": Path(told["path"]), "locator": place})
