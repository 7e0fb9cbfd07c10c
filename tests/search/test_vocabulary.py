"""Which words of a library are near to a word."""

from hypothesis import given
from hypothesis import strategies as st

from search.vocabulary import Vocabulary, distance

LETTERS = st.text("abcdeéжя", max_size=7)
COUNTS = st.dictionaries(LETTERS.filter(bool), st.integers(1, 9), max_size=30)


def edits(one: str, other: str) -> int:
    """The definition, written down: restricted edit distance with swaps of neighbours."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            change = table[i - 1, j - 1] + (one[i - 1] != other[j - 1])
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, change)
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


@given(one=LETTERS, other=LETTERS, most=st.integers(0, 3))
def test_distance(one: str, other: str, most: int) -> None:
    assert distance(one, other, most) == min(edits(one, other), most + 1)


@given(counts=COUNTS, word=LETTERS, most=st.integers(1, 2))
def test_near_finds_all_that_are_near(counts: dict[str, int], word: str, most: int) -> None:
    found = {(edit, one.word, one.times) for edit, one in Vocabulary(counts).near(word, most)}
    assert found == {
        (edits(word, other), other, count)
        for other, count in counts.items()
        if 0 < edits(word, other) <= most
    }


@given(counts=COUNTS, part=LETTERS.filter(bool))
def test_beginning_and_holding(counts: dict[str, int], part: str) -> None:
    vocabulary = Vocabulary(counts)
    assert set(vocabulary.beginning(part)) == {
        (word, count) for word, count in counts.items() if word.startswith(part)
    }
    assert set(vocabulary.holding(part)) == {
        (word, count) for word, count in counts.items() if part in word and not word.startswith(part)
    }
    assert vocabulary.count(part) == counts.get(part, 0)


def test_the_most_frequent_come_first() -> None:
    found = Vocabulary({"rain": 2, "rains": 9, "rainy": 5}).beginning("rain")
    assert [one.word for one in found] == ["rains", "rainy", "rain"]


def test_an_empty_library_has_no_words() -> None:
    nothing = Vocabulary({})
    assert not nothing.near("a", 2)
    assert not nothing.beginning("a")
    assert not nothing.holding("a")
    assert "a" not in nothing
