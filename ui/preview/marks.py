"""What is framed in a picture, a page or a moment, and what stands beside the frame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.pieces import Piece
from search.records import Box, Hit, Locator, Region
from search.spots import Spot, spot_of
from ui.language import mark, tr
from ui.wording import passages, regions

CLEAR = 0.25
"""A piece that answers the query so well is framed without being asked for."""

_NAMELESS = {"face": mark("face"), "object": mark("thing"), "text": mark("text")}


@dataclass(frozen=True, slots=True)
class Mark:
    """A frame; `matching` ones answer the query, a `word` is marked as with a pen. `locator` is its place,
    `person` the number of whose face it is."""

    box: Box
    label: str = ""
    matching: bool = True
    locator: Locator | None = None
    face: bool = False
    word: bool = False
    person: int | None = None


def marks(hit: Hit, pieces: Iterable[Piece], words: Sequence[Box] = ()) -> tuple[Mark, ...]:
    """Return the frames of what a hit shows: what matches first, each place once.

    `words` are the boxes of the query's words that were found on the page itself; they are marked as with a
    pen, and so are the passages that answer.
    """
    spot = spot_of(hit.locator)
    here = [one for one in pieces if isinstance(one.locator, Region) and _is_at(one.locator, spot)]
    named = {_rough(one.locator.box): one for one in here if isinstance(one.locator, Region)}
    own = [_mark(box, named.get(_rough(box)), matching=True) for box in regions(hit)]
    found = [Mark(box, word=True) for box in (*passages(hit), *words)]
    known = {_rough(mark.box) for mark in own}
    others = [
        _mark(one.locator.box, one, matching=one.score >= CLEAR)
        for one in here
        if isinstance(one.locator, Region) and _rough(one.locator.box) not in known
    ]
    return tuple(sorted((*own, *found, *others), key=lambda mark: not mark.matching))


def _is_at(region: Region, spot: Spot) -> bool:
    return region.of == spot


def _mark(box: Box, piece: Piece | None, *, matching: bool) -> Mark:
    if piece is None:
        return Mark(box, "", matching)
    name = piece.text or tr(_NAMELESS.get(piece.lane, ""))
    label = "" if piece.lane == "text" else name
    return Mark(box, label, matching, piece.locator, piece.lane == "face", person=piece.person)


def _rough(box: Box) -> tuple[float, ...]:
    return tuple(round(share, 3) for share in box)
