"""A picture, but otherwise: the formulas, what a change adds and takes away, and the tags that describe."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.composing import AVOID, Wish, best_tags, composed, description, is_reference, read_wish, rules_out
from search.records import Locator, Page, Region, TimeSpan, Whole
from search.spaces import Composition, PictureReference, Vector, unit_rows

rows = st.integers(0, 2**32).map(
    lambda seed: unit_rows(np.random.default_rng(seed).normal(size=(4, 8)).astype(np.float32))
)
shares = st.floats(0, 1)


@given(rows, rows, shares, shares)
def test_one_vector_gives_the_scores_of_the_formulas(
    asked: Vector, candidates: Vector, keep: float, insist: float
) -> None:
    reference, described, change, negative = asked
    anchored = (1 - keep) * described + keep * reference
    s_q = candidates @ (anchored / np.linalg.norm(anchored))
    s_d, s_m = candidates @ described, candidates @ change
    by_formula = s_q - insist * ((s_d - s_m) - s_q) - AVOID * (candidates @ negative)
    vector = composed(reference, described, change, [negative], keep, insist)
    assert candidates @ vector == pytest.approx(by_formula, abs=1e-5)


def test_without_words_it_is_the_picture() -> None:
    picture = unit_rows(np.ones((1, 4)))[0]
    assert composed(picture, None, None) == pytest.approx(picture)


@pytest.mark.parametrize(
    ("change", "wish"),
    [
        ("in snow", Wish("in snow")),
        ("sleeveless and black", Wish("sleeveless and black")),
        ("without people", Wish("", ("people",))),
        ("at night without people", Wish("at night", ("people",))),
        ("a cat instead of a dog", Wish("a cat", ("a dog",))),
        ("instead of a dog, a cat", Wish("a cat", ("a dog",))),
        ("a dog -> a cat, at night", Wish("a cat, at night", ("a dog",))),
        ("dog→cat", Wish("cat", ("dog",))),
        ("red rather than blue; no sky", Wish("red", ("blue", "sky"))),
        ("black and not red", Wish("black", ("red",))),
        ("a knot, nothing else", Wish("a knot, nothing else")),
        ("", Wish("")),
    ],
)
def test_what_a_change_adds_and_takes_away(change: str, wish: Wish) -> None:
    assert read_wish(change) == wish


def test_what_is_ruled_out_beside_a_change() -> None:
    assert read_wish("in snow", ("people", "a dog")) == Wish("in snow", ("people", "a dog"))


@given(st.text())
def test_any_text_is_a_change(text: str) -> None:
    wish = read_wish(text)
    assert all(told in text for told in wish.drops)


def test_tags_that_the_change_contradicts() -> None:
    wish = read_wish("a cat instead of the dogs, without a night sky")
    assert [rules_out(wish, tag) for tag in ("dog", "night sky", "hot dog", "cat", "grass")] == [
        *(True, True, True, False, False)
    ]


def test_the_description() -> None:
    assert description(("dog", "grass"), Wish("in snow")) == "a photo of dog, grass, in snow"
    assert description((), Wish("in snow")) == "in snow"
    assert description(("dog",), Wish("", ("people",))) == "a photo of dog"
    assert description((), Wish("", ("people",))) is None


def test_tags_are_the_words_that_fit_best() -> None:
    words = ("a", "b", "c", "d")
    fits = np.array([0.1, 0.5, 0.45, -0.2], np.float32)
    assert best_tags(fits, words) == ("b", "c")
    assert best_tags(-np.ones(4, np.float32), words) == ()
    assert best_tags(np.zeros(0, np.float32), ()) == ()


@pytest.mark.parametrize(
    ("page", "place", "same"),
    [
        (None, Whole(), True),
        (None, Region(Whole(), (0, 0, 1, 1)), True),
        (None, Page(1), True),
        (None, Page(2), False),
        (2, Page(2), True),
        (2, Page(1), False),
        (None, TimeSpan(0, 1), False),
    ],
)
def test_the_picture_itself(tmp_path: Any, page: int | None, place: Locator, same: bool) -> None:
    ask = Composition(PictureReference(tmp_path / "a.jpg", page=page), "red")
    assert is_reference(ask, "d1", "d1", place) is same
    assert not is_reference(ask, "d1", "d2", place)
