"""What the index is made of: contents, files, places inside them, hits. No third-party import."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

Box = tuple[float, float, float, float]
"""Left, top, right, bottom as shares 0..1 of the upright picture; the origin is its top left corner."""

MediaKind = Literal["image", "pdf", "document", "video", "audio", "other"]


_DOCUMENTS = (
    *("application/vnd.", "application/msword", "application/rtf", "application/epub", "application/mbox"),
    *("application/zip", "application/gzip", "application/x-tar", "application/x-bzip2", "application/x-xz"),
    *("application/x-7z", "application/x-ole"),
)
"""How the types of documents begin that are not named as text: of Office, books, mailboxes and archives."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole content."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document or of a many-page picture; `number` counts from 1.

    `picture`, from 1, is one of the pictures that stand there in a document that is no PDF; None is the page.
    """

    number: int
    picture: int | None = None


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A stretch of video or sound, in seconds from its beginning."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Region:
    """A box inside a picture, a page or a video moment."""

    of: Whole | Page | TimeSpan
    box: Box


Locator = Whole | Page | TimeSpan | Region


@dataclass(frozen=True, slots=True)
class Own:
    """What the user says of a content, in the form of `Content`; it goes before what the file says."""

    title: str | None = None
    taken_at: datetime | None = None
    rating: int | None = None
    place: str | None = None
    tags: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return self != Own()


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a file, known by their digest, and everything learned from them.

    `size` is in bytes, `width` and `height` in pixels of the upright first page, `taken_at` is the
    local time where the picture was taken (no zone), `latitude`/`longitude` are WGS 84 degrees.
    `words` is searchable metadata text (title, author, subject, camera and the like), `language` (ISO 639-1)
    what is mostly spoken. `tags` have their levels parted by slashes, `rating` is 1..5 or -1 for rejected;
    `place` is the name of the place, its smallest part first, and `place_names` the other names of it and of
    what it lies in, for search alone. `fields` are the user's own: name and value, some names several times.
    """

    digest: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    duration_s: float | None = None
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str | None = None
    title: str | None = None
    words: str = ""
    language: str | None = None
    tags: tuple[str, ...] = ()
    rating: int | None = None
    place: str | None = None
    place_names: tuple[str, ...] = field(default=(), compare=False)
    fields: tuple[tuple[str, str], ...] = ()

    def completed(self, other: "Content") -> "Content":
        """Take over from another description of the same bytes what this one does not say."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        lacks = [name for name, value in told.items() if value in (None, "", ())]
        return replace(self, **{name: getattr(other, name) for name in lacks})

    def told(self, own: Own) -> "Content":
        """Return the content as the user sees it: tags of both; else what the user says goes first."""
        tags = {tag.casefold(): tag for tag in (*own.tags, *self.tags)}
        names = (*((self.place,) if own.place and self.place else ()), *self.place_names)
        return replace(
            self,
            title=own.title or self.title,
            taken_at=own.taken_at or self.taken_at,
            rating=self.rating if own.rating is None else own.rating,
            place=own.place or self.place,
            place_names=tuple(part.strip() for name in names for part in name.split(",")),
            tags=tuple(tags.values()),
            fields=own.fields,
        )

    @property
    def kind(self) -> MediaKind:
        """The coarse type that `type:` filters and the window's icons use."""
        return media_kind(self.media_type)


def media_kind(media_type: str) -> MediaKind:
    """Map a MIME type to the coarse kind."""
    major = media_type.partition("/")[0]
    if media_type == "application/pdf":
        return "pdf"
    if major == "image":
        return "image"
    if major == "video":
        return "video"
    if major == "audio":
        return "audio"
    return "document" if major in ("text", "message") or media_type.startswith(_DOCUMENTS) else "other"


@dataclass(frozen=True, slots=True)
class File:
    """One path where a content was last seen. `root` is the indexed folder it was found under.

    `present` is False while its drive is away; such files stay searchable. `beside` stands for the state of
    the files beside it that say more about it (sidecars, subtitles), None when there are none.
    """

    path: str
    digest: str
    size: int
    mtime_ns: int
    root: str
    present: bool = True
    beside: str | None = None

    @property
    def name(self) -> str:
        """The file name with its extension."""
        return os.path.basename(self.path)  # noqa: PTH119 (a path object takes ten times as long)


def date_of(file: File, content: Content) -> datetime:
    """Return what `date:` asks about: when it was taken, else when the file last changed (local time)."""
    return content.taken_at or datetime.fromtimestamp(file.mtime_ns / 1e9)


Timing = tuple[tuple[int, float, float], ...]
"""For each spoken word: where it begins in the text, and its first and last second."""

Point = tuple[float, float]
"""Across and down as shares 0..1 of the upright picture, from its top left corner."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The smallest thing a search returns: the `n`-th piece of a content in one space.

    `parent` is the id of the segment that holds it; `timing` is read only where it is asked for, as are
    `quality` (0..1, how well what it shows can be told from others) and `landmarks` (of a face).
    """

    digest: str
    space: str
    n: int
    locator: Locator = Whole()
    text: str | None = None
    parent: str | None = None
    timing: Timing = ()
    quality: float | None = None
    landmarks: tuple[Point, ...] = ()

    @property
    def id(self) -> str:
        """Our own stable id, `digest:space:n`."""
        return f"{self.digest}:{self.space}:{self.n}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a hit is there: the leg that found it, its rank and score in that leg, the words or box.

    `score` is the leg's own raw score (cosine, BM25), `calibrated` the same on the common 0..1 scale.
    `part` is the part of a question that it answers, where a pair of places answers all of it. `path` is the
    file it was found in, where that is not the hit's own but one that a link joins with it.
    """

    space: str
    rank: int
    score: float
    locator: Locator
    text: str | None = None
    calibrated: float = 0.0
    part: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Grouped:
    """What a hit stands for when hits are grouped: a day (`2024-05-01`) or a folder's path, and how many
    files in it match."""

    name: str
    files: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. `score` is calibrated, 0..1; `thumbnail` is a WebP file or None; `group` is the day or
    folder that it stands for, where days or folders were asked for; `more` counts the places in the same file
    that match as well and are not among the hits."""

    rank: int
    score: float
    file: File
    content: Content
    locator: Locator
    text: str | None
    evidence: tuple[Evidence, ...]
    thumbnail: Path | None = None
    group: Grouped | None = None
    more: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of the query that could not be asked, why, and the command (or sentence) that mends it."""

    space: str
    reason: str
    remedy: str | None

    @property
    def told(self) -> str:
        """Reason and way out, as a person reads them."""
        said = f"{self.reason[:1].upper()}{self.reason[1:].rstrip('.')}."
        if not self.remedy:
            return said
        is_command = self.remedy[0].islower()
        return f"{said} Run: {self.remedy}" if is_command else f"{said} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Fix:
    """A repair of the query that was considered."""

    kind: str
    applied: bool
    detail: str
    confidence_gain: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Everything one query led to."""

    query: str
    took_ms: float
    hits: tuple[Hit, ...]
    missing: tuple[Missing, ...] = ()
    fixes: tuple[Fix, ...] = ()

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)


@dataclass(frozen=True, slots=True)
class Indexed:
    """The file was read and `segments` pieces of it are now searchable; `reason` says what of it was left
    out, and why, None where nothing was."""

    path: str
    segments: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The file is as it was; nothing was done."""

    path: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The content was known from another path; nothing was encoded."""

    path: str
    before: str


@dataclass(frozen=True, slots=True)
class Removed:
    """The file is gone from a folder that is there; its vectors stay until `prune`."""

    path: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The file was deliberately left out."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The file could not be read."""

    path: str
    reason: str


Outcome = Indexed | Unchanged | Moved | Removed | Skipped | Failed


@dataclass(frozen=True, slots=True)
class Learned:
    """How far one modality is in a run: files read, files to read, and how many a second (0: not known).

    `under_way` says how much is read of the files that are being read, in files: half a film is 0.5.
    """

    name: str
    done: int
    total: int
    files_per_s: float = 0.0
    under_way: float = 0.0

    @property
    def read(self) -> float:
        """How many files are read, those that are being read by as much as is read of them."""
        return self.done + self.under_way


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `total` and `left_s` (seconds) are None until they can be told.

    `learned` is the same for each modality that has anything to do.
    """

    done: int
    total: int | None
    files_per_s: float
    left_s: float | None
    stage: str
    learned: tuple[Learned, ...] = ()

    @property
    def share(self) -> float | None:
        """How much of the run is done, 0..1; None until it can be told.

        A file is done when all is learned from it, which is late: the cheap things of all files come first.
        So where a run says what it learns, each thing that is learned from a file counts alike.
        """
        if not self.total:
            return None
        steps = sum(one.total for one in self.learned)
        return min(1.0, sum(one.read for one in self.learned) / steps if steps else self.done / self.total)


SuggestionKind = Literal["word", "tag", "person", "saved", "collection", "folder", "place", "camera", "meant"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A whole query that may be meant. `count` is how often its new word is written in the library, or how
    many files have the name; 0 where nobody counts: people, saved searches, what was `meant` to be spelt so.
    """

    text: str
    kind: SuggestionKind
    count: int = 0
