"""A library of documents whose every word has a vector of its own, for late interaction."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from search.plan import PAGE
from search.records import Content, File, Page, Segment
from search.spaces import Fingerprint, Vector, unit_rows
from search.store import Batch, Library, Mark, Root, SegmentRows

DIM = 16
MODEL = Fingerprint("late", "1", "", DIM)
TEXT = Fingerprint("words", "1", "", 0)


class Words:
    """Implements `search.spaces.TokenEncoder`: each word has a direction of its own."""

    space, fingerprint, accepts, thresholds = PAGE, MODEL, frozenset({"text"}), None

    def encode_tokens(self, text: str) -> Vector:
        return words(text)

    def encode_text(self, text: str) -> Vector:
        found: Vector = unit_rows(words(text).sum(axis=0, keepdims=True))[0]
        return found

    def encode_picture(self, picture: Any) -> Vector:
        raise NotImplementedError(picture)


def words(text: str) -> Vector:
    seeds = [sum(ord(letter) * 31**n for n, letter in enumerate(word)) for word in text.split()]
    rows = [np.random.default_rng(seed).normal(size=DIM) for seed in seeds]
    return unit_rows(np.array(rows).reshape(-1, DIM))


def fill(library: Library, documents: dict[str, Sequence[str]]) -> None:
    """One PDF each, with a page for every text; two words to a run."""
    with library.writer() as writer:
        writer.add_root(Root("/docs"))
        writer.open_space(PAGE, MODEL)
        writer.open_space("text", TEXT)
        for digest, pages in documents.items():
            segments, vectors, tokens = _rows(digest, pages)
            typed = [Segment(digest, "text", n, Page(n + 1), text) for n, text in enumerate(pages)]
            writer.write(
                Batch(
                    contents=[Content(digest, "application/pdf", 1, pages=len(pages))],
                    files=[File(f"/docs/{digest}.pdf", digest, 1, 10**18, "/docs")],
                    segments={
                        PAGE: SegmentRows(MODEL, segments, vectors, tokens),
                        "text": SegmentRows(TEXT, typed),
                    },
                    marks=[
                        Mark(digest, PAGE, MODEL.key, segments=len(segments)),
                        Mark(digest, "text", TEXT.key, segments=len(typed)),
                    ],
                )
            )


def _rows(digest: str, pages: Sequence[str]) -> tuple[list[Segment], Vector, list[Vector | None]]:
    segments: list[Segment] = []
    vectors: list[Vector] = []
    tokens: list[Vector | None] = []
    for number, text in enumerate(pages, start=1):
        every, said = words(text), text.split()
        whole = Segment(digest, PAGE, len(segments), Page(number))
        runs = [(every[at : at + 2], " ".join(said[at : at + 2])) for at in range(0, len(said), 2)]
        segments += [whole]
        segments += [
            Segment(digest, PAGE, whole.n + 1 + n, Page(number), told, parent=whole.id)
            for n, (_, told) in enumerate(runs)
        ]
        vectors += [every.sum(axis=0), *(run.sum(axis=0) for run, _ in runs)]
        tokens += [every, *[None] * len(runs)]
    return segments, unit_rows(np.array(vectors)), tokens
