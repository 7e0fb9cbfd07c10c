"""What a query may have been meant to say."""

from typing import Any

import pytest

from search import written
from search.engine import Engine, SearchOptions
from search.mending import mended
from search.parser import parse
from search.vocabulary import Vocabulary

WORDS = Vocabulary(
    dict.fromkeys(
        (
            "receive",
            "annual",
            "report",
            "привет",
            "мир",
            "hello",
            "holiday",
            "bench",
            "κοσμος",
            "bill",
            "god",
        ),
        3,
    )
)
REAL = frozenset(("beach", "gold"))


def meant(query: str) -> str | None:
    found = mended(parse(query), WORDS, REAL.__contains__)
    return written.format(found.instead) if found else None


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("recieve", "receive"),
        ("Recieve the annaul report", "receive the annual report"),
        ('"anual report" type:pdf', '"annual report" type:pdf'),
        ("tag:holliday", "tag:holiday"),
        ("in:Hloiday annual", "in:holiday annual"),
        ("said:recieve THEN scene:anuual", "said:receive THEN scene:annual"),
        ("SAME page (recieve text:reprot)", "SAME page (receive text:report)"),
        ("ghbdtn vbh", "привет мир"),
        ("руддщ", "hello"),
        ("κοσμοσ", None),
        ("beach", None),
        ("report", None),
        ("2021", None),
        ("rcv", None),
        ("rece*", None),
        ("holid", None),
        ("the", None),
        ("保証金", None),
        ("-recieve report", None),
        ("annual zzzzqqq", None),
        ("camera:nikon", None),
    ],
)
def test_readings(typed: str, wanted: str | None) -> None:
    assert meant(typed) == wanted


def test_what_was_typed_is_always_asked_as_well() -> None:
    found = mended(parse("recieve^2 type:pdf"), WORDS, REAL.__contains__)
    assert found is not None
    assert written.format(found.both) == "(recieve^2 OR receive^1.8)^2 type:pdf"
    assert parse(written.format(found.both)) == found.both


class TestSearching:
    @pytest.fixture
    def engine(self, shelf: Any) -> Engine:
        shelf.pdf("report.pdf", "the annual report of the company")
        shelf.pdf("rare.pdf", "a gnocchi recipe")
        shelf.photo("a.jpg", "receive")
        shelf.photo("b.jpg", "bench")
        shelf.pdf("words.pdf", "to receive is to have")
        engine: Engine = shelf.engine()
        return engine

    def test_a_misspelt_word_is_searched_as_well_and_said(self, engine: Engine) -> None:
        result = engine.search("recieve")
        assert {hit.file.name for hit in result} == {"words.pdf", "a.jpg"}
        (fix,) = result.fixes
        assert (fix.kind, fix.applied) == ("spelling", True)
        assert "receive" in fix.detail
        assert fix.confidence_gain > 0

    def test_only_said_when_that_is_wanted(self, engine: Engine) -> None:
        result = engine.search("anual repotr", SearchOptions(fix="suggest"))
        assert [(fix.applied, fix.detail) for fix in result.fixes] == [(False, "Did you mean: annual report")]

    def test_off_is_off(self, engine: Engine) -> None:
        assert engine.search("anual repotr", SearchOptions(fix="off")).fixes == ()

    def test_a_rare_word_that_is_right_is_left_alone(self, engine: Engine) -> None:
        result = engine.search("gnocchi")
        assert result.fixes == ()
        assert [hit.file.name for hit in result] == ["rare.pdf"]

    def test_what_finds_nothing_better_is_not_told(self, engine: Engine) -> None:
        assert engine.search("zzgnocchizz").fixes == ()
