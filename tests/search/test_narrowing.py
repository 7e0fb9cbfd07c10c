import pytest
from hypothesis import given

from search.errors import QuerySyntaxError
from search.narrowing import filters_in, is_same, narrowed, widened
from search.parser import parse
from search.query import And, Kinds, Part, Tag, Words, conjuncts
from search.written import format as written
from tests.search.test_parser import filters, trees

PDF = Kinds(("pdf",))


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("", "type:pdf"),
        ("red car", "red car type:pdf"),
        ("  red   car ", "red   car type:pdf"),
        ("a OR b", "(a OR b) type:pdf"),
        ("a THEN b WITHIN 5s", "(a THEN b WITHIN 5s) type:pdf"),
        ('like:@x.jpg + "in snow"', 'like:@x.jpg + "in snow" type:pdf'),
        ("-rain", "-rain type:pdf"),
    ],
)
def test_a_filter_is_added_and_taken_out_again(text: str, more: str) -> None:
    assert narrowed(text, PDF) == more
    assert filters_in(more)[-1] == PDF
    fewer = widened(more, PDF)
    assert parse(fewer).root == parse(text).root if text else fewer == ""


def test_what_the_person_wrote_stays_as_it_was() -> None:
    assert widened("two  dogs   TYPE:PDF in:Home", PDF) == "two  dogs in:Home"
    assert widened("type:pdf AND dogs", PDF) == "dogs"
    assert widened("dogs AND type:pdf", PDF) == "dogs"
    assert widened("dogs type:image", PDF) == "dogs type:image"
    assert widened("tag:Rome rome", Tag("rome")) == "rome"


def test_a_query_that_cannot_be_read_is_left_to_who_asked() -> None:
    for change in (narrowed, widened):
        with pytest.raises(QuerySyntaxError):
            change("(dogs", PDF)
    assert filters_in(" ") == ()


@given(trees, filters)
def test_any_query_means_the_same_but_for_the_filter(tree: Part, part: Part) -> None:
    more = narrowed(written(tree), part)
    before = conjuncts(tree) if not isinstance(tree, And) or tree.weight == 1 else (tree,)
    assert conjuncts(parse(more).root) == (*before, part)
    left = tuple(one for one in before if not is_same(one, part))
    fewer = widened(more, part)
    if not left:
        assert fewer == ""
    else:
        assert parse(fewer).root == (And(left) if len(left) > 1 else left[0])


def test_words_around_a_filter_stay_words() -> None:
    assert parse(widened("a type:pdf b", PDF)).root == Words("a b")
