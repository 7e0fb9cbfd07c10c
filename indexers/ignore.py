"""What a walk leaves out: junk of operating systems, `--exclude` patterns, `.crossfindignore` files.

Patterns are those of gitignore. They count from the folder that states them; a deeper
`.crossfindignore` has the last word over a higher one, and `--exclude` over all of them.
"""

# A walk meets too many files to make a Path object of each.
# ruff: noqa: PTH118

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from search.errors import MediaError

IGNORE_FILE = ".crossfindignore"
BESIDE = "._"
"""How names begin that macOS writes beside files. Other hidden files are a person's own and are kept; junk
such as `Thumbs.db` has no extension that a walk looks at."""

_JUNK_FOLDERS = frozenset(
    (
        *("$recycle.bin", "system volume information", "@eadir", "#recycle", "#snapshot", "lost+found"),
        *("__macosx", "node_modules", "bower_components", "site-packages", "dist-packages", "__pycache__"),
    )
)


def is_junk_folder(name: str) -> bool:
    """Tell the folders nobody keeps files in: hidden ones (leading dot), those of the system, and those where
    package managers unpack other people's code."""
    return name.startswith(".") or name.lower() in _JUNK_FOLDERS


@dataclass(frozen=True, slots=True)
class Layer:
    """The patterns of one folder; `base` is where paths relative to it begin in a full path."""

    base: int
    spec: GitIgnoreSpec


@dataclass(frozen=True, slots=True)
class Rules:
    """The patterns that hold in one folder, strongest first."""

    excludes: tuple[Layer, ...] = ()
    files: tuple[Layer, ...] = ()

    def ignore(self, path: str, is_folder: bool) -> bool:
        """Whether a path below this folder is left out."""
        for layer in self.excludes + self.files:
            relative = path[layer.base :] + "/" if is_folder else path[layer.base :]
            verdict = layer.spec.check_file(relative).include
            if verdict is not None:
                return verdict
        return False

    def inside(self, folder: str) -> "Rules":
        """Add the patterns of the folder's own ignore file. Raises `MediaError` when it is unreadable."""
        lines = _lines_of(os.path.join(folder, IGNORE_FILE))
        return Rules(self.excludes, (_layer(folder, lines), *self.files))

    def __bool__(self) -> bool:
        return bool(self.excludes or self.files)


def rules_for(root: str, excludes: Sequence[str]) -> Rules:
    """Bind `--exclude` patterns to an indexed folder. Raises `MediaError` for an unreadable pattern."""
    return Rules((_layer(root, excludes),)) if excludes else Rules()


def _layer(folder: str, lines: Iterable[str]) -> Layer:
    try:
        spec = GitIgnoreSpec.from_lines(lines)
    except ValueError as error:
        raise MediaError(f"An ignore pattern cannot be read: {error}.") from error
    return Layer(len(folder) if folder.endswith(os.sep) else len(folder) + 1, spec)


def _lines_of(file: str) -> list[str]:
    if os.path.lexists(file) and not Path(file).is_file():  # a pipe would never end
        raise MediaError(f"{IGNORE_FILE} cannot be read: it is no file.")
    try:
        return Path(file).read_text(encoding="utf-8-sig", errors="surrogateescape").splitlines()
    except OSError as error:
        raise MediaError(f"{IGNORE_FILE} cannot be read: {error.strerror}.") from error
