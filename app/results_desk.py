"""What the window's results ask of the resident process: storyboards, who is in files, clips, duplicates."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from app.bootstrap import open_library
from app.config import Config
from search.duplicates import Group
from search.errors import CrossfindError
from search.output import to_json
from search.people.records import NOBODY
from search.records import Hit, SearchResult, Whole
from search.store import Library
from search.store import people as rows

Json = dict[str, Any]


def answer(config: Config, what: str, given: Mapping[str, Any]) -> Any:
    """Do one of the operations below with the values given. Raises `CrossfindError`."""
    match what:
        case "storyboard":
            return storyboard(config, given["digest"])
        case "people_in":
            return people_in(config, given["digests"])
        case "cut":
            return cut(given["clips"], Path(given["into"]))
        case "clips":
            return clips(given["clips"])
        case "duplicates":
            return duplicates(config)
        case _:
            raise ValueError(f"no such operation: {what}")


def storyboard(config: Config, digest: str) -> str | None:
    """Return the path of a film's storyboard."""
    with closing(open_library(config)) as library:
        path = library.storyboard(digest)
    return str(path) if path else None


def people_in(config: Config, digests: Collection[str]) -> dict[str, list[str]]:
    """Return the names of those who are in contents, by digest, the same person once."""
    with closing(open_library(config)) as library:
        names = rows.names(library)
        seen = rows.of_contents(library, digests) if names else []
    found: dict[str, list[str]] = {}
    for one in seen:
        name = names.get(one.person) if one.person != NOBODY else None
        known = found.setdefault(one.anchor.digest, []) if name else []
        if name and name not in known:
            known.append(name)
    return {digest: sorted(some) for digest, some in found.items()}


def cut(clips: Sequence[tuple[str, float, float]], into: Path) -> Json:
    """Cut clips into a folder, or one into a file; return how many were made and what went wrong, by path."""
    from app import cutting
    from indexers.cutting import cut as cut_file

    wanted = [cutting.Asked(Path(path), start_s, end_s) for path, start_s, end_s in clips]
    if len(wanted) == 1 and not into.is_dir():
        cut_file(wanted[0].path, wanted[0].start_s, wanted[0].end_s, into)
        return {"made": 1, "problems": {}}
    problems = {
        str(one.path): str(made)
        for one, made in cutting.write(wanted, into)
        if isinstance(made, CrossfindError)
    }
    return {"made": len(wanted) - len(problems), "problems": problems}


def clips(wanted: Sequence[tuple[str, float, float]]) -> list[str]:
    """Cut clips for other programs; return where they are."""
    from app import clips, cutting

    asked = (cutting.Asked(Path(path), start_s, end_s) for path, start_s, end_s in wanted)
    return [str(path) for path in clips.clips(asked)]


def duplicates(config: Config) -> list[Json]:
    """Find all duplicates; each group with its files as hits, the best first."""
    from app import duplicates as finding

    groups = finding.duplicates(config)
    with closing(open_library(config)) as library:
        return [_group(library, group, title=finding.TITLES[group.kind]) for group in groups]


def _group(library: Library, group: Group, title: str) -> Json:
    hits = [
        Hit(
            rank, 1.0, one.file, one.content, Whole(), one.why or None, (),
            library.thumbnail(one.file.digest, Whole()),
        )
        for rank, one in enumerate(group.members, start=1)
    ]  # fmt: skip
    return {
        "title": title,
        "spare_bytes": group.spare_bytes,
        "found": to_json(SearchResult("", 0.0, tuple(hits))),
    }
