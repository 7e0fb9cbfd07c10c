"""Small files written so that a reader sees the old or the new one, never half of it."""

import os
import time
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file beside its place, bring it to the disk, then move it there. Raises `OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _replace(source: Path, target: Path) -> None:
    """Replace a file, patient with Windows, where a reader that has the target open is in the way."""
    for _ in range(50):
        try:
            source.replace(target)
            return
        except PermissionError:
            if os.name != "nt":
                raise
            time.sleep(0.02)
    source.replace(target)


def size_of(folder: Path) -> int:
    """Add up the bytes of all files below a folder; files that vanish meanwhile count nothing."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).stat().st_size
            except OSError:
                continue
    return total
