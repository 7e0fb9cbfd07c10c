"""The user's own metadata by path: into the library, out of it, and away from it."""

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app import own_tables
from app.own_tables import Cells
from indexers.facts import clean, one_each
from indexers.walk import contains
from indexers.xmp_facts import moment
from search.errors import CrossfindError
from search.records import Own
from search.store import Library

KNOWN = {
    "title": "title",
    "tags": "tags",
    "keywords": "tags",
    "rating": "rating",
    "place": "place",
    "date": "date",
    "taken": "date",
    "taken_at": "date",
}
"""Column, in small letters -> the fact it is; every other column is a field of the user's own."""

_UNRATED = "0"
_EXIF_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d)")


@dataclass(slots=True)
class Report:
    """What came of an import: contents that were told of, paths that are not in the library, bad values."""

    told: int = 0
    unknown: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def take_in(library: Library, file: Path, path_column: str | None = None) -> Report:
    """Import a table; what it says of a file replaces what was imported for it before.

    Raises `CrossfindError` for a file that is no table, `LibraryError` when the library cannot be written.
    """
    report = Report()
    known = _digests(library)
    roots = [Path(root.path) for root in library.roots]
    entries: dict[str, Own] = {}
    for path, cells in own_tables.read(file, path_column):
        digest = _digest(path, known, [Path(os.path.abspath(file)).parent, *roots])  # noqa: PTH100
        if digest is None:
            report.unknown.append(path)
            continue
        entries[digest] = _own(path, cells, report)
    if entries:
        with library.writer() as writer:
            writer.write_own(entries)
    report.told = len(entries)
    return report


def write_out(library: Library, file: Path, *, force: bool = False) -> int:
    """Write everything that was imported, by path; importing that file gives it back. Returns the rows."""
    told = library.own()
    files = library.files_of(told)
    rows = [(one.path, _cells(told[digest])) for digest, found in files.items() for one in found]
    own_tables.write(file, sorted(rows), force=force)
    return len(rows)


def forget(library: Library, paths: Sequence[Path]) -> int:
    """Delete what was imported for files, and for all below folders. Returns of how many contents."""
    wanted = [os.path.abspath(path) for path in paths]  # noqa: PTH100
    told = library.files_of(library.own())
    gone = {d for d, files in told.items() if any(contains(p, one.path) for one in files for p in wanted)}
    if gone:
        with library.writer() as writer:
            writer.write_own(dict.fromkeys(gone, Own()))
    return len(gone)


def _digests(library: Library) -> dict[str, str]:
    """Return the digest of every file in the library, by its path as this system compares paths, and as
    tables from other systems may write it: an accent and its letter as one sign."""
    files = (library.known_files(root.path) for root in library.roots)
    exact = {os.path.normcase(path): known.digest for one in files for path, known in one.items()}
    return {_composed(path): digest for path, digest in exact.items()} | exact


def _digest(path: str, known: Mapping[str, str], bases: Sequence[Path]) -> str | None:
    """Find a path as written: absolute, or from the table's own folder, or from an indexed folder."""
    for text in dict.fromkeys((path, path.replace("\\", "/"))):
        for base in bases:
            place = os.path.normcase(os.path.abspath(base / os.path.expanduser(text)))  # noqa: PTH100, PTH111
            if digest := known.get(place) or known.get(_composed(place)):
                return digest
    return None


def _composed(path: str) -> str:
    return path if path.isascii() else unicodedata.normalize("NFC", path)


def _own(path: str, cells: Cells, report: Report) -> Own:
    """Read one row; a value that makes no sense is told and left out."""
    facts: dict[str, list[str]] = {}
    fields = []
    for name, values in cells.items():
        texts = [text for value in values if (text := clean(value))]
        if meaning := KNOWN.get(name.strip().lower()):
            facts.setdefault(meaning, []).extend(texts)
        elif field_name := clean(name.replace("=", " ")):
            fields += [(field_name, text) for text in texts]
    first = {name: texts[0] for name, texts in facts.items() if texts}
    rating, taken = _rating(first.get("rating")), _moment(first.get("date"))
    for name, value in (("rating", rating), ("date", taken)):
        if value is None and name in first and first[name] != _UNRATED:
            report.complaints.append(f"{path}: {first[name]} is no {name}")
    return Own(
        title=first.get("title"),
        taken_at=taken,
        rating=rating,
        place=first.get("place"),
        tags=one_each(tag for text in facts.get("tags", ()) for tag in _tags(text)),
        fields=tuple(fields),
    )


def _tags(text: str) -> list[str]:
    return re.split("[;|]" if re.search("[;|]", text) else ",", text)


def _rating(text: str | None) -> int | None:
    found = re.fullmatch(r"(-1|[1-5])(?:\.0*)?", text or "")
    return int(found[1]) if found else None


def _moment(text: str | None) -> datetime | None:
    return moment(_EXIF_DATE.sub(r"\1-\2-\3", text)) if text else None


def _cells(own: Own) -> dict[str, list[str]]:
    """Write what the user says as a row."""
    taken = own.taken_at.isoformat(sep=" ") if own.taken_at else None
    rating = None if own.rating is None else str(own.rating)
    single = {"title": own.title, "date": taken, "rating": rating, "place": own.place}
    cells = {name: [text] for name, text in single.items() if text}
    cells |= {"tags": ["; ".join(own.tags)]} if own.tags else {}
    for name, value in own.fields:
        cells.setdefault(name, []).append(value)
    return cells


def facts_of(library: Library, path: Path) -> dict[str, object]:
    """Return everything the library knows of a file. Raises `CrossfindError` when it is not in it."""
    digest = library.digest_at(os.path.abspath(path))  # noqa: PTH100
    content = library.contents([digest]).get(digest) if digest else None
    if digest is None or content is None:
        raise CrossfindError(f"{path} is not in the library.", "Index it first: crossfind index FOLDER")
    told = dict(_shown(content))
    imported = library.own([digest]).get(digest)
    return told | ({"imported": _cells(imported)} if imported else {})


def _shown(content: object) -> Iterator[tuple[str, object]]:
    for name in (
        *(
            "media_type",
            "size",
            "width",
            "height",
            "pages",
            "duration_s",
            "taken_at",
            "latitude",
            "longitude",
        ),
        *("place", "camera", "title", "rating", "tags", "language", "fields", "words"),
    ):
        value = getattr(content, name)
        if value not in (None, "", ()):
            yield name, value.isoformat(sep=" ") if isinstance(value, datetime) else value
