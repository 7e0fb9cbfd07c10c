import pytest

from indexers.passages import LONGEST_S, Sentence, passages, pieces, sentences, steady
from indexers.transcript import Spoken, Transcript, Word
from search.records import TimeSpan


def heard(*words: tuple[str, float, float], spaced: bool = True) -> Transcript:
    """One segment of words with their first and last second."""
    text = (" " if spaced else "").join(word for word, _, _ in words)
    return Transcript(
        "en", 1.0, (Spoken(words[0][1], words[-1][2], text, tuple(Word(s, e, w, 1.0) for w, s, e in words)),)
    )


def evenly(text: str, each_s: float = 0.4, start_s: float = 0.0) -> Transcript:
    return heard(*((w, start_s + n * each_s, start_s + (n + 1) * each_s) for n, w in enumerate(text.split())))


def test_sentences_end_at_full_stops():
    found = sentences(evenly('Mr. Smith is here. "Is he?" Yes! So'))
    assert [one.text for one in found] == ["Mr. Smith is here.", '"Is he?"', "Yes!", "So"]
    assert [one.start_s for one in found] == pytest.approx([0, 1.6, 2.4, 2.8])
    assert [one.end_s for one in found] == pytest.approx([1.6, 2.4, 2.8, 3.2])


def test_words_keep_their_place_and_time():
    (one,) = sentences(evenly("to be or not to be", 0.5))
    assert [one.text[at:].split()[0] for at, _, _ in one.timing] == ["to", "be", "or", "not", "to", "be"]
    assert one.timing[4] == (13, 2.0, 2.5)


def test_pauses_part_too():
    found = sentences(
        heard(("one", 0, 1), ("two,", 1, 2), ("three", 2.7, 3), ("four", 3.7, 4), ("five", 5.1, 6))
    )
    assert [one.text for one in found] == ["one two,", "three four", "five"]


def test_sentences_run_over_segments():
    first, second = evenly("We went on"), evenly("to the end.", start_s=1.2)
    both = Transcript("en", 1.0, (*first.segments, *second.segments))
    assert [one.text for one in sentences(both)] == ["We went on to the end."]


def test_scripts_without_spaces_stay_so():
    found = sentences(heard(("今天", 0, 1), ("天气", 1, 2), ("很好。", 2, 3), ("谢谢", 3, 4), spaced=False))
    assert [one.text for one in found] == ["今天天气很好。", "谢谢"]


def test_a_long_sentence_is_cut_at_its_longest_pause():
    words = [(f"w{n}", n + (0.4 if n >= 12 else 0.0), n + 1.0) for n in range(20)]
    found = sentences(heard(*words))
    assert [one.text.split()[0] for one in found] == ["w0", "w12"]


def test_nothing_said_is_nothing_found():
    assert sentences(Transcript(None, 0.0, ())) == []
    assert list(passages([])) == []
    assert pieces("speech", []) == []


def said(*spans: tuple[float, float]) -> list[Sentence]:
    return [Sentence(start, end, f"at {start:g}") for start, end in spans]


def test_passages_are_cut_at_the_longest_pause_of_their_length():
    spans = said((0, 9), (9.5, 19), (19.5, 25), (27, 33), (33.5, 39), (39.5, 60), (61, 70))
    assert [[one.start_s for one in passage] for passage in passages(spans)] == [
        [0, 9.5, 19.5],
        [27, 33.5, 39.5],
        [61],
    ]


def test_no_passage_reaches_over_a_long_silence():
    assert [len(passage) for passage in passages(said((0, 2), (3, 5), (20, 22), (23, 24)))] == [2, 2]


def test_passages_are_never_too_long_and_lose_nothing():
    spans = said(*((n * 3.0, n * 3.0 + 2.9) for n in range(100)))
    found = list(passages(spans))
    assert [one for passage in found for one in passage] == spans
    assert all(20 <= passage[-1].end_s - passage[0].start_s <= LONGEST_S for passage in found[:-1])


def test_sentences_lie_below_their_passage():
    found = pieces(
        "speech", [Sentence(0, 1, "a b", ((0, 0, 0.5), (2, 0.5, 1))), Sentence(2, 3, "c")], 10.0, "de", 5
    )
    assert [(one.text, one.locator, one.parent) for one in found] == [
        ("a b c", TimeSpan(10, 13), None),
        ("a b", TimeSpan(10, 11), 5),
        ("c", TimeSpan(12, 13), 5),
    ]
    assert found[1].timing == ((0, 10.0, 10.5), (2, 10.5, 11.0))
    assert [one.language for one in found] == [None, "de", "de"]


def test_a_sentence_alone_is_its_own_passage():
    assert [(one.text, one.parent) for one in pieces("speech", said((0, 1), (30, 31)))] == [
        ("at 0", None),
        ("at 30", None),
    ]


def test_what_is_repeated_without_end_is_left_out():
    again = [Sentence(n, n + 1, "Thank you.") for n in range(9)]
    other = Sentence(20, 21, "Goodbye.")
    assert steady([*again, other, *again[:2]]) == [*again[:3], other, *again[:2]]
