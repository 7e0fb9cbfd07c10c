"""What is found inside one file, piece by piece, and as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from search.records import Box, Locator, Page, Region, TimeSpan, Whole
from search.spots import spot_of

Lane = Literal["scene", "object", "face", "speech", "sound", "text"]
"""What kinds of things are found in a file: what it shows, things, faces, what is said, sounds, writing."""

LANES: tuple[Lane, ...] = get_args(Lane)


@dataclass(frozen=True, slots=True)
class Warm:
    """A part of a page that answers; `heat` 0..1, 1 for the best of the page."""

    box: Box
    heat: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Something in a file. `text` is what is said or written, the thing's or sound's name, or the person's;
    `score` is how well it answers the query, 0..1; `person` is the number of whose face it is."""

    lane: Lane
    locator: Locator
    text: str | None = None
    score: float = 0.0
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Inside:
    """All that is known to be in a file: pieces by lane and then in order, and how many were left out; the
    people seen; every path where the same bytes lie; a picture of the whole film (`search.storyboard`); and
    what of the file could not be read, a sentence each."""

    pieces: tuple[Piece, ...] = ()
    left_out: int = 0
    people: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    storyboard: Path | None = None
    remarks: tuple[str, ...] = ()

    def of(self, lane: Lane) -> tuple[Piece, ...]:
        """Return the pieces of one lane."""
        return tuple(piece for piece in self.pieces if piece.lane == lane)


def inside_to_json(found: Inside) -> dict[str, Any]:
    """Return plain data, small: a film of two hours has thousands of pieces."""
    pieces = [
        [LANES.index(one.lane), *_written(one.locator), one.text, round(one.score, 4), one.person]
        for one in found.pieces
    ]
    return {
        "pieces": pieces,
        "left_out": found.left_out,
        "people": list(found.people),
        "paths": list(found.paths),
        "storyboard": str(found.storyboard) if found.storyboard else None,
        "remarks": list(found.remarks),
    }


def inside_from_json(data: Mapping[str, Any]) -> Inside:
    """Return what `inside_to_json` wrote."""
    pieces = (
        Piece(LANES[lane], _read(page, span, box), text, score, person)
        for lane, page, span, box, text, score, person in data["pieces"]
    )
    storyboard = Path(data["storyboard"]) if data["storyboard"] else None
    people, paths, remarks = (tuple(data[name]) for name in ("people", "paths", "remarks"))
    return Inside(tuple(pieces), data["left_out"], people, paths, storyboard, remarks)


def _written(locator: Locator) -> tuple[int | None, list[float] | None, list[float] | None]:
    spot = spot_of(locator)
    return (
        spot.number if isinstance(spot, Page) else None,
        [round(spot.start_s, 3), round(spot.end_s, 3)] if isinstance(spot, TimeSpan) else None,
        [round(share, 5) for share in locator.box] if isinstance(locator, Region) else None,
    )


def _read(page: int | None, span: list[float] | None, box: list[float] | None) -> Locator:
    spot: Whole | Page | TimeSpan = Page(page) if page else TimeSpan(*span) if span else Whole()
    if box is None:
        return spot
    left, top, right, bottom = box
    corners: Box = (left, top, right, bottom)
    return Region(spot, corners)
