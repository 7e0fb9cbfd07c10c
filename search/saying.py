"""When, within the sentence or passage that was found, the words are said that were asked for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from itertools import islice, pairwise

from search.fusion import Clue
from search.records import Locator, Segment, TimeSpan
from search.store import Library
from search.store.rows import segment_of
from search.store.schema import PLACE_COLUMNS, TIMING
from search.store.sql import quote

NEAR_S = 2.0
"""A sentence is heard from its beginning where the words come so soon."""

AT_ONCE = 64
"""What is said at so many places is read together: a place by itself takes 5 ms."""

_HEARD = frozenset(("speech", "subtitles"))
_SLACK_S = 0.02


class Sayings:
    """What is said at the places of hits: read for many of them at once, when it is first asked for."""

    def __init__(self, library: Library, places: Iterable[tuple[str, Locator]]) -> None:
        """`places` are those that may be asked for, each with its digest."""
        self._library = library
        spans = ((digest, place) for digest, place in places if isinstance(place, TimeSpan))
        self._wanted = dict.fromkeys(one for one in spans if _is_long(one[1]))
        self._read: dict[tuple[str, str, TimeSpan], list[Segment]] = {}

    def moment(self, digest: str, place: Locator, clues: Sequence[Clue]) -> Locator:
        """Return the stretch of a place in a film or recording in which the words are said that it was found
        by.

        It ends with the sentence in which they end. What was not found by words that are said, or is short,
        is returned as it is. Raises `LibraryError`.
        """
        if not isinstance(place, TimeSpan) or not _is_long(place):
            return place
        found = [one for one in clues if one.terms and one.evidence.space in _HEARD and one.path is None]
        found = [one for one in found if one.evidence.locator == place]
        if not found:
            return place
        best = max(found, key=lambda one: one.evidence.calibrated)
        said = self._sentences(best.evidence.space, digest, place)
        stretch = best.terms.stretch(" ".join(one.text or "" for one in said)) if best.terms else None
        return _times(said, *stretch) if stretch else place

    def _sentences(self, space: str, digest: str, place: TimeSpan) -> list[Segment]:
        """Return what is said in a stretch of time, in order, without the passages that hold it."""
        if (space, digest, place) not in self._read:
            left = (one for one in self._wanted if (space, *one) not in self._read)
            self._fill(space, dict.fromkeys([(digest, place), *islice(left, AT_ONCE)]))
        return self._read[space, digest, place]

    def _fill(self, space: str, places: Collection[tuple[str, TimeSpan]]) -> None:
        where = " OR ".join(
            f"(digest = {quote(digest)} AND start_s >= {place.start_s - _SLACK_S} "
            f"AND end_s <= {place.end_s + _SLACK_S})"
            for digest, place in places
        )
        rows = self._library.rows(space, [*PLACE_COLUMNS, TIMING], where).to_pylist()
        segments = sorted((segment_of(row, space) for row in rows), key=lambda one: one.n)
        passages = {(one.digest, one.parent) for one in segments}
        sentences: dict[str, list[Segment]] = defaultdict(list)
        for one in segments:
            if (one.digest, one.id) not in passages:
                sentences[one.digest].append(one)
        for digest, place in places:
            self._read[space, digest, place] = [one for one in sentences[digest] if _lies_in(one, place)]


def _is_long(place: TimeSpan) -> bool:
    return place.end_s - place.start_s > NEAR_S


def _lies_in(sentence: Segment, place: TimeSpan) -> bool:
    span = _span(sentence)
    return span.start_s >= place.start_s - _SLACK_S and span.end_s <= place.end_s + _SLACK_S


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
