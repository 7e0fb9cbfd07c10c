"""Pages by late interaction against a slow reference that compares every token with every other."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import indexed_pages
from search.calibration import PASSAGE_PROBES, page_likeness
from search.engine import Engine, SearchOptions
from search.late import PageSearch, max_sim
from search.plan import PAGE
from search.records import Page, Segment
from search.store import Batch, Library, SegmentRows
from search.store.tokens import drawn_pages, tokens_at
from tests.search.paged import MODEL, Words, fill, words


def one_after_another(tasks: Sequence[Any]) -> list[Any]:
    return [task() for task in tasks]


VOCABULARY = [
    *("ferry", "lands", "nobody", "knows", "where", "gold", "pot"),
    *("rainbow", "chart", "revenue", "steam", "boat", "bee", "hive"),
]


@pytest.fixture
def documents() -> dict[str, Sequence[str]]:
    random = np.random.default_rng(5)
    return {
        f"d{n}": [" ".join(random.choice(VOCABULARY, random.integers(1, 12))) for _ in range(4)]
        for n in range(12)
    }


@given(st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=6))
def test_max_sim_is_the_mean_of_the_best_cosines(asked: list[str]) -> None:
    question, page = words(" ".join(asked)), words("gold pot where the rainbow lands")
    slow = [max(float(q @ d) for d in page) for q in question]
    assert max_sim(question, page) == pytest.approx(np.mean(slow), abs=1e-6)


@pytest.mark.parametrize("asked", ["gold pot", "nobody knows where", "steam", "chart revenue hive bee boat"])
@pytest.mark.parametrize("scope", [None, {"d1", "d2", "d7"}, set()])
def test_the_nearest_pages_are_those_of_the_slow_comparison(
    tmp_path: Any, documents: dict[str, Sequence[str]], asked: str, scope: set[str] | None
) -> None:
    library = Library.create(tmp_path / "library")
    fill(library, documents)
    question = words(asked)
    slow = {
        (digest, number): max_sim(question, words(text).astype(np.float16).astype(np.float32))
        for digest, pages in documents.items()
        for number, text in enumerate(pages, start=1)
        if scope is None or digest in scope
    }
    found = PageSearch(library, one_after_another).found(Words(), asked, 10, scope)
    best = sorted(slow.values(), reverse=True)[: len(found)]
    assert len(found) == min(10, len(slow))
    assert [one.score for one, _ in found] == pytest.approx(best, abs=1e-3)
    for one, _ in found:
        assert isinstance(one.segment.locator, Page)
        place = one.segment.digest, one.segment.locator.number
        assert one.score == pytest.approx(slow[place], abs=1e-3)
    library.close()


def test_a_page_that_only_its_words_find_is_compared_too(
    tmp_path: Any, documents: dict[str, Sequence[str]], monkeypatch: Any
) -> None:
    monkeypatch.setattr(indexed_pages, "RUNS", 1)
    library = Library.create(tmp_path / "library")
    fill(library, documents | {"z": ["quincunx among so many other words that its mean tells nothing of it"]})
    found = PageSearch(library, one_after_another).found(Words(), "quincunx gold", 50, None)
    assert "z" in {one.segment.digest for one, _ in found}
    library.close()


def test_a_question_without_words_finds_nothing(tmp_path: Any, documents: dict[str, Sequence[str]]) -> None:
    library = Library.create(tmp_path / "library")
    fill(library, documents)
    assert PageSearch(library, one_after_another).found(Words(), " ", 10, None) == []
    library.close()


def test_pages_are_drawn_the_same_way_and_have_tokens(
    tmp_path: Any, documents: dict[str, Sequence[str]]
) -> None:
    library = Library.create(tmp_path / "library")
    assert drawn_pages(library, PAGE, 5) == []
    assert tokens_at(library, PAGE, [("d1", 1)]) == {}
    fill(library, documents)
    drawn = drawn_pages(library, PAGE, 7, seed=3)
    assert drawn == drawn_pages(library, PAGE, 7, seed=3)
    assert len(set(drawn)) == 7
    found = tokens_at(library, PAGE, [*drawn, ("nobody", 1), ("d1", 99)])
    assert found.keys() == set(drawn)
    for (digest, number), tokens in found.items():
        assert number is not None
        np.testing.assert_allclose(tokens, words(documents[digest][number - 1]), atol=2e-3)
    library.close()


def test_tokens_that_do_not_fit_are_refused(tmp_path: Any) -> None:
    library = Library.create(tmp_path / "library")
    segment = Segment("d", PAGE, 0, Page(1))
    with library.writer() as writer:
        writer.open_space(PAGE, MODEL)
        for tokens in ([], [np.ones((3, 2), np.float32)]):
            rows = SegmentRows(MODEL, [segment], words("gold"), [*tokens, None, None][: len(tokens) or 2])
            with pytest.raises(ValueError, match="token"):
                writer.write(Batch(segments={PAGE: rows}))
    library.close()


def test_only_what_stands_out_of_chance_is_near() -> None:
    chance = np.random.default_rng(0).normal(0.6, 0.05, len(PASSAGE_PROBES))
    sure, middling, no = page_likeness(np.array([0.78, 0.68, 0.55]), chance)
    assert sure > 0.7 > middling > no
    assert no < 0.05
    assert not page_likeness(np.array([0.9]), np.zeros(0)).any()


def test_the_engine_answers_with_pages(tmp_path: Any, documents: dict[str, Sequence[str]]) -> None:
    library = Library.create(tmp_path / "library")
    fill(library, documents | {"z": ["of nothing", "the auditor was Grace Hopper of Arlington in June"]})
    engine = Engine(library, [Words()])
    result = engine.search('page:"auditor Grace Hopper"', SearchOptions(group="segment"))
    assert (result.hits[0].file.name, result.hits[0].locator) == ("z.pdf", Page(2))
    assert {one.space for one in result.hits[0].evidence} >= {PAGE, "text"}
    found = engine.search('SAME page (page:"auditor" AND text:"Arlington")').hits
    assert [(hit.file.name, hit.locator) for hit in found] == [("z.pdf", Page(2))]
    library.close()
