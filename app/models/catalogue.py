"""The catalogue in `resources/models.toml`: models that `crossfind models pull` knows how to get."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args

import resources
from app.config import Profile
from app.models import manifest, recipe
from app.models.recipe import PackageSource
from indexers.model_facts import Facts
from search.errors import ModelError

Kind = Literal["hub", "url", "packages"]

NOT_IN_MANIFEST: Final = frozenset({"profile", "bytes_about", "files", "source"})
"""What a catalogue entry says for itself; everything else goes into the model folder's `model.toml`."""


@dataclass(frozen=True, slots=True)
class HubSource:
    """A repository of the hub at one revision.

    `take` are patterns for the names of the files that are wanted, where the catalogue does not name them:
    the hub is asked which there are. `adapter` is a repository whose files go into the folder of that name.
    """

    repository: str
    revision: str
    take: tuple[str, ...] = ()
    adapter: "HubSource | None" = None


@dataclass(frozen=True, slots=True)
class UrlSource:
    """Files below one https address; their hashes must stand in the catalogue."""

    base: str


Source = HubSource | UrlSource | PackageSource


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file of a model, with what is known of it for sure."""

    name: str
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that can be had. `bytes_about` is the size of the whole download, roughly; 0 where only the hub
    knows.

    `training` says what it was trained on, where that restricts what it may be used for.
    """

    id: str
    task: str
    engine: str
    profile: Profile | None
    description: str
    licence: str
    commercial_use: bool | None
    languages: tuple[str, ...]
    bytes_about: int
    files: tuple[WantedFile, ...]
    source: Source
    raw: Mapping[str, Any]
    training: str = ""

    @property
    def command(self) -> str:
        """What a person types to get it."""
        if isinstance(self.source, PackageSource):
            return self.source.command
        return f"crossfind models pull {self.id}"


@cache
def shipped() -> tuple[Entry, ...]:
    """Return the entries that ship with this version."""
    return load(resources.path("models.toml"))


def load(file: Path) -> tuple[Entry, ...]:
    """Read a catalogue. Raises `ModelError`."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(
            f"The catalogue {file} cannot be read: {error}.", "Install Crossfind again."
        ) from error
    entries = tuple(_entry(item, file.name) for item in raw.get("model", []))
    ids = [entry.id for entry in entries]
    if doubled := {id_ for id_ in ids if ids.count(id_) > 1}:
        raise ModelError(f"The catalogue {file} has two models {', '.join(sorted(doubled))}.")
    return entries


def find(entries: Sequence[Entry], id_: str) -> Entry:
    """Return the entry with this id, however it is capitalised. Raises `ModelError`."""
    for entry in entries:
        if entry.id.lower() == id_.lower():
            return entry
    known = ", ".join(entry.id for entry in entries)
    raise ModelError(f"The catalogue has no model {id_!r}.", f"It has: {known}.")


def _entry(raw: Mapping[str, Any], file: str) -> Entry:
    facts = Facts(raw, f"{file}, {raw.get('id', 'a model without id')}")
    commercial = raw.get("commercial_use")
    if commercial is not None and not isinstance(commercial, bool):
        raise facts.wrong("commercial_use", "must be true or false")
    source = _source(facts.table("source"), facts.table("files"))
    wanted = tuple(
        _wanted(facts.table("files").table(name), name, source) for name in facts.table("files").values
    )
    if bool(wanted) == bool(isinstance(source, HubSource) and source.take):
        raise facts.wrong("files", "must name the files, or take be patterns for their names")
    return Entry(
        manifest.checked_id(facts.text("id"), file),
        facts.text("task"),
        facts.text("engine"),
        cast("Profile", facts.choice("profile", Profile)) if facts.has("profile") else None,
        facts.text("description", ""),
        facts.text("licence"),
        commercial,
        facts.texts("languages", ()),
        facts.whole("bytes_about", sum(item.bytes or 0 for item in wanted)),
        wanted,
        source,
        raw,
        facts.text("training", ""),
    )


def _source(facts: Facts, files: Facts) -> Source:
    kind = facts.text("kind")
    match kind:
        case "hub":
            adapter = _hub(facts.table("adapter")) if facts.has("adapter") else None
            return replace(_hub(facts), adapter=adapter)
        case "url":
            base = facts.text("base")
            if not base.startswith("https://"):
                raise facts.wrong("base", "must begin with https://")
            return UrlSource(base.rstrip("/"))
        case "packages":
            return recipe.read(facts, files)
        case _:
            raise facts.wrong("kind", f"must be one of {', '.join(get_args(Kind))}")


def _hub(facts: Facts) -> HubSource:
    take = facts.texts("take", ())
    return HubSource(facts.text("repository"), facts.text("revision", "main"), take)


def _wanted(facts: Facts, name: str, source: Source) -> WantedFile:
    manifest.refuse_unsafe_name(name, facts.where)
    if isinstance(source, UrlSource) and not facts.has("sha256"):
        raise facts.wrong("sha256", "must be known for a file that does not come from the hub")
    size = facts.whole("bytes") if facts.has("bytes") else None
    return WantedFile(name, size, facts.text("sha256") if facts.has("sha256") else None)
