"""The links that stand on a page of a PDF: to other pages of it, and to other files."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from indexers.base import Piece
from indexers.link_targets import joined, target_of
from search.link_form import LINKS, MOST_OF_A_CONTENT, MOST_OF_A_PAGE
from search.records import Page

if TYPE_CHECKING:
    import pymupdf

_GOTO, _URI, _LAUNCH, _NAMED, _GOTOR = 1, 2, 3, 4, 5
"""The kinds of links as PyMuPDF numbers them."""


def links_of(page: "pymupdf.Page") -> list[Piece]:
    """Return the targets that a page links to, each once. A page that links to very many pages of its own
    document is a list of contents, which says nothing of what belongs together.

    Raises what MuPDF raises for damaged pages.
    """
    found = list(dict.fromkeys(_targets(page)))
    if sum(one.startswith("#") for one in found) > MOST_OF_A_PAGE:
        found = [one for one in found if not one.startswith("#")]
    place = Page(page.number + 1)
    return [Piece(LINKS, place, text=target) for target in found[:MOST_OF_A_CONTENT]]


def _targets(page: "pymupdf.Page") -> Iterator[str]:
    for link in page.get_links():
        target = _target(link)
        if target is not None and target != f"#page={page.number + 1}":
            yield target


def _target(link: dict[str, Any]) -> str | None:
    """Return what one link points to; pages count from 0 in PDFs, and -1 stands for none."""
    number = link.get("page")
    page = number + 1 if isinstance(number, int) and number >= 0 else None
    match link.get("kind"):
        case kind if kind in (_GOTO, _NAMED):
            return joined("", page)
        case kind if kind in (_GOTOR, _LAUNCH):
            target = target_of(str(link.get("file") or ""))
            is_plain = target is not None and "#" not in target and number  # 0 stands for no page, too
            return joined(target, page) if is_plain and target else target
        case kind if kind == _URI:
            return target_of(str(link.get("uri") or ""))
        case _:
            return None
