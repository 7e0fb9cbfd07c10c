"""Presentations (.pptx): each slide with its tables, what is drawn as a diagram, and the notes below it."""

from collections.abc import Iterator

from indexers.facts import clean
from indexers.writings.blocks import Block, Paragraph, Place, Source
from indexers.writings.drawings import Drawings
from indexers.writings.package import Event, Package
from indexers.writings.properties import of_package
from indexers.writings.word import table
from search.errors import MediaError

WHAT = "PowerPoint presentation"
_MAIN = "ppt/presentation.xml"
_BESIDE = ("notesSlide", "diagramData", "comments")
_LEFT_OUT = frozenset(("sldNum", "dt", "ftr", "hdr", "sldImg"))
_TITLES = frozenset(("title", "ctrTitle"))


def slides(source: Source) -> Iterator[Block]:
    """Read a presentation; every slide is a place, an empty one, too."""
    package = Package(source.file, WHAT)
    if _MAIN not in package:
        raise MediaError("The file is a ZIP archive, not a PowerPoint presentation as its name says.")
    yield of_package(package, "docProps/core.xml")
    for name in _in_order(package):
        reading = _Slide(Drawings(package, name))
        found = list(reading.blocks(package.events(name)))
        yield Place(reading.title, name=name)
        yield from found
        for kind, beside in package.targets(name).values():
            if kind in _BESIDE and beside in package:
                yield from _Slide(Drawings(package, beside)).blocks(package.events(beside))


def _in_order(package: Package) -> list[str]:
    """Return the slides as they are shown, which is not the order of their names."""
    targets = package.targets(_MAIN)
    ids = [
        event.attributes["id"]
        for event in package.events(_MAIN)
        if event.name == "sldId" and event.attributes and event.attributes.get("id") in targets
    ]
    return [targets[one][1] for one in ids if targets[one][1] in package] or package.names(
        "ppt/slides/slide", ".xml"
    )


class _Slide:
    """Reads one slide; `title` is what its title says."""

    def __init__(self, drawings: Drawings) -> None:
        self.title = ""
        self._drawings = drawings
        self._kind = ""
        self._text: list[str] = []
        self._is_text = False
        self._rows: list[list[str]] | None = None

    def blocks(self, events: Iterator[Event]) -> Iterator[Block]:
        """Yield its paragraphs, tables and pictures; its number, date and footer are left out."""
        for event in events:
            yield from self._drawings.take(event)
            if event.name == "":
                self._text += [event.text] if self._is_text else []
            elif event.attributes is not None:
                self._begin(event)
            elif event.name in ("t", "text"):
                self._is_text = False
            elif event.name == "p":
                yield from self._paragraph()
            elif event.name == "sp":
                self._kind = ""
            elif event.name == "tbl" and self._rows is not None:
                rows, self._rows = self._rows, None
                yield from table(rows)

    def _begin(self, event: Event) -> None:
        if event.name in ("t", "text"):
            self._is_text = True
        elif event.name == "br":
            self._text.append("\n")
        elif event.name == "ph":
            self._kind = (event.attributes or {}).get("type", "body")
        elif event.name == "tbl":
            self._rows = []
        elif event.name == "tr" and self._rows is not None:
            self._rows.append([])
        elif event.name == "tc" and self._rows:
            self._rows[-1].append("")

    def _paragraph(self) -> Iterator[Block]:
        text, self._text = "".join(self._text).strip(), []
        if not text or self._kind in _LEFT_OUT:
            return
        if self._rows and self._rows[-1]:
            self._rows[-1][-1] = f"{self._rows[-1][-1]} {text}".strip()
        elif self._kind in _TITLES:
            self.title = f"{self.title} {clean(text)}".strip()
        else:
            yield Paragraph(text)
