"""Joining what the legs say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.filters import Facts
from search.fusion import Answer, Clue, Judge, fuse, places, score_at
from search.query import And, Name, Not, Or, Part, Words
from search.records import Evidence, Locator, Page, Whole

shares = st.floats(0, 1)
CAT, DOG = Words("cat"), Words("dog")
WHOLE = Whole()


def clue(space: str, score: float, locator: Locator = WHOLE, path: str | None = None) -> Clue:
    return Clue(Evidence(space, 1, score, locator, None, score), path)


@given(st.lists(shares, min_size=1, max_size=5), shares)
def test_fusion_stays_on_the_scale_and_never_takes_away(scores: list[float], more: float) -> None:
    fused = fuse(scores)
    assert max(scores) - 1e-12 <= fused <= 1
    assert fuse([*scores, more]) >= fused - 1e-12


def test_agreement_counts_less_than_strength() -> None:
    assert fuse([0.9]) > fuse([0.6, 0.6, 0.6])
    assert fuse([0.6, 0.6]) > fuse([0.6])


def test_clues_of_one_place_join_with_those_of_the_whole() -> None:
    clues = [clue("text", 0.5, Page(1)), clue("scene", 0.5, Page(2)), clue("name", 0.5)]
    assert places(clues) == [Page(1), Page(2)]
    assert score_at(clues, Page(1)) == fuse([0.5, 0.5])
    assert score_at(clues, Page(9)) == 0.5


def test_a_leg_counts_once_in_a_place() -> None:
    assert score_at([clue("text", 0.5), clue("text", 0.4)], Whole()) == 0.5


def answers(cat: float | None, dog: float | None) -> dict[int, Answer]:
    scores = ((CAT, cat), (DOG, dog))
    return {id(leaf): {"d": [clue("scene", score)]} for leaf, score in scores if score is not None}


JUDGED: dict[str, tuple[Part, float | None, float | None, float | None]] = {
    "leaf": (CAT, 0.8, None, 0.8),
    "leaf below the floor": (CAT, 0.2, None, None),
    "leaf not found": (CAT, None, 0.9, None),
    "and is the mean": (And((CAT, DOG)), 0.8, 0.4, 0.6),
    "and wants all": (And((CAT, DOG)), 0.8, 0.1, None),
    "or is the best": (Or((CAT, DOG)), 0.8, 0.4, 0.8),
    "or wants one": (Or((CAT, DOG)), None, 0.4, 0.4),
    "not decides only": (And((CAT, Not(DOG))), 0.8, 0.3, 0.8),
    "not takes out what is sure": (And((CAT, Not(DOG))), 0.8, 0.7, None),
    "a filter decides only": (And((CAT, Name("x"))), 0.8, None, 0.8),
    "a filter can refuse": (And((CAT, Name("y"))), 0.8, None, None),
    "a filter beside a leaf": (Or((CAT, Name("x"))), None, None, 0.5),
    "a filter does not hide a better leaf": (Or((CAT, Name("x"))), 0.8, None, 0.8),
    "a not beside a leaf": (Or((CAT, Not(DOG))), None, None, 0.5),
}


@pytest.mark.parametrize(("tree", "cat", "dog", "expected"), JUDGED.values(), ids=JUDGED.keys())
def test_the_logic_of_the_tree(
    tree: Part, cat: float | None, dog: float | None, expected: float | None
) -> None:
    score = Judge(answers(cat, dog), 0.25).score(tree, "d", "/x.jpg", Facts(name="x.jpg"))
    assert score == (None if expected is None else pytest.approx(expected))


def test_weights_move_the_mean() -> None:
    heavy = Words("cat", weight=3)
    judge = Judge({id(heavy): {"d": [clue("scene", 0.8)]}} | answers(None, 0.4), 0.0)
    assert judge.score(And((heavy, DOG)), "d", "/x", Facts()) == pytest.approx(0.7)
    assert judge.score(Or((heavy, DOG)), "d", "/x", Facts()) == pytest.approx(0.8)


def test_a_clue_of_one_path_counts_for_it_alone() -> None:
    judge = Judge({id(CAT): {"d": [clue("name", 0.9, path="/a"), clue("scene", 0.4)]}}, 0.25)
    a, b = (judge.score(CAT, "d", path, Facts()) for path in ("/a", "/b"))
    assert a is not None
    assert b == pytest.approx(0.4)
    assert a > 0.9
    assert judge.bound(CAT, "d") == a
    assert len(judge.clues(CAT, "d", "/b")) == 1


def test_what_a_not_looks_for_is_no_evidence() -> None:
    judge = Judge(answers(0.9, 0.4), 0.25)
    tree = And((CAT, Not(Or((DOG, CAT)))))
    assert [found.evidence.score for found in judge.clues(tree, "d", "/x")] == [0.9]


@given(shares | st.none(), shares | st.none(), st.sampled_from([tree for tree, *_ in JUDGED.values()]))
def test_the_bound_is_never_less_than_the_score(cat: float | None, dog: float | None, tree: Part) -> None:
    judge = Judge(answers(cat, dog), 0.25)
    score = judge.score(tree, "d", "/x.jpg", Facts(name="x.jpg"))
    bound = judge.bound(tree, "d")
    assert score is None or (bound is not None and bound >= score - 1e-12)
