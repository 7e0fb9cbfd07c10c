"""Which questions have parts, and which have none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.function_words import FUNCTION_WORDS
from search.paired import paired
from search.parser import parse
from search.parting import MOST_PARTS, Subquestion, parts_of, subquestion
from search.query import And, Or, Same, Words, walk

SPLIT: dict[str, list[str]] = {
    "the chart of revenue on the page that names the auditor": ["chart of revenue", "auditor"],
    "the slide with the map that mentions Lyon": ["map", "Lyon"],
    "invoice from Acme with the total of 300 euros": ["invoice from Acme", "total of 300 euros"],
    "photo of a dog in the video where somebody talks about holidays": ["photo of a dog", "holidays"],
    "where is the total of 300 euros in the invoice from Acme?": ["total of 300 euros", "invoice from Acme"],
    "a table of prices on the page where delivery is explained": ["table of prices", "delivery is explained"],
    "the letter from Anna that mentions the wedding": ["letter from Anna", "wedding"],
    "page with a map and a table of prices": ["map", "table of prices"],
    "chart of revenue in the annual report that names the auditor and mentions Lyon": [
        "chart of revenue",
        "annual report",
        "auditor",
        "Lyon",
    ],
    "dog on a beach; man with a hat": ["dog on a beach", "man with a hat"],
    "chart of revenue + auditor": ["chart of revenue", "auditor"],
    "das Diagramm der Umsätze auf der Seite, die den Prüfer nennt": ["Diagramm der Umsätze", "Prüfer"],
    "die Folie mit der Karte, die Lyon erwähnt": ["Karte", "Lyon"],
}

SIMPLE = (
    "red car at night",
    "a man and a woman walk on the beach with a dog",
    "the chimney-sweep who wanted a boy to climb chimneys",
    "PDF document conversion to JSON and Markdown in a self contained package",
    "The child paints on a large paper with water colors",
    "A young girl on a train reads a book about train rides",
    "the man on the page",
    "letter from the bank",
    "a film that shows a dog and a cat",
    "the report that names the auditor",
    "control flow graph of a nested loop with an if statement in the inner loop",
    "c++ or c#",
    "page",
    ";",
    "+",
)


@pytest.mark.parametrize("text", SPLIT)
def test_a_question_of_parts_is_split(text: str) -> None:
    assert [one.text for one in parts_of(text)] == SPLIT[text]


@pytest.mark.parametrize("text", SIMPLE)
def test_a_simple_question_is_left_alone(text: str) -> None:
    assert parts_of(text) == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("chart of revenue and the auditor", ["chart of revenue", "auditor"]),
        ("invoice from Acme, total of 300 euros", ["invoice from Acme", "total of 300 euros"]),
        ("map that mentions Lyon", ["map", "Lyon"]),
        ("dog", []),
    ],
)
def test_more_is_split_where_parts_were_promised(text: str, parts: list[str]) -> None:
    assert [one.text for one in parts_of(text, wide=True)] == parts


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("chart of revenue", Subquestion("chart of revenue", "revenue", "picture")),
        ("a bar chart of the revenue", Subquestion("bar chart of the revenue", "revenue", "picture")),
        ("the map", Subquestion("map", "map", "picture")),
        ("a table with prices", Subquestion("table with prices", "prices", "table")),
        ("where somebody talks about holidays", Subquestion("holidays", "holidays", "said")),
        ("that names the auditor", Subquestion("auditor", "auditor")),
        ("table tennis", Subquestion("table tennis", "table tennis")),
    ],
)
def test_a_part_knows_what_is_to_show_it(text: str, asked: Subquestion) -> None:
    assert subquestion(text) == asked


def test_every_noun_stays_in_some_part() -> None:
    cues = {"names", "mentions", "talks", "page", "slide", "video", "somebody", "explained", "is", "where"}
    cues |= {"about", "seite", "folie", "nennt", "erwähnt"}
    for text in SPLIT:
        said = {word for part in parts_of(text) for word in re.findall(r"\w+", part.text.lower())}
        asked = set(re.findall(r"\w+", text.lower())) - FUNCTION_WORDS - cues
        assert asked <= said, text


def test_there_are_never_more_than_five() -> None:
    parts = parts_of("; ".join(f"thing{n}" for n in range(9)))
    assert len(parts) == MOST_PARTS
    assert parts[-1].text == "thing4 thing5 thing6 thing7 thing8"


def test_a_long_text_is_no_question() -> None:
    assert parts_of("dog on the page that names the cat; " * 9) == ()


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["the", "page", "that", "names", "chart", ";", "+", "and", "map,"])).map(
        " ".join
    )
)
def test_any_text_gives_none_or_some_parts(text: str) -> None:
    for wide in (False, True):
        parts = parts_of(text, wide=wide)
        assert len(parts) != 1
        assert len(parts) <= MOST_PARTS
        assert all(part.text.strip() and part.core.strip() for part in parts)


@pytest.mark.parametrize(
    "hostile", ["a" * 20_000, "a-" * 10_000, "in the " * 15 + "x", "the page that " * 10]
)
def test_hostile_texts_cost_little(hostile: str) -> None:
    for text in (hostile, f"{hostile} on the page that {hostile}"):
        assert len(parts_of(text, wide=True)) <= MOST_PARTS


def test_a_split_question_is_asked_as_a_whole_as_well() -> None:
    part, labels = paired(parse("the chart of revenue on the page that names the auditor").root)
    assert isinstance(part, Or)
    whole, pair = part.parts
    assert whole == Words("the chart of revenue on the page that names the auditor", weight=0.8)
    assert isinstance(pair, Same)
    assert pair.scope == "pair"
    assert isinstance(pair.part, And)
    assert [labels[one] for one in pair.part.parts] == ["chart of revenue", "auditor"]


@pytest.mark.parametrize(
    "query", ["red car", "a AND b", "-(x + y)", "SAME page (x; y)", "type:pdf", 'scene:"x + y"']
)
def test_other_queries_stay_as_they_are(query: str) -> None:
    root = parse(query).root
    assert paired(root)[0] is root


def test_what_was_written_is_named_so() -> None:
    part, labels = paired(parse("SAME pair (the chart of revenue AND text:auditor)").root)
    assert part is not None
    assert list(labels.values()) == ["the chart of revenue"]
    assert sum(isinstance(one, Words) for one in walk(part)) == 1
