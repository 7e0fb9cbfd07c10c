"""What Crossfind is made of: its libraries with their licences, as they are installed."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from app import __version__, paths
from ui.settings.backend import About, Component

_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST = 60


def about() -> About:
    """Return the version, the installed libraries that Crossfind asks for, and where its own files are."""
    return About(__version__, tuple(_components()), paths.config_file(), paths.log_dir())


def asked_for() -> tuple[str, ...]:
    """Return the names of the installed libraries that Crossfind asks for, extras among them."""
    try:
        wanted = distribution("crossfind").requires or []
    except PackageNotFoundError:  # a checkout that was never installed
        return ()
    names = {match[0] for line in wanted if "dev" not in line and (match := _NAME.match(line))}
    return tuple(name for name in sorted(names, key=str.lower) if _is_installed(name))


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _components() -> Iterator[Component]:
    for name in asked_for():
        found = distribution(name)
        yield Component(found.metadata["Name"], found.version, licence_of(found))


def licence_of(package: Distribution) -> str:
    """Return the licence that a package states, in a few words; "not stated" where it states none."""
    for said in (*_all(package, "License-Expression"), *_all(package, "License")):
        first = said.strip().partition("\n")[0].strip()
        if first and first.lower() not in ("unknown", "none"):
            return first if len(first) <= _LONGEST else f"{first[: _LONGEST - 1]}…"
    classified = (line.rpartition(" :: ") for line in _all(package, "Classifier"))
    return ", ".join(last for first, _, last in classified if first.startswith("License")) or "not stated"


def _all(package: Distribution, field: str) -> list[str]:
    return list(package.metadata.get_all(field) or [])
