"""What is suggested while a person types."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine import Engine
from search.errors import QuerySyntaxError
from search.kept import Kept
from search.parser import parse
from search.suggesting import suggestions
from search.variants import nothing_known
from search.vocabulary import Vocabulary, Written


class Known:
    """A lexicon without a library."""

    def words(self) -> Vocabulary:
        return Vocabulary({"invoice": 3, "invoices": 7, "ada": 2})

    def named(self, prefix: str) -> list[Written]:
        return {
            "person": [Written('Ada "the first" Lovelace', 0), Written("Grace", 0)],
            "tag": [Written("places/Italy", 4), Written("in voice", 1)],
            "in": [Written("Holidays 2024", 8)],
            "camera": [Written("Nikon D5", 3)],
            "place": [Written("Vienna, Austria", 2)],
            "saved": [Written("Tax papers", 0)],
            "collection": [Written("Best of", 5)],
        }[prefix]


def suggested(text: str, limit: int = 9) -> list[tuple[str, str, int]]:
    found = suggestions(Known(), nothing_known, text, limit)  # type: ignore[arg-type]
    return [(one.text, one.kind, one.count) for one in found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("red inv", [("red invoices", "word", 7), ("red invoice", "word", 3)]),
        ("ada", [('person:"Ada ""the first"" Lovelace"', "person", 0)]),
        ("x person:gra", [("x person:Grace", "person", 0)]),
        ("tag:ital", [('tag:"places/Italy"', "tag", 4)]),
        ('tag:"in v', [('tag:"in voice"', "tag", 1)]),
        ("x in:", [('x in:"Holidays 2024"', "folder", 8)]),
        ("holi", [('in:"Holidays 2024"', "folder", 8)]),
        ('camera:"nik', [('camera:"Nikon D5"', "camera", 3)]),
        ("place:aus", [('place:"Vienna, Austria"', "place", 2)]),
        ("saved:", [('saved:"Tax papers"', "saved", 0)]),
        ("collection:be", [('collection:"Best of"', "collection", 5)]),
        ("invocie", [("invoice", "meant", 0)]),
        ("i", []),
        ("", []),
        ("(", []),
        ("invoice ", []),
    ],
)
def test_suggestions(typed: str, found: list[tuple[str, str, int]]) -> None:
    assert suggested(typed) == found


@given(text=st.text('inv*a"():@- OR', max_size=12))
def test_whatever_is_typed_suggestions_can_be_read(text: str) -> None:
    try:
        parse(text)
    except QuerySyntaxError:
        assert all(one != text for one, _, _ in suggested(text))
        return
    for one, _, _ in suggested(text):
        parse(one)


def test_the_engine_suggests_from_its_library(shelf: Any) -> None:
    shelf.pdf("Boat papers/a.pdf", "boats and a boat", tags=("Boating",), camera="Boatcam", place="Boat Bay")
    engine: Engine = shelf.engine()
    Kept(shelf.library().folder).save("Boats for sale", "boat")
    found = engine.suggest("red boa")
    assert [(one.text, one.kind, one.count) for one in found][:6] == [
        ('red saved:"Boats for sale"', "saved", 0),
        ("red tag:Boating", "tag", 1),
        ('red in:"Boat papers"', "folder", 1),
        ('red place:"Boat Bay"', "place", 1),
        ("red camera:Boatcam", "camera", 1),
        ("red boat", "word", 3),
    ]
