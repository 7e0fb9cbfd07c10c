"""What goes into the library and what comes out of it: plain frozen records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from search.records import Content, File, Segment
from search.spaces import Fingerprint, Vector
from search.storyboard import Shown

MarkOutcome = Literal["done", "skipped", "failed"]
WordMode = Literal["any", "all", "phrase", "part"]
WordField = Literal["text", "ocr", "speech", "subtitles", "label", "name", "metadata"]


@dataclass(frozen=True, slots=True)
class Root:
    """An indexed folder and the ignore patterns it was indexed with."""

    path: str
    excludes: tuple[str, ...] = ()


class KnownFile(NamedTuple):
    """What the last run saw at a path; `size` in bytes, `beside` as in `File`."""

    size: int
    mtime_ns: int
    digest: str
    present: bool
    beside: str | None = None


class Mark(NamedTuple):
    """That a content has been through a space's indexer (fingerprint `key`), and how it ended.

    `segments` counts the rows it left there; `reason` is a sentence when it was skipped or failed, or says
    what was left out when it is done.
    """

    digest: str
    space: str
    key: str
    outcome: MarkOutcome = "done"
    reason: str | None = None
    segments: int = 0


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small WebP picture of a content or of one of its pages."""

    digest: str
    locator: Shown
    webp: bytes


@dataclass(frozen=True, slots=True)
class SegmentRows:
    """Segments of one space made with one fingerprint; `vectors` is (n, dim), None for words.

    `tokens`, in the spaces that have them, are the many vectors of a page, (m, dim), with the segment that
    stands for all of it, and None with the others.
    """

    fingerprint: Fingerprint
    segments: Sequence[Segment]
    vectors: Vector | None = None
    tokens: Sequence[Vector | None] | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything learned about a few hundred contents, written as one.

    A digest may come again in a later batch: its contents row is replaced, and its rows of a space are
    replaced in the spaces the batch names (a mark without segments empties that space for the digest).
    """

    contents: Sequence[Content] = ()
    files: Sequence[File] = ()
    segments: Mapping[str, SegmentRows] = field(default_factory=dict)
    marks: Sequence[Mark] = ()
    thumbnails: Sequence[Thumbnail] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Words to look for: `any` of them, `all` of them, as a `phrase`, or as a `part` of longer words."""

    text: str
    mode: WordMode = "any"


@dataclass(frozen=True, slots=True)
class Found:
    """A segment that answers one leg of a query.

    `score` is raw: cosine for vectors, BM25 for words. `path` is set when a file, not its content, was found.
    """

    segment: Segment
    score: float
    path: str | None = None


@dataclass(frozen=True, slots=True)
class SpaceStatus:
    """One space: what serves it, how much is in it, and what is being built to replace it.

    `pending` counts the contents that still lack a mark for `next`.
    """

    name: str
    fingerprint: Fingerprint
    segments: int
    contents: int
    next: Fingerprint | None = None
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be indexed in one space, or was left out of it, and why; with "done", what of it
    was left out."""

    path: str
    space: str
    reason: str
    outcome: MarkOutcome = "failed"


@dataclass(frozen=True, slots=True)
class LibraryStatus:
    """What the library holds; `kinds` counts files, `offline` the files that are away, sizes in bytes."""

    folder: Path
    roots: tuple[Root, ...]
    files: int
    contents: int
    offline: int
    kinds: Mapping[str, int]
    spaces: tuple[SpaceStatus, ...]
    failures: tuple[Failure, ...]
    disk_bytes: int


@dataclass(frozen=True, slots=True)
class PruneReport:
    """What `prune` took away."""

    contents: int
    segments: int
    thumbnails: int
    spaces: int
    bytes_freed: int
