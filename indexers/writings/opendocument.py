"""OpenDocument: texts, spreadsheets and presentations (.odt, .ods, .odp)."""

from collections.abc import Iterator
from functools import partial

from indexers.base import LeftOutError
from indexers.facts import clean
from indexers.link_targets import target_of
from indexers.writings.blocks import Block, Heading, Link, Paragraph, Picture, Place, Source
from indexers.writings.columns import MOST_CELLS, headed
from indexers.writings.package import Event, Package
from indexers.writings.properties import of_package
from indexers.writings.sheets import sheet_title
from search.errors import MediaError

WHAT = "OpenDocument file"
_MANIFEST, _CONTENT = "META-INF/manifest.xml", "content.xml"
_LEFT_OUT = frozenset(("tracked-changes", "forms", "scripts", "automatic-styles", "font-face-decls"))
_MOST_REPEATED = 20


def opendocument(source: Source) -> Iterator[Block]:
    """Read a document; sheets and slides are places, a text has none."""
    package = Package(source.file, WHAT)
    if _CONTENT not in package:
        raise MediaError("The file is a ZIP archive, not an OpenDocument file as its name says.")
    if _is_encrypted(package):
        raise LeftOutError("The document is encrypted with a password.", "Save a copy without it.")
    yield of_package(package, "meta.xml")
    reading = _Reading(package)
    for event in package.events(_CONTENT):
        yield from reading.take(event)


def _is_encrypted(package: Package) -> bool:
    return _MANIFEST in package and any(one.name == "encryption-data" for one in package.events(_MANIFEST))


class _Reading:
    """The state of reading: what is open."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._text: list[str] = []
        self._open = 0
        self._left_out = 0
        self._is_spread = False
        self._rows: list[list[str]] = []
        self._tables = 0
        self._times = 1

    def take(self, event: Event) -> Iterator[Block]:
        """Take one event, and yield what it brings to its end."""
        if event.name in _LEFT_OUT:
            self._left_out += 1 if event.attributes is not None else -1
        elif self._left_out:
            return
        elif event.name == "":
            self._text += [event.text] if self._open else []
        elif event.attributes is not None:
            yield from self._begin(event.name, dict(event.attributes))
        else:
            yield from self._end(event.name)

    def _begin(self, name: str, given: dict[str, str]) -> Iterator[Block]:
        match name:
            case "p" | "h":
                self._open += 1
            case "s" if self._open:
                self._text.append(" ")
            case "tab" | "line-break" if self._open:
                self._text.append("\t" if name == "tab" else "\n")
            case "image" if (name := given.get("href", "").removeprefix("./")) in self._package:
                yield Picture(partial(self._package.read, name))
            case "a" if target := target_of(given.get("href", "").removeprefix("../")):
                yield Link(target)  # a document is a folder of its own there
            case "spreadsheet":
                self._is_spread = True
            case "page":
                yield Place(
                    "" if given.get("name", "").startswith(("page", "Slide")) else given.get("name", "")
                )
            case "table":
                self._tables += 1
                if self._is_spread and self._tables == 1:
                    yield Place(sheet_title(given.get("name", "")))
            case "table-row" if self._tables == 1:
                self._rows.append([])
            case "table-cell" | "covered-table-cell" if self._tables == 1 and self._rows:
                times = given.get("number-columns-repeated", "1")
                self._times = min(int(times) if times.isdigit() else 1, _MOST_REPEATED)
                if len(self._rows[-1]) < MOST_CELLS:
                    self._rows[-1].append("")

    def _end(self, name: str) -> Iterator[Block]:
        if name in ("p", "h") and self._open:
            self._open -= 1
            text = "" if self._open else "".join(self._text).strip()
            self._text = self._text if self._open else []
            if text and self._tables and self._rows and self._rows[-1]:
                self._rows[-1][-1] = f"{self._rows[-1][-1]} {text}".strip()
            elif text:
                yield Heading(clean(text)) if name == "h" else Paragraph(text)
        elif name in ("table-cell", "covered-table-cell") and self._tables == 1 and self._rows:
            row = self._rows[-1]
            row += (self._times - 1) * row[-1:]
        elif name == "table" and self._tables:
            self._tables -= 1
            if not self._tables:
                rows, self._rows = self._rows, []
                yield from headed(rows)
