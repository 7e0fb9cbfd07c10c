"""Folding, paths as text, quoting: pure functions with properties."""

import os
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.store import fold, path_to_text, text_to_path
from search.store.sql import both, one_of, quote
from search.store.tables import Database, Tables
from search.store.text import has_words, name_words

PATHS = st.binary(max_size=40).map(lambda data: os.fsdecode(data.replace(b"\x00", b"")))


@given(PATHS | st.text(st.characters(exclude_characters="\x00"), max_size=30))
def test_any_path_survives(path: str) -> None:
    text = path_to_text(path)
    text.encode("utf-8")
    assert text_to_path(text) == path


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    once.encode("utf-8")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CAFÉ", "cafe\u0301"),
        ("ﬁne", "FINE"),
        ("Straße", "STRASSE"),
        ("ＦＵＬＬ", "full"),
        ("soft\u00adhyphen", "softhyphen"),
        ("two \n\t words", "two words"),
        ("Ёлка", "елка"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ],
)
def test_folds_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("が", "か"), ("ที่", "ท"), ("किताब", "कताब"), ("한국", "한")])
def test_stays_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_names_are_cut_between_words_and_numbers() -> None:
    words = "trip beachhouse2024.jpg trip beach house 2024.jpg"
    assert name_words("Trip/BeachHouse2024.jpg") == words
    assert name_words("a/b c.jpg") == "a b c.jpg"


@pytest.mark.parametrize(
    ("text", "expected"), [("a", True), ("7", True), ("字", True), ("-- !?", False), ("😀", False)]
)
def test_has_words(text: str, expected: bool) -> None:
    assert has_words(text) is expected


def test_quotes_values_of_every_kind() -> None:
    assert quote("it's") == "'it''s'"
    assert quote(True) == "TRUE"
    assert quote(3) == "3"
    assert quote(datetime(2024, 5, 1, 2, 3)) == "TIMESTAMP '2024-05-01 02:03:00'"
    assert one_of("x", []) == "FALSE"
    assert both(None, "a", "b OR c") == "(a) AND (b OR c)"
    assert both(None) is None


HARD = [
    "'",
    "''",
    "\\",
    "\\'",
    "%",
    "_",
    '"',
    "--",
    "a\x00b",
    "\n",
    "😀",
    "'; DROP TABLE x; --",
    "{}",
    "$1",
    "?",
]


def test_the_database_reads_quoted_values_as_they_are(tmp_path: Path) -> None:
    table = Tables(Database(tmp_path)).create("t", pa.schema([("v", pa.string())]))
    table.add(pa.table({"v": [*HARD, None]}))
    for value in HARD:
        rows = table.search().where(f"v = {quote(value)}").limit(None).to_arrow()
        assert rows["v"].to_pylist() == [value]
    assert len(table.search().where(one_of("v", HARD)).limit(None).to_arrow()) == len(HARD)


def test_empty_columns_pass_no_comparison_and_no_negation(tmp_path: Path) -> None:
    """SQL's third truth value: a filter that must keep rows without a value has to say so."""
    table = Tables(Database(tmp_path)).create("t", pa.schema([("v", pa.string())]))
    table.add(pa.table({"v": ["a", "b", None]}))
    counts = [
        table.count_rows(where) for where in ("v = 'a'", "NOT v = 'a'", "NOT (v IS NOT NULL AND v = 'a')")
    ]
    assert counts == [1, 1, 2]
