"""Files beside a file that say more about it: XMP sidecars, subtitles.

`photo.jpg.xmp` and `photo.xmp` belong to `photo.jpg`, `film.srt` and `film.en.vtt` to `film.mkv`.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

SIDECAR = ".xmp"
ENDINGS = frozenset((SIDECAR, ".srt", ".vtt"))
"""In small letters."""

TOLD_BESIDE = frozenset(("facts", "regions", "subtitles"))
"""The spaces that files beside a file have a say in: they are read again when one of those changes."""

_STAMP_BYTES = 8


def stamps(names: Iterable[str], beside: Sequence[tuple[str, int, int]]) -> dict[str, str]:
    """Return name -> stamp of the files in a folder that have others beside them.

    `beside` are name, size and mtime of the latter. A stamp changes when one of them does, comes or goes.
    """
    told: dict[str, list[str]] = {}
    for name, size, mtime_ns in beside:
        for owner in _owners(name):
            told.setdefault(owner, []).append(f"{name[name.rfind('.') :].lower()} {size} {mtime_ns}")
    found = {}
    for name in names:
        stem = name[: name.rfind(".")]
        if lines := [*told.get(name, ()), *told.get(stem, ())]:
            digest = hashlib.blake2b("\n".join(sorted(lines)).encode(), digest_size=_STAMP_BYTES)
            found[name] = digest.hexdigest()
    return found


def sidecars(path: str) -> list[Path]:
    """Return the XMP sidecars a file may have, the one that is its own alone first."""
    own = Path(path)
    names = (own.name + SIDECAR, own.name + SIDECAR.upper(), own.stem + SIDECAR, own.stem + SIDECAR.upper())
    there = (own.with_name(name) for name in names)
    return [one for one in there if os.path.isfile(one)]  # noqa: PTH113  (is_file fails for too long a name)


def _owners(name: str) -> Iterator[str]:
    """Yield what a file may be called, with or without its ending, that this one belongs to."""
    stem, _, ending = name.rpartition(".")
    yield stem
    if f".{ending.lower()}" != SIDECAR and "." in stem:
        yield stem.rpartition(".")[0]
