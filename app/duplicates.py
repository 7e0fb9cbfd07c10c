"""Duplicates of a library: found, and as plain data, JSON's or CSV's text, and lines for a person."""

import csv
import io
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any

from app.bootstrap import open_library
from app.config import Config
from app.show import shortened
from indexers.picture_agreement import Agreements
from search.duplicates import KINDS, Group, Kind, Member, find
from search.duplicates.pictures import Progress, silent
from search.errors import CrossfindError

Json = dict[str, Any]

TITLES: dict[Kind, str] = {
    "same": "Same bytes",
    "copy": "Copies: encoded anew or resized",
    "near": "Alike, not the same: bursts, crops, edits",
    "film": "Films that show the same",
}
COLUMNS = (
    "group",
    "kind",
    "path",
    "why",
    "likeness",
    "bytes",
    "width",
    "height",
    "taken",
    "largest",
    "oldest",
)


def duplicates(
    config: Config,
    kinds: Collection[str] = (),
    folder: str | None = None,
    report: Progress = silent,
    cancelled: Event | None = None,
) -> list[Group]:
    """Find the duplicates in a library, of all kinds where none is named; changes nothing.

    Raises `LibraryError`, and `CrossfindError` for a kind that there is not.
    """
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise CrossfindError(f"There is no kind {unknown[0]}.", f"Kinds are {', '.join(KINDS)}.")
    chosen = [kind for kind in KINDS if not kinds or kind in kinds]
    with closing(open_library(config)) as library:
        return find(library, Agreements(), chosen, folder, report, cancelled)


def as_json(groups: Sequence[Group]) -> list[Json]:
    """Return plain data: for each group its kind, the bytes that all but the first take, and its files."""
    return [
        {"kind": group.kind, "spare_bytes": group.spare_bytes, "files": [_file(one) for one in group.members]}
        for group in groups
    ]


def _file(member: Member) -> Json:
    content, file = member.content, member.file
    facts: Json = {"path": file.path, "present": file.present, "digest": file.digest, "bytes": file.size}
    facts |= {"type": content.kind, "width": content.width, "height": content.height}
    facts |= {"duration_s": content.duration_s}
    facts |= {"taken_at": content.taken_at.isoformat() if content.taken_at else None}
    said = {name: asdict(member)[name] for name in ("why", "likeness", "is_largest", "is_oldest")}
    return facts | said


def as_csv(groups: Sequence[Group]) -> str:
    """Return a table with a line of titles; groups count from 1."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for number, group in enumerate(groups, start=1):
        for one in group.members:
            facts = (one.file.size, one.content.width, one.content.height, one.content.taken_at)
            marks = (int(one.is_largest), int(one.is_oldest))
            table.writerow((number, group.kind, one.file.path, one.why, one.likeness, *facts, *marks))
    return out.getvalue()


def as_paths(groups: Sequence[Group], *, without_first: bool = False) -> str:
    """Return a path a line, with an empty line between groups; or all but the first of each without any."""
    if without_first:
        return "".join(f"{one.file.path}\n" for group in groups for one in group.members[1:])
    return "\n".join("".join(f"{one.file.path}\n" for one in group.members) for group in groups)


def as_lines(groups: Sequence[Group], base: Path) -> str:
    """Return what a person reads; paths from `base`."""
    lines: list[str] = []
    for kind in KINDS:
        some = [group for group in groups if group.kind == kind]
        if some:
            spare = sum(group.spare_bytes for group in some)
            lines += [
                f"{TITLES[kind]}  ({len(some)} group{'' if len(some) == 1 else 's'}, {_size(spare)} spare)"
            ]
        for group in some:
            lines += ["", *(_line(one, base) for one in group.members)]
        lines += [""] if some else []
    return "\n".join(lines) if lines else "Nothing is there twice."


def _line(one: Member, base: Path) -> str:
    content = one.content
    size = f"{content.width} × {content.height}, " if content.width and content.height else ""
    marks = " and ".join(m for m, is_so in (("largest", one.is_largest), ("oldest", one.is_oldest)) if is_so)
    told = "; ".join(filter(None, (one.why, marks, "" if one.file.present else "its drive is away")))
    return f"  {shortened(Path(one.file.path), base)}  ({size}{_size(one.file.size)})  {told}".rstrip()


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.1f} kB"
