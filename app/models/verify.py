"""Are a model's files what its manifest says?"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from app.models.manifest import Manifest, refuse_pickle
from search.errors import ModelError

Tell = Callable[[str, int, int | None], None]
"""Progress: a file's name, how many of its bytes are done, how many there are (None: not known yet)."""

_BLOCK = 1 << 20


def silent(name: str, done: int, total: int | None) -> None:
    """A `Tell` that says nothing."""


def sha256(file: Path, tell: Tell = silent) -> str:
    """Return a file's SHA-256 in hex digits. Raises `OSError`."""
    digest, size, done = hashlib.sha256(), file.stat().st_size, 0
    with file.open("rb") as opened:
        while block := opened.read(_BLOCK):
            digest.update(block)
            done += len(block)
            tell(file.name, done, size)
    return digest.hexdigest()


def problems(manifest: Manifest, folder: Path, *, hashes: bool, tell: Tell = silent) -> Iterator[str]:
    """Yield one phrase for each file that is missing or different; without `hashes` only sizes count."""
    for name, fact in manifest.files.items():
        file = folder / name
        if not file.is_file():
            yield f"{name} is missing"
        elif (size := file.stat().st_size) != fact.bytes:
            yield f"{name} has {size} bytes instead of {fact.bytes}"
        elif hashes and sha256(file, tell) != fact.sha256:
            yield f"{name} has other contents than it should"


def require_whole(manifest: Manifest, folder: Path, *, hashes: bool = False, tell: Tell = silent) -> None:
    """Raise `ModelError` when a file is missing, different, or a pickle."""
    if problem := next(problems(manifest, folder, hashes=hashes, tell=tell), None):
        message = f"The model {manifest.id} in {folder} is damaged: {problem}."
        raise ModelError(message, f"Remove it and get it again: crossfind models remove {manifest.id}.")
    for name in manifest.files:
        refuse_pickle(folder / name)
