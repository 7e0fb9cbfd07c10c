"""Passages for sentence models: nothing is lost, the order stays, the limits hold."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexers.paragraphs import LEAST, MOST, is_prose, passages, size

WORDS = st.sampled_from(
    ["a", "Haus", "unbelievable", "2024-05-01", "end.", "really?", "»so!«", "e.g.", "日本語", "終わり。"]
)
PARAGRAPHS = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.lists(WORDS, max_size=500).map(" ".join),
        st.text(alphabet="漢字かな。、", max_size=900),
        st.text(alphabet="กขคงาิี", min_size=300, max_size=900),
    ),
    max_size=8,
)
SENTENCE = "The committee met on Tuesday and decided that nothing was to be decided before the summer. "


def bare(text: str) -> str:
    return "".join(text.split())


@given(PARAGRAPHS)
def test_nothing_is_lost_and_the_order_stays(paragraphs: list[str]) -> None:
    assert bare("".join(passages(paragraphs))) == bare("".join(paragraphs))


@given(PARAGRAPHS)
def test_no_passage_is_empty_or_too_long_and_short_ones_are_joined_where_that_is_possible(
    paragraphs: list[str],
) -> None:
    sizes = list(map(size, passages(paragraphs)))
    assert all(n <= MOST for n in sizes)
    assert all(map(str.strip, passages(paragraphs)))
    for before, after in pairwise(sizes):
        assert min(before, after) >= LEAST or before + after > MOST


def test_a_paragraph_of_usual_length_is_a_passage() -> None:
    paragraphs = [SENTENCE * 4, SENTENCE * 5, SENTENCE * 3]
    assert passages(paragraphs) == [paragraph.strip() for paragraph in paragraphs]


def test_a_heading_goes_with_what_follows_and_a_last_line_with_what_came_before() -> None:
    found = passages([SENTENCE * 4, "Results", SENTENCE * 4, "The end"])
    assert found == [(SENTENCE * 4).strip(), f"Results\n{(SENTENCE * 4).strip()}\nThe end"]


def test_long_paragraphs_are_cut_at_sentence_ends_into_even_parts() -> None:
    found = passages([SENTENCE * 24])
    assert len(found) == -(-size(SENTENCE * 24) // MOST) > 1
    assert all(passage.startswith("The committee") and passage.endswith("summer.") for passage in found)
    assert max(map(size, found)) - min(map(size, found)) <= size(SENTENCE)


def test_a_sentence_without_end_is_cut_between_words_and_a_word_between_letters() -> None:
    words = [f"word{n}" for n in range(600)]
    assert " ".join(passages([" ".join(words)])).split() == words
    assert len(passages(["x" * 5000])) >= 4


def test_scripts_without_spaces_are_cut_at_their_own_full_stops() -> None:
    found = passages(["保証金は契約の終了後に返金されます。" * 40])
    assert len(found) > 2
    assert all(passage.endswith("返金されます。") for passage in found)


def test_marks_stay_with_their_letters() -> None:
    found = passages(["กี่" * 400])
    assert len(found) > 1
    assert all(passage.startswith("กี่") for passage in found)


def test_the_estimate_is_near_what_tokenizers_count() -> None:
    assert size("") == 0
    assert 16 <= size(SENTENCE) <= 24
    assert size("保証金は返金されます。") == 11


def test_figures_and_letters_of_unreadable_fonts_are_no_prose() -> None:
    assert is_prose(SENTENCE)
    assert is_prose("保証金は十四日以内に返金されます。")
    assert is_prose("Договор аренды лодки, 2024")
    assert not is_prose("")
    assert not is_prose("4.1 6.8 9.2 11.7 %")
    assert not is_prose("?>9@AJ.B<?><#3$4(56# ?>9@AJ.><J/F80-#3$4$56#")
    assert not is_prose("ϚĪΨǓΦԻΦу Ǭ¢͟ ඕɢӆ ਯֹ ߃ Ĭ̼ୖ य̿ రȲ ڿ")
