"""Which pages are compared exactly, in two stages and in three, against comparing all."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import late, shortlist
from search.late import PageSearch, exact
from search.plan import PAGE
from search.spaces import unit_rows
from search.store import Library, page_rows
from search.store.page_layout import columns_of
from search.store.page_rows import PageRows, Rows
from tests.search.paged import Words, fill, words

NOBODY = np.zeros(0, np.int64)


@pytest.fixture
def documents() -> dict[str, Sequence[str]]:
    random = np.random.default_rng(8)
    names = [f"word{n}" for n in range(60)]
    return {f"d{n}": [" ".join(random.choice(names, 9)) for _ in range(5)] for n in range(20)}


@pytest.fixture
def library(tmp_path: Path, documents: dict[str, Sequence[str]]) -> Any:
    made = Library.create(tmp_path / "library")
    fill(made, documents)
    yield made
    made.close()


def held(library: Library) -> PageRows:
    pages = library.kept(PAGE, lambda kept: kept.pages())
    assert pages is not None
    return pages


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=12),
    st.integers(1, 5),
    st.integers(1, 20),
)
def test_max_sims_is_the_slow_comparison(lengths: list[int], asked: int, stretch: int) -> None:
    random = np.random.default_rng(sum(lengths) + asked)
    question = unit_rows(random.normal(size=(asked, 4)))
    vectors = unit_rows(random.normal(size=(sum(lengths), 4)))
    starts = np.cumsum(lengths) - lengths
    pages = Rows(vectors, starts).each
    assert [len(page) for page in pages] == lengths
    slow = [np.mean([max(float(q @ d) for d in page) for q in question]) for page in pages]
    np.testing.assert_allclose(shortlist.max_sims(question, pages), slow, atol=1e-6)
    columns = columns_of(np.append(starts, len(vectors)))
    held = np.empty_like(vectors)
    held[columns.at] = vectors
    np.testing.assert_allclose(shortlist.column_sims(question, held, columns, stretch), slow, atol=1e-6)


def test_no_pages_have_no_scores() -> None:
    assert Rows(np.zeros((0, 4), np.float32), NOBODY).each == []
    assert shortlist.max_sims(words("word1"), []).shape == (0,)


def test_two_stages_find_what_one_finds(library: Library, documents: dict[str, Sequence[str]]) -> None:
    pages = held(library)
    assert pages.rows is not None
    every = np.arange(len(pages.layout))
    among = pages.layout.among(None)
    for asked in ("word3 word17", "word5 word40 word41", "word59"):
        question = words(asked)
        scores = exact(pages, question, every)
        runs, _ = shortlist.by_runs(pages, question, among, 40, NOBODY)
        chosen = shortlist.shortlist(pages, question, among, 40, runs, NOBODY)
        assert set(np.argsort(-scores)[:3]) <= set(chosen)


def test_above_so_many_pages_there_are_three_stages(library: Library, monkeypatch: Any) -> None:
    two = PageSearch(library, lambda tasks: [task() for task in tasks]).found(Words(), "word3", 5, None)
    library.close()
    monkeypatch.setattr(page_rows, "AT_ONCE", 99)
    monkeypatch.setattr(shortlist, "BY_MEANS", 60)
    pages = held(library)
    assert pages.rows is None
    assert pages.means.shape == (100, 16)
    three = PageSearch(library, lambda tasks: [task() for task in tasks]).found(Words(), "word3", 5, None)
    assert [one.score for one, _ in three] == pytest.approx([one.score for one, _ in two])
    assert [one.segment.text for one, _ in three] == [one.segment.text for one, _ in two]


def test_a_mean_is_not_the_only_way_in(library: Library, monkeypatch: Any) -> None:
    monkeypatch.setattr(page_rows, "AT_ONCE", 0)
    monkeypatch.setattr(shortlist, "BY_MEANS", 1)
    pages, question = held(library), words("word3")
    among = pages.layout.among(None)
    scores = exact(pages, question, np.arange(len(pages.layout)))
    worded = np.argsort(-scores)[:4]
    found, _ = shortlist.by_runs(pages, question, among, 1, worded)
    assert scores[found[0]] == pytest.approx(scores.max())


def test_little_memory_holds_whole_pages_only(
    tmp_path: Path, library: Library, documents: dict[str, Sequence[str]]
) -> None:
    small = Library.open(library.folder, page_memory=10_000)
    pages = held(small)
    assert pages.rows is None
    assert pages.at_hand[1].nbytes <= 10_000
    search = PageSearch(small, lambda tasks: [task() for task in tasks])
    found = search.found(Words(), "word3 word4", 3, None)
    usual = PageSearch(library, lambda tasks: [task() for task in tasks])
    assert [one.score for one, _ in found] == pytest.approx(
        [one.score for one, _ in usual.found(Words(), "word3 word4", 3, None)]
    )
    small.close()


def test_only_what_a_filter_lets_pass_comes_into_question(library: Library) -> None:
    pages, question = held(library), words("word3 word7")
    among = pages.layout.among({"d4", "d9", "unknown"})
    assert among.sum() == 10
    worded = pages.layout.at([("d4", 2), ("d5", 1), ("d4", 99)])
    runs, _ = shortlist.by_runs(pages, question, among, 100, worded)
    chosen = shortlist.shortlist(pages, question, among, 100, runs, worded)
    assert {pages.layout.place(page)[0] for page in chosen} == {"d4", "d9"}
    assert len(chosen) == 10


def test_pages_are_chosen_by_runs_words_and_means(library: Library) -> None:
    pages, question = held(library), words("word3 word7")
    among = pages.layout.among(None)
    runs, scores = shortlist.by_runs(pages, question, among, 50, NOBODY)
    assert list(scores) == sorted(scores, reverse=True)
    chosen = shortlist.shortlist(pages, question, among, 2, runs, np.array([90, 91, 92]))
    assert {90, 91, *runs[:2]} <= set(chosen)
    assert len(chosen) == len(set(chosen)) <= 2 + 2 + shortlist.BESIDE


def test_what_is_wanted_beyond_is_told_by_runs_alone(library: Library, monkeypatch: Any) -> None:
    monkeypatch.setattr(late, "CANDIDATES", 5)
    monkeypatch.setattr(late, "SHARE", 0.0)
    pages, question = held(library), words("word3 word7")
    found, scores = late.nearest_pages(pages, question, [("d9", 2)], 60, None)
    assert len(found) == len(set(found)) == 60
    assert list(scores) == sorted(scores, reverse=True)
    exactly = exact(pages, question, found)
    is_exact = np.isclose(scores, exactly)
    assert is_exact[: np.flatnonzero(~is_exact)[0]].sum() >= 5
    assert pages.layout.at([("d9", 2)])[0] in found[: np.flatnonzero(~is_exact)[0]]
    assert len(late.nearest_pages(pages, question, [], 500, None)[0]) == 100


def test_the_run_that_is_shown_is_the_nearest(library: Library, documents: dict[str, Sequence[str]]) -> None:
    pages = held(library)
    asked = documents["d7"][3].split()[4:6]
    page = pages.layout.at([("d7", 4)])
    run = shortlist.nearest_runs(pages, words(" ".join(asked)), page)
    assert [one.text for one in pages.segments(run, PAGE)] == [" ".join(asked)]
