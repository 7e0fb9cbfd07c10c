"""When, within the sentence or passage that was found, the words are said that were asked for."""

from collections.abc import Sequence
from itertools import pairwise

from search.fusion import Clue
from search.records import Locator, Segment, TimeSpan
from search.store import Library
from search.store.rows import segment_of
from search.store.schema import PLACE_COLUMNS, TIMING
from search.store.sql import quote

NEAR_S = 2.0
"""A sentence is heard from its beginning where the words come so soon."""

_HEARD = frozenset(("speech", "subtitles"))
_SLACK_S = 0.02


def moment_said(library: Library, digest: str, place: Locator, clues: Sequence[Clue]) -> Locator:
    """Return the stretch of a place in a film or recording in which the words are said that it was found by.

    It ends with the sentence in which they end. What was not found by words that are said, or is short,
    is returned as it is. Raises `LibraryError`.
    """
    if not isinstance(place, TimeSpan) or place.end_s - place.start_s <= NEAR_S:
        return place
    found = [one for one in clues if one.terms and one.evidence.space in _HEARD and one.path is None]
    found = [one for one in found if one.evidence.locator == place]
    if not found:
        return place
    best = max(found, key=lambda one: one.evidence.calibrated)
    said = _sentences(library, best.evidence.space, digest, place)
    stretch = best.terms.stretch(" ".join(one.text or "" for one in said)) if best.terms else None
    return _times(said, *stretch) if stretch else place


def _sentences(library: Library, space: str, digest: str, place: TimeSpan) -> list[Segment]:
    """Return what is said in a stretch of time, in order, without the passages that hold it."""
    where = (
        f"digest = {quote(digest)} AND start_s >= {place.start_s - _SLACK_S} "
        f"AND end_s <= {place.end_s + _SLACK_S}"
    )
    rows = library.rows(space, [*PLACE_COLUMNS, TIMING], where).to_pylist()
    segments = sorted((segment_of(row, space) for row in rows), key=lambda one: one.n)
    passages = {one.parent for one in segments}
    return [one for one in segments if one.id not in passages]


def _times(said: Sequence[Segment], begin: int, end: int) -> TimeSpan:
    """Return the seconds of some characters of sentences that are written one behind the other."""
    starts = [0]
    for one in said:
        starts.append(starts[-1] + len(one.text or "") + 1)
    spans = list(zip(said, pairwise(starts), strict=True))
    first, at = next((one, begin - low) for one, (low, high) in spans if begin < high)
    last = next(one for one, (_, high) in spans if end <= high)
    return TimeSpan(_heard_from(first, at), _span(last).end_s)


def _heard_from(sentence: Segment, at: int) -> float:
    """Return the second of the word at a character, or of the sentence where it comes soon."""
    span = _span(sentence)
    word_s = max((start_s for begin, start_s, _ in sentence.timing if begin <= at), default=span.start_s)
    return span.start_s if word_s - span.start_s <= NEAR_S else word_s


def _span(sentence: Segment) -> TimeSpan:
    assert isinstance(sentence.locator, TimeSpan)
    return sentence.locator
