"""Documents that are ZIP packages of XML: opened with care, and read as they come.

A part may not be larger than `LARGEST`, nor unpack to more than `RATIO` times what it takes when that is
much; a document type declaration, which could name other files or grow without end, is refused.
"""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from indexers.base import LeftOutError
from search.errors import MediaError

LARGEST, LARGEST_PICTURE = 512_000_000, 64_000_000
RATIO, HARMLESS = 300, 20_000_000
"""What unpacks to less than the second is no bomb, whatever it takes packed."""

_AT_ONCE = 1 << 16
_DEEPEST = 1_000

BOMB = "It would unpack to {:,} MB, far more than such a document has."


class Event(NamedTuple):
    """An element begins (`attributes`), ends (None), or text comes (`name` is ""). Names have no prefix."""

    name: str
    attributes: Mapping[str, str] | None = None
    text: str = ""


class Package:
    """An open ZIP file. Raises `MediaError` when it is none, or damaged."""

    def __init__(self, file: BinaryIO, what: str) -> None:
        """`what` names the document for a person, without its article."""
        self._what = what
        try:
            self._zip = zipfile.ZipFile(file)
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            EOFError,
            OverflowError,
            NotImplementedError,
        ) as error:
            raise MediaError(f"The {what} is damaged: it cannot be unpacked.") from error
        self._names = {info.filename: info for info in self._zip.infolist()}

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def names(self, begin: str = "", end: str = "") -> list[str]:
        """Return the parts whose names begin and end so, in the order of their names and numbers."""
        found = [name for name in self._names if name.startswith(begin) and name.endswith(end)]
        return sorted(found, key=lambda name: (len(name), name))

    def open(self, name: str) -> BinaryIO:
        """Open a part. Raises `MediaError` when it is not there or too large, `LeftOutError` when locked."""
        info = self._names.get(name)
        if info is None:
            raise MediaError(f"The {self._what} is damaged: a part of it is missing.")
        if info.flag_bits & 1:
            raise LeftOutError(f"The {self._what} is encrypted.", "Save it without a password.")
        check_size(info, self._what)
        return self._zip.open(info)  # type: ignore[return-value]

    def read(self, name: str) -> bytes:
        """Return a part that is no XML, such as a picture. Raises as `open` does."""
        with self.open(name) as part:
            data = part.read(LARGEST_PICTURE + 1)
        if len(data) > LARGEST_PICTURE:
            raise MediaError(f"It is larger than {LARGEST_PICTURE // 1_000_000} MB.")
        return data

    def events(self, name: str) -> Iterator[Event]:
        """Read a part that is XML."""
        with self.open(name) as part:
            yield from events(part, self._what)

    def targets(self, name: str) -> dict[str, tuple[str, str]]:
        """Return what a part is related to: by the relation's id the last word of its kind, and the part."""
        folder = name.rpartition("/")[0]
        return {
            one.get("Id", ""): (one.get("Type", "").rpartition("/")[2], joined(folder, one.get("Target", "")))
            for one in self._relations(name)
            if one.get("TargetMode") != "External"
        }

    def outside(self, name: str) -> dict[str, str]:
        """Return what a part links to that is not in the package, by the relation's id."""
        return {
            one.get("Id", ""): one.get("Target", "")
            for one in self._relations(name)
            if one.get("TargetMode") == "External" and one.get("Type", "").endswith("/hyperlink")
        }

    def _relations(self, name: str) -> Iterator[Mapping[str, str]]:
        folder, _, own = name.rpartition("/")
        relations = f"{folder}/_rels/{own}.rels".lstrip("/")
        for one in self.events(relations) if relations in self else ():
            if one.name == "Relationship" and one.attributes:
                yield one.attributes


def check_size(info: zipfile.ZipInfo, what: str) -> None:
    """Raise `MediaError` for what would unpack to too much."""
    too_much = info.file_size > HARMLESS and info.file_size > RATIO * max(info.compress_size, 1)
    if too_much or info.file_size > LARGEST:
        raise MediaError(f"The {what} is not read. {BOMB.format(info.file_size // 1_000_000)}")


def joined(folder: str, target: str) -> str:
    """Return the name of a part as another in `folder` calls it."""
    parts: list[str] = [] if target.startswith("/") else folder.split("/") if folder else []
    for part in target.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def events(part: BinaryIO, what: str) -> Iterator[Event]:
    """Read XML as it comes. Raises `MediaError` where it is damaged, or declares a document type."""
    parser = _Parser(what)
    is_more = True
    while is_more:
        data = part.read(_AT_ONCE)
        is_more = bool(data)
        try:
            parser.feed(data, last=not is_more)
        except MediaError:
            yield from parser.taken()  # what came before
            raise
        yield from parser.taken()


@dataclass(slots=True)
class _Parser:
    what: str
    _found: list[Event] = field(default_factory=list)
    _depth: int = 0
    _expat: expat.XMLParserType = field(init=False)

    def __post_init__(self) -> None:
        self._expat = expat.ParserCreate(namespace_separator="}")
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = lambda text: self._found.append(Event("", None, text))
        self._expat.StartDoctypeDeclHandler = self._refuse

    def feed(self, data: bytes, last: bool) -> None:
        try:
            self._expat.Parse(data, last)
        except (expat.ExpatError, ValueError) as error:
            raise MediaError(f"The {self.what} is damaged: its XML cannot be read.") from error

    def taken(self) -> list[Event]:
        found, self._found = self._found, []
        return found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise MediaError(f"The {self.what} is damaged: its XML is nested without end.")
        plain = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        self._found.append(Event(name.rpartition("}")[2], plain))

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._found.append(Event(name.rpartition("}")[2]))

    def _refuse(self, *_: object) -> None:
        raise MediaError(f"The {self.what} declares an XML document type, which could point to other files.")
