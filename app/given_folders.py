"""Looks at the folders that a person gives, before anything is made or loaded for them."""

import os
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

from search.errors import CrossfindError, LibraryMissingError


def check(folders: Sequence[Path], library: Path) -> None:
    """Refuse folders none of which is there or ever was: a slip of the pen makes no library.

    What was indexed before may be away, with its drive. Raises `CrossfindError`, `LibraryError`.
    """
    if not folders or any(os.path.lexists(folder) for folder in folders):
        return
    from indexers.walk import absolute, contains
    from search.store import Library

    named = [absolute(folder) for folder in folders]
    with suppress(LibraryMissingError), closing(Library.open(library)) as opened:
        roots = [root.path for root in opened.roots]
        if any(contains(root, path) or contains(path, root) for root in roots for path in named):
            return
    raise CrossfindError(f"There is no file or folder {named[0]}.", "Name one that is there.")
