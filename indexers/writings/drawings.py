"""Which pictures a part of an Office document shows, as its events come."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

from indexers.writings.blocks import Picture
from indexers.writings.package import Event, Package
from search.errors import MediaError

_NAMED = frozenset(("docPr", "cNvPr"))
_SHOWN = frozenset(("blip", "imagedata"))
_FRAMES = frozenset(("sp", "pic", "graphicFrame", "inline", "anchor"))


class Drawings:
    """Tells the pictures of one part of a package; those of its layout, which every slide shows, are none."""

    def __init__(self, package: Package, part: str) -> None:
        self._package = package
        self._targets: dict[str, tuple[str, str]] = {}
        self._alt = ""
        with suppress(MediaError):  # a document is not lost for its pictures
            self._targets = package.targets(part)

    def take(self, event: Event) -> Iterator[Picture]:
        """Take one event, and yield the picture that it shows, if any."""
        given = event.attributes
        if given is None:
            self._alt = "" if event.name in _FRAMES else self._alt
        elif event.name in _NAMED:
            self._alt = given.get("descr", "") or self._alt
        elif event.name in _SHOWN:
            name = self._targets.get(given.get("embed") or given.get("id", ""), ("", ""))[1]
            if name in self._package:
                yield Picture(partial(self._package.read, name), self._alt)
