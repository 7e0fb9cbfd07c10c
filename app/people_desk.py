"""What the window's people page asks of the resident process: who there is, their faces, and every edit.

The book of a library stays open between questions, so that an edit costs its commit and little more.
"""

import base64
import io
import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any, assert_never

from app import people
from app.bootstrap import FACES, Equipment, know_people
from app.config import Config
from app.people import Album
from app.portraits import portrait
from search.errors import CrossfindError, LibraryMissingError
from search.output import locator_to_json
from search.people.book import People
from search.people.records import (
    FACE,
    NOBODY,
    Apart,
    Change,
    Edit,
    Merge,
    Move,
    Name,
    Person,
    Sighting,
    Suggestion,
)
from search.people.typical import typicality
from search.spaces import Fingerprint

Json = dict[str, Any]

_GAP_S = 2.0
"""So long new faces wait for a gap in what a run writes; the next question tries again."""


class PeopleDesk:
    """The people of each library that was asked for. Thread-safe."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._books: dict[str, _Book] = {}

    def answer(self, config: Config, what: str, given: Mapping[str, Any]) -> Any:
        """Do one of the operations below with the values given. Raises `CrossfindError`."""
        try:
            book = self._book(config)
        except LibraryMissingError:
            if what in ("everybody", "likenesses"):
                return _NOBODY_YET if what == "everybody" else []
            raise
        match what:
            case "everybody":
                return book.everybody()
            case "faces":
                return book.faces(given["person"])
            case "likenesses":
                return book.likenesses(given["limit"])
            case "edit":
                return book.edit(given["edit"])
            case "portrait":
                return book.portrait(given["face"], given["edge"])
            case _:
                raise ValueError(f"no such operation: {what}")

    def close(self) -> None:
        """Let go of every library."""
        with self._guard:
            for book in self._books.values():
                book.close()
            self._books.clear()

    def _book(self, config: Config) -> "_Book":
        key = json.dumps(asdict(config), sort_keys=True)
        with self._guard:
            known = self._books.get(key)
            if known is None or not known.is_current():
                if known is not None:
                    known.close()
                self._books.pop(key, None)
                self._books[key] = _Book(config)
            return self._books[key]


class _Book:
    """One library's people, open."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._stack = ExitStack()
        self._album: Album = self._stack.enter_context(people.opened(config))
        self._library = self._album.library
        self._model = self._library.spaces().get(FACE)
        self._equipment = Equipment(config, make=False)

    def is_current(self) -> bool:
        """Whether the library is still there and its faces are still told apart by the same model."""
        try:
            model: Fingerprint | None = self._library.spaces().get(FACE)
        except CrossfindError:
            return False
        return model == self._model

    def everybody(self) -> Json:
        """Return everybody, what can be undone and redone, and whether faces are switched off."""
        know_people(self._library, self._equipment, _GAP_S)
        book = self._album.people
        told = [_person(one) for one in book.people()]
        off = FACES in self._library.switched_off
        return {"people": told, "hidden": len(book.faces(NOBODY)), "off": off, **self._ways()}

    def faces(self, person: int) -> list[Json]:
        """Return the faces of a person (0: those left out), each with how typical it is."""
        found = self._album.people.faces(person)
        typical = typicality(self._library, found) if person != NOBODY else {}
        self._album.look_up(found)
        return [_face(one, self._album, typical.get(one.id)) for one in found]

    def likenesses(self, limit: int) -> list[Json]:
        """Return who may be the same, the surest first."""
        book = self._album.people
        found = book.suggestions(limit)
        faces = [book.face(number) for one in found for number in (one.face, one.like)]
        self._album.look_up(faces)
        return [self._likeness(one) for one in found]

    def edit(self, edit: Json) -> Json:
        """Make an edit and return what it did, and what can be undone and redone now."""
        made = _made(self._album.people, edit)
        did = said(made, self._album.people.names()) if made else ""
        return {"did": did, **self._ways()}

    def portrait(self, face: int, edge: int) -> str:
        """Return a face cut out of its picture, about `edge` pixels wide: JPEG as base64."""
        one = self._album.people.face(face)
        thumbnail = self._library.thumbnail(one.anchor.digest, one.anchor.place)
        picture = portrait(self._album.path(one), thumbnail, one.anchor, edge)
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=88)
        return base64.b64encode(out.getvalue()).decode()

    def close(self) -> None:
        """Let go of the tables."""
        self._stack.close()

    def _ways(self) -> Json:
        """Say what the next undo and redo would do; "" for nothing."""
        told, names = self._album.people.history(), self._album.people.names()
        back = said(told.done[-1], names) if told.done else ""
        return {"undo": back, "redo": said(told.undone[-1], names) if told.undone else ""}

    def _likeness(self, one: Suggestion) -> Json:
        face, like = (_face(self._album.people.face(n), self._album, None) for n in (one.face, one.like))
        certainty = {"certainty": one.certainty, "person": one.person, "other": one.other}
        return {"face": face, "like": like, **certainty}


_NOBODY_YET: Json = {"people": [], "hidden": 0, "off": False, "undo": "", "redo": ""}


def _made(book: People, edit: Json) -> Edit | None:
    """Make the edit that a dict describes."""
    match edit:
        case {"do": "name", "person": int(person), "name": str(name)}:
            return book.name(person, name)
        case {"do": "unname", "person": int(person)}:
            return book.forget(person)
        case {"do": "merge", "person": int(person), "others": list(others)}:
            return book.merge(person, others)
        case {"do": "split", "person": int(person), "faces": list(faces), "name": name}:
            return book.split(person, faces, name or None)
        case {"do": "move", "faces": list(faces), "person": int(person)}:
            return book.move(faces, person)
        case {"do": "reject", "faces": list(faces)}:
            return book.reject(faces)
        case {"do": "hide", "faces": list(faces)}:
            return book.hide(faces)
        case {"do": "hide people", "people": list(persons)}:
            return book.hide([one.id for person in persons for one in book.faces(person)])
        case {"do": "part", "person": int(person), "other": int(other)}:
            return book.part(person, other)
        case {"do": "undo"}:
            return book.undo()
        case {"do": "redo"}:
            return book.redo()
        case _:
            raise ValueError(f"no such edit: {edit}")


def said(edit: Edit, names: Mapping[int, str]) -> str:
    """Say in a few words what an edit does; numbers of people mean nothing in the window."""
    told = [text for change in edit.changes if (text := _said(change, names))]
    if any(isinstance(change, Move) for change in edit.changes):  # the rest follows from it
        told = [_said_of_faces([one for one in edit.changes if isinstance(one, Move)], edit.changes, names)]
    return " and ".join(dict.fromkeys(told))


def _said(change: Change, names: Mapping[int, str]) -> str:
    match change:
        case Name(_, name):
            return f"Name {name}" if name else "Take a name away"
        case Merge(person):
            return f"Merge into {names[person]}" if person in names else "Merge"
        case Move():
            return ""
        case Apart():
            return "Keep two people apart"
        case _:
            assert_never(change)


def _said_of_faces(moves: Sequence[Move], changes: Sequence[Change], names: Mapping[int, str]) -> str:
    count = sum(len(move.faces) for move in moves)
    faces = f"{count:,} face{'' if count == 1 else 's'}"
    if moves[0].person == NOBODY:
        return f"Leave out {faces}"
    given = next((change.name for change in changes if isinstance(change, Name)), None)
    if name := given or names.get(moves[0].person):
        return f"Move {faces} to {name}"
    return f"Take {faces} out" if len(moves) > 1 or count == 1 else f"Make {faces} somebody else"


def _person(one: Person) -> Json:
    return {
        "id": one.id,
        "name": one.name or "",
        "faces": one.faces,
        "files": one.files,
        "best": one.best.id,
        "first": one.first.date().isoformat() if one.first else "",
        "last": one.last.date().isoformat() if one.last else "",
    }


def _face(one: Sighting, album: Album, typical: float | None) -> Json:
    return {
        "id": one.id,
        "person": one.person,
        "path": str(album.path(one)),
        "locator": locator_to_json(one.anchor.locator),
        "quality": one.quality,
        "typical": typical,
    }
