"""Changing one part of a query leaves every other part as it was."""

from collections import Counter
from datetime import date
from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from search.editing import Join, added, negated, removed, replaced
from search.errors import QuerySyntaxError
from search.parser import parse
from search.query import (
    And,
    Dates,
    Kinds,
    Leaf,
    Like,
    Not,
    Part,
    Phrase,
    Said,
    Scene,
    Somebody,
    Tag,
    Words,
    children,
    walk,
)
from search.written import format as written


def part_of(text: str, kind: type[Part]) -> Part:  # type: ignore[valid-type]
    return next(part for part in walk(parse(text).root) if isinstance(part, kind))


@pytest.mark.parametrize(
    ("text", "kind", "new", "after"),
    [
        ("red  person:Ada  car", Somebody, Somebody("Grace"), "red  person:Grace  car"),
        ("a OR (type:pdf  person:Ada)", Somebody, Somebody("A B"), 'a OR (type:pdf  person:"A B")'),
        ("person:Ada^2 x", Somebody, Somebody("Bo", weight=2), "person:Bo^2 x"),
        ("-type:pdf  x", Kinds, Kinds(("image",)), "-type:image  x"),
        ("a THEN said:b WITHIN 2m", Said, Said("c d"), 'a THEN said:"c d" WITHIN 2m'),
        ("date:2024 x", Dates, Dates(date(2024, 5, 1), None), "date:2024-05-01.. x"),
        ('like:@"a.jpg" x', Like, Like("a.jpg", None, (0, 0, 0.5, 1)), 'like:@"a.jpg"[0,0,0.5,1] x'),
    ],
)
def test_a_value_is_changed_in_its_place(text: str, kind: type, new: Part, after: str) -> None:
    assert replaced(text, part_of(text, kind), new) == after


@pytest.mark.parametrize(
    ("text", "kind", "after"),
    [
        ("red person:Ada  car", Somebody, "red car"),
        ("person:Ada", Somebody, ""),
        ("-person:Ada x", Not, "x"),
        ("a OR person:Ada OR c", Somebody, "a OR c"),
        ("person:Ada OR c", Somebody, "c"),
        ("a AND person:Ada AND c", Somebody, "a AND c"),
        ("a THEN said:b WITHIN 20s THEN c WITHIN 30s", Said, "a THEN c WITHIN 30s"),
        ("said:b THEN c WITHIN 30 s THEN d", Said, "c THEN d"),
        ("SAME moment (person:Ada) x", Somebody, "x"),
        ("x (person:Ada OR person:Ada)", Somebody, "x (person:Ada)"),
        ("(said:a OR b)^2", Said, "(b)^2"),
        ("(red person:Ada)^2", Somebody, "(red)^2"),
    ],
)
def test_a_part_is_taken_out(text: str, kind: type, after: str) -> None:
    assert removed(text, part_of(text, kind)) == after


def test_of_two_alike_only_the_one_meant_goes() -> None:
    text = "tag:a OR (x  tag:a)"
    second = [part for part in walk(parse(text).root) if isinstance(part, Tag)][1]
    assert removed(text, second) == "tag:a OR (x)"


def test_not_is_put_and_taken() -> None:
    text = "red type:pdf"
    denied = negated(text, part_of(text, Kinds))
    assert denied == "red -type:pdf"
    assert negated(denied, part_of(denied, Not)) == text


@pytest.mark.parametrize(
    ("text", "how", "after"),
    [
        ("", "and", "person:Ada"),
        ("", "not", "-person:Ada"),
        ("red  car", "and", "red  car person:Ada"),
        ("a OR b", "and", "(a OR b) person:Ada"),
        ("red car", "or", "red car OR person:Ada"),
        ("a OR b", "or", "a OR b OR person:Ada"),
        ("red type:pdf", "not", "red type:pdf -person:Ada"),
        ("said:hello", "moment", "SAME moment (said:hello person:Ada)"),
        ("SAME moment (said:a scene:b)", "moment", "SAME moment (said:a scene:b person:Ada)"),
        ("SAME page (text:a)", "file", "SAME file (SAME page (text:a) person:Ada)"),
        ("said:goal", "then", "said:goal THEN person:Ada WITHIN 20s"),
        ("a THEN b WITHIN 5s", "then", "a THEN b WITHIN 5s THEN person:Ada WITHIN 20s"),
        ("a OR b", "then", "(a OR b) THEN person:Ada WITHIN 20s"),
    ],
)
def test_a_part_is_added(text: str, how: Join, after: str) -> None:
    assert added(text, Somebody("Ada"), how, 20 if how == "then" else None) == after


def test_what_the_language_refuses_is_refused() -> None:
    with pytest.raises(QuerySyntaxError):
        added("type:pdf", Somebody("Ada"), "then")
    with pytest.raises(QuerySyntaxError):
        removed("SAME moment (said:a type:pdf)", part_of("SAME moment (said:a type:pdf)", Said))


atoms = st.sampled_from(
    [
        "red", "blue car", '"say ""hi"""', "person:Ada", 'person:"Ada B"^2', "type:pdf,video", "-tag:a",
        'like:@"my dog.jpg"#2[0,0,0.5,1]', "date:2024-05..", "scene:sea", "duration:>60s", "-(a b)",
        'like:@a.jpg but "in snow" keep:0.3', "like:@a.jpg + snow - people", "said:𝄞", "NOT in:Holidays",
        "SAME moment (said:a person:Ada)", "(a THEN said:b WITHIN 20 s)", "(tag:x OR  tag:y)^0.5",
    ]
)  # fmt: skip
blanks = st.sampled_from([" ", "  "])
glue = st.sampled_from([" ", "  ", " AND ", " OR ", "  OR ", " THEN "])


@st.composite
def queries(draw: st.DrawFn) -> str:
    """A text of the language, with the odd blank, as people type it."""
    text = draw(atoms)
    for _ in range(draw(st.integers(0, 5))):
        piece = draw(atoms)
        if draw(st.booleans()):
            piece = f"({piece}{draw(glue)}{draw(atoms)})"
        text += draw(glue) + piece
    return text


def parsed(text: str) -> Part:
    try:
        return parse(text).root
    except QuerySyntaxError:
        assume(False)
        raise


def asked(root: Part) -> Counter[str]:
    """What is asked in all; words in a row may be put together, so each word counts for itself."""
    parts = Counter[str]()
    for part in walk(root):
        match part:
            case Words(text):
                parts.update(text.split())
            case _ if not children(part):
                parts[written(part)] += 1
    return parts


def plain(part: Part) -> bool:
    return not children(part) and not isinstance(part, Words)


@given(text=queries(), data=st.data())
def test_editing_loses_nothing_else(text: str, data: st.DataObject) -> None:
    root = parsed(text)
    parts = [part for part in walk(root) if plain(part)]
    assume(parts)
    old = data.draw(st.sampled_from(parts))
    new = Scene("quite new") if isinstance(old, Leaf) else Tag("quite new")
    after = parse(replaced(text, old, new)).root
    assert asked(after) == asked(root) - Counter([written(old)]) + Counter([written(new)])
    assert len(list(walk(after))) == len(list(walk(root)))


@given(text=queries(), data=st.data())
def test_taking_out_loses_nothing_else(text: str, data: st.DataObject) -> None:
    root = parsed(text)
    parts = [part for part in walk(root) if plain(part)]
    assume(parts)
    old = data.draw(st.sampled_from(parts))
    try:
        shorter = removed(text, old)
    except QuerySyntaxError:  # a SAME or THEN that would have nothing to look for
        return
    before, after = asked(root), asked(parse(shorter).root) if shorter else Counter[str]()
    left, kept = Counter(map(unweighted, before.elements())), Counter(map(unweighted, after.elements()))
    assert left - kept == Counter([unweighted(written(old))])
    assert not kept - left


def unweighted(part: str) -> str:
    """What a part asks without its weight: what is left alone in brackets takes over theirs."""
    return part.partition("^")[0]


@given(text=queries(), how=st.sampled_from(get_args(Join)))
def test_adding_loses_nothing(text: str, how: Join) -> None:
    root = parsed(text)
    try:
        after = parse(added(text, Phrase("quite new"), how)).root
    except QuerySyntaxError:  # THEN and SAME want something to look for
        return
    assert asked(after) == asked(root) + Counter(['"quite new"'])


def test_the_text_around_stays_as_it_was_typed() -> None:
    text = 'NOT  type:pdf   AND  ( "red car" OR person:Ada )'
    root = parse(text).root
    assert isinstance(root, And)
    assert replaced(text, part_of(text, Somebody), Somebody("Bo")) == text.replace("Ada", "Bo")
