"""Which pages are worth comparing exactly with a question, and what late interaction scores them.

One stage compares every word of the question with everything there is on every page. Two stages look through
the runs of a page first, means of a few of its token vectors; three, where there are very many pages, look
through the means of whole pages before that, for a thousand whose runs are looked through. What the words
themselves find joins the last stage, and the last but one of three, so that the mean of a page is never the
only way in (Visual RAG Toolkit, arXiv 2602.12510, sections 2.5 and 2.7 of whose figures say why).
"""

import numpy as np
from numpy.typing import NDArray

from search.calibration import Scores
from search.spaces import Vector, unit_rows
from search.store.page_layout import Columns, Numbers, begins_of
from search.store.page_rows import PageRows, Rows

BY_MEANS = 1_000
"""So many pages are chosen by their means where there are three stages."""

BESIDE = 20
"""So many pages are compared exactly for their mean alone."""

_STRETCH = 1 << 16
"""So many vectors are compared at once: their products take some megabytes."""

Among = NDArray[np.bool_]


def max_sims(question: Vector, rows: Rows) -> Scores:
    """Return for each page the mean over the question's vectors, float32 (q, dim), q > 0, of the highest
    product with a vector of the page; float64 (pages,). Every page has vectors."""
    count = len(rows.starts)
    scores = np.zeros(count, np.float64)
    page = 0
    while page < count:
        start = int(rows.starts[page])
        behind = max(page + 1, int(np.searchsorted(rows.starts, start + _STRETCH)))
        end = int(rows.starts[behind]) if behind < count else len(rows.vectors)
        products = question @ rows.vectors[start:end].T
        best = np.maximum.reduceat(products, rows.starts[page:behind] - start, axis=1)
        scores[page:behind] = best.mean(axis=0)
        page = behind
    return scores


def column_sims(question: Vector, rows: Vector, columns: Columns) -> Scores:
    """Return the same as `max_sims` for all pages, of rows, float32 (rows, dim), that stand in columns."""
    best = np.full((len(columns.pages), len(question)), -np.inf, np.float32)
    begins = np.append(begins_of(columns.counts), len(rows))
    column = 0
    while column < len(columns.counts):
        start = int(begins[column])
        behind = max(column + 1, int(np.searchsorted(begins, start + _STRETCH, "right")) - 1)
        products = rows[start : begins[behind]] @ question.T
        for at in range(column, behind):
            first, count = begins[at] - start, columns.counts[at]
            np.maximum(best[:count], products[first : first + count], out=best[:count])
        column = behind
    scores = np.zeros(len(best), np.float64)
    scores[columns.pages] = best.mean(axis=1)
    return scores


def mean_of(question: Vector) -> Vector:
    """Return the mean of a question's vectors, float32 (1, dim), unit length."""
    return unit_rows(question.sum(axis=0, keepdims=True))


def by_means(pages: PageRows, question: Vector, among: Among, wanted: int) -> Numbers:
    """Return the pages whose mean is nearest to that of the question, best first."""
    return _best((pages.means @ (mean_of(question) @ pages.axes).T)[:, 0], among, wanted)


def by_runs(pages: PageRows, question: Vector, among: Among, wanted: int, worded: Numbers) -> Numbers:
    """Return the pages of whose runs the words of the question find the nearest, best first; where the runs
    of all pages are not at hand, of the pages with the nearest means and of those that are `worded`."""
    along = question @ pages.axes
    if pages.rows is not None:
        return _best(column_sims(along, pages.rows, pages.layout.columns), among, wanted)
    some = np.union1d(by_means(pages, question, among, max(BY_MEANS, wanted)), worded[among[worded]])
    scores = max_sims(along, pages.rows_of(some))
    return some[_best(scores, np.ones(len(some), np.bool_), wanted)]


def shortlist(pages: PageRows, question: Vector, among: Among, wanted: int, worded: Numbers) -> Numbers:
    """Return the pages to be compared exactly, each once, those that runs find first."""
    runs = by_runs(pages, question, among, wanted, worded)
    means = by_means(pages, question, among, BESIDE)
    return np.array(list(dict.fromkeys([*runs, *worded[among[worded]][:wanted], *means])), np.int64)


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
