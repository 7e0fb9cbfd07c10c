"""Pages by late interaction: every word of a question finds what is nearest to it on a page.

A page scores the mean, over the words of the question, of the highest cosine with one of its token vectors
(MaxSim of ColBERT and ColPali, divided by the number of words). Candidates come from the means of short runs
of tokens, one search for each word, from the mean of the whole question among the means of whole pages, and
from the words themselves (BM25); what is nearest is decided by all tokens of the candidates. A page's mean
alone is never the only way in: it finds far less (Visual RAG Toolkit, arXiv 2602.12510; decision 55).
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import partial

import numpy as np

from search import calibration
from search.calibration import Scores
from search.filters import to_filter
from search.plan import PAGES, WRITTEN
from search.query import Kinds
from search.records import Locator, Page, Region, Segment, Whole
from search.spaces import TokenEncoder, Vector, unit_rows
from search.store import Found, Library, Words
from search.store.tokens import Place, drawn_pages, tokens_at

RUNS = 200
"""So many of the nearest runs are looked at for each word."""

CANDIDATES = 100
"""So many pages by their runs, and as many by their words, are compared exactly, or all that are wanted."""

SAMPLE = 64
"""So many pages, drawn at random, tell what is scored by chance."""

_DOCUMENTS = to_filter(Kinds(("pdf",)))

AtOnce = Callable[[Sequence[Callable[[], list[Found]]]], list[list[Found]]]


def max_sim(question: Vector, page: Vector) -> float:
    """Return the mean over the question's tokens, float32 (q, dim), of the highest cosine with a token of the
    page, float32 (n, dim), n > 0; unit rows both. -1..1."""
    return float((question @ page.T).max(axis=1).mean())


def documents_in(library: Library, scope: Collection[str] | None) -> Collection[str]:
    """Return which contents have pages, of those in `scope` if that is given."""
    documents = library.matching(_DOCUMENTS).digests
    return documents if scope is None else documents.intersection(scope)


class PageSearch:
    """Looks for pages in a space; `at_once` runs searches side by side. Safe to use from several threads."""

    def __init__(self, library: Library, space: str, at_once: AtOnce) -> None:
        self._library = library
        self._space = space
        self._at_once = at_once
        self._chance: tuple[object, Scores] = None, np.zeros(0)

    def found(
        self, encoder: TokenEncoder, text: str, limit: int, scope: Collection[str] | None
    ) -> list[tuple[Found, float]]:
        """Return the pages nearest to a question, best first: of each the run of its words that is nearest to
        all of the question, with the page's raw score, and beside it the calibrated one. Raises `ModelError`.
        """
        question = encoder.encode_tokens(text)
        if not len(question):
            return []
        near = self._near(question, scope)
        wanted = max(CANDIDATES, limit)
        places = [*_best_by_runs(near[:-1])[:wanted], *(_place(one.segment) for one in near[-1][:wanted])]
        for field in WRITTEN:
            worded = self._library.find_words(field, Words(text), wanted, scope)
            places += [_place(one.segment) for one in worded]
        tokens = tokens_at(self._library, self._space, set(places))
        scores = {place: max_sim(question, page) for place, page in tokens.items()}
        best = sorted(scores, key=lambda place: (-scores[place], place[0], place[1] or 0))[:limit]
        shown = _nearest_runs(near)
        found = [Found(shown.get(place) or self._whole(place), scores[place]) for place in best]
        raw = np.array([one.score for one in found])
        calibrated = calibration.page_likeness(raw, self._by_chance(encoder))
        return list(zip(found, map(float, calibrated), strict=True))

    def _near(self, question: Vector, scope: Collection[str] | None) -> list[list[Found]]:
        """Return the nearest runs of tokens for each word, and last the nearest pages as wholes."""
        asked = [*question, unit_rows(question.sum(axis=0, keepdims=True))[0]]
        nearest = partial(self._library.nearest, self._space)
        return self._at_once([partial(nearest, one, RUNS, scope) for one in asked])

    def _by_chance(self, encoder: TokenEncoder) -> Scores:
        """Return what the nearest of some pages scores for each of the probes; measured anew when the space
        has changed."""
        version = self._library.version_of(self._space), encoder.fingerprint
        if self._chance[0] != version:
            drawn = drawn_pages(self._library, self._space, SAMPLE)
            pages = tokens_at(self._library, self._space, drawn).values()
            probes = [encoder.encode_tokens(probe) for probe in calibration.PASSAGE_PROBES] if pages else []
            nearest = [max(max_sim(probe, page) for page in pages) for probe in probes if len(probe)]
            self._chance = version, np.array(nearest)
        return self._chance[1]

    def _whole(self, place: Place) -> Segment:
        digest, page = place
        return Segment(digest, self._space, 0, Whole() if page is None else Page(page))


def page_searches(library: Library, at_once: AtOnce) -> dict[str, PageSearch]:
    """Return who looks for pages in each space that has any."""
    return {space: PageSearch(library, space, at_once) for space in PAGES}


def _best_by_runs(near: Sequence[Sequence[Found]]) -> list[Place]:
    """Order pages by the sum of what each word finds on them; a word that finds nothing there counts as the
    least near of its finds, for what is not among them is no nearer (XTR, arXiv 2304.01982)."""
    total: defaultdict[Place, float] = defaultdict(float)
    for found in near:
        least = found[-1].score if found else 0.0
        best: dict[Place, float] = {}
        for one in found:
            best.setdefault(_place(one.segment), one.score)
        for place, score in best.items():
            total[place] += score - least
    return sorted(total, key=lambda place: -total[place])


def _nearest_runs(near: Sequence[Sequence[Found]]) -> dict[Place, Segment]:
    """Return for each page the run that the words of the question find most."""
    total: defaultdict[str, float] = defaultdict(float)
    runs: dict[str, Segment] = {}
    for one in (one for found in near for one in found if one.segment.text):
        total[one.segment.id] += one.score
        runs[one.segment.id] = one.segment
    best: dict[Place, Segment] = {}
    for id_ in sorted(total, key=lambda id_: total[id_]):
        best[_place(runs[id_])] = runs[id_]
    return best


def _place(segment: Segment) -> Place:
    locator: Locator = segment.locator.of if isinstance(segment.locator, Region) else segment.locator
    return segment.digest, locator.number if isinstance(locator, Page) else None
