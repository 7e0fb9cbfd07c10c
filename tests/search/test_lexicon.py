"""The vocabulary of a library."""

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine import Engine
from search.lexicon import Lexicon
from search.records import Content, File, Page, Segment
from search.store import Batch, Mark, SegmentRows, fold
from search.store.counted import counted
from search.wording import words_of


@given(texts=st.lists(st.text("abß-_.,1ж\n"), max_size=6), cut=st.integers(0, 6))
def test_counting_is_what_a_loop_would_count(texts: list[str], cut: int) -> None:
    chunks = pa.chunked_array(
        [pa.array([*map(fold, part)], pa.string()) for part in (texts[:cut], texts[cut:])]
    )
    found = counted(chunks)
    assert set(found) == {word for text in texts for word in words_of(text)}
    assert sum(found.values()) >= len(found)


class TestLexicon:
    def test_words_of_names_and_texts_count(self, shelf: Any) -> None:
        shelf.photo("Holidays 2024/beach.jpg")
        shelf.pdf("lease.pdf", "The boat and the oars", "the boat again")
        words = Lexicon(shelf.library()).words()
        assert words.count("boat") == 2
        assert words.count("beach") == words.count("lease") == 1
        assert "Boat" not in words

    def test_what_is_new_is_seen_once_it_is_time(self, shelf: Any) -> None:
        now = [0.0]
        shelf.pdf("a.pdf", "boat")
        library = shelf.library()
        lexicon = Lexicon(library, clock=lambda: now[0])
        before = lexicon.words()
        with library.writer() as writer:
            content = Content("new", "image/jpeg", 1)
            file = File(path="/somewhere/anchor.jpg", digest="new", size=1, mtime_ns=1, root="/somewhere")
            key = library.spaces()["text"]
            rows = SegmentRows(key, [Segment("new", "text", 0, Page(1), "a boat and a rudder")])
            mark = Mark("new", "text", key.key)
            writer.write(Batch([content], [file], {"text": rows}, [mark]))
        assert lexicon.words() is before
        now[0] = 31.0
        after, fresh = lexicon.words(), Lexicon(library).words()
        for word, times in (("anchor", 1), ("boat", 2), ("rudder", 1), ("a", 3)):
            assert after.count(word) == fresh.count(word) == times


class TestSearching:
    def paths(self, engine: Engine, query: str) -> list[str]:
        return [hit.file.name for hit in engine.search(query)]

    @pytest.fixture
    def engine(self, shelf: Any) -> Engine:
        shelf.pdf("exact.pdf", f"the invoice is here {'and more words ' * 50}")
        for n in range(3):
            shelf.pdf(f"inflected {n}.pdf", "invoices")
        shelf.pdf("german.pdf", "Ihre Stromrechnung")
        shelf.pdf("misread.pdf", "please receive this")
        shelf.pdf("number.pdf", "in the year 2024")
        engine: Engine = shelf.engine()
        return engine

    def test_the_word_itself_comes_before_its_forms(self, engine: Engine) -> None:
        found = self.paths(engine, "invoice")
        assert found[0] == "exact.pdf"
        assert len(found) == 4

    def test_words_that_are_misspelt_or_part_of_others_are_found(self, engine: Engine) -> None:
        assert self.paths(engine, "recieve") == ["misread.pdf"]
        assert self.paths(engine, "rechnung") == ["german.pdf"]
        assert self.paths(engine, "stromrechnnug") == ["german.pdf"]

    def test_a_number_is_no_other_number(self, engine: Engine) -> None:
        assert self.paths(engine, "2025") == []

    def test_a_star_stands_for_any_ending(self, engine: Engine) -> None:
        assert len(self.paths(engine, "invo*")) == 4
        assert self.paths(engine, '"invo*"') == []

    def test_other_forms_are_shown_in_the_text(self, engine: Engine) -> None:
        assert engine.search("recieve").hits[0].text == "please receive this"

    def test_a_phrase_has_no_other_forms(self, engine: Engine) -> None:
        assert self.paths(engine, '"the invoices"') == []
