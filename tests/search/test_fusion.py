"""Joining what the legs say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.fusion import Clue, apart, best_score, fuse, places, score_at
from search.records import Evidence, Locator, Page, Region, TimeSpan, Whole

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


PASSAGE, SENTENCE, NEXT = TimeSpan(0, 30), TimeSpan(5, 9), TimeSpan(28, 33)


@pytest.mark.parametrize(
    ("scored", "kept"),
    [
        ({PASSAGE: 0.8, SENTENCE: 0.8, NEXT: 0.5}, [SENTENCE, NEXT]),
        ({PASSAGE: 0.9, SENTENCE: 0.8}, [PASSAGE]),
        ({SENTENCE: 0.7, NEXT: 0.9}, [SENTENCE, NEXT]),
        ({Page(1): 0.7, Page(2): 0.9}, [Page(1), Page(2)]),
    ],
)
def test_a_passage_and_its_sentence_are_one_hit(scored: dict[Locator, float], kept: list[Locator]) -> None:
    spaces = {PASSAGE: "spoken", SENTENCE: "speech", NEXT: "subtitles"}
    clues = [clue(spaces.get(place, "text"), score, place) for place, score in scored.items()]
    assert apart(scored, clues) == kept


def test_what_was_found_in_different_ways_stays_beside_each_other() -> None:
    clues = [clue("speech", 0.8, PASSAGE), clue("scene", 0.9, SENTENCE)]
    assert apart({PASSAGE: 0.8, SENTENCE: 0.9}, clues) == [PASSAGE, SENTENCE]


def test_a_leg_counts_once_in_a_place() -> None:
    assert score_at([clue("text", 0.5), clue("text", 0.4)], Whole()) == 0.5


def test_a_block_of_text_and_its_line_are_one_hit() -> None:
    line, block = Region(Page(1), (0.2, 0.3, 0.6, 0.4)), Region(Page(1), (0.2, 0.2, 0.8, 0.4))
    beside, other = Region(Page(1), (0.7, 0.3, 0.9, 0.4)), Region(Page(2), (0.2, 0.3, 0.6, 0.4))
    scored = {block: 0.8, line: 0.8, beside: 0.5, other: 0.4}
    clues = [Clue(Evidence("ocr", 1, 1.0, place, None, score)) for place, score in scored.items()]
    assert apart(scored, clues) == [line, beside, other]
    assert apart({block: 0.9, line: 0.8}, clues) == [block]


PLACES = (Whole(), Page(1), Page(2), TimeSpan(0, 4), Region(Page(1), (0, 0, 1, 0.5)))


@given(
    st.lists(
        st.builds(
            lambda space, place, score: Clue(Evidence(space, 1, score, place, None, score)),
            st.sampled_from(["text", "scene", "name"]),
            st.sampled_from(PLACES),
            st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]),
        ),
        max_size=8,
    )
)
def test_the_best_score_is_that_of_the_best_place(clues: list[Clue]) -> None:
    one_by_one = max((score_at(clues, place) for place in places(clues)), default=None) if clues else None
    assert best_score(clues) == (None if one_by_one is None else pytest.approx(one_by_one))
