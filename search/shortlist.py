"""Which pages are worth comparing exactly with a question, and what late interaction scores them.

One stage compares every word of the question with everything there is on every page. Two stages look through
the runs of a page first, means of a few of its token vectors; three, where there are very many pages, look
through the means of whole pages before that, for a thousand whose runs are looked through. What the words
themselves find joins the last stage, and the last but one of three, so that the mean of a page is never the
only way in (Visual RAG Toolkit, arXiv 2602.12510, sections 2.5 and 2.7 of whose figures say why).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.calibration import Scores
from search.spaces import Vector, unit_rows
from search.store.page_layout import Columns, Numbers
from search.store.page_rows import PageRows

BY_MEANS = 1_000
"""So many pages are chosen by their means where there are three stages."""

BESIDE = 10
"""So many pages are compared exactly for their mean alone."""

STRETCH = 1024
"""So many vectors are compared at once: the cache holds their products until the greatest are picked."""

Among = NDArray[np.bool_]


def max_sims(question: Vector, pages: Sequence[Vector]) -> Scores:
    """Return for each page, float32 (n, dim), n > 0, the mean over the question's vectors, float32 (q, dim),
    q > 0, of the highest product with a vector of the page; float64 (pages,)."""
    if not pages:
        return np.zeros(0)
    asked = np.ascontiguousarray(question.T)
    ends = np.cumsum([len(page) for page in pages]).tolist()
    begins = [0, *ends[:-1]]
    products = np.empty((ends[-1], len(question)), np.float32)
    for page, begin, end in zip(pages, begins, ends, strict=True):
        np.matmul(page, asked, out=products[begin:end])
    best = np.maximum.reduceat(products, begins, axis=0)
    scores: Scores = best.mean(axis=1, dtype=np.float64)
    return scores


def column_sims(question: Vector, rows: Vector, columns: Columns, stretch: int = STRETCH) -> Scores:
    """Return the same of all pages, of rows, float32 (rows, dim), that stand in columns."""
    asked = np.ascontiguousarray(question.T)
    best = np.full((len(columns.pages), len(question)), -np.inf, np.float32)
    room = np.empty((stretch, len(question)), np.float32)
    begin = 0
    for count in columns.counts.tolist():
        for first in range(0, count, stretch):
            behind = min(first + stretch, count)
            products = np.matmul(rows[begin + first : begin + behind], asked, out=room[: behind - first])
            np.maximum(best[first:behind], products, out=best[first:behind])
        begin += count
    scores = np.zeros(len(best), np.float64)
    scores[columns.pages] = best.mean(axis=1)
    return scores


def mean_of(question: Vector) -> Vector:
    """Return the mean of a question's vectors, float32 (1, dim), unit length."""
    return unit_rows(question.sum(axis=0, keepdims=True))


def by_means(pages: PageRows, question: Vector, among: Among, wanted: int) -> Numbers:
    """Return the pages whose mean is nearest to that of the question, best first."""
    return _best((pages.means @ (mean_of(question) @ pages.axes).T)[:, 0], among, wanted)


def by_runs(
    pages: PageRows, question: Vector, among: Among, wanted: int, worded: Numbers
) -> tuple[Numbers, Scores]:
    """Return the pages of whose runs the words of the question find the nearest, best first, and what they
    score by their runs; where the runs of all pages are not at hand, of the pages with the nearest means and
    of those that are `worded`."""
    along = question @ pages.axes
    if pages.rows is not None:
        scores = column_sims(along, pages.rows, pages.layout.columns)
        best = _best(scores, among, wanted)
        return best, scores[best]
    some = np.union1d(by_means(pages, question, among, max(BY_MEANS, wanted)), worded[among[worded]])
    scores = max_sims(along, pages.rows_of(some).each)
    best = _best(scores, np.ones(len(some), np.bool_), wanted)
    return some[best], scores[best]


def shortlist(
    pages: PageRows, question: Vector, among: Among, each: int, runs: Numbers, worded: Numbers
) -> Numbers:
    """Return the pages to be compared exactly, each once: the first `each` of those that `runs` found, as
    many of those that are `worded`, and some for their means."""
    means = by_means(pages, question, among, BESIDE)
    chosen = np.concatenate([runs[:each], worded[among[worded]][:each], means])
    return np.array(list(dict.fromkeys(chosen.tolist())), np.int64)


def nearest_runs(pages: PageRows, question: Vector, chosen: Numbers) -> Numbers:
    """Return for each of these pages which of its rows is nearest to the question as a whole, of those that
    do not stand for all of the page if there are any."""
    rows = pages.rows_of(chosen)
    near = (rows.vectors @ (mean_of(question) @ pages.axes).T)[:, 0]
    ends = np.append(rows.starts[1:], len(near))
    runs = [
        1 + int(near[start + 1 : end].argmax()) if end - start > 1 else 0
        for start, end in zip(rows.starts, ends, strict=False)
    ]
    return pages.layout.starts[chosen] + np.array(runs, np.int64)


def _best(scores: NDArray[np.floating], among: Among, wanted: int) -> Numbers:
    """Return where the highest scores among some are, highest first."""
    at = np.flatnonzero(among)
    if wanted < len(at):
        at = at[np.argpartition(-scores[at], wanted - 1)[:wanted]]
    best: Numbers = at[np.argsort(-scores[at], kind="stable")]
    return best
