"""Joining what the legs say."""

from hypothesis import given
from hypothesis import strategies as st

from search.fusion import Clue, fuse, places, score_at
from search.records import Evidence, Locator, Page, Whole

shares = st.floats(0, 1)
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
