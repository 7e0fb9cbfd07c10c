"""The final order of the best hits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine import Engine, SearchOptions
from search.errors import ModelError
from search.parser import parse
from search.records import Missing
from search.reranking import BEST, Read, question, reordered
from search.spaces import Vector

READS = st.lists(st.builds(Read, st.sampled_from([None, "a", "bb", "cccc"]), st.booleans()), max_size=25)


@dataclass
class Longest:
    """Likes long texts."""

    asked: list[str] = field(default_factory=list)

    def scores(self, question: str, texts: Sequence[str]) -> Vector:
        self.asked.append(question)
        return np.array([len(text) for text in texts], np.float32)


class Broken:
    """Cannot be loaded."""

    def scores(self, question: str, texts: Sequence[str]) -> Vector:  # noqa: ARG002 (the protocol's)
        raise ModelError("It is broken.", "Mend it.")


@given(reads=READS)
def test_each_kind_keeps_its_places_and_is_in_order(reads: list[Read]) -> None:
    order = reordered(range(len(reads)), reads, "what", Longest())
    assert sorted(order) == list(range(len(reads)))
    for place, hit in enumerate(order):
        kind = (reads[hit].text is None, reads[hit].is_exact)
        assert (reads[place].text is None, reads[place].is_exact) == kind
        assert hit == place or (reads[hit].text is not None and hit < BEST)
    for is_exact in (True, False):
        texts = [reads[n].text for n in order[:BEST] if reads[n].is_exact == is_exact]
        lengths = [len(text) for text in texts if text]
        assert lengths == sorted(lengths, reverse=True)


def test_what_is_asked_of_texts() -> None:
    assert question(parse('red "boat" -car scene:beach type:pdf said:hello').root) == "red boat hello"
    assert question(parse("like:@a.jpg").root) == ""


class TestSearching:
    @pytest.fixture
    def shelf(self, shelf: Any) -> Any:
        shelf.pdf("a.pdf", "a boat")
        shelf.pdf("b.pdf", f"a boat that is {'very ' * 30} long")
        shelf.pdf("c.pdf", f"boats {'and boats ' * 60}")
        shelf.photo("boat.jpg", "boat")
        return shelf

    def names(self, engine: Engine, query: str, **options: Any) -> list[str]:
        return [hit.file.name for hit in engine.search(query, SearchOptions(**options))]

    def test_it_is_only_asked_when_that_is_wanted(self, shelf: Any) -> None:
        longest = Longest()
        engine = shelf.engine(reranker=longest)
        usual = self.names(engine, "a boat")
        assert longest.asked == []
        best = self.names(engine, "a boat", best=True)
        assert longest.asked == ["a boat"]
        assert usual.index("a.pdf") < usual.index("b.pdf")
        assert best.index("b.pdf") < best.index("a.pdf") < best.index("c.pdf")
        assert sorted(usual) == sorted(best)

    def test_scores_stay_in_order(self, shelf: Any) -> None:
        hits = shelf.engine(reranker=Longest()).search("a boat", SearchOptions(best=True)).hits
        assert [hit.rank for hit in hits] == [1, 2, 3, 4][: len(hits)]
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)

    def test_without_a_model_it_is_said_and_the_search_goes_on(self, shelf: Any) -> None:
        gap = Missing("rerank", "no model for the best order is installed", "crossfind models pull x")
        engine = shelf.engine(missing={"rerank": gap})
        result = engine.search("boat", SearchOptions(best=True))
        assert result.missing == (gap,)
        assert result.hits == engine.search("boat").hits
        assert engine.search("boat").missing == ()

    def test_a_broken_model_is_said_and_the_search_goes_on(self, shelf: Any) -> None:
        result = shelf.engine(reranker=Broken()).search("boat", SearchOptions(best=True))
        assert result.missing == (Missing("rerank", "It is broken.", "Mend it."),)
        assert result.hits

    def test_other_orders_stay_as_they_are(self, shelf: Any) -> None:
        engine = shelf.engine(reranker=Longest())
        for query, sort in (("boat", "name"), ("type:pdf", "relevance")):
            assert self.names(engine, query, best=True, sort=sort) == self.names(engine, query, sort=sort)
