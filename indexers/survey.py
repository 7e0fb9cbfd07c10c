"""What folders hold before any of it is indexed: files by kind, their pages and hours, from headers alone."""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cache

from indexers import sound
from indexers.enclosed_count import pictures_in
from indexers.media_types import by_extension
from indexers.video_file import opened
from indexers.walk import RootState, helpers_in, single, state_of, walk
from search.errors import MediaError
from search.records import MediaKind, media_kind
from search.store import Seen

LOOKED_INTO = 200
"""So many files of a kind, drawn at random, are opened for their pages or their length."""

Known = Callable[[Seen], bool]


@dataclass(slots=True)
class Amount:
    """Files of one kind, with their bytes. `units` are pages of PDFs, hours of films and recordings, files of
    other kinds; `pictures` those that stand in documents: counted where all of them were `looked` into, else
    told from the size of those that were."""

    files: int = 0
    bytes: int = 0
    units: float = 0.0
    pictures: float = 0.0
    looked: int = 0
    _drawn: list[tuple[str, int]] = field(default_factory=list)

    def add(self, path: str, size: int, chance: random.Random) -> None:
        """Count a file."""
        self.files += 1
        self.bytes += size
        if len(self._drawn) < LOOKED_INTO:
            self._drawn.append((path, size))
        elif (at := chance.randrange(self.files)) < LOOKED_INTO:
            self._drawn[at] = path, size

    def look(self, kind: MediaKind) -> None:
        """Open those that were drawn. What cannot be read counts for nothing."""
        self.looked = len(self._drawn) if kind in _UNITS or kind == "document" else self.files
        drawn = sum(size for _, size in self._drawn)
        share = 1.0 if self.looked == self.files else self.bytes / max(drawn, 1)
        if kind == "document":
            self.pictures = share * sum(pictures_in(path) for path, _ in self._drawn)
        counted = sum(_told(kind, path) for path, _ in self._drawn) if kind in _UNITS else 0
        self.units = share * counted if kind in _UNITS else self.files


def survey(
    roots: Sequence[tuple[str, Sequence[str]]],
    boundaries: Collection[str] = (),
    known: Known = lambda _: False,
) -> dict[MediaKind, Amount]:
    """Return what there is to index under roots, each with its ignore patterns, by kind; `known` tells what
    need not be. Folders that are away or cannot be read count for nothing."""
    chance, helpers = random.Random(0), cache(helpers_in)
    found: dict[MediaKind, Amount] = {}
    for root, excludes in roots:
        state = state_of(root)
        listings = [single(root, helpers)] if state is RootState.FILE else []
        for listing in listings or (
            walk(root, None, excludes, boundaries) if state is RootState.FOLDER else ()
        ):
            for seen in listing.files:
                media_type = by_extension(seen[0])
                if media_type is not None and not known(seen):
                    amount = found.setdefault(media_kind(media_type), Amount())
                    amount.add(seen[0], seen[1], chance)
    for kind, amount in found.items():
        amount.look(kind)
    return found


def _pages(path: str) -> float:
    import pymupdf

    try:
        with pymupdf.open(path) as document:
            return float(document.page_count)
    except (RuntimeError, ValueError, OSError):
        return 0.0


def _hours(path: str) -> float:
    try:
        with opened(path) as container:
            return (sound.duration(container) or 0.0) / 3600
    except MediaError:
        return 0.0


_UNITS: dict[MediaKind, Callable[[str], float]] = {"pdf": _pages, "video": _hours, "audio": _hours}


def _told(kind: MediaKind, path: str) -> float:
    return _UNITS[kind](path)
