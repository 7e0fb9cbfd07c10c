"""Other forms of words."""

import pytest

from search.variants import (
    INFLECTED,
    LONGER,
    MISSPELLED,
    doubted,
    forms,
    like,
    of_words,
    starred,
    undoubted,
    unstarred,
)
from search.vocabulary import Vocabulary

FOREIGN = ("stromrechnung", "rechnungen", "планеты", "планет", "κόσμος")
WORDS = Vocabulary(
    dict.fromkeys(("receive", "parties", "2024", "planet", "planets", "paris", *FOREIGN), 1)
    | {"invoices": 5, "involve": 50}
)


@pytest.mark.parametrize(
    ("word", "form", "credit"),
    [
        ("invoice", "invoices", INFLECTED),
        ("party", "parties", INFLECTED),
        ("планета", "планеты", INFLECTED),
        ("rechnung", "rechnungen", INFLECTED),
        ("rech", "rechnungen", LONGER),
        ("recieve", "receive", MISSPELLED[1]),
        ("ercieve", "receive", None),
        ("erceive", "receive", MISSPELLED[1]),
        ("stromrehcnugn", "stromrechnung", MISSPELLED[2]),
        ("planet", "planets", INFLECTED),
        ("pares", "paris", MISSPELLED[1]),
        ("2025", "2024", None),
        ("par", "paris", None),
        ("invoices", "involve", None),
    ],
)
def test_forms(word: str, form: str, credit: float | None) -> None:
    assert forms(word, WORDS).get(form) == credit


def test_a_compound_holds_its_last_word() -> None:
    assert "stromrechnung" in forms("rechnung", WORDS)


def test_a_word_of_the_library_is_never_taken_for_a_misspelling() -> None:
    assert forms("involve", WORDS) == {}


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("Invo* 2024", ["invo"], "2024"),
        ("* a* b", [], "* b"),
        ("c++* x*y", [], "c++* x*y"),
        ("été*", ["ete"], ""),
    ],
)
def test_stars(text: str, found: list[str], left: str) -> None:
    assert starred(text) == found
    assert unstarred(text) == left


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("photo of Ädda~ today", ["adda"], "photo of Ädda today"),
        ("~ a~b c~", ["c"], "~ a~b c"),
        ("d*~", [], "d*~"),
    ],
)
def test_doubts(text: str, found: list[str], left: str) -> None:
    assert doubted(text) == found
    assert undoubted(text) == left
    assert unstarred(text) == left


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("fill", "phil"),
        ("catarina", "katarina"),
        ("orhus", "aarhus"),
        ("leuvan", "leuven"),
        ("aldus", "aldous"),
    ],
)
def test_what_is_in_doubt_stands_for_what_sounds_like_it(heard: str, meant: str) -> None:
    words = Vocabulary(dict.fromkeys(("phil", "katarina", "aarhus", "leuven", "aldous", "basket"), 1))
    credit = like(heard, words)
    assert credit.pop(meant) >= 0.45
    assert "basket" not in credit
    assert like(meant, words) == {}
    assert of_words(f"{heard}~", (heard,), words)[heard][meant] >= 0.45


@pytest.mark.parametrize("word", ["it", "b2b", "12", ""])
def test_what_says_too_little_stands_for_itself(word: str) -> None:
    assert like(word, WORDS) == {}
