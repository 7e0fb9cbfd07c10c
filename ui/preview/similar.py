"""What can be searched for from what is shown: the query that each entry of the menu puts into the bar."""

from collections.abc import Iterator
from dataclasses import dataclass

from search.query import Clip, Face, Leaf, Like, Somebody, SoundLike
from search.records import Box, Hit, Page, TimeSpan, Whole
from search.spots import spot_of
from search.written import format as written
from ui.language import tr
from ui.preview.marks import Mark
from ui.wording import clock, moment_of

AROUND_S = 3.0
"""So much film before and after a second is a moment, where no shot is known."""


@dataclass(frozen=True, slots=True)
class Way:
    """An entry: what it says, and the query it asks."""

    text: str
    query: str


def ways(hit: Hit, mark: Mark | None = None, second: float | None = None) -> Iterator[Way]:
    """Yield what can be searched for from a hit: from the frame under the mouse first, then from all of it.

    `second` is where its film stands.
    """
    path, page = hit.file.path, page_of(hit)
    if mark is not None:
        yield from _from_mark(hit, mark)
    match hit.content.kind:
        case "image" | "pdf":
            alike = (
                tr("Find what is similar to this page")
                if page
                else tr("Find what is similar to this picture")
            )
            yield _way(alike, Like(path, page))
        case "video":
            at = second if second is not None else 0.0
            moment = moment_of(hit.locator)
            if moment is None or not moment.start_s <= at <= moment.end_s:
                moment = TimeSpan(max(0.0, at - AROUND_S), at + AROUND_S)
            first, last = round(moment.start_s, 2), round(moment.end_s, 2)
            yield _way(
                tr("Find this moment elsewhere ({first}–{last})", first=clock(first), last=clock(last)),
                Clip(path, first, last),
            )
            yield _way(tr("Find films like this one"), Clip(path))
            yield _way(tr("Find what sounds like this"), SoundLike(path))
        case "audio":
            yield _way(tr("Find what sounds like this"), SoundLike(path))
        case _:
            pass


def region_query(hit: Hit, box: Box) -> str:
    """Return the query for a part of a picture or page."""
    left, top, right, bottom = (round(share, 4) for share in box)
    return written(Like(hit.file.path, page_of(hit), (left, top, right, bottom)))


def can_search_region(hit: Hit) -> bool:
    """Whether a box on what is shown can be searched: on pictures and pages."""
    return hit.content.kind in ("image", "pdf") and hit.file.present


def page_of(hit: Hit) -> int | None:
    """Return the page that a query about a hit names; None for a picture or film."""
    spot = spot_of(hit.locator)
    if isinstance(spot, Page):
        return spot.number
    return 1 if hit.content.kind == "pdf" and isinstance(spot, Whole) else None


def _from_mark(hit: Hit, mark: Mark) -> Iterator[Way]:
    place = (round(mark.box[0], 4), round(mark.box[1], 4), round(mark.box[2], 4), round(mark.box[3], 4))
    named = mark.label if mark.face and mark.label != tr("face") else ""
    if named:
        yield _way(tr("Find {name}", name=named), Somebody(named))
    elif mark.person is not None:
        yield _way(tr("Find this person"), Somebody(str(mark.person)))
    if not can_search_region(hit):
        return
    if mark.face:
        yield _way(tr("Find this face"), Face(hit.file.path, page_of(hit), place))
    else:
        text = tr("Find what looks like this {thing}", thing=mark.label)
        text = text if mark.label else tr("Find what looks like this part")
        yield _way(text, Like(hit.file.path, page_of(hit), place))


def _way(text: str, leaf: Leaf) -> Way:
    return Way(text, written(leaf))
