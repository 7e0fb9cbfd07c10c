"""Where on a page a question finds what it looks for, part by part.

A part (a word, or a patch of the page's picture) is as warm as its highest cosine with a word of the
question, brought to 0..1 between the coldest and the warmest of the page; what is below the middle one is
cold (Visual RAG Toolkit, arXiv 2602.12510, its saliency overlay).
"""

import numpy as np

from search.pieces import Warm
from search.query import Objects, Paged, PageText, Part, Phrase, Scene, Words, looked_for
from search.spaces import Vector

Parts = tuple[Vector, Vector]
"""The vectors of the parts of a page, float32 (n, dim), unit rows, and their boxes in shares of the page,
float32 (n, 4): left, top, right, bottom."""


def heat(question: Vector, parts: Vector) -> Vector:
    """Return how warm each part is, float32 (n,): `question` float32 (q, dim), `parts` float32 (n, dim), unit
    rows, q and n > 0. All are cold where none stands out."""
    best = (parts @ question.T).max(axis=1)
    low, high = float(best.min()), float(best.max())
    if high - low < 1e-6:
        return np.zeros(len(parts), np.float32)
    warm = (best - low) / (high - low)
    return np.asarray(np.where(warm > np.median(warm), warm, 0), np.float32)


def warm_parts(question: Vector, parts: Parts) -> list[Warm]:
    """Return the parts that are warm, the coldest first, so that the warmest is painted last."""
    vectors, boxes = parts
    warmth = heat(question, vectors)
    order = [int(n) for n in np.argsort(warmth, kind="stable") if warmth[n] > 0]
    corners = [tuple(map(float, boxes[n])) for n in order]
    return [
        Warm((left, top, right, bottom), float(warmth[n]))
        for n, (left, top, right, bottom) in zip(order, corners, strict=True)
    ]


def asked_of_pages(ranking: Part | None) -> str:
    """Return what a query asks of pages, in words: what `page:` asks, or else whatever may stand on one."""
    every = [] if ranking is None else list(looked_for(ranking))
    paged = [one.text for one in every if isinstance(one, Paged)]
    others = [one.text for one in every if isinstance(one, Words | Phrase | PageText | Scene | Objects)]
    return " ".join(paged or others)
