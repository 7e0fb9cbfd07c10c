"""What a library learns from files, what it is to leave alone, and how that is forgotten."""

from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from indexers import readings
from indexers.base import kinds_of, load
from indexers.derived import SOURCES
from search.errors import CrossfindError, LibraryMissingError
from search.people.records import FACE
from search.store import Library
from search.store.manifest import OPTIONAL
from search.store.schema import CONTENTS


@dataclass(frozen=True, slots=True)
class Modality:
    """One thing that may be learned, the kinds of file it reads, and the spaces it fills."""

    name: str
    on: bool
    reads: tuple[str, ...]
    spaces: tuple[str, ...]


def modalities(library: Path) -> tuple[Modality, ...]:
    """Return all there are, cheapest first; a library that is not there yet has what is usual."""
    try:
        with closing(Library.open(library)) as opened:
            off = opened.switched_off
    except LibraryMissingError:
        off = OPTIONAL
    return tuple(
        Modality(one.name, one.name not in off, tuple(sorted(kinds_of(one))), tuple(sorted(one.spaces)))
        for one in load().indexers
    )


def switch(library: Path, names: Collection[str], *, on: bool) -> None:
    """Learn these from the next run on, or leave them out. Raises `CrossfindError` for a name that is none,
    and `LibraryError`."""
    known = [indexer.name for indexer in load().indexers]
    if unknown := [name for name in names if name not in known]:
        raise CrossfindError(f"There is no modality called {unknown[0]}.", f"There are {', '.join(known)}.")
    with closing(Library.create(library)) as opened, opened.writer() as writer:
        off = opened.switched_off - set(names) if on else opened.switched_off | set(names)
        writer.switch_off(off)


def spaces_of(names: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the spaces that only these modalities fill, with what is made of their words, and those that
    others fill as well, of other files."""
    indexers = {indexer.name: indexer for indexer in load().indexers}
    others = {space for name, indexer in indexers.items() if name not in names for space in indexer.spaces}
    theirs = {space for name in names for space in indexers[name].spaces}
    return sorted(_with_made(theirs - others)), sorted(theirs & others)


def delete_learned(library: Path, names: Collection[str]) -> int:
    """Delete for good what only these modalities learned, names of people with the faces.

    Spaces that they alone fill go; of others what they learned there, which the type of a file tells: one
    modality reads it for one space. What is made of several modalities' words goes too: the next run makes it
    again of those that are left. Returns how many pieces that were. Raises `LibraryError`.
    """
    own, shared = spaces_of(names)
    with closing(Library.open(library)) as opened, opened.writer() as writer:
        count = sum(writer.drop_space(space) for space in own)
        types = {row["digest"]: row["media_type"] for row in _contents(opened)}
        for indexer in load().indexers:
            if indexer.name in names and (partly := set(indexer.spaces) & set(shared)):
                digests = [digest for digest, kind in types.items() if kind in indexer.media_types]
                count += writer.empty(_with_made(partly), digests) if digests else 0
        if FACE in own:
            writer.forget_people()
        readings.delete(library)
    return count


def _with_made(spaces: set[str]) -> set[str]:
    """Add the spaces that are made of the words of these."""
    return spaces | {name for name, sources in SOURCES.items() if spaces.intersection(sources)}


def _contents(library: Library) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = library.rows(CONTENTS, ["digest", "media_type"]).to_pylist()
    return rows
