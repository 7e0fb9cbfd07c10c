"""Raw scores on one scale: what may be believed, what may not."""

import numpy as np
import pytest

from search.calibration import (
    BEST_GUESS,
    PICTURE_PRIOR,
    Background,
    likeness,
    near_duplicate,
    page_likeness,
    picture_background,
    same_look,
    same_meaning,
    similarity,
    text_background,
)
from search.engine import DEFAULT_FLOOR
from search.spaces import Vector, unit_rows
from search.wording import Match, text_score

DIM = 256


def scattered(n: int, seed: int = 0) -> Vector:
    return unit_rows(np.random.default_rng(seed).normal(size=(n, DIM)))


def towards(query: Vector, cosine: float, seed: int = 9) -> Vector:
    """A unit vector with this cosine to the query."""
    other = scattered(1, seed)[0]
    other = unit_rows(other - (other @ query) * query)
    return (cosine * query + (1 - cosine**2) ** 0.5 * other).astype(np.float32)


def scores(query: Vector, rows: Vector, background: Background) -> list[float]:
    cosines = np.sort((rows @ query).astype(np.float64))[::-1]
    return similarity(cosines, query, background).tolist()


@pytest.mark.parametrize("n", [1, 3, 10, 50, 1000])
def test_what_stands_out_is_believed_and_chance_is_not(n: int) -> None:
    query, rows = scattered(1, 1)[0], scattered(n)
    probes = scattered(24, 2)
    alone = scores(query, rows, text_background(rows, probes))
    rows[0] = towards(query, 0.4)
    both = scores(query, rows, text_background(rows, probes))
    assert both[0] > 0.8
    assert max(alone) < both[0] - 0.1
    assert all(score < 0.5 for score in both[1:])


def test_the_order_of_cosines_is_kept() -> None:
    query, rows = scattered(1, 1)[0], scattered(200)
    calibrated = scores(query, rows, text_background(rows, scattered(24, 2)))
    assert calibrated == sorted(calibrated, reverse=True)
    assert 0 <= calibrated[-1] <= calibrated[0] <= BEST_GUESS


def test_a_query_that_is_a_little_like_everything_is_believed_less() -> None:
    """All cosines are higher than any probe's, but none stands out."""
    axis = scattered(1, 5)[0]
    rows = unit_rows(scattered(300) + 0.5 * axis * DIM**0.5 / 16)
    background = text_background(rows, scattered(24, 2))
    no_sample = Background(rows[:0], background.mean, background.deviation)
    assert max(scores(axis, rows, no_sample)) > 0.9
    assert max(scores(axis, rows, background)) < 0.8


def test_a_picture_that_is_like_every_query_is_no_find() -> None:
    """One picture is close to the probes; its cosine stands out of the query's, not of the probes'."""
    probes = unit_rows(scattered(24, 2) + 0.06)
    rows = scattered(300)
    hub = unit_rows(probes.sum(axis=0))
    rows[0] = hub
    query = unit_rows(scattered(1, 3)[0] + 0.02)
    cosine = float(rows[0] @ query)
    background = text_background(rows, probes)
    lenient = Background(rows, 0.0, float((rows[1:] @ query).std()))
    assert (
        similarity(np.array([cosine]), query, background)[0]
        < similarity(np.array([cosine]), query, lenient)[0]
    )


def test_several_finds_do_not_hide_each_other_in_a_small_library() -> None:
    query = scattered(1, 1)[0]
    rows = np.stack([towards(query, 0.4, seed) for seed in range(20, 26)])
    assert min(scores(query, rows, text_background(rows, scattered(24, 2)))) > 0.5


def test_nothing_found_stays_nothing() -> None:
    empty = np.zeros((0, DIM), np.float32)
    assert similarity(np.zeros(0), scattered(1)[0], text_background(empty, scattered(24))).size == 0


def test_an_empty_sample_does_not_break_the_scale() -> None:
    background = text_background(np.zeros((0, DIM), np.float32), scattered(24))
    assert 0 <= similarity(np.array([0.3]), scattered(1)[0], background)[0] <= 1


class TestPictures:
    @pytest.mark.parametrize("n", [1, 2, 30])
    def test_an_equal_vector_is_beyond_doubt(self, n: int) -> None:
        rows = scattered(n)
        assert likeness(np.array([1.0]), rows[0], picture_background(rows))[0] == pytest.approx(1)

    def test_the_nearest_picture_is_shown_though_it_is_not_near(self) -> None:
        rows = scattered(300)
        query = scattered(1, 7)[0]
        cosines = np.sort((rows @ query).astype(np.float64))[::-1]
        background = picture_background(rows)
        assert 0.5 < likeness(cosines, query, background)[0] < 0.95
        assert likeness(np.zeros(0), query, background).size == 0

    def test_few_pictures_lean_on_the_prior(self) -> None:
        background = picture_background(scattered(2))
        assert (background.mean, background.deviation) == PICTURE_PRIOR

    def test_a_picture_is_not_compared_with_itself(self) -> None:
        rows = scattered(100)
        assert picture_background(rows).mean == pytest.approx(0, abs=0.01)


class TestNearDuplicates:
    @pytest.mark.parametrize(
        ("bits", "least", "most"),
        [(0, 1, 1), (4, 0.95, 1), (10, 0.6, 0.9), (16, 0, 0.2), (22, 0, 0.02), (32, 0, 0.001)],
    )
    def test_scale_in_differing_bits_of_64(self, bits: int, least: float, most: float) -> None:
        score = near_duplicate(np.array([1 - 2 * bits / 64]))[0]
        assert least - 1e-9 <= score <= most + 1e-9


def test_the_same_look_is_sure_only_when_it_is_near() -> None:
    calibrated = same_look(np.array([1.0, 0.86, 0.76, 0.45, 0.3, 0.0]))
    assert calibrated[0] == pytest.approx(1)
    assert calibrated[:3].min() > 0.9  # what photos keep when they are cropped
    assert calibrated[3:].max() < 0.15  # what the nearest of other photos reach
    assert calibrated.tolist() == sorted(calibrated, reverse=True)


class TestMeaning:
    background = Background(scattered(1000), 0.05, 0.075)

    def scores(self, *cosines: float) -> list[float]:
        return same_meaning(np.array(cosines), self.background).tolist()

    def test_answers_are_believed_and_the_nearest_of_what_is_no_answer_is_not(self) -> None:
        assert self.scores(0.45, 0.3)[0] > 0.5
        assert max(self.scores(0.32, 0.31, 0.1)) < 0.25
        assert self.scores() == []

    def test_the_order_stays_and_words_side_by_side_count_for_more(self) -> None:
        found = self.scores(0.99, 0.7, 0.5, 0.2)
        assert found == sorted(found, reverse=True)
        assert found[0] <= text_score(Match(1.0, 1.0), 0.0)

    def test_what_lies_far_behind_the_best_sinks(self) -> None:
        assert self.scores(0.85, 0.42)[1] < 0.5 * self.scores(0.42)[0]

    def test_a_model_that_finds_everything_alike_is_measured_by_its_own_scale(self) -> None:
        loose = Background(scattered(1000), 0.6, 0.05)
        assert same_meaning(np.array([0.7]), loose)[0] < 0.25 < same_meaning(np.array([0.85]), loose)[0]

    def test_two_passages_alone_do_not_say_what_chance_is(self) -> None:
        few = Background(scattered(2), 0.05, 0.09)
        many = Background(scattered(1000), 0.05, 0.09)
        answer = np.array([0.4])
        assert same_meaning(answer, few)[0] > 0.4 > same_meaning(answer, many)[0]


def test_a_page_among_many_as_near_is_hardly_believed() -> None:
    chance = np.array([0.4, 0.5, 0.6])
    alone = page_likeness(np.array([0.8, *[0.5] * 30]), chance)
    crowd = page_likeness(np.array([0.8, *[0.79] * 30]), chance)
    few = page_likeness(np.array([0.8, 0.79, 0.79]), chance)
    assert alone[0] == few[0] > 2 * crowd[0]
    assert crowd[0] > DEFAULT_FLOOR
    assert (np.diff(crowd) <= 0).all()
