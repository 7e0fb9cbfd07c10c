"""The score of edges, against a slow reference that was written apart from it."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import graph
from search.graph import APART, NEXT, Pair, closeness, pairs
from search.records import Page, TimeSpan, Whole
from search.spots import Spot

SPOTS: list[Spot] = [
    Page(1),
    Page(2),
    Page(3),
    Page(7),
    Whole(),
    TimeSpan(0, 4),
    TimeSpan(9, 11),
    TimeSpan(99, 100),
]


@st.composite
def graphs(draw: Any) -> tuple[list[Spot], graph.Scores, list[float]]:
    spots = draw(st.lists(st.sampled_from(SPOTS), min_size=1, max_size=7, unique=True))
    parts = draw(st.integers(1, 4))
    levels = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
    rows = draw(
        st.lists(st.lists(levels, min_size=parts, max_size=parts), min_size=len(spots), max_size=len(spots))
    )
    weights = draw(st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=parts, max_size=parts))
    return spots, np.array(rows), weights


def slowly(
    spots: list[Spot], answers: graph.Scores, weights: list[float], first: set[int]
) -> dict[frozenset[int], float]:
    """Every edge of the first components, in plain Python."""

    def worth(values: list[float]) -> float:
        return sum(w * v for w, v in zip(weights, values, strict=True)) / sum(weights)

    own = [worth([float(v) for v in row]) for row in answers]
    best = {frozenset((n,)): own[n] for n in first}
    for one, other in itertools.permutations(range(len(spots)), 2):
        if one in first:
            both = worth([max(float(a), float(b)) for a, b in zip(answers[one], answers[other], strict=True)])
            both *= closeness(spots[one], spots[other])
            ends, score = frozenset((one, other)), both
            if max(own[one], own[other]) >= both:
                ends = frozenset((one if own[one] >= own[other] else other,))
                score = max(own[one], own[other])
            best[ends] = max(best.get(ends, 0.0), score)
    return best


def as_scores(found: list[Pair]) -> dict[frozenset[int], float]:
    return {frozenset(pair.ends): pair.score for pair in found}


@given(graphs())
def test_every_edge_scores_what_the_slow_way_says(made: tuple[list[Spot], graph.Scores, list[float]]) -> None:
    spots, answers, weights = made
    found = pairs(spots, answers, weights)
    slow = slowly(spots, answers, weights, set(range(len(spots))))
    mine = as_scores(found)
    best = max(slow.values())
    assert found[0].score == pytest.approx(best)
    assert mine == pytest.approx(slow)
    assert [pair.score for pair in found] == sorted(mine.values(), reverse=True)


@given(graphs(), st.integers(1, 3))
def test_a_beam_looks_at_the_edges_of_the_best_alone(
    made: tuple[list[Spot], graph.Scores, list[float]], beam: int
) -> None:
    spots, answers, weights = made
    own = answers @ np.array(weights) / sum(weights)
    first = set(sorted(range(len(spots)), key=lambda n: (-own[n], n))[:beam])
    narrow = pairs(spots, answers, weights, beam)
    assert as_scores(narrow) == pytest.approx(slowly(spots, answers, weights, first))


@given(graphs())
def test_a_wider_beam_and_more_hops_lose_nothing(made: tuple[list[Spot], graph.Scores, list[float]]) -> None:
    scores = [pairs(*made, beam)[0].score for beam in (1, 2, 30)]
    assert scores == sorted(scores)
    with pytest.MonkeyPatch.context() as patched:
        by_hops = []
        for hops in range(4):
            patched.setattr(graph, "HOPS", hops)
            by_hops.append(pairs(*made, 1)[0].score)
    assert by_hops == sorted(by_hops)


@given(graphs())
def test_a_pair_is_worth_more_than_each_of_its_ends(
    made: tuple[list[Spot], graph.Scores, list[float]],
) -> None:
    spots, answers, weights = made
    own = answers @ np.array(weights) / sum(weights)
    for pair in pairs(spots, answers, weights):
        assert len(pair.ends) in (1, 2)
        assert len(pair.ends) == 1 or pair.score > max(own[end] for end in pair.ends)


def test_without_a_hop_there_are_no_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graph, "HOPS", 0)
    found = pairs([Page(1), Page(2)], np.array([[1.0, 0.0], [0.0, 1.0]]), [1, 1])
    assert found == [Pair(0.5, (0,)), Pair(0.5, (1,))]


def test_one_component_that_answers_all_wins() -> None:
    answers = np.array([[0.9, 0.9], [0.9, 0.0], [0.0, 0.9]])
    assert pairs([Page(1), Page(2), Page(3)], answers, [1, 1])[0] == Pair(0.9, (0,))


def test_a_second_hop_finds_what_lies_beyond_a_narrow_beam(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = np.array([[0.5, 0.5, 0.5], [0.9, 0.0, 0.0], [0.0, 0.8, 0.65]])
    spots = [Page(1), Page(2), Page(3)]
    assert pairs(spots, answers, [1, 1, 1], 1)[0].ends == (0, 1)
    monkeypatch.setattr(graph, "HOPS", 2)
    assert pairs(spots, answers, [1, 1, 1], 2)[0].ends == (1, 2)


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [
        (Page(1), Page(1), 1.0),
        (Page(2), Page(1), NEXT),
        (Page(1), Page(3), APART),
        (Whole(), Page(9), 1.0),
        (TimeSpan(0, 5), TimeSpan(4, 9), 1.0),
        (TimeSpan(0, 5), TimeSpan(15, 19), NEXT),
        (TimeSpan(50, 55), TimeSpan(0, 19), APART),
        (TimeSpan(0, 5), Page(1), APART),
    ],
)
def test_what_lies_close_together_counts_more(one: Spot, other: Spot, counts: float) -> None:
    assert closeness(one, other) == closeness(other, one) == counts


def test_many_edges_are_cut_to_the_best() -> None:
    spots: list[Spot] = [Page(n) for n in range(1, 400)]
    answers = np.random.default_rng(0).random((len(spots), 3))
    found = pairs(spots, answers, [1, 1, 1])
    assert len(found) == graph.EDGES
    slow = slowly(spots, answers, [1, 1, 1], {int(n) for n in np.argsort(-answers.sum(1))[: graph.BEAM]})
    assert found[0].score == pytest.approx(max(slow.values()))
