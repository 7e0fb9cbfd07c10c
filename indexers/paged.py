"""Pages for late interaction: a vector for each of their words, made of what documents and scans say.

Stored are, for each page, all its token vectors, two neighbours joined to one, read only for the pages that
are compared exactly; the mean of all; and means of short runs, with the words they stand for, which are
searched first. On 31 questions about real PDFs joining two cost nothing, runs of eight kept 25 of 26 pages
among the first twenty (decision 55).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from indexers.late_text import LateText, Tokens
from indexers.meant import written
from indexers.paragraphs import passages
from indexers.pooling import pooled, runs
from search.plan import PAGE
from search.records import Locator, Page, Region, Segment
from search.spaces import Fingerprint, Vector, unit_rows
from search.store import SegmentRows

JOINED, RUN = 2, 8
"""Tokens to one stored token vector, and to one that is searched."""


class PageMaker:
    """Makes the space of pages; implements `indexers.derived.Maker`."""

    name = PAGE

    def __init__(self, model: LateText) -> None:
        self._model = model

    @property
    def fingerprint(self) -> Fingerprint:
        """The model of its vectors."""
        return self._model.fingerprint

    def texts(self, words: Sequence[Segment]) -> list[Segment]:
        """Return the passages of each page: of its own text, or else of what was read in its picture."""
        own = [one for one in words if one.space == "text"]
        typed = {one.locator for one in own}
        read = [one for one in words if one.space != "text" and _page(one.locator) not in typed]
        found = [*((one.locator, text) for one in own for text in _passages(one)), *_scanned(read)]
        return [Segment(words[0].digest, PAGE, n, place, text) for n, (place, text) in enumerate(found)]

    def encode(self, texts: Sequence[Segment], before: Mapping[str, int]) -> SegmentRows:
        """Return for each page the row that stands for it, and behind it those of its runs."""
        found = self._model.read([text.text or "" for text in texts])
        rows: list[_Row] = []
        numbers = dict(before)
        read = zip(texts, found, strict=True)
        for (digest, place), page in groupby(read, key=lambda one: (one[0].digest, one[0].locator)):
            said = [(text.text or "", tokens) for text, tokens in page if len(tokens.vectors)]
            first = numbers.get(digest, 0)
            of_page = _rows(Segment(digest, PAGE, first, place), said) if said else []
            numbers[digest] = first + len(of_page)
            rows += of_page
        vectors = np.array([row.vector for row in rows], np.float32).reshape(-1, self.fingerprint.dim)
        return SegmentRows(
            self.fingerprint, [row.segment for row in rows], vectors, [row.tokens for row in rows]
        )


@dataclass(frozen=True, slots=True)
class _Row:
    segment: Segment
    vector: Vector
    tokens: Vector | None = None


def _rows(page: Segment, said: Sequence[tuple[str, Tokens]]) -> list[_Row]:
    """Return the row of a page and those of its runs."""
    every = np.concatenate([tokens.vectors for _, tokens in said])
    joined = np.concatenate([pooled(tokens.vectors, JOINED) for _, tokens in said])
    rows = [_Row(page, unit_rows(every.sum(axis=0, keepdims=True))[0], joined)]
    for text, vector in (run for passage in said for run in _runs(*passage)):
        n = page.n + len(rows)
        rows.append(_Row(Segment(page.digest, PAGE, n, page.locator, text, parent=page.id), vector))
    return rows


def _runs(text: str, found: Tokens) -> Iterator[tuple[str, Vector]]:
    """Yield the runs of a passage: the words each stands for, up to where the next begins, and its vector."""
    places = runs(len(found.vectors), RUN)
    for (begin, end), vector in zip(places, pooled(found.vectors, RUN), strict=True):
        first = int(found.spans[begin, 0])
        last = int(found.spans[end, 0]) if end < len(found.spans) else len(text)
        yield text[first:last].strip(), vector


def _passages(page: Segment) -> list[str]:
    return passages((page.text or "").splitlines())


def _scanned(read: Sequence[Segment]) -> Iterator[tuple[Locator, str]]:
    """Return what is written on scanned pages, not in pictures, those of documents neither, nor in films."""
    return ((place, text) for place, text in written(read) if isinstance(place, Page) and not place.picture)


def _page(locator: Locator) -> Locator:
    return locator.of if isinstance(locator, Region) else locator
