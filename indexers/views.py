"""The pictures of a content for models that look for things in them: text, faces, objects.

Photos (each page of a TIFF), those pages of a PDF that are asked for, moments of films, pictures in other
documents: upright, in RGB, and no larger than the job's spaces take them. What is long comes in parts, as
everything an indexer reads.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from indexers import documents, imaging
from indexers.base import Job
from indexers.enclosed import Stretch
from indexers.film_reading import read_shots
from indexers.page_lines import PageLines, lines_of
from indexers.shots import Shot
from indexers.strips import is_long, strips
from search.errors import MediaError
from search.records import Box, Page, Region, TimeSpan, Whole, media_kind
from search.spaces import PictureInput

if TYPE_CHECKING:
    import pymupdf

MOMENTS_PER_PART = 8
ENCLOSED_PER_PART = 6
SECONDS_PER_PART = 5.0
PIXELS_PER_PART = 12_000_000
"""About 36 MB: parts cross from the decode worker in one piece."""


@dataclass(frozen=True, slots=True)
class View:
    """An upright RGB picture, where in the content it was seen, and in which shot of a film."""

    place: Whole | Page | TimeSpan | Region
    picture: Image.Image
    shot: TimeSpan | None = None


@dataclass(frozen=True, slots=True)
class Views:
    """What one part of a job shows; `next`, `of` and `notes` are those of the `Part`."""

    views: Sequence[View]
    next: int | None = None
    notes: Sequence[str] = ()
    of: float | None = None


class PageFacts:
    """What is known of a page before it is drawn; each fact is found out when it is first asked for.

    Valid only while it is being asked.
    """

    def __init__(self, page: "pymupdf.Page") -> None:
        self._page = page

    @cached_property
    def _lines(self) -> PageLines:
        return lines_of(self._page)

    @property
    def text(self) -> str:
        """The words of its text layer that can be read, line by line; empty where there are none."""
        return "\n".join(line.text for line in self._lines.lines)

    @property
    def unreadable(self) -> float:
        """Which share of the letters of its text layer, 0..1, is in fonts that do not say what they mean."""
        return self._lines.unreadable

    @property
    def is_blank(self) -> bool:
        """Whether nothing is drawn on the page at all."""
        return not self._page.get_bboxlog()

    @cached_property
    def pictures(self) -> tuple[Box, ...]:
        """Where pictures are embedded: boxes in shares of the upright page."""
        import pymupdf

        page, whole = self._page, self._page.rect
        boxes = (pymupdf.Rect(info["bbox"]) * page.rotation_matrix & whole for info in page.get_image_info())
        width, height = max(whole.width, 1e-6), max(whole.height, 1e-6)
        return tuple(
            (box.x0 / width, box.y0 / height, box.x1 / width, box.y1 / height)
            for box in boxes
            if not box.is_empty
        )


def every_page(_: PageFacts) -> bool:
    """Want to see every page of a PDF."""
    return True


def look(job: Job, wanted: Callable[[PageFacts], bool] = every_page, *, closely: bool = False) -> Views:
    """Return the views of the part that begins at `job.start`; of a PDF those of the pages that are `wanted`.

    Pictures have the size of the largest input among the job's spaces (mode `fit`). Looked at `closely`, as
    reading takes it, very long ones are cut, each strip the view of a `Region`, and moments of films are seen
    in which only a spot is new. Raises `LeftOutError` and `MediaError`; a page or moment that cannot be
    decoded costs only itself.
    """
    inputs = [spec for spec in job.spaces.values() if spec is not None]
    if not inputs:
        return Views(())
    side = max(max(spec.width, spec.height) for spec in inputs)
    match media_kind(job.media_type):
        case "image":
            return _of_picture(job, side, closely)
        case "pdf":
            return _of_document(job, side, wanted)
        case "video":
            return _of_film(job, side, closely)
        case "document":
            return _of_enclosed(job, side, closely)
        case kind:
            raise ValueError(f"there are no pictures in {kind}")


def _of_picture(job: Job, side: int, closely: bool) -> Views:
    """See frames from `job.start` on, until there are enough pixels."""
    found: list[View] = []
    with imaging.opened(job.path, job.limits) as image:
        numbers = imaging.frames(image)
        for at in range(job.start, len(numbers)):
            if numbers[at]:
                image.seek(numbers[at])
            cut = closely and is_long(image.size)
            need = min(side // 2, *image.size) if cut else _shorter(image.size, side)
            picture = imaging.upright(job.path, image, max(1, need), job.limits)
            place = Page(at + 1) if len(numbers) > 1 else Whole()
            if cut:
                parts = strips(picture)
                found += [View(Region(place, box), _within(part, side)) for box, part in parts]
            else:
                found.append(View(place, _within(picture, side)))
            if _is_enough(found) and at + 1 < len(numbers):
                return Views(found, at + 1, of=len(numbers))
    return Views(found)


def _of_enclosed(job: Job, side: int, closely: bool) -> Views:
    """See the pictures in a document that is no PDF."""
    found: list[View] = []
    stretch = Stretch(job, side // 2, ENCLOSED_PER_PART)
    for place, picture in stretch:
        parts = list(strips(picture)) if closely and is_long(picture.size) else []
        found += [View(Region(place, box), _within(part, side)) for box, part in parts]
        found += [] if parts else [View(place, _within(picture, side))]
    return Views(found, stretch.next, stretch.notes, stretch.of)


def _of_document(job: Job, side: int, wanted: Callable[[PageFacts], bool]) -> Views:
    """See pages from `job.start` (from 0) on, until there are enough pixels or the time is up."""
    deadline = time.monotonic() + min(SECONDS_PER_PART, job.limits.seconds / 4)
    found: list[View] = []
    with documents.opened(job.path, job.passwords) as document:
        for at in range(job.start, document.page_count):
            try:
                page = document[at]
                if wanted(PageFacts(page)):
                    found.append(View(Page(at + 1), _drawn(page, side)))
            except documents.pdf_errors():  # a bad page costs only itself
                pass
            if (_is_enough(found) or time.monotonic() > deadline) and at + 1 < document.page_count:
                return Views(found, at + 1, of=document.page_count)
    return Views(found)


def _of_film(job: Job, side: int, closely: bool) -> Views:
    """See whole shots; a part starts at the ticks of a shot's first look."""
    stretch = read_shots(job, job.start, MOMENTS_PER_PART, within=side, closely=closely)
    found = chain.from_iterable(map(_of_shot, stretch.shots))
    return Views(list(found), stretch.next, of=stretch.of)


def _of_shot(shot: Shot[Image.Image]) -> Iterator[View]:
    whole = _span(shot.start_s, shot.end_s)
    return (View(_span(one.start_s, one.end_s), one.picture, whole) for one in shot.moments)


def _span(start_s: float, end_s: float) -> TimeSpan:
    return TimeSpan(round(start_s, 3), round(end_s, 3))


def _shorter(size: tuple[float, float], side: int) -> int:
    """Return what the shorter side is when the longer one has `side` pixels, or has all it ever had."""
    width, height = max(size[0], 1e-6), max(size[1], 1e-6)
    return max(1, math.ceil(side * min(width, height) / max(width, height)))


def _within(picture: Image.Image, side: int) -> Image.Image:
    return imaging.fitted(picture, PictureInput(side, side, "fit"))


def _is_enough(found: Sequence[View]) -> bool:
    return sum(view.picture.width * view.picture.height for view in found) >= PIXELS_PER_PART


def page_view(path: str | Path, number: int, side: int, passwords: Sequence[str] = ()) -> Image.Image:
    """Return a page (from 1) of a PDF as `look` shows it to what takes `side` pixels. Raises `MediaError`."""
    with documents.opened(path, passwords) as document:
        if not 1 <= number <= document.page_count:
            raise MediaError(f"There is no page {number}; the PDF has {document.page_count}.")
        try:
            return _drawn(document[number - 1], side)
        except documents.pdf_errors() as error:
            raise MediaError(f"Page {number} of the PDF is damaged.") from error


def _drawn(page: "pymupdf.Page", side: int) -> Image.Image:
    need = _shorter((page.rect.width, page.rect.height), side)
    return _within(documents.render(page, need), side)
