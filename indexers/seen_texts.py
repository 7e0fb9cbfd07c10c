"""Text that a film shows for a while: seen in many moments, it is one text from first to last second."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from indexers.base import Piece
from search.records import Box, Region, TimeSpan
from search.store.text import fold

GAP_S = 4.0
"""A text may be overlooked for so long and is still the same."""

_LIKE, _OVERLAP = 0.8, 0.3


def merged(readings: Sequence[Sequence[Piece]]) -> list[list[Piece]]:
    """Return each text once, in the order they appear: the piece of a block and behind it those of its lines.

    `readings` are what was read in the moments of one film, in order of time, parents counted in each. Of the
    ways a text was read the most usual one is kept; its place is where it stood then.
    """
    every: list[_Text] = []
    for reading in readings:
        for block in _blocks(reading):
            text = next((one for one in reversed(every) if one.goes_on_with(block)), None)
            if text is None:
                every.append(_Text([block]))
            else:
                text.views.append(block)
    return [text.piece() for text in every]


@dataclass(slots=True)
class _Text:
    """The views of one text, in order of time."""

    views: list[list[Piece]]

    def goes_on_with(self, block: Sequence[Piece]) -> bool:
        """Tell whether a block that was seen later is this text still."""
        last, new = self.views[-1][0], block[0]
        if _span(new).start_s - _span(last).end_s > GAP_S or _overlap(_box(last), _box(new)) < _OVERLAP:
            return False
        return _alike(fold(last.text or ""), fold(new.text or ""))

    def piece(self) -> list[Piece]:
        """Return the most usual view with the time of all."""
        read = [fold(view[0].text or "") for view in self.views]
        best = max(self.views, key=lambda view: read.count(fold(view[0].text or "")))
        start_s = min(_span(view[0]).start_s for view in self.views)
        end_s = max(_span(view[0]).end_s for view in self.views)
        span = TimeSpan(start_s, end_s)
        return [replace(piece, locator=Region(span, _box(piece))) for piece in best]


def _blocks(reading: Sequence[Piece]) -> Iterator[list[Piece]]:
    """Yield each block with its lines, whose parent is then the first of the list."""
    for n, piece in enumerate(reading):
        if piece.parent is None:
            yield [piece, *(replace(one, parent=0) for one in reading if one.parent == n)]


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= _LIKE and matcher.ratio() >= _LIKE


def _box(piece: Piece) -> Box:
    assert isinstance(piece.locator, Region)
    return piece.locator.box


def _span(piece: Piece) -> TimeSpan:
    assert isinstance(piece.locator, Region)
    assert isinstance(piece.locator.of, TimeSpan)
    return piece.locator.of


def _overlap(one: Box, other: Box) -> float:
    """Return the share that two boxes have in common of all they cover."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, other)]
    return width * height / (sum(areas) - width * height)
