"""What `crossfind status` and `crossfind doctor` tell, as plain data."""

from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from app import __version__, paths, unread
from app.bootstrap import Equipment, open_library
from app.config import Config
from app.learned import counted, learned
from search.errors import LibraryMissingError
from search.store import Library, LibraryStatus, SpaceStatus, people
from search.store.schema import SIGHTINGS

Json = dict[str, Any]


def status(config: Config) -> Json:
    """Return what the library holds; an absent library is an empty one."""
    gaps = [asdict(gap) for gap in Equipment(config, make=False).missing]
    try:
        library = open_library(config)
    except LibraryMissingError:
        return _empty(config, gaps)
    try:
        return _filled(library.status(), gaps) | {"people": _people(library)}
    finally:
        library.close()


def _empty(config: Config, gaps: list[Json]) -> Json:
    folder = str(config.library_folder)
    nothing: Json = {"files": {}, "roots": [], "spaces": {}, "unread": [], "people": {"named": 0, "faces": 0}}
    return {"library": folder, "contents": 0, "offline_files": 0, "bytes": 0, "missing": gaps, **nothing}


def _filled(facts: LibraryStatus, gaps: list[Json]) -> Json:
    return {
        "library": str(facts.folder),
        "files": dict(facts.kinds),
        "contents": facts.contents,
        "offline_files": facts.offline,
        "roots": [{"path": root.path, "present": Path(root.path).exists()} for root in facts.roots],
        "spaces": {space.name: _space(space) for space in facts.spaces},
        "missing": gaps,
        "unread": unread.listed(facts),
        "bytes": facts.disk_bytes,
    }


def _people(library: Library) -> Json:
    return {"named": len(people.names(library)), "faces": len(library.rows(SIGHTINGS, ["id"]))}


def _space(space: SpaceStatus) -> Json:
    return {
        "model": space.fingerprint.model,
        "segments": space.segments,
        "contents": space.contents,
        "next_model": space.next.model if space.next else None,
        "pending": space.pending,
    }


def doctor(config: Config, repair: bool) -> Json:
    """Check the library and, if wanted, mend what is safe to mend. Raises `LibraryError`."""
    from search.store import check

    folder = config.library_folder
    found = check.check(folder)
    mended = check.repair(folder) if repair and any(problem.safe_to_repair for problem in found) else []
    problems = [{"kind": p.kind, "detail": p.detail, "repaired": p in mended} for p in found]
    checks = [*_program(), *_counts(folder, problems)]
    return {"library": str(folder), "checks": checks, "problems": problems}


def _program() -> list[str]:
    made_of = ", ".join(f"{name} {version(name)}" for name in ("lancedb", "pyarrow", "onnxruntime", "torch"))
    found = "is read" if paths.config_file().exists() else "would be read"
    return [f"Crossfind {__version__} with {made_of}", f"settings: {paths.config_file()} {found}"]


def _counts(folder: Path, problems: list[Json]) -> list[str]:
    if any(p["kind"] in ("unreadable table", "missing table") and not p["repaired"] for p in problems):
        return []
    library = Library.open(folder)
    try:
        facts = library.status()
    finally:
        library.close()
    lines = [f"{counted(facts.kinds) or 'no files'}; {unread.counted(facts)}"]
    return lines + [learned(space.name, _space(space)) for space in facts.spaces]
