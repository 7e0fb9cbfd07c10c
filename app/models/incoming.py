"""A model comes into being beside the others and appears only when it is whole."""

import errno
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from app.models import manifest
from app.models.manifest import Manifest
from search.errors import ModelError

FOLDER = ".incoming"

_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


@contextmanager
def incoming(models: Path, id_: str, *, keep: bool, wait_s: float = 0) -> Iterator[Path]:
    """Give a folder to build the model `id_` in; nobody else builds it meanwhile.

    With `keep`, what an interrupted attempt left there is still there, and stays there after the
    next; without it, the folder starts empty and is removed when the block fails. Raises
    `ModelError` when another process is at it for more than `wait_s` seconds, and for a full disk
    or a folder that cannot be written.
    """
    folder = models / FOLDER / (id_ if keep else f"{id_}.import")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(folder.name + ".lock"), timeout=wait_s):
            if not keep:
                shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(exist_ok=True)
            try:
                yield folder
            finally:
                if not keep:
                    shutil.rmtree(folder, ignore_errors=True)
    except Timeout as error:
        raise ModelError(f"Another process is just getting {id_}.", "Wait until it is done.") from error
    except OSError as error:
        raise _unusable(models, error) from error


def begun_bytes(models: Path, id_: str) -> int:
    """Return how much of a model an interrupted download left to go on from."""
    files = (models / FOLDER / id_).rglob("*")
    with suppress(OSError):  # it is just being completed
        return sum(file.stat().st_size for file in files if file.is_file())
    return 0


def publish(folder: Path, models: Path, raw: Mapping[str, Any]) -> tuple[Manifest, Path]:
    """Write the manifest and move the folder to its place, all at once. Raises `ModelError`, `OSError`."""
    made = manifest.write(folder, raw)
    for left in folder.rglob("*.part"):
        left.unlink()
    target = models / made.id
    refuse_taken(target)
    if target.is_dir():
        target.rmdir()
    return made, folder.replace(target)


def refuse_taken(target: Path) -> None:
    """Raise `ModelError` when something already stands where a model is to go."""
    if target.is_dir() and not any(target.iterdir()):
        return
    if target.exists() or target.is_symlink():
        remedy = f"Remove it first: crossfind models remove {target.name}."
        raise ModelError(f"{target} is already there.", remedy)


def _unusable(models: Path, error: OSError) -> ModelError:
    if error.errno in _FULL:
        return ModelError(
            f"The disk that holds {models} is full.", "Make room and run the same command again."
        )
    place = error.filename or models
    return ModelError(f"{place} cannot be used: {error.strerror or error}.", "Check its permissions.")
