"""Pages made of the words that are stored: their rows, their token vectors, books in stretches."""

import threading
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from indexers import derived
from indexers.late_text import LateText, Tokens
from indexers.paged import JOINED, RUN, PageMaker
from indexers.pipeline import IndexOptions, index
from search.plan import PAGE
from search.records import Page, Region, Segment, TimeSpan, Whole
from search.spaces import Fingerprint, unit_rows
from search.store import Library
from search.store.tokens import tokens_at

DIM = 16


class Words:
    """Every word lies where its letters say."""

    fingerprint = Fingerprint("words", "1", "", DIM)

    def __init__(self) -> None:
        self.calls: list[int] = []

    def read(self, texts: Sequence[str]) -> list[Tokens]:
        self.calls.append(len(texts))
        return [_tokens(text) for text in texts]


def _tokens(text: str) -> Tokens:
    words = text.split()
    seeds = [zlib.crc32(word.lower().encode()) for word in words]
    rows = [np.random.default_rng(seed).normal(size=DIM) for seed in seeds]
    starts = [len(" ".join(words[:n])) + (n > 0) for n in range(len(words))]
    spans = [(start, start + len(word)) for start, word in zip(starts, words, strict=True)]
    return Tokens(unit_rows(np.array(rows).reshape(-1, DIM)), np.array(spans, np.int64).reshape(-1, 2))


def maker(model: Words | None = None) -> PageMaker:
    return PageMaker(cast("LateText", model or Words()))


def segments(texts: Iterable[tuple[str, Any, str]]) -> list[Segment]:
    return [Segment("d1", space, n, place, text) for n, (space, place, text) in enumerate(texts)]


def test_a_page_is_made_of_its_own_words_and_a_scan_of_those_read_in_it() -> None:
    box = (0.1, 0.1, 0.9, 0.2)
    words = segments(
        [
            ("text", Page(1), "A page with a text of its own."),
            ("ocr", Region(Page(1), box), "a stamp on the first page"),
            ("ocr", Region(Page(2), box), "A letter that was scanned."),
            ("ocr", Region(Whole(), box), "painted on a wall"),
            ("ocr", Region(TimeSpan(1, 2), box), "shown in a film"),
        ]
    )
    found = maker().texts(words)
    assert [(one.locator, one.text) for one in found] == [
        (Page(1), "A page with a text of its own."),
        (Page(2), "A letter that was scanned."),
    ]


def test_rows_stand_for_pages_and_runs_of_their_words() -> None:
    text = " ".join(f"word{n}" for n in range(20))
    texts = [Segment("d1", PAGE, 0, Page(1), text), Segment("d1", PAGE, 1, Page(2), "only these")]
    rows = maker().encode(texts, {})
    pages = [one for one in rows.segments if one.parent is None]
    assert [(one.n, one.locator, one.text) for one in pages] == [(0, Page(1), None), (4, Page(2), None)]
    runs = [one for one in rows.segments if one.parent == pages[0].id]
    assert " ".join(one.text or "" for one in runs) == text
    assert len(runs) == -(-20 // RUN)
    assert rows.tokens is not None
    assert [None if one is None else len(one) for one in rows.tokens] == [10, None, None, None, 1, None]
    assert rows.vectors is not None
    np.testing.assert_allclose(np.linalg.norm(rows.vectors, axis=1), 1, atol=1e-5)
    assert JOINED == 2


def test_numbers_go_on_where_a_content_was_left() -> None:
    texts = [Segment("d1", PAGE, 7, Page(9), "more of it"), Segment("d2", PAGE, 0, Page(1), "another")]
    rows = maker().encode(texts, {"d1": 30})
    assert [(one.digest, one.n) for one in rows.segments] == [("d1", 30), ("d1", 31), ("d2", 0), ("d2", 1)]


def test_a_page_without_words_that_are_known_has_no_rows() -> None:
    rows = maker().encode([Segment("d1", PAGE, 0, Page(1), "  ")], {})
    assert not rows.segments


def test_a_run_makes_pages_in_stretches_and_only_once(
    folder: Path, library: Library, save_pdf: Callable[..., Path], monkeypatch: Any
) -> None:
    monkeypatch.setattr(derived, "AT_ONCE", 3)
    lines = "Nobody knows where the ferry lands on page"
    save_pdf(folder / "book.pdf", *(f"{lines} {n}" for n in range(1, 11)))
    model = Words()
    options = IndexOptions(modules=("indexers.documents",), workers=1)
    for _ in range(2):
        list(index([folder], library, [], options, threading.Event(), makers=[maker(model)]))
    assert len(model.calls) >= 3
    assert sum(model.calls) == 10
    digest = next(iter(library.known_files(str(folder)).values())).digest
    stored = library.segments(PAGE, digest)
    assert [one.n for one in stored] == list(range(len(stored)))
    assert {one.locator for one in stored} == {Page(n) for n in range(1, 11)}
    places = [(digest, n) for n in range(1, 11)]
    assert tokens_at(library, PAGE, places).keys() == set(places)
    assert library.marks(PAGE, Words.fingerprint.key)[digest].segments == len(stored)
