"""What is filtered first, what is asked, and in which order."""

from pathlib import Path

import pytest

from search.parser import parse
from search.plan import (
    ASIDE,
    MEANING,
    SOUND,
    SPOKEN,
    WORD_FIELDS,
    Leg,
    VectorLeg,
    WordsLeg,
    legs,
    ordered,
    plan,
)
from search.query import And, Leaf, Not, Or
from search.spaces import PictureReference, SoundReference
from search.store import Words as WordQuery
from search.written import format  # noqa: A004

SPLITS = {
    "a": (None, "a"),
    "type:pdf": ("type:pdf", None),
    "a type:pdf -in:x": ("type:pdf -in:x", "a"),
    "a OR type:pdf": (None, "a OR type:pdf"),
    "a AND b type:pdf": ("type:pdf", "a AND b"),
    "-a": (None, "-a"),
    "-(type:pdf OR in:x)": ("-(type:pdf OR in:x)", None),
    "(a type:pdf) OR b": (None, "a type:pdf OR b"),
}


@pytest.mark.parametrize("query", SPLITS)
def test_filters_that_hold_for_the_whole_query_come_first(query: str) -> None:
    made = plan(parse(query))
    filters, ranking = SPLITS[query]
    assert (made.filters and format(made.filters)) == filters
    assert (made.ranking and format(made.ranking)) == ranking
    assert (made.where is None) == (filters is None)


def test_the_kind_of_file_is_one_more_filter() -> None:
    made = plan(parse("a type:pdf"), "image")
    assert made.filters is not None
    assert format(made.filters) == "type:pdf type:image"


def asked(query: str) -> list[str]:
    leaf = parse(query).root
    assert isinstance(leaf, Leaf)
    made = legs(leaf, ["scene", "sense"], ["scene", "phash"], Path("/base"))
    return [leg.space if isinstance(leg, VectorLeg) else f"{leg.field}/{leg.words.mode}" for leg in made]


def test_what_is_said_is_asked_by_meaning_where_there_is_one() -> None:
    leaf = parse("said:a").root
    assert isinstance(leaf, Leaf)
    assert VectorLeg(SPOKEN, "a") in legs(leaf, ["scene", SPOKEN], [], Path("/base"))


def test_sounds_count_less_where_nobody_asked_for_one() -> None:
    def legs_of(query: str) -> list[Leg]:
        leaf = parse(query).root
        assert isinstance(leaf, Leaf)
        return legs(leaf, ["scene", SOUND], ["scene"], Path("/base"))

    assert legs_of("sound:rain") == [VectorLeg(SOUND, "rain")]
    assert legs_of('sound:@"a b.wav"') == [VectorLeg(SOUND, SoundReference(Path("/base/a b.wav")))]
    assert VectorLeg(SOUND, "rain", ASIDE) in legs_of("rain")


def test_words_on_pages_are_asked_by_meaning_too() -> None:
    leaf = parse('text:"a b"').root
    assert isinstance(leaf, Leaf)
    asked = legs(leaf, ["scene", MEANING], [], Path("/base"))
    assert VectorLeg(MEANING, "a b") in asked
    assert WordsLeg("text", WordQuery("a b", "phrase")) in asked
    assert VectorLeg("scene", "a b") not in asked


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("a b", ["scene", "sense", *(f"{field}/any" for field in WORD_FIELDS)]),
        ('"a b"', ["scene", "sense", *(f"{field}/phrase" for field in WORD_FIELDS)]),
        ("scene:a", ["scene"]),
        ("text:a", ["text/phrase", "ocr/phrase", "speech/phrase", "subtitles/phrase"]),
        ("like:@a.jpg", ["scene", "phash"]),
        ("said:a", ["speech/phrase", "subtitles/phrase"]),
        ("page:a", ["scene", "text/any", "ocr/any"]),
    ],
)
def test_what_a_leaf_asks(query: str, expected: list[str]) -> None:
    assert asked(query) == expected


def test_a_reference_starts_from_the_base_folder(tmp_path: Path) -> None:
    def picture(query: str) -> PictureReference:
        leaf = parse(query).root
        assert isinstance(leaf, Leaf)
        leg = legs(leaf, [], ["scene"], tmp_path)[0]
        assert not isinstance(leg, WordsLeg)
        assert isinstance(leg.ask, PictureReference)
        return leg.ask

    assert picture("like:@a.pdf#2[0,0,1,1]") == PictureReference(tmp_path / "a.pdf", (0, 0, 1, 1), 2)
    assert picture(f'like:@"{tmp_path / "b.jpg"}"').path == tmp_path / "b.jpg"
    assert picture('like:@"~/c.jpg"').path == Path.home() / "c.jpg"


def test_narrowing_parts_come_first() -> None:
    tree = parse("-a (b OR c) d type:pdf").root
    assert isinstance(tree, And)
    assert [type(part).__name__ for part in ordered(tree.parts)] == ["Kinds", "Words", "Or", "Not"]
    assert {Or, Not} <= {type(part) for part in tree.parts}
