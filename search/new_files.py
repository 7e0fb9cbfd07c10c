"""New files that are there whole or not at all, whatever stops the writing of them."""

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LONGEST_SUFFIX = 32


@contextmanager
def new_file(target: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a hidden name beside `target`, with its suffix, to write to; what was written there becomes
    `target` when the block ends well, and is deleted when it does not.

    Raises `FileExistsError` when `target` is there already, before anything is written or at the end, unless
    `force`, and `OSError`.
    """
    if not force and os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    suffix = target.suffix if len(target.suffix) <= _LONGEST_SUFFIX else ""
    beside = target.with_name(f".{uuid.uuid4().hex[:12]}{suffix}")
    try:
        yield beside
        if force:
            beside.replace(target)
        else:
            _place(beside, target)
    finally:
        beside.unlink(missing_ok=True)


def _place(beside: Path, target: Path) -> None:
    """Give a file its name, which no other may have. Raises `FileExistsError`."""
    if os.name != "nt":
        try:
            os.link(beside, target)
            return
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            if os.path.lexists(target):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target)) from None
    beside.rename(target)  # on Windows it never replaces
