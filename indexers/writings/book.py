"""E-books (EPUB): each chapter, in the order of reading. What is protected against copying is left out."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import unquote

from indexers.base import LeftOutError
from indexers.facts import Facts
from indexers.writings.blocks import Block, Heading, Link, Picture, Place, Source
from indexers.writings.package import Event, Package, joined
from indexers.writings.properties import of_events
from indexers.writings.web import Load, blocks, text_of
from search.errors import MediaError

WHAT = "e-book"
_LONGEST = 20_000_000
_FONTS = ("obfuscation", "font")


def book(source: Source) -> Iterator[Block]:
    """Read a book; every chapter with words is a place."""
    package = Package(source.file, WHAT)
    if "META-INF/container.xml" not in package:
        raise MediaError("The file is a ZIP archive, not an e-book as its name says.")
    if _is_protected(package):
        raise LeftOutError(
            "The e-book is protected against copying (DRM).", "Only its shop's reader opens it."
        )
    found = (
        one.attributes or {} for one in package.events("META-INF/container.xml") if one.name == "rootfile"
    )
    contents = next((path for one in found if (path := one.get("full-path"))), "")
    told = list(package.events(contents))
    yield of_events(told)
    for name in _spine(told, contents):
        if name in package and not source.is_over:
            yield from _chapter(package, name)


def _chapter(package: Package, name: str) -> Iterator[Block]:
    folder = name.rpartition("/")[0]

    def find(target: str) -> Load | None:
        part = joined(folder, unquote(target.partition("#")[0]))
        return partial(package.read, part) if part in package else None

    with package.open(name) as part:
        found = list(blocks(text_of(part.read(_LONGEST)), find))
    words = [one for one in found if not isinstance(one, Facts)]
    facts = next((one for one in found if isinstance(one, Facts)), Facts())
    if words:
        first = next((one for one in words if not isinstance(one, Picture | Link)), None)
        yield Place(first.text if isinstance(first, Heading) else facts.title or "", name=name)
        for one in words:
            if isinstance(one, Link):
                yield Link(name=joined(folder, one.target.partition("#")[0]))
            elif one is not first or not isinstance(first, Heading):
                yield one


def _spine(told: list[Event], contents: str) -> Iterator[str]:
    folder = contents.rpartition("/")[0]
    given = [(one.name, one.attributes) for one in told if one.attributes]
    items = {one.get("id"): one.get("href", "") for name, one in given if name == "item"}
    for name, one in given:
        if name == "itemref" and (target := items.get(one.get("idref"))):
            yield joined(folder, unquote(target))


def _is_protected(package: Package) -> bool:
    """Whether more than fonts is encrypted."""
    if "META-INF/encryption.xml" not in package:
        return False
    ways = [
        (one.attributes or {}).get("Algorithm", "")
        for one in package.events("META-INF/encryption.xml")
        if one.name == "EncryptionMethod" and one.attributes is not None
    ]
    return any(not any(font in way.lower() for font in _FONTS) for way in ways)
