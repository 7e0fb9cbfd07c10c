"""The final order of the best hits, by a model that reads each text together with the question.

Such a model knows better what a sentence means, and less whether it holds a word. So texts that hold all the
words stay before those that do not: among them, and among the others, the model decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from search.query import Paged, PageText, Part, Phrase, Said, Words, looked_for
from search.spaces import Reranker

T = TypeVar("T")

BEST = 20
"""How many hits are read: more cost time and seldom hold what the first did not."""


@dataclass(frozen=True, slots=True)
class Read:
    """What is to be read of a hit: None where it has no text; and whether it holds all the words."""

    text: str | None
    is_exact: bool


def question(part: Part) -> str:
    """Return what is asked of texts, as one sentence; empty when nothing is."""
    texts = Words | Phrase | Paged | PageText | Said
    asked = (one.text for one in looked_for(part) if isinstance(one, texts))
    return " ".join(dict.fromkeys(asked))


def reordered(hits: Sequence[T], reads: Sequence[Read], asked: str, reranker: Reranker) -> list[T]:
    """Return the hits with those that have texts in the order of the model, each kind in the places its kind
    had. Raises `ModelError`."""
    order = list(range(len(hits)))
    worded = [n for n, read in enumerate(reads[:BEST]) if read.text]
    if not asked or len(worded) < 2:
        return list(hits)
    scores = reranker.scores(asked, [reads[n].text or "" for n in worded])
    by_hit = dict(zip(worded, np.asarray(scores, np.float64).tolist(), strict=True))
    for is_exact in (True, False):
        places = [n for n in worded if reads[n].is_exact == is_exact]
        for place, hit in zip(places, sorted(places, key=lambda n: -by_hit[n]), strict=True):
            order[place] = hit
    return [hits[n] for n in order]
