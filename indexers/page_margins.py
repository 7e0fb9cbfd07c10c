"""Running heads, feet and page numbers: what stands at the edge of a page and of the pages around it."""

import re
from collections.abc import Collection

from indexers.page_lines import Line, PageLines

_EDGE = 0.1
"""In heights of the page."""

_LONGEST = 120
_DIGITS = re.compile(r"\d+|\b[ivxlcdm]+\b")
_NUMBER = re.compile(
    r"(?i)[\W_]*(?:(?:page|seite|p\.|s\.|pagina|página|pág\.|strona|стр\.|第)\s*)?(?:\d{1,5}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|von|de|/|sur|di|из|-|–)\s*\d{1,5})?\s*(?:页|頁|ページ)?[\W_]*"
)


def edges(page: PageLines) -> frozenset[str]:
    """Return what stands at the edges of a page, with its numbers left out."""
    return frozenset(_rough(line) for line in page.lines if _is_at_edge(line, page))


def is_margin(line: Line, page: PageLines, heads: Collection[str]) -> bool:
    """Whether a line is a page number, or stands at the edge of another page as well (`heads`)."""
    if not _is_at_edge(line, page):
        return False
    return bool(_NUMBER.fullmatch(line.text)) or _rough(line) in heads


def _rough(line: Line) -> str:
    return _DIGITS.sub("#", line.text.casefold())


def _is_at_edge(line: Line, page: PageLines) -> bool:
    low, high = line.box[1] > (1 - _EDGE) * page.height, line.box[3] < _EDGE * page.height
    return (low or high) and len(line.text) <= _LONGEST
