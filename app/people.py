"""People of a library for the command line: the book opened, and what is in it as plain data and as text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, assert_never

from app.bootstrap import Equipment, know_people, open_library
from app.config import Config
from app.show import place, shortened
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
from search.store import Library

Json = dict[str, Any]


class Album:
    """An open library, its people, and where their pictures are."""

    def __init__(self, library: Library, people: People) -> None:
        self.library = library
        self._paths: dict[str, Path] = {}
        self.people = people

    def look_up(self, faces: Iterable[Sighting]) -> None:
        """Find the files of many faces in one go."""
        unknown = {one.anchor.digest for one in faces} - self._paths.keys()
        found = self.library.files_of(unknown) if unknown else {}
        self._paths |= {digest: Path(files[0].path) for digest, files in found.items()}

    def path(self, one: Sighting) -> Path:
        """Return a file that shows a face, one that is there before one that is away."""
        self.look_up([one])
        return self._paths.get(one.anchor.digest, Path(f"content {one.anchor.digest[:12]}"))

    def person_json(self, person: Person) -> Json:
        """One person as plain data."""
        return {
            "id": person.id,
            "name": person.name,
            "faces": person.faces,
            "files": person.files,
            "first": person.first.isoformat() if person.first else None,
            "last": person.last.isoformat() if person.last else None,
            "best": self.face_json(person.best),
        }

    def face_json(self, one: Sighting) -> Json:
        """One face as plain data."""
        return {
            "face": one.id,
            "person": one.person,
            "path": str(self.path(one)),
            "locator": locator_to_json(one.anchor.locator),
            "quality": one.quality,
            "region": one.region,
        }

    def suggestion_json(self, one: Suggestion) -> Json:
        """One suggestion as plain data."""
        face, like = (self.face_json(self.people.face(number)) for number in (one.face, one.like))
        return {
            "person": one.person,
            "other": one.other,
            "certainty": one.certainty,
            "cosine": one.cosine,
            "face": face,
            "like": like,
        }

    def person_line(self, person: Person) -> str:
        """One person as a line of a list."""
        name = person.name or "–"
        count = f"{person.faces} face{'' if person.faces == 1 else 's'}"
        return f"{person.id:>6}  {name:<24} {count:>11}  {_dates(person):<24} {self._where(person.best)}"

    def face_line(self, one: Sighting) -> str:
        """One face as a line of a list."""
        left, top, right, bottom = (round(100 * edge) for edge in one.anchor.box)
        named = f"  the file says {one.region}" if one.region else ""
        return f"{one.id:>7}  {self._where(one)}  ({left}–{right} %, {top}–{bottom} %){named}"

    def told(self, edit: Edit, names: Mapping[int, str | None]) -> str:
        """What an edit does, in a sentence; `names` are those of all people now."""
        said = " and ".join(filter(None, (_did(change, names) for change in edit.changes)))
        return f"{said}{' (names in files)' if edit.source == 'xmp' else ''}."

    def names(self) -> dict[int, str | None]:
        """Everybody there is, and what they are called."""
        return {person.id: person.name for person in self.people.people()}

    def _where(self, one: Sighting) -> str:
        of = one.anchor.place
        return shortened(self.path(one), Path.cwd()) + place(of)


@contextmanager
def opened(config: Config) -> Iterator[Album]:
    """Open the people of a library, up to date unless somebody else is writing. Raises `LibraryError`."""
    library = open_library(config)
    try:
        equipment = Equipment(config, make=False)
        know_people(library, equipment)
        limits = equipment.face_thresholds(library.spaces().get(FACE))
        yield Album(library, People(library, limits))
    finally:
        library.close()


def _did(change: Change, names: Mapping[int, str | None]) -> str:
    match change:
        case Name(person, name):
            return f"{person} is called {name}" if name else f"{person} has no name any more"
        case Merge(person, other):
            return f"{other} is the same as {_called(person, names)}"
        case Move(person, faces) if person == NOBODY:
            return f"{_faces(faces)} left out as nobody's"
        case Move(person, faces):
            return f"{_faces(faces)} now {_called(person, names)}'s"
        case Apart(person, other):
            return f"{person} and {other} are two people" if other in names and person in names else ""
        case _:
            assert_never(change)


def _faces(faces: Sequence[object]) -> str:
    return f"{len(faces)} face{' is' if len(faces) == 1 else 's are'}"


def _called(person: int, names: Mapping[int, str | None]) -> str:
    name = names.get(person)
    return f"{name} ({person})" if name else f"{person}"


def _dates(person: Person) -> str:
    if person.first is None or person.last is None:
        return ""
    first, last = person.first.date().isoformat(), person.last.date().isoformat()
    return first if first == last else f"{first} – {last}"
