"""The reference of the query language says the language as it is."""

import pytest

from search import prefixes
from search.errors import QuerySyntaxError
from search.language import REFERENCE
from search.parser import parse

EXAMPLES = [example for chapter in REFERENCE for entry in chapter.entries for example in entry.examples]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_read(example: str) -> None:
    parse(example)


def test_no_prefix_is_missing_and_none_is_made_up() -> None:
    written = " ".join(EXAMPLES)
    assert [prefix for prefix in prefixes.known() if f"{prefix}:" not in written] == []


def test_what_is_not_in_the_language_fails() -> None:
    with pytest.raises(QuerySyntaxError):
        parse("colour:red")
