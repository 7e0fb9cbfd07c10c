"""What an indexer is: one modality, from the bytes of a file to pieces that spaces encode.

A new modality is one new module that ends in `INDEXER = ...`, plus its dotted name in `BUILTIN`.
An indexer is asked in a worker process, one *part* at a time: it must not need state between calls,
and it says itself where the next part starts, so a document of any length stays within the limits.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Protocol

from search.errors import MediaError
from search.link_form import LINKS
from search.people.records import REGIONS
from search.records import Content, Locator, Point, Timing, media_kind
from search.spaces import Fingerprint, Payload, PictureInput, Vector
from search.storyboard import Shown

BUILTIN = (
    "indexers.pictures",
    "indexers.documents",
    "indexers.texts",
    "indexers.archives",
    "indexers.code",
    "indexers.enclosed",
    "indexers.page_figures",
    "indexers.video",
    "indexers.ocr",
    "indexers.objects",
    "indexers.speech",
    "indexers.sounds",
    "indexers.metadata",
    "indexers.faces",
    "indexers.page_looks",
)

FACTS = "facts"
"""The space of what files say about themselves: it has marks and no segments, the facts are `Content`'s."""

LAYOUT = "layout"
"""The space of documents whose pages were read as they are read now: it has marks and no segments. A higher
revision reads the words of documents again, and the passages made of them, in place."""

WORD_SPACES: Mapping[str, Fingerprint] = {
    "text": Fingerprint("words", "1", "", 0),
    "subtitles": Fingerprint("words", "1", "", 0),
    LAYOUT: Fingerprint("layout", "1", "", 0),
    FACTS: Fingerprint("metadata", "1", "", 0),
    LINKS: Fingerprint("links", "1", "", 0),
    REGIONS: Fingerprint("regions", "1", "", 0),
}
"""Spaces of words only, without vectors. A higher revision reads the words of every file again."""


class LeftOutError(MediaError):
    """A file that is left out on purpose. Its sentence names the option (`--password`, `--max-megapixels`)
    that would let it in, where there is one: a run with that option tries the file again.
    """


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost: seconds and MB per part in a worker; how large it may be: a picture in
    megapixels, a text in MB."""

    seconds: float = 60.0
    memory_mb: float = 2048
    megapixels: float = 200.0
    text_mb: float = 20.0


USUAL_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Job:
    """One part of one content, for the spaces that still miss it.

    `spaces` maps each wanted space to how it takes pictures (None for words); `thumbnails` says
    whether small pictures are wanted too; `hear_subtitled` whether speech is that subtitles cover; `start`
    is 0 or what the part before named as `next`; `rates_hz` how many samples a second a space takes, for
    spaces of sound that say so.
    """

    path: str
    digest: str
    media_type: str
    size: int
    mtime_ns: int
    indexer: str
    spaces: Mapping[str, PictureInput | None]
    thumbnails: bool = True
    limits: Limits = USUAL_LIMITS
    passwords: tuple[str, ...] = ()
    hear_subtitled: bool = False
    start: int = 0
    rates_hz: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """A segment in the making: its space, its place, its words, and what the space is to encode or read.

    `vector`, float32 (dim,), is there when the piece was encoded already; both are None for mere words, and
    for what gets the middle of the vectors of the pieces it holds.
    `parent` is which piece of the same space, counted from 0 within the same part or reading, holds this one;
    `quality` and `landmarks` are those of a face, see `search.records.Segment`.
    `timing` says when each spoken word begins and ends, `language` (ISO 639-1) what is spoken or written.
    `over` is what a text stands under, its title and heading: the vector of the text leans to theirs.
    `tokens`, float32 (m, dim), are the many vectors of a page, with the piece that stands for all of it.
    """

    space: str
    locator: Locator
    text: str | None = None
    payload: Payload | None = None
    vector: Vector | None = None
    parent: int | None = None
    timing: Timing = ()
    language: str | None = None
    quality: float | None = None
    landmarks: tuple[Point, ...] = ()
    over: str | None = None
    tokens: Vector | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one call of an indexer found. `content` comes with the part that starts at 0.

    `thumbnails` are WebP files; `next` is where the next part starts, None after the last. `of` is where the
    file ends, counted as `next` is, as far as that is known: it only tells how far a run is. `notes` say, a
    sentence each, what of the file was left out.
    """

    content: Content | None
    pieces: Sequence[Piece] = ()
    thumbnails: Sequence[tuple[Shown, bytes]] = ()
    next: int | None = None
    notes: Sequence[str] = ()
    of: float | None = None

    @property
    def share(self) -> float | None:
        """How much of the file lies before the next part, 0..1; None where that is not known."""
        return min(1.0, self.next / self.of) if self.next is not None and self.of else None


class Indexer(Protocol):
    """One modality."""

    @property
    def name(self) -> str:
        """What `--only` calls it."""

    @property
    def media_types(self) -> frozenset[str]:
        """The MIME types it reads. Several indexers may read the same one."""

    @property
    def spaces(self) -> frozenset[str]:
        """The spaces it makes pieces for."""

    @property
    def cost(self) -> int:
        """0 is cheapest; dearer indexers start when the cheaper ones have seen every file."""

    def extract(self, job: Job) -> Part:
        """Read one part. Raises `LeftOutError` or `MediaError` with a sentence for a person."""


@dataclass(frozen=True, slots=True)
class Registry:
    """The indexers of a run, cheapest first, and which of them read a media type.

    Those named in `along` (what files say about themselves) read only files that another one reads as well.
    """

    indexers: tuple[Indexer, ...]
    along: frozenset[str] = frozenset()
    _by_type: dict[str, tuple[Indexer, ...]] = field(default_factory=dict)

    def of_type(self, media_type: str) -> tuple[Indexer, ...]:
        """Return the indexers that read this MIME type; empty when nobody does."""
        if media_type not in self._by_type:
            found = tuple(indexer for indexer in self.indexers if media_type in indexer.media_types)
            is_read = any(indexer.name not in self.along for indexer in found)
            self._by_type[media_type] = found if is_read else ()
        return self._by_type[media_type]

    def named(self, name: str) -> Indexer:
        """Return one indexer; KeyError when there is none of that name."""
        for indexer in self.indexers:
            if indexer.name == name:
                return indexer
        raise KeyError(name)

    @property
    def names(self) -> frozenset[str]:
        """What `only` takes: the indexers' names, and the kinds of file they read."""
        return frozenset(name for indexer in self.indexers for name in (indexer.name, *kinds_of(indexer)))

    def without(self, names: Collection[str]) -> "Registry":
        """Leave out the indexers of these names.

        Where none is left but those that come along, they are what is wanted, and read files by themselves.
        """
        left = tuple(i for i in self.indexers if i.name not in names)
        is_theirs = all(i.name in self.along for i in left)
        return Registry(left, frozenset() if is_theirs else self.along)

    def only(self, names: Iterable[str]) -> "Registry":
        """Keep the indexers that are named, by their name or by a kind of file they read.

        Those that come along do so in any case, unless they are what is named.
        """
        wanted = frozenset(names)
        along = self.along - wanted
        kept = (i for i in self.indexers if i.name in along or wanted & ({i.name} | kinds_of(i)))
        return Registry(tuple(kept), along)


def kinds_of(indexer: Indexer) -> frozenset[str]:
    """Return the coarse kinds of file (`image`, `pdf` ...) that an indexer reads."""
    return frozenset(media_kind(media_type) for media_type in indexer.media_types)


def load(modules: Sequence[str] = BUILTIN) -> Registry:
    """Import the named modules and return their indexers, cheapest first."""
    found: dict[str, Indexer] = {}
    for module in modules:
        indexer: Indexer = import_module(module).INDEXER
        if indexer.name in found:
            raise ValueError(f"two indexers are called {indexer.name!r}")
        found[indexer.name] = indexer
    along = frozenset(name for name, indexer in found.items() if FACTS in indexer.spaces)
    return Registry(tuple(sorted(found.values(), key=lambda indexer: indexer.cost)), along)
