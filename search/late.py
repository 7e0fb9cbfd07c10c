"""Pages by late interaction: every word of a question finds what is nearest to it on a page.

A page scores the mean, over the words of the question, of the highest cosine with one of its token vectors
(MaxSim of ColBERT and ColPali, divided by the number of words). Which pages are compared so is told by the
means of short runs of tokens, by the means of whole pages, and by the words themselves (BM25); see
`search.shortlist`. A page's mean alone is never the only way in: it finds far less (decision 55).
"""

from collections.abc import Collection, Sequence
from functools import partial
from itertools import chain

import numpy as np

from search import calibration
from search.calibration import Scores
from search.filters import to_filter
from search.indexed_pages import AtOnce, IndexedPages, place_of
from search.plan import WRITTEN
from search.query import Kinds
from search.query_vectors import QueryVectors
from search.shortlist import by_runs, max_sims, nearest_runs, shortlist
from search.spaces import TokenEncoder, Vector
from search.store import Found, Library, Words
from search.store.held import Held
from search.store.page_layout import Numbers, Place
from search.store.page_rows import PageRows
from search.store.tokens import drawn_pages, tokens_at
from search.store.types import WordField
from search.store.words import is_unspaced

CANDIDATES, SHARE = 30, 0.3
"""So many pages by their runs, and as many by their words, are compared exactly, or such a share of those
that are wanted: as good as three times as many (decision 81)."""

AT_ONCE = 200
"""So many pages' token vectors are held at once: some 30 MB."""

SAMPLE = 64
"""So many pages, drawn at random, tell what is scored by chance."""

_DOCUMENTS = to_filter(Kinds(("pdf", "document")))


def max_sim(question: Vector, page: Vector) -> float:
    """Return the mean over the question's tokens, float32 (q, dim), of the highest cosine with a token of the
    page, float32 (n, dim), n > 0; unit rows both. -1..1."""
    return float(max_sims(question, [page])[0])


def documents_in(library: Library, scope: Collection[str] | None) -> frozenset[str]:
    """Return which contents have pages, of those in `scope` if that is given."""
    documents = library.matching(_DOCUMENTS).digests
    return documents if scope is None else documents.intersection(scope)


class PageSearch:
    """Looks for pages in the spaces that have them; `at_once` runs searches side by side.

    Safe to use from several threads.
    """

    def __init__(self, library: Library, at_once: AtOnce, asked: QueryVectors | None = None) -> None:
        self._library = library
        self._at_once = at_once
        self._asked = asked or QueryVectors()
        self._chance: dict[str, tuple[object, Scores]] = {}

    def found(
        self, encoder: TokenEncoder, text: str, limit: int, scope: Collection[str] | None
    ) -> list[tuple[Found, float]]:
        """Return the pages nearest to a question, best first: of each the run that is nearest to all of the
        question, with the page's raw score, and beside it the calibrated one. Raises `ModelError`."""
        question = self._asked.tokens_of(encoder, text)
        if not len(question):
            return []
        worded = self.worded(text, compared(limit), scope)
        look = partial(self._look, encoder.space, question, worded, limit, scope)
        found = self._library.kept(encoder.space, look) or []
        raw = np.array([one.score for one in found])
        calibrated = calibration.page_likeness(raw, self._by_chance(encoder))
        return list(zip(found, map(float, calibrated), strict=True))

    def worded(self, text: str, wanted: int, scope: Collection[str] | None) -> list[Place]:
        """Return the pages that hold some of the words, those that hold them best first (BM25)."""
        found = chain.from_iterable(self._worded(field, text, wanted, scope) for field in WRITTEN)
        return list(dict.fromkeys(place for place, _ in sorted(found, key=lambda one: -one[1])))

    def _worded(
        self, field: WordField, text: str, wanted: int, scope: Collection[str] | None
    ) -> list[tuple[Place, float]]:
        """Return the same of one space of words, with their scores: from memory if they are there."""
        words = None if is_unspaced(text) else self._library.kept(field, Held.words_at_hand)
        if words is not None:
            return words.best(text, wanted, scope)
        found = self._library.find_words(field, Words(text), wanted, scope)
        return [(place_of(one.segment), one.score) for one in found]

    def _look(
        self,
        space: str,
        question: Vector,
        worded: Sequence[Place],
        limit: int,
        scope: Collection[str] | None,
        held: Held,
    ) -> list[Found]:
        pages = held.pages()
        if pages is not None:
            chosen, exactly = nearest_pages(pages, question, worded, limit, scope)
            segments = pages.segments(nearest_runs(pages, question, chosen), space)
            return [Found(one, float(score)) for one, score in zip(segments, exactly, strict=True)]
        index = IndexedPages(self._library, space, self._at_once, question, scope)
        wanted = max(CANDIDATES, limit)
        tokens = tokens_at(self._library, space, {*index.places(wanted), *worded})
        scores = {place: max_sim(question, page) for place, page in tokens.items()}
        best = sorted(scores, key=lambda place: (-scores[place], place[0], place[1] or 0))[:limit]
        shown = zip(best, index.shown(best), strict=True)
        return [Found(segment, scores[place]) for place, segment in shown]

    def _by_chance(self, encoder: TokenEncoder) -> Scores:
        """Return what the nearest of some pages scores for each of the probes; measured anew when the space
        has changed."""
        space = encoder.space
        version = self._library.version_of(space), encoder.fingerprint
        if self._chance.get(space, (None,))[0] != version:
            pages = list(tokens_at(self._library, space, drawn_pages(self._library, space, SAMPLE)).values())
            asked = calibration.PASSAGE_PROBES if pages else ()
            probes = [self._asked.tokens_of(encoder, probe) for probe in asked]
            nearest = [max(max_sim(probe, page) for page in pages) for probe in probes if len(probe)]
            self._chance[space] = version, np.array(nearest)
        return self._chance[space][1]


def compared(limit: int) -> int:
    """Return how many pages by their runs, and how many by their words, are compared exactly where so many
    pages are wanted."""
    return max(CANDIDATES, round(SHARE * limit))


def nearest_pages(
    pages: PageRows, question: Vector, worded: Sequence[Place], limit: int, scope: Collection[str] | None
) -> tuple[Numbers, Scores]:
    """Return the pages that are nearest to a question, best first, and what they score by all their token
    vectors; `worded` are those that hold some of its words, best first, which are compared as well.

    Where more are wanted than are compared, the others follow as their runs found them, and score what
    these do, at most as much as the last that was compared.
    """
    among, at = pages.layout.among(scope), pages.layout.at(worded)
    each = compared(limit)
    runs, guessed = by_runs(pages, question, among, max(each, limit), at)
    chosen = shortlist(pages, question, among, each, runs, at)
    scores = exact(pages, question, chosen)
    order = np.argsort(-scores, kind="stable")
    is_left = ~np.isin(runs, chosen)
    left = np.minimum(guessed[is_left], scores.min(initial=1.0))
    nearest = np.concatenate([chosen[order], runs[is_left]])
    return nearest[:limit], np.concatenate([scores[order], left])[:limit]


def exact(pages: PageRows, question: Vector, chosen: Numbers) -> Scores:
    """Return what these pages score by all their token vectors, float64 (pages,)."""
    some = (chosen[first : first + AT_ONCE] for first in range(0, len(chosen), AT_ONCE))
    return np.concatenate([np.zeros(0), *(max_sims(question, pages.tokens_of(few)) for few in some)])
