"""Web pages: their words, paragraph by paragraph. Nothing that a page points to is ever fetched."""

import base64
import re
from collections.abc import Callable, Iterator
from functools import partial
from html.parser import HTMLParser
from urllib.parse import unquote

from indexers.facts import Facts, clean
from indexers.link_targets import target_of
from indexers.writings.blocks import Block, Heading, Link, Paragraph, Picture, Row, Source
from indexers.writings.columns import LONGEST_CELL, MOST_CELLS
from indexers.writings.decoding import decoded

_AT_ONCE = 1 << 16
_HIDDEN = frozenset(("script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select"))
_BLOCKS = """
address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table
tbody tfoot thead title tr ul
"""
_PARTING = frozenset(_BLOCKS.split())
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]+)")
_ASIDE = re.compile(r"<!--.*?(?:-->|\Z)|<[!?][^>]*(?:>|\Z)", re.DOTALL)
"""Comments and declarations; the parser takes long over many that have no end."""

_IN_PLACE = re.compile(r"data:image/[\w.+-]{1,40};base64,([A-Za-z0-9+/=\s%]+)")
_KEPT = "data:kept,"
"""Stands in the markup for a picture of which it held all bytes: the parser takes long over long words."""

_TOLD = frozenset(("author", "description", "keywords"))


Load = Callable[[], bytes]
Find = Callable[[str], Load | None]
"""Returns how the bytes of a picture are had that a page shows, by what it calls it; None where they are not
in the file."""


def page(source: Source) -> Iterator[Block]:
    """Read a web page from its bytes."""
    yield from blocks(text_of(source.file.read(source.most_text)))


def text_of(data: bytes) -> str:
    """Decode a page by what it says of its encoding."""
    head = data[:2048]
    found = _XML_ENCODING.search(head) or _CHARSET.search(head)
    return decoded(data, found[1].decode("ascii") if found else None)


def blocks(markup: str, find: Find = lambda _: None) -> Iterator[Block]:
    """Read a page: what it says of itself first, scripts and styles not at all. Pictures are those that stand
    in it (`data:`), and those that `find` knows."""
    kept: list[str] = []

    def shorter(found: re.Match[str]) -> str:
        kept.append(found[1])
        return f"{_KEPT}{len(kept) - 1}"

    def known(target: str) -> Load | None:
        if target.startswith(_KEPT) and target[len(_KEPT) :].isdecimal():
            return partial(_decoded, kept[int(target[len(_KEPT) :])])
        return find(target)

    markup = _ASIDE.sub("", _IN_PLACE.sub(shorter, markup))
    head = _Page()
    head.feed(markup[:_AT_ONCE])
    title = clean(head.title) or None
    yield Facts(title=title, words="\n".join(dict.fromkeys([*([title] if title else []), *head.told])))
    parser = _Page(known)
    for begin in range(0, len(markup), _AT_ONCE):
        parser.feed(markup[begin : begin + _AT_ONCE])
        yield from parser.taken()
    parser.close()
    parser.end()
    yield from parser.taken()


class _Page(HTMLParser):
    """Takes a page as it comes; tags that are not closed, or closed twice, are as browsers take them."""

    def __init__(self, find: Find = lambda _: None) -> None:
        super().__init__(convert_charrefs=True)
        self._find = find
        self.title = ""
        self.told: list[str] = []
        self._found: list[Block] = []
        self._text: list[str] = []
        self._hidden: list[str] = []
        self._tag = ""
        self._rows: list[_Table] = []
        self._links: list[Block] = []

    def taken(self) -> list[Block]:
        """Return what was found since the last time."""
        found, self._found = self._found, []
        return found

    def end(self) -> None:
        """Bring to an end what is open."""
        self._flush()
        while self._rows:
            self._end_table()
        self._tell_links()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            said = dict(attrs)
            if (said.get("name") or "").lower() in _TOLD and said.get("content"):
                self.told.append(clean(said["content"] or ""))
        elif tag == "a":
            self._link(dict(attrs).get("href") or "")
        elif tag in ("img", "image"):
            self._show(dict(attrs))
        elif tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag == "br" and self._tag == "pre":
            self._text.append("\n")
        elif tag == "table":
            self._flush()
            self._rows.append(_Table())
        elif tag in ("tr", "td", "th") and self._rows:
            self._flush()
            self._rows[-1].begin(tag)
        elif tag in _PARTING:
            self._flush()
            self._tag = tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HIDDEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif tag == "table" and self._rows:
            self._flush()
            self._end_table()
        elif tag in ("td", "th") or tag in _PARTING:
            self._flush()
            self._tag = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._text.append(data)

    def _show(self, given: dict[str, str | None]) -> None:
        target = given.get("src") or given.get("href") or given.get("xlink:href") or ""
        self._link(target)
        load = self._find(target) if target else None
        if load is not None:
            self._found.append(Picture(load, clean(given.get("alt") or "")))

    def _link(self, href: str) -> None:
        """Note a link; it is told after the words that it stands in."""
        target = target_of(href)
        if target is not None and not target.startswith("#"):
            self._links.append(Link(target))

    def _tell_links(self) -> None:
        self._found += self._links
        self._links = []

    def _flush(self) -> None:
        raw, self._text = "".join(self._text), []
        text = raw.strip("\n") if self._tag == "pre" else " ".join(raw.split())
        if not text.strip():
            return
        if self._tag == "title":
            self.title = self.title or text
        elif self._rows:
            self._rows[-1].add(text)
        else:
            self._found.append(Heading(clean(text)) if self._tag in _HEADINGS else Paragraph(text))
            self._tell_links()

    def _end_table(self) -> None:
        table = self._rows.pop()
        if self._rows:  # a table in a table
            self._rows[-1].add(" ".join(" ".join(row) for row in table.rows))
            return
        self._found += table.told()
        self._tell_links()


def _decoded(data: str) -> bytes:
    """Return the bytes that stand in a page. Raises `ValueError` where they are none."""
    return base64.b64decode("".join(unquote(data).split()))


class _Table:
    """The rows of a table, and whether the first names the columns."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self._headed = True

    def begin(self, tag: str) -> None:
        if tag == "tr" or not self.rows:
            self.rows.append([])
        if tag != "tr":
            self._headed &= len(self.rows) > 1 or tag == "th"
            if len(self.rows[-1]) < MOST_CELLS:
                self.rows[-1].append("")

    def add(self, text: str) -> None:
        if not self.rows or not self.rows[-1]:
            self.begin("td")
        self.rows[-1][-1] = f"{self.rows[-1][-1]} {text}".strip()[: LONGEST_CELL * 10]

    def told(self) -> list[Block]:
        """Return rows; a table of one column is there for the looks."""
        rows = [row for row in self.rows if any(row)]
        if all(len(row) < 2 for row in rows):
            return [Paragraph(cell) for row in rows for cell in row]
        header = tuple(rows[0]) if self._headed and len(rows) > 1 else ()
        return [Row(tuple(row), header if n else ()) for n, row in enumerate(rows)]
