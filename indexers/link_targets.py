"""What links in documents point to, brought to one form: `path#page=4`, `path`, or `#page=4`.

A path is as it was written, with forward slashes and without what only a browser needs. What leads into the
web, runs something or writes a mail is no link between files, and is never followed.
"""

import re
from urllib.parse import unquote

from search.link_form import PAGE_SIGN

LONGEST = 1_000
"""Signs of a target; nobody's path is longer."""

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+):")
_DRIVE = re.compile(r"/?[a-zA-Z]:[/\\]")
_PAGE = re.compile(r"(?:^|[&?])page=(\d{1,9})(?:$|&)", re.IGNORECASE)
_FILE = "file:"


def target_of(href: str) -> str | None:
    """Return the target of a reference as a page or a document writes it; None for what is no file."""
    text = href.strip()
    if not text or len(text) > LONGEST:
        return None
    if text[: len(_FILE)].lower() == _FILE:
        text = text[len(_FILE) :]
        text = f"/{text.lstrip('/')}"
        text = text[1:] if _DRIVE.match(text) else text
    elif text.startswith("//") or (_SCHEME.match(text) and not _DRIVE.match(text)):
        return None
    path, _, fragment = text.partition("#")
    path = unquote(path.partition("?")[0]).replace("\\", "/").strip()
    page = _PAGE.search(fragment)
    return joined(path, int(page[1]) if page else None)


def joined(path: str, page: int | None) -> str | None:
    """Return the target for a path and a page from 1; None where there is neither."""
    told = f"{path}{PAGE_SIGN}{page}" if page else path
    return told if told and "\0" not in told and len(told) <= LONGEST else None
