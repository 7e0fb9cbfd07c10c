"""`library.toml`: schema version, roots, which table serves each space, and at which version each table is.

Replacing this one file is what commits a change to several tables: readers open the tables at the versions
named here, and a writer that finds tables ahead of them sets them back, because their run was killed.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomli_w

from search.errors import LibraryCorruptError, LibraryMissingError, LibraryNewerError
from search.spaces import Fingerprint
from search.store.disk import write_atomically
from search.store.schema import FIXED
from search.store.tables import Tables, gone
from search.store.text import path_to_text, text_to_path
from search.store.types import Root

SCHEMA_VERSION = 3
"""1: the first; 2: languages, and times of spoken words; 3: quality and landmarks."""

NAME = "library.toml"

OPTIONAL = frozenset(("code",))
"""Indexers that a library does without unless they are switched on."""


@dataclass(frozen=True, slots=True)
class SpaceEntry:
    """The fingerprint that serves a space and, while it is being re-embedded, the next one."""

    active: Fingerprint
    next: Fingerprint | None = None

    @property
    def fingerprints(self) -> tuple[Fingerprint, ...]:
        """Both, the active one first."""
        return (self.active,) if self.next is None else (self.active, self.next)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of `library.toml`. `generation` grows by one with every commit; `schema` is the
    version that the tables have, which `search.store.upgrade` raises; `off` names the indexers that are
    switched off, `on` those that are on though a library usually does without."""

    generation: int = 0
    roots: tuple[Root, ...] = ()
    spaces: Mapping[str, SpaceEntry] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    schema: int = SCHEMA_VERSION
    off: tuple[str, ...] = ()
    on: tuple[str, ...] = ()

    @property
    def without(self) -> frozenset[str]:
        """The indexers that this library does without: those switched off, and `OPTIONAL` ones not on."""
        return frozenset(self.off) | (OPTIONAL - frozenset(self.on))

    def doing_without(self, indexers: Iterable[str]) -> "Manifest":
        """Return a manifest with these switched off, and no others."""
        off = frozenset(indexers)
        return replace(self, off=tuple(sorted(off)), on=tuple(sorted(OPTIONAL - off)))

    def with_space(self, name: str, entry: SpaceEntry) -> "Manifest":
        """Return a manifest in which the entry of that space is replaced."""
        return replace(self, spaces={**self.spaces, name: entry})

    def committed(self, tables: Tables, only: Collection[str] | None = None) -> "Manifest":
        """Return the manifest that makes the tables' present versions the ones readers see; of those that
        are not among `only`, if that is given, the versions of before."""
        names = (*FIXED, *self.segment_tables())
        versions = {
            name: tables.get(name).version if only is None or name in only else self.versions[name]
            for name in names
        }
        generation = self.generation + 1
        return replace(self, generation=generation, versions=versions, schema=SCHEMA_VERSION)

    def segment_tables(self) -> dict[str, tuple[str, Fingerprint]]:
        """Return table name -> (space, fingerprint) of every segment table there should be."""
        return {
            segment_table(name, fingerprint): (name, fingerprint)
            for name, entry in self.spaces.items()
            for fingerprint in entry.fingerprints
        }


def segment_table(space: str, fingerprint: Fingerprint) -> str:
    """Name the table of a space's segments made with that fingerprint."""
    return f"seg_{space}_{fingerprint.key}"


def missing(folder: Path) -> LibraryMissingError:
    """Make the error for a folder without a library: none was made yet, or the drive it lies on is away."""
    remedy = "Make one with: crossfind index FOLDER"
    if not folder.parent.exists():
        remedy += "; if it lies on a drive, plug that in."
    return LibraryMissingError(f"There is no library in {folder} yet.", remedy)


def read_manifest(folder: Path) -> Manifest:
    """Read `library.toml`. Raises `LibraryMissingError`, `LibraryNewerError`, `LibraryCorruptError`."""
    path = folder / NAME
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise missing(folder) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unreadable(path, error) from error
    version = data.get("schema")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise LibraryNewerError(
            f"The library in {folder} was made by a newer Crossfind (format {version}, this one knows "
            f"{SCHEMA_VERSION}).",
            "Update Crossfind, or use another folder with --library DIR.",
        )
    try:
        return _parse(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(path, error) from error


def require(folder: Path) -> None:
    """Raise `LibraryMissingError` when a library is no longer there: LanceDB would begin a new one."""
    if not (folder / NAME).exists():
        raise gone(folder)


def save_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `library.toml` in one step."""
    spaces = {
        name: {"active": _facts(entry.active)} | ({"next": _facts(entry.next)} if entry.next else {})
        for name, entry in manifest.spaces.items()
    }
    roots = [{"path": path_to_text(root.path), "excludes": list(root.excludes)} for root in manifest.roots]
    data = {
        "schema": manifest.schema,
        "generation": manifest.generation,
        "roots": roots,
        "spaces": spaces,
        "versions": dict(manifest.versions),
        "off": list(manifest.off),
        "on": list(manifest.on),
    }
    write_atomically(folder / NAME, tomli_w.dumps(data).encode())


def _unreadable(path: Path, error: Exception) -> LibraryCorruptError:
    return LibraryCorruptError(
        f"{path} cannot be read ({error}).", "Check the library with: crossfind doctor"
    )


def _facts(fingerprint: Fingerprint) -> dict[str, str | int]:
    return {
        "model": fingerprint.model,
        "revision": fingerprint.revision,
        "preprocessing": fingerprint.preprocessing,
        "dim": fingerprint.dim,
    }


def _parse(data: dict[str, Any]) -> Manifest:
    schema = int(data["schema"])
    if not 1 <= schema <= SCHEMA_VERSION:
        raise ValueError(f"unknown schema {schema}")
    spaces = {
        str(name): SpaceEntry(
            _fingerprint(entry["active"]), _fingerprint(entry["next"]) if "next" in entry else None
        )
        for name, entry in data["spaces"].items()
    }
    roots = tuple(Root(text_to_path(root["path"]), tuple(root["excludes"])) for root in data["roots"])
    versions = {str(name): int(version) for name, version in data["versions"].items()}
    off, on = (tuple(str(name) for name in data.get(key, ())) for key in ("off", "on"))
    return Manifest(int(data["generation"]), roots, spaces, versions, schema, off, on)


def _fingerprint(facts: dict[str, Any]) -> Fingerprint:
    return Fingerprint(
        str(facts["model"]), str(facts["revision"]), str(facts["preprocessing"]), int(facts["dim"])
    )
