"""Word documents (.docx): the body, then notes, comments, headers and footers. Macros are not read."""

import re
from collections.abc import Iterator

from indexers.writings.blocks import Block, Heading, Paragraph, Row, Source
from indexers.writings.columns import headed
from indexers.writings.drawings import Drawings
from indexers.writings.package import Event, Package
from indexers.writings.properties import of_package
from search.errors import MediaError

WHAT = "Word document"
_BODY = "word/document.xml"
_BESIDE = ("footnotes", "endnotes", "comments", "header", "footer")
_HEADING = re.compile(r"(?i)(heading|title|subtitle)\b")
_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def word(source: Source) -> Iterator[Block]:
    """Read a document."""
    package = Package(source.file, WHAT)
    body = _BODY if _BODY in package else next(iter(package.names("word/document", ".xml")), "")
    if not body:
        raise MediaError("The file is a ZIP archive, not a Word document as its name says.")
    yield of_package(package, "docProps/core.xml")
    styles = _headings(package)
    for name in (body, *(name for kind in _BESIDE for name in package.names(f"word/{kind}", ".xml"))):
        yield from _blocks(package.events(name), styles, Drawings(package, name))


def _headings(package: Package) -> frozenset[str]:
    """Return the ids of the styles of headings, whatever the language of the program that wrote it."""
    found: set[str] = set()
    style = ""
    for event in package.events("word/styles.xml") if "word/styles.xml" in package else ():
        given = event.attributes or {}
        if event.name == "style" and event.attributes is not None:
            style = given.get("styleId", "")
        elif (event.name == "name" and _HEADING.match(given.get("val", ""))) or (
            event.name == "outlineLvl" and given.get("val", "9") < "9"
        ):
            found.add(style)
    return frozenset(found)


class _Reading:
    """The state of reading: the paragraph that is open, its style, and the tables it lies in."""

    def __init__(self, styles: frozenset[str], drawings: Drawings) -> None:
        self._styles = styles
        self._drawings = drawings
        self._text: list[str] = []
        self._style = ""
        self._tables: list[list[list[str]]] = []
        self._left_out = 0
        self._is_text = False

    def take(self, event: Event) -> Iterator[Block]:
        """Take one event, and yield what it brings to its end."""
        if event.name == "Fallback":  # the same again, for old programs
            self._left_out += 1 if event.attributes is not None else -1
        elif self._left_out:
            return
        elif event.name == "":
            self._text += [event.text] if self._is_text else []
        else:
            yield from self._drawings.take(event)
            if event.attributes is not None:
                self._begin(event.name, event.attributes)
            else:
                yield from self._end(event.name)

    def _begin(self, name: str, given: "Event | object") -> None:
        attributes = given if isinstance(given, dict) else {}
        if name == "t":
            self._is_text = True
        elif name in _BREAKS:
            self._text.append(_BREAKS[name])
        elif name == "pStyle":
            self._style = attributes.get("val", "")
        elif name == "outlineLvl":
            self._style = next(iter(self._styles), "") if attributes.get("val", "9") < "9" else self._style
        elif name == "tbl":
            self._tables.append([])
        elif name == "tr" and self._tables:
            self._tables[-1].append([])
        elif name == "tc" and self._tables and self._tables[-1]:
            self._tables[-1][-1].append("")

    def _end(self, name: str) -> Iterator[Block]:
        if name == "t":
            self._is_text = False
        elif name == "p":
            text, style = "".join(self._text).strip(), self._style
            self._text, self._style = [], ""
            if text and self._in_cell:
                self._add(text)
            elif text:
                yield Heading(text) if style in self._styles else Paragraph(text)
        elif name == "tbl" and self._tables:
            rows = self._tables.pop()
            if self._in_cell:
                self._add(" ".join(" ".join(row) for row in rows))
            else:
                yield from table(rows)

    @property
    def _in_cell(self) -> bool:
        return bool(self._tables and self._tables[-1] and self._tables[-1][-1])

    def _add(self, text: str) -> None:
        row = self._tables[-1][-1]
        row[-1] = f"{row[-1]} {text}".strip()


def table(rows: list[list[str]]) -> Iterator[Row | Paragraph]:
    """Return the rows of a table; one of a single column is there for the looks."""
    if all(len(row) < 2 for row in rows):
        yield from (Paragraph(cell) for row in rows for cell in row if cell)
    else:
        yield from headed(rows)


def _blocks(events: Iterator[Event], styles: frozenset[str], drawings: Drawings) -> Iterator[Block]:
    reading = _Reading(styles, drawings)
    for event in events:
        yield from reading.take(event)
