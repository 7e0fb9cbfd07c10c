"""Makes a model folder of what installed packages carry: once, checked before and after, all at once.

The folders lie in `.prepared/` below the person's own models, named after the model and what it is made of.
"""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, assert_never

import resources
from app.models import manifest, packaged
from app.models.catalogue import NOT_IN_MANIFEST, Entry
from app.models.incoming import incoming
from app.models.manifest import FileFact, Manifest
from app.models.recipe import CONVERTERS, Converted, Joined, Making, PackageSource, Part, Shipped
from app.models.verify import problems, sha256
from search.errors import ModelError
from search.reporting import Report, silent

FOLDER = ".prepared"

_WAIT_S = 120.0
_WORTH_SHARING = 1_000_000
_WAY_OUT = "let that folder be written, or name another one with CROSSFIND_HOME"
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def folder_of(entry: Entry, source: PackageSource, models: Path) -> Path:
    """Where a model of packages lies, or will lie, once it is prepared."""
    return models / FOLDER / f"{entry.id}-{source.revision[:8]}"


def planned(entry: Entry, source: PackageSource) -> dict[str, Any]:
    """Return what the prepared model's `model.toml` will say, but for `[files]`."""
    raw = {key: value for key, value in entry.raw.items() if key not in NOT_IN_MANIFEST}
    packages = {"kind": "packages", "packages": dict(source.packages)}
    return raw | {"made_of": source.revision, "source": packages}


def whole(folder: Path) -> Manifest | None:
    """Return the manifest of a prepared folder unless a file is missing or has another size."""
    if not (folder / manifest.NAME).is_file():
        return None
    try:
        found = manifest.read(folder)
    except ModelError:
        return None
    return None if any(problems(found, folder, hashes=False)) else found


def made(entry: Entry, source: PackageSource, models: Path) -> Manifest | None:
    """Return the manifest of a prepared model: its files as made, all else as the catalogue has it today."""
    target = folder_of(entry, source, models)
    if (found := whole(target)) is None:
        return None
    return manifest.parse(planned(entry, source) | {"files": found.raw["files"]}, str(target / manifest.NAME))


def prepare(
    entry: Entry, source: PackageSource, models: Path, report: Report = silent
) -> tuple[Manifest, Path]:
    """Return the model's manifest and folder, made now unless it is there.

    Another process that is at it is waited for. Where the models folder may not be written, the model is
    made in a temporary folder for this process only. Raises `ModelError`: a package is missing, has another
    version or was altered; the disk is full.
    """
    try:
        return _prepared(entry, source, models, report)
    except ModelError as error:
        if getattr(error.__cause__, "errno", None) not in _FORBIDDEN:
            raise
        report(f"{error.message} So {entry.id} has to be made anew each time; {_WAY_OUT}.")
        return _prepared(entry, source, Path(_temporary().name), report)


@cache
def _temporary() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="crossfind-models-", ignore_cleanup_errors=True)


def forget_temporary() -> None:
    """Delete what was made for this process only; for processes that end without cleaning up."""
    if _temporary.cache_info().currsize:
        _temporary().cleanup()


def _prepared(entry: Entry, source: PackageSource, models: Path, report: Report) -> tuple[Manifest, Path]:
    target = folder_of(entry, source, models)
    if there := made(entry, source, models):
        return there, target
    with incoming(models, target.name, keep=False, wait_s=_WAIT_S) as folder:
        if there := made(entry, source, models):  # another process was faster
            return there, target
        report(f"Making {entry.id} ready, once; this takes a few seconds …")
        places = packaged.checked(entry.id, source)
        for name, making in source.making.items():
            _make(entry.id, making, folder / name, places)
        files = {name: [fact.bytes, fact.sha256] for name, fact in _measured(folder)}
        done = manifest.write(folder, planned(entry, source) | {"files": files})
        _share(folder, done, models / FOLDER)
        return done, _placed(folder, target)


def _make(id_: str, making: Making, target: Path, places: Mapping[Part, Path]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    match making:
        case Joined(parts, known):
            with target.open("wb") as joined:
                for part in parts:
                    with places[part].open("rb") as opened:
                        shutil.copyfileobj(opened, joined, 1 << 20)
            _require(id_, target, known, "its parts do not fit together")
        case Converted(part, by):
            _convert(id_, by, places[part], target)
        case Shipped(name, known):
            shutil.copyfile(resources.path(name), target)
            _require(id_, target, known, "the file that came with Crossfind was altered")
        case _:
            assert_never(making)


def _convert(id_: str, by: str, weights: Path, target: Path) -> None:
    try:
        CONVERTERS[by].convert(weights, target)
    except ImportError as error:
        message = f"Making {id_} ready needs the package {error.name}, which is not installed."
        raise ModelError(message, f"Get it: pip install {error.name}.") from error


def _require(id_: str, file: Path, known: str, problem: str) -> None:
    if sha256(file) != known:
        raise ModelError(f"{file.name} of {id_} is wrong: {problem}.", "Install Crossfind again.")


def _measured(folder: Path) -> Iterator[tuple[str, FileFact]]:
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            yield file.relative_to(folder).as_posix(), FileFact(file.stat().st_size, sha256(file))


def _share(folder: Path, done: Manifest, prepared: Path) -> None:
    """Let a large file that another prepared model has too be one file on disk, where that is possible."""
    others = [(place.parent, whole(place.parent)) for place in prepared.glob(f"*/{manifest.NAME}")]
    twins = {fact: place / name for place, other in others if other for name, fact in other.files.items()}
    for name, fact in done.files.items():
        twin = twins.get(fact)
        if twin and fact.bytes >= _WORTH_SHARING and sha256(twin) == fact.sha256:
            linked = folder / f"{name}.link"
            with suppress(OSError):  # another disk, or a file system without hard links
                os.link(twin, linked)
                linked.replace(folder / name)


def _placed(folder: Path, target: Path) -> Path:
    target.parent.mkdir(exist_ok=True)
    if target.exists():  # damaged: a whole one was returned before
        shutil.rmtree(target)
    return folder.replace(target)
