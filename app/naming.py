"""Names of files: as they are shown on a terminal, and as new files get them."""

import os
import unicodedata
from contextlib import nullcontext
from pathlib import Path

from search.errors import CrossfindError
from search.new_files import new_file

LONGEST_BYTES = 255
"""So long may the name of a file be on all usual systems."""

_UNSEEN = frozenset(("Cc", "Cs", "Zl", "Zp"))
_TURNS_LETTERS = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))


def visible(text: str) -> str:
    """Return a name with all written out that would move the cursor, colour the screen or turn letters round.

    A name may hold anything: newlines, sequences that a terminal obeys, bytes that are no text.
    """
    if text.isprintable():
        return text
    return "".join(repr(one)[1:-1] if _is_strange(one) else one for one in text)


def _is_strange(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN or letter in _TURNS_LETTERS


def fitting(stem: str, ending: str) -> str:
    """Return `stem` and `ending` as the name of a new file, the stem cut where it would be too long."""
    room = LONGEST_BYTES - len(os.fsencode(ending))
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem + ending


def write_new(file: Path, text: str, *, force: bool = False) -> None:
    """Write a text to a file that is not there yet, or with `force` over one that is; complete or not at all.

    What is no text in a name is written as an escape. Raises `CrossfindError`.
    """
    if file.is_file() and not force:
        raise CrossfindError(f"{file} is there already.", "Choose another name, or add --force.")
    is_stream = file.exists() and not file.is_file()  # a pipe or terminal, which nothing must replace
    try:
        with nullcontext(file) if is_stream else new_file(file, force=True) as beside:
            beside.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
    except OSError as error:
        raise CrossfindError(
            f"{file} cannot be written: {error.strerror}.", "Name a file in another folder."
        ) from error
