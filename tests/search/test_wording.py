"""How well texts answer words, and what is shown of them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.store import fold
from search.wording import (
    TOGETHER,
    WIDTH,
    Terms,
    found_match,
    name_score,
    page_score,
    phrase_score,
    text_score,
    words_of,
)

LONG = "lorem ipsum " * 40


def score(query: str, text: str, relative: float = 1.0) -> float:
    return text_score(Terms(query).match(fold(text)), relative)


ORDERS: dict[str, tuple[str, list[str]]] = {
    "closer is better": ("red car", ["a red car", f"red {LONG} car", "a red bus", "a bus"]),
    "side by side in order first": ("red car", ["red car", "car red"]),
    "whole words": ("car", ["a car", "a scar"]),
    "words that say something": ("the car", ["car", "the bus"]),
    "accents do not matter": ("cafe", ["ein Café", "ein Kaffee"]),
    "scripts without spaces": ("保証金", ["敷金と保証金の額", "敷金の額"]),
}


@pytest.mark.parametrize(("query", "texts"), ORDERS.values(), ids=ORDERS.keys())
def test_order(query: str, texts: list[str]) -> None:
    scores = [score(query, text) for text in texts]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]


def test_all_words_outrank_any_share_of_them() -> None:
    assert score("one two three four", "one two three", 1) < score(
        "one two three four", f"one two three {LONG} four", 0
    )


def test_a_missing_word_that_says_little_costs_little() -> None:
    whole, without, half = (
        score("price of part 7", text) for text in ("price of part 7", "part 7, price 3", "part of 7")
    )
    assert whole > without > whole - 0.2
    assert half < 0.6 < without
    assert score("who is it", "it rains") < 0.4


ASKED = "in which year did Ada sell the red boat"
SAID, APART = "Ada Abel gave the red boat away", f"Ada was there. {LONG} A red hat. {LONG} A boat."


def test_words_of_a_page_that_stand_together_say_more_than_those_that_do_not() -> None:
    terms = Terms(ASKED)
    whole, near, far, none = (terms.match_page(fold(text))[1] for text in (ASKED, SAID, APART, "nothing"))
    assert 1 == whole > near > far > none == 0
    assert page_score(terms, "nothing", 1) == text_score(found_match(terms, "nothing"), 1)
    assert page_score(terms, SAID, 0.5) > page_score(terms, APART, 1)
    assert text_score(found_match(terms, SAID), 0.5) < text_score(found_match(terms, APART), 1)


@pytest.mark.parametrize(
    "text", [ASKED, f"{LONG} {ASKED}", f"year {LONG} Ada {LONG} sell red boat which in did"]
)
def test_a_page_with_all_words_scores_as_any_text(text: str) -> None:
    match = found_match(Terms(ASKED), text)
    assert match.coverage == 1
    assert page_score(Terms(ASKED), text, 0.7) == text_score(match, 0.7)


@given(st.lists(st.sampled_from(["one", "two", "three", "filler"]), min_size=1, max_size=60))
def test_what_stands_together_is_found_wherever_it_does(said: list[str]) -> None:
    terms, text = Terms("one two three"), " ".join(said)
    found = list(re.finditer(r"\w+", text))
    held = [
        {one[0] for one in found if start.start() <= one.start() and one.end() <= start.start() + TOGETHER}
        for start in found
    ]
    match, together = terms.match_page(text)
    assert match == terms.match(text)
    assert together == pytest.approx(max(len(one - {"filler"}) for one in held) / 3)


@given(
    st.text("ab1_-ä क्षι\u0301'保 ", max_size=30),
    st.sampled_from(["a", "ab b", "a1 ä", "क्ष a", "保 a", "a_b"]),
)
def test_words_are_found_alike_however_they_are_looked_for(text: str, asked: str) -> None:
    terms = Terms(asked, {words_of(asked)[0]: {"xb": 0.8, "b": 0.5}})
    quick = terms.match(text)
    terms._is_plain = False
    assert quick == terms.match(text)


def test_a_phrase_outranks_all_other_words() -> None:
    assert phrase_score(0) >= score("red car", "red car", 1)


@pytest.mark.parametrize("signs", ["!?", "—", "😀"])
def test_signs_are_looked_for_as_they_stand(signs: str) -> None:
    assert Terms(signs).match("some text").coverage == 0
    assert Terms(signs).match(f"some {signs} text").coverage == 1


def test_what_the_index_found_is_believed_to_some_degree() -> None:
    assert found_match(Terms("cat"), "nothing to see").coverage == 1
    assert found_match(Terms("cat dog"), "nothing to see").coverage == 0.5


def test_no_words_match_nothing() -> None:
    assert Terms("").match("some text").coverage == 0


NAMES: dict[str, tuple[str, list[str]]] = {
    "own name before folder": (
        "holidays",
        ["/x/holidays.jpg", "/x/our holidays.jpg", "/holidays/x.jpg", "/x/y.jpg"],
    ),
    "name with and without its ending": ("a.pdf", ["/x/a.pdf", "/x/b a.pdf"]),
    "parts of names": ("img_2", ["/x/IMG_2.jpg", "/x/IMG_2041.jpg", "/x/2041.jpg"]),
    "words written together": ("beach house", ["/x/BeachHouse2024.jpg", "/x/Beach2024.jpg"]),
    "underscores part words": ("sea side", ["/x/sea_side.jpg", "/x/sea_at_the_side.jpg", "/x/sea.jpg"]),
}


@pytest.mark.parametrize(("query", "paths"), NAMES.values(), ids=NAMES.keys())
def test_order_of_names(query: str, paths: list[str]) -> None:
    scores = [name_score(Terms(query), path, 1) for path in paths]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]


def test_an_exact_name_is_beyond_doubt() -> None:
    assert name_score(Terms("Annual Report"), "/x/annual report.pdf", 0) == 1


class TestSnippets:
    def test_a_short_text_is_shown_whole_on_one_line(self) -> None:
        assert Terms("b").snippet(" a\n b\t c ") == "a b c"

    @pytest.mark.parametrize("place", [0, 7, 39])
    def test_a_long_text_is_cut_round_the_words(self, place: int) -> None:
        words = ["lorem ipsum"] * 40
        words[place] = "Überraschung"
        snippet = Terms("uberraschung").snippet(" ".join(words))
        assert "Überraschung" in snippet
        assert len(snippet) <= WIDTH + 4
        assert snippet.startswith("… ") is (place > 5)
        assert snippet.endswith(" …") is (place < 35)

    def test_the_phrase_is_preferred_to_its_words(self) -> None:
        text = f"a red bus {LONG} and the red car {LONG}"
        assert "red car" in Terms("red car").snippet(text)

    def test_a_part_of_a_word_is_shown(self) -> None:
        assert "20417-B" in Terms("0417").snippet(f"{LONG} order 20417-B {LONG}")

    def test_a_text_without_spaces_is_cut(self) -> None:
        snippet = Terms("保証金").snippet("敷" * 400 + "保証金" + "敷" * 400)
        assert "保証金" in snippet
        assert len(snippet) <= WIDTH + 4

    def test_a_text_without_the_words_shows_its_beginning(self) -> None:
        assert Terms("zebra").snippet(LONG).startswith("lorem ipsum")


STRETCHES: dict[str, tuple[str, str, str | None]] = {
    "the phrase": ("red car", "a car that is red, no: a red car", "red car"),
    "where the words stand closest": (
        "red car",
        "red are roses; the car, said he, is red",
        "car, said he, is red",
    ),
    "words that say something": ("the car", "the end of a car", "car"),
    "as many as there are": ("red blue car", "a car, red", "car, red"),
    "letters that change their number": (
        "straße links",
        "In der Straße geht es links.",
        "Straße geht es links",
    ),
    "scripts without spaces": ("保証金", "敷金と保証金の額", "保証金"),
    "none of them": ("car", "a bus", None),
}


@pytest.mark.parametrize(("query", "text", "stands"), STRETCHES.values(), ids=STRETCHES.keys())
def test_where_words_stand_closest(query: str, text: str, stands: str | None) -> None:
    found = Terms(query).stretch(text)
    assert (text[slice(*found)] if found else None) == stands


@given(st.text(max_size=40), st.text(max_size=80))
def test_a_stretch_lies_inside_its_text(query: str, text: str) -> None:
    found = Terms(query).stretch(text)
    assert found is None or 0 <= found[0] < found[1] <= len(text)
