"""A hit of what is said begins where the words are said, not where the passage does that holds them."""

from typing import Any

import pytest

from search.options import SearchOptions
from search.records import Segment, TimeSpan, Timing
from search.spaces import Fingerprint

FIRST = "We sailed at noon, and when the fog had gone at last the old harbour lay ahead of us."
SECOND = "Nobody spoke."
THIRD = "The red lantern was lit again."


def timed(text: str, start_s: float, a_word_s: float = 0.5) -> Timing:
    """Every word takes equally long."""
    found, at = [], 0
    for n, word in enumerate(text.split(" ")):
        found.append((at, start_s + n * a_word_s, start_s + (n + 1) * a_word_s))
        at += len(word) + 1
    return tuple(found)


@pytest.fixture
def said(shelf: Any) -> Any:
    film = shelf.film("a.mp4", (0, 40, "red"))
    passage = Segment(film, "speech", 0, TimeSpan(10, 40), f"{FIRST} {SECOND} {THIRD}")
    spans = ((FIRST, 10.0, 19.0), (SECOND, 25.0, 26.0), (THIRD, 30.0, 33.0))
    sentences = [
        Segment(film, "speech", n, TimeSpan(start_s, end_s), text, passage.id, timed(text, start_s))
        for n, (text, start_s, end_s) in enumerate(spans, 1)
    ]
    shelf.rows["speech"] = [(one, None) for one in (passage, *sentences)]

    def moment(query: str, **options: Any) -> TimeSpan:
        hits = shelf.engine().search(query, SearchOptions(**options)).hits
        assert hits
        spot = hits[0].locator
        assert isinstance(spot, TimeSpan)
        return spot

    return moment


@pytest.mark.parametrize("group", ["file", "segment"])
@pytest.mark.parametrize(
    ("query", "start_s", "end_s"),
    [
        ('said:"old harbour"', 16.5, 19.0),  # far into a long sentence: at the word
        ('said:"sailed at noon"', 10.0, 19.0),  # soon after its beginning: all of it
        ('said:"nobody spoke the red"', 25.0, 33.0),  # across sentences: from the one to the end of the other
        ("said:lantern", 30.0, 33.0),
    ],
)
def test_a_hit_begins_where_the_words_are_said(
    said: Any, query: str, start_s: float, end_s: float, group: str
) -> None:
    assert said(query, group=group) == TimeSpan(start_s, end_s)


def test_subtitles_have_no_word_times_and_begin_with_their_line(shelf: Any) -> None:
    film = shelf.film("a.mp4", (0, 40, "red"))
    lines = ((0, 10, "We sailed at noon"), (10, 20, "and when the fog had gone"))
    passage = Segment(film, "subtitles", 0, TimeSpan(0, 20), " ".join(text for _, _, text in lines))
    captions = [
        Segment(film, "subtitles", n, TimeSpan(*times), text, passage.id)
        for n, (*times, text) in enumerate(lines, 1)
    ]
    shelf.spaces["subtitles"] = Fingerprint("words", "1", "", 0)
    shelf.rows["subtitles"] = [(one, None) for one in (passage, *captions)]
    engine = shelf.engine()
    assert [hit.locator for hit in engine.search('said:"when the fog"')] == [TimeSpan(10, 20)]
    assert [hit.locator for hit in engine.search('said:"noon and when"')] == [TimeSpan(0, 20)]


def test_what_many_hits_say_is_read_at_once(shelf: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    films = [shelf.film(f"{n}.mp4", (0, 40, "red")) for n in range(5)]
    shelf.rows["speech"] = [
        (Segment(film, "speech", 0, TimeSpan(10, 19), FIRST, None, timed(FIRST, 10.0)), None)
        for film in films
    ]
    engine = shelf.engine()
    library, reads = shelf.opened[-1], []
    rows = library.rows
    monkeypatch.setattr(library, "rows", lambda *asked: reads.append(asked[0]) or rows(*asked))
    hits = engine.search('said:"old harbour"').hits
    assert [hit.locator for hit in hits] == [TimeSpan(16.5, 19.0)] * 5
    assert reads.count("speech") == 1
