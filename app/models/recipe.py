"""How a model is made of files that installed packages carry: what the catalogue says about it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, assert_never

from app.models import convert_efficientnet, convert_minilm
from indexers.model_facts import Facts, stays_inside


@dataclass(frozen=True, slots=True)
class Converter:
    """Writes one file of a model (and what belongs beside it) from a weight file whose hash was checked."""

    convert: Callable[[Path, Path], None]
    version: int


CONVERTERS: Final[Mapping[str, Converter]] = {
    "efficientnet": Converter(convert_efficientnet.convert, convert_efficientnet.VERSION),
    "minilm": Converter(convert_minilm.convert, convert_minilm.VERSION),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A file that a package carries, `path` from where packages are installed."""

    package: str
    version: str
    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Parts one after the other; a single one is a copy."""

    parts: tuple[Part, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Converted:
    """A part in another format; `by` names the converter."""

    part: Part
    by: str


@dataclass(frozen=True, slots=True)
class Shipped:
    """A file of `resources/`, Crossfind's own."""

    name: str
    sha256: str


Making = Joined | Converted | Shipped


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Installed packages; `extra` is what pip installs them with, `making` how each file comes about."""

    extra: str
    making: Mapping[str, Making]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every file that is needed, each once."""
        return tuple(dict.fromkeys(part for made in self.making.values() for part in parts_of(made)))

    @property
    def packages(self) -> Mapping[str, str]:
        """The packages that are needed, with their versions."""
        return {part.package: part.version for part in self.parts}

    @property
    def command(self) -> str:
        """What a person types to get them."""
        return f'pip install "crossfind[{self.extra}]"'

    @property
    def revision(self) -> str:
        """Sixteen hex digits that change with what the model is made of and with how it is made.

        Not the hash of the result: a library made with another version of a conversion's tools is the same.
        """
        lines = "".join(f"{name} {_told(made)}\n" for name, made in sorted(self.making.items()))
        return hashlib.sha256(lines.encode()).hexdigest()[:16]


def parts_of(made: Making) -> tuple[Part, ...]:
    """Return the parts that go into one file."""
    match made:
        case Joined(parts, _):
            return parts
        case Converted(part, _):
            return (part,)
        case Shipped():
            return ()
        case _:
            assert_never(made)


def read(source: Facts, files: Facts) -> PackageSource:
    """Read a catalogue entry's `[source]` of kind packages and its `[files]`. Raises `ModelError`."""
    named = source.table("parts")
    parts = {name: _part(named.table(name)) for name in named.values}
    making = {name: _making(files.table(name), parts) for name in files.values}
    return PackageSource(source.text("extra"), making)


def _part(facts: Facts) -> Part:
    path = facts.text("path")
    if not stays_inside(path):
        raise facts.wrong("path", "must name a file inside a package")
    return Part(
        facts.text("package"), facts.text("version"), path, facts.whole("bytes"), facts.text("sha256")
    )


def _making(facts: Facts, parts: Mapping[str, Part]) -> Making:
    if facts.has("resource"):
        return Shipped(facts.file("resource", ""), facts.text("sha256"))
    names = facts.texts("from")
    if not names or not set(names) <= parts.keys():
        raise facts.wrong("from", f"must name some of {', '.join(parts)}")
    used = tuple(parts[name] for name in names)
    if not facts.has("by"):
        return Joined(used, facts.text("sha256", used[0].sha256 if len(used) == 1 else None))
    if facts.text("by") not in CONVERTERS or len(used) > 1:
        raise facts.wrong("by", f"must be one of {', '.join(CONVERTERS)}, for a single part")
    return Converted(used[0], facts.text("by"))


def _told(made: Making) -> str:
    match made:
        case Joined(_, sha256) | Shipped(_, sha256):
            return sha256
        case Converted(part, by):
            return f"{by} {CONVERTERS[by].version} {part.sha256}"
        case _:
            assert_never(made)
