"""Which pictures a part of an Office document shows, and what it links to, as its events come."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from indexers.link_targets import target_of
from indexers.writings.blocks import Link, Picture
from indexers.writings.package import Event, Package
from search.errors import MediaError

_NAMED = frozenset(("docPr", "cNvPr"))
_SHOWN = frozenset(("blip", "imagedata"))
_LINKS = frozenset(("hyperlink", "hlinkClick"))
_FRAMES = frozenset(("sp", "pic", "graphicFrame", "inline", "anchor"))


class Drawings:
    """Tells the pictures and links of one part of a package; those of its layout, which every slide shows,
    are none."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._targets: dict[str, tuple[str, str]] = {}
        self._outside: dict[str, str] = {}
        self._alt = ""
        with suppress(MediaError):  # a document is not lost for its pictures
            self._targets = package.targets(part)
            self._outside = package.outside(part)

    def take(self, event: Event) -> Iterator[Picture | Link]:
        """Take one event, and yield the picture that it shows, or the link that it is, if any."""
        given = event.attributes
        if given is None:
            self._alt = "" if event.name in _FRAMES else self._alt
        elif event.name in _NAMED:
            self._alt = given.get("descr", "") or self._alt
        elif event.name in _SHOWN:
            name = self._targets.get(given.get("embed") or given.get("id", ""), ("", ""))[1]
            if name in self._package:
                yield Picture(partial(self._package.read, name), self._alt)
        elif event.name in _LINKS:
            relation = given.get("id", "")
            if target := target_of(self._outside.get(relation, "")):
                yield Link(target)
            elif relation in self._targets:
                yield Link(name=self._targets[relation][1])
