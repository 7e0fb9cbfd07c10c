"""Pictures in documents that are no PDFs: on slides, in chapters, with mail, in archives; what they show.

Small ones are signs and rules, and what is shown again (a logo on every slide) counts once. Which pictures
there are, and their numbers, depends on the bytes of the document alone, so that a picture is found again.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from io import BytesIO
from itertools import islice
from math import inf
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from indexers import imaging
from indexers.base import USUAL_LIMITS, Job, LeftOutError, Limits, Part, Piece
from indexers.document_types import ARCHIVES, TEXTS
from indexers.media_types import HEAD_BYTES, sniff
from indexers.picture_pieces import picture_pieces
from indexers.pictures import PictureIndexer
from indexers.writings.blocks import Picture, Place, Source
from indexers.writings.members import errors
from indexers.writings.pieces import Pieces
from indexers.writings.reading import MERE_TEXT, RESUMED, inside, read
from indexers.writings.refused import REFUSED
from search.errors import MediaError
from search.records import Locator, Page

MOST = 500
"""Pictures of one document; mailboxes have no such bound."""

PER_PART = 48
SECONDS_PER_PART = 20.0
LEAST_SIDE = 64
"""What has a shorter side of fewer pixels is a sign, a bullet or a rule."""

_BITS = 20
"""A part begins at a place, from 0, and in these bits of the number behind so many pictures."""

ENCLOSING = (frozenset(TEXTS) | frozenset(ARCHIVES)) - REFUSED - MERE_TEXT | {"text/html"}
"""The types of documents in which pictures are looked for."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in a document: where it stands, and its bytes, as they are."""

    place: Page
    data: bytes

    def picture(self, need: int, limits: Limits) -> Image.Image:
        """Decode it: upright, in RGB, its shorter side at least about `need` pixels. Raises `MediaError`."""
        with imaging.opened(BytesIO(self.data), limits) as image:
            return imaging.upright(BytesIO(self.data), image, need, limits)


@dataclass(slots=True)
class Gallery:
    """The pictures of an open document from `source.start` on; `troubles` says what could not be shown.

    After `until`, in seconds of `time.monotonic`, it ends: `is_cut`. `place` is the one that was reached,
    from 1, of `places`, where the document tells how many there are.
    """

    source: Source
    limits: Limits = USUAL_LIMITS
    until: float = inf
    troubles: list[str] = field(default_factory=list)
    place: int = 1
    places: int | None = None
    is_cut: bool = False
    _seen: set[bytes] = field(default_factory=set)

    def __iter__(self) -> Iterator[Shown]:
        """Yield them in their order. Raises `LeftOutError`, and `MediaError` for a document beyond repair;
        what is damaged in the middle ends there."""
        broken: tuple[type[Exception], ...] = (MediaError, *errors())
        try:
            yield from self._shown()
        except LeftOutError:
            raise
        except broken as error:
            if self.place == 1 and not self._seen:
                raise MediaError("The pictures of the document cannot be read.") from error

    def _shown(self) -> Iterator[Shown]:
        pieces = Pieces((), self.source.start)
        is_resumed = self.source.media_type in RESUMED
        number, reached = 0, 0
        for block in read(self.source):
            pieces.take(block)
            self.place, self.places = max(1, pieces.number), pieces.places
            if self.place != reached:
                number, reached = 0, self.place
                self._seen = set() if is_resumed else self._seen
            is_between = isinstance(block, Place) and self.place > self.source.start + 1
            if time.monotonic() > self.until and (is_between or not is_resumed):
                self.is_cut = True
                return
            if isinstance(block, Picture) and (data := self._kept(block)):
                number += 1
                yield Shown(Page(self.place, number), data)
            if pieces.is_full and not is_resumed:
                return

    def _kept(self, block: Picture) -> bytes:
        """Return the bytes of a picture that is worth a look, b"" of any other."""
        broken: tuple[type[Exception], ...] = (MediaError, *errors())
        try:
            data = block.load()
            key = sha256(data).digest()
            if not data or key in self._seen:
                return b""
            self._seen.add(key)
            with imaging.opened(BytesIO(data), self.limits) as image:
                return data if min(image.size) >= LEAST_SIDE else b""
        except broken as error:
            self.tell(error)
            return b""

    def tell(self, error: Exception) -> None:
        """Note why a picture is left out; what no program reads that runs here is none."""
        if isinstance(error, MediaError):
            self.troubles.append(str(error))


def picture_at(path: str | Path, place: Page, need: int, passwords: Sequence[str] = ()) -> Image.Image:
    """Decode one picture of a document, see `Shown.picture`. Raises `MediaError`."""
    with _opened(path) as file:
        head = file.read(HEAD_BYTES)
        size = file.seek(0, 2)
        file.seek(0)
        source = _source(file, str(path), size, sniff(head, str(path)), tuple(passwords))
        if source.media_type in RESUMED:
            source = replace(source, start=place.number - 1)
        for one in Gallery(source):
            if one.place == place:
                return one.picture(need, USUAL_LIMITS)
    raise MediaError("This picture is not in the document any more.")


class Stretch:
    """The pictures of one part of a job, decoded: at most so many, shorter sides of at least about `need`
    pixels. When they have been gone through, `next`, `of` and `notes` are those of the `Part`."""

    def __init__(self, job: Job, need: int, most: int = PER_PART) -> None:
        self.next: int | None = None
        self.of: float | None = None
        self.notes: tuple[str, ...] = ()
        self._job, self._need, self._most = job, need, most

    def __iter__(self) -> Iterator[tuple[Page, Image.Image]]:
        """Yield each with its place. Raises as `Gallery` does; what cannot be decoded is only told."""
        job = self._job
        start, behind = divmod(job.start, 1 << _BITS)
        with _opened(job.path) as file:
            source = _source(file, job.path, job.size, job.media_type, job.passwords)
            source = replace(source, until=time.monotonic() + 0.75 * job.limits.seconds, start=start)
            seconds = min(SECONDS_PER_PART, job.limits.seconds / 2)
            gallery = Gallery(source, job.limits, time.monotonic() + seconds)
            for one in islice(self._wanted(gallery), behind, None):
                try:
                    picture = one.picture(self._need, job.limits)
                except MediaError as error:
                    gallery.tell(error)
                else:
                    yield one.place, picture
            if gallery.is_cut and job.media_type in RESUMED:
                self.next = gallery.place - 1 << _BITS
            elif gallery.is_cut:
                gallery.troubles.append("There was no time to look at all of its pictures.")
            if gallery.places and job.media_type in RESUMED:
                self.of = gallery.places << _BITS
        self.notes = summed(gallery.troubles)

    def _wanted(self, gallery: Gallery) -> Iterator[Shown]:
        """Yield the pictures up to the end of this part."""
        behind = self._job.start % (1 << _BITS)
        is_resumed = self._job.media_type in RESUMED
        for n, one in enumerate(gallery):
            if n >= MOST and not is_resumed:
                gallery.troubles.append(f"Only its first {MOST} pictures are looked at.")
                return
            if n >= behind + self._most:
                at = (one.place.number - 1) << _BITS | (one.place.picture or 1) - 1
                self.next = at if is_resumed else n
                return
            yield one


class EnclosedIndexer:
    """Looks at the pictures in documents."""

    name = "enclosed"
    media_types = ENCLOSING
    spaces = PictureIndexer.spaces
    cost = 1

    def extract(self, job: Job) -> Part:
        """Decode the pictures of one part; the facts of the content are others' work."""
        stretch = Stretch(job, imaging.needed_side(job.spaces.values(), job.thumbnails))
        pieces: list[Piece] = []
        thumbnails: list[tuple[Locator, bytes]] = []
        for place, picture in stretch:
            pieces += picture_pieces(place, picture, job.spaces)
            if job.thumbnails:
                thumbnails.append((place, imaging.thumbnail(picture)))
        return Part(None, pieces, thumbnails, stretch.next, stretch.notes, stretch.of)


def summed(troubles: Sequence[str]) -> tuple[str, ...]:
    """Say of each trouble once, with a number where it came several times."""
    counts = Counter(troubles)
    return tuple(f"{text} ({count} pictures)" if count > 1 else text for text, count in counts.items())


@contextmanager
def _opened(path: str | Path) -> Iterator[BinaryIO]:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 (paths come as text)
            yield file
    except OSError as error:
        raise MediaError(f"The file cannot be read: {error.strerror}.") from error


def _source(file: BinaryIO, path: str, size: int, media_type: str, passwords: tuple[str, ...]) -> Source:
    return Source(file, path, size, media_type, passwords, inside=inside, shows=True)


INDEXER = EnclosedIndexer()
