"""Pages found through the database's own index: one search for each word of a question.

For libraries of which there is too much to be read while somebody waits, until that is at hand.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from functools import partial

from search.records import Locator, Page, Region, Segment, Whole
from search.shortlist import mean_of
from search.spaces import Vector
from search.store import Found, Library
from search.store.page_layout import Place

RUNS = 200
"""So many of the nearest runs are looked at for each word."""

AtOnce = Callable[[Sequence[Callable[[], list[Found]]]], list[list[Found]]]


class IndexedPages:
    """What the index of a space finds for one question, float32 (q, dim)."""

    def __init__(
        self,
        library: Library,
        space: str,
        at_once: AtOnce,
        question: Vector,
        scope: Collection[str] | None,
    ) -> None:
        self._space = space
        asked = [*question, mean_of(question)[0]]
        self._near = at_once([partial(library.nearest, space, one, RUNS, scope) for one in asked])

    def places(self, wanted: int) -> list[Place]:
        """Return the pages whose runs are nearest to the words, and those whose mean is to the question's."""
        *words, whole = self._near
        return [*_best_by_runs(words)[:wanted], *(place_of(one.segment) for one in whole[:wanted])]

    def shown(self, places: Sequence[Place]) -> list[Segment]:
        """Return of each page the run that the words of the question find most, or the whole page."""
        total: defaultdict[str, float] = defaultdict(float)
        runs: dict[str, Segment] = {}
        for one in (one for found in self._near for one in found if one.segment.parent):
            total[one.segment.id] += one.score
            runs[one.segment.id] = one.segment
        best = {place_of(runs[id_]): runs[id_] for id_ in sorted(total, key=lambda id_: total[id_])}
        return [best.get(place) or self._whole(place) for place in places]

    def _whole(self, place: Place) -> Segment:
        digest, page = place
        return Segment(digest, self._space, 0, Whole() if page is None else Page(page))


def place_of(segment: Segment) -> Place:
    """Return the page that a segment lies on."""
    locator: Locator = segment.locator.of if isinstance(segment.locator, Region) else segment.locator
    return segment.digest, locator.number if isinstance(locator, Page) else None


def _best_by_runs(near: Sequence[Sequence[Found]]) -> list[Place]:
    """Order pages by the sum of what each word finds on them; a word that finds nothing there counts as the
    least near of its finds, for what is not among them is no nearer (XTR, arXiv 2304.01982)."""
    total: defaultdict[Place, float] = defaultdict(float)
    for found in near:
        least = found[-1].score if found else 0.0
        best: dict[Place, float] = {}
        for one in found:
            best.setdefault(place_of(one.segment), one.score)
        for place, score in best.items():
            total[place] += score - least
    return sorted(total, key=lambda place: -total[place])
