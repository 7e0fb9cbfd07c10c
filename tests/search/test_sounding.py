import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.sounding import sound_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("katarina", "catherine"),
        ("schmidt", "shmit"),
        ("meyer", "maier"),
        ("stephen", "steven"),
        ("knight", "night"),
        ("jeff", "geoff"),
        ("uppsala", "upsala"),
        ("camille", "kamil"),
    ],
)
def test_what_sounds_alike(one: str, other: str) -> None:
    assert sound_of(one) == sound_of(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ada", "ina"), ("boat", "goat"), ("lisa", "nina"), ("rose", "lose")]
)
def test_what_does_not(one: str, other: str) -> None:
    assert sound_of(one) != sound_of(other)


@given(st.text("abcdefghijklmnopqrstuvwxyzäß猫", max_size=20))
def test_any_word_has_a_sound(word: str) -> None:
    assert len(sound_of(word)) <= 2 * len(word)
