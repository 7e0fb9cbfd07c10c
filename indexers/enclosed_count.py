"""How many pictures stand in a document, told without reading it: from the list of what a package holds, or
from the headings of a mail's parts. What is drawn by the program, or stands in what lies inside, is not told.
"""

import re
import zipfile
from pathlib import PurePath

from indexers.enclosed import MOST

_PICTURES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".avif"))
_LEAST_BYTES = 1_000
"""What takes less is a sign, a bullet or a rule."""

_AT_ONCE = 1 << 22
_IN_MAIL = re.compile(rb"(?:\A|\n)content-type:\s*image/", re.IGNORECASE)
_IN_PAGE = re.compile(rb"[\"'(]data:image/[\w.+-]{1,40};base64,[A-Za-z0-9+/]{1000}")
_READ: dict[str, re.Pattern[bytes]] = {
    **dict.fromkeys((".eml", ".emlx", ".mbox", ".mht", ".mhtml"), _IN_MAIL),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _IN_PAGE),
}


def pictures_in(path: str) -> int:
    """Return about how many pictures would be looked at; 0 for what cannot be read."""
    pattern = _READ.get(PurePath(path).suffix.lower())
    try:
        found = _packed(path) if pattern is None else _written(path, pattern)
    except (OSError, ValueError, RuntimeError, NotImplementedError, zipfile.BadZipFile):
        return 0
    return min(found, MOST)


def _packed(path: str) -> int:
    """Count the pictures in a package (Office, OpenDocument, e-book, archive)."""
    if not zipfile.is_zipfile(path):
        return 0
    with zipfile.ZipFile(path) as package:
        return sum(
            PurePath(one.filename).suffix.lower() in _PICTURES and one.file_size >= _LEAST_BYTES
            for one in package.infolist()
        )


def _written(path: str, pattern: re.Pattern[bytes]) -> int:
    """Count a pattern in the first bytes of a text."""
    with open(path, "rb") as file:  # noqa: PTH123 (paths come as text)
        return len(pattern.findall(file.read(_AT_ONCE)))
