"""Finds groups of files that are the same, or nearly so. Lists them, and changes nothing."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from threading import Event
from typing import get_args

from search.duplicates.films import alike_films
from search.duplicates.grouping import Told, components, links, stars
from search.duplicates.holdings import Holdings, films_of, holdings
from search.duplicates.pictures import Pictures, Progress, silent
from search.duplicates.records import Compare, Group, Kind, Member
from search.duplicates.verdict import Verdict
from search.records import date_of
from search.store import Library

KINDS: tuple[Kind, ...] = get_args(Kind)
SAME = "same bytes"


def find(
    library: Library,
    compare: Compare,
    kinds: Collection[Kind] = KINDS,
    folder: str | None = None,
    report: Progress = silent,
    cancelled: Event | None = None,
) -> list[Group]:
    """Return groups of these kinds in the order of `KINDS`, those that take the most space first.

    `folder` keeps to files below it; `report` hears how many pairs of how many were compared. A search that
    is cancelled returns what it found so far. Raises `LibraryError`.
    """
    held = holdings(library, folder)
    found: list[Group] = []
    if {"copy", "near"} & set(kinds):
        pictures = Pictures(library, held, compare, report, cancelled or Event())
        copies = list(pictures.copies())
        if "copy" in kinds:
            found += [_group(held, "copy", first, told) for first, told in copies]
        if "near" in kinds:
            stands_for = {other: first for first, told in copies for other, _ in told}
            found += [_near(held, first, told) for first, told in pictures.near(stands_for)]
    if "film" in kinds:
        found += [_group(held, "film", first, told) for first, told in _films(library, held)]
    if "same" in kinds:
        found += _same(held, found)
    return sorted(found, key=lambda one: (KINDS.index(one.kind), -one.spare_bytes, one.members[0].file.path))


def _films(library: Library, held: Holdings) -> Iterator[tuple[str, list[Told]]]:
    films = films_of(library, held)
    known: dict[tuple[str, str], Verdict] = {
        (films[one].content.digest, films[other].content.digest): verdict
        for one, other, verdict in alike_films(films)
    }
    for part in components(links(known)):
        ranked = sorted(
            part, key=lambda digest: (-(held.contents[digest].duration_s or 0), held.rank(digest))
        )
        yield from stars(ranked, lambda one, other: known.get((one, other)) or known.get((other, one)))


def _same(held: Holdings, told: Sequence[Group]) -> Iterator[Group]:
    """Yield the contents with several files, but for those whose files stand in a group already."""
    before = {member.content.digest for group in told if group.kind != "near" for member in group.members}
    for digest, files in sorted(held.files.items()):
        if len(files) > 1 and digest not in before:
            yield _group(held, "same", digest, [])


def _near(held: Holdings, first: str, told: Sequence[tuple[str, str, Verdict]]) -> Group:
    """Make a group in which each file is near to one before it, which is named where it is not the first."""
    named = [
        (who, verdict if to == first else replace(verdict, why=f"{verdict.why} ({held.files[to][0].name})"))
        for to, who, verdict in told
    ]
    return _group(held, "near", first, named)


def _group(held: Holdings, kind: Kind, first: str, told: Sequence[Told]) -> Group:
    """Make a group; of pictures that are only near, one file each."""
    members = [Member(held.files[first][0], held.contents[first], "", 1.0)]
    if kind != "near":
        members += [Member(file, held.contents[first], SAME, 1.0) for file in held.files[first][1:]]
    for digest, verdict in told:
        every = held.files[digest] if kind != "near" else held.files[digest][:1]
        likeness = round(min(1.0, max(0.0, verdict.likeness)), 4)
        members += [Member(file, held.contents[digest], verdict.why, likeness) for file in every]
    return Group(kind, _marked(held, members))


def _marked(held: Holdings, members: Sequence[Member]) -> tuple[Member, ...]:
    """Say which is the largest and which the oldest; of equals the one that comes first."""
    largest = min(members, key=lambda one: held.rank(one.content.digest)[:3])
    oldest = min(members, key=lambda one: date_of(one.file, one.content))
    return tuple(replace(one, is_largest=one is largest, is_oldest=one is oldest) for one in members)
