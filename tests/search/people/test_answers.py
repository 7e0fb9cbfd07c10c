"""`person:` and `only:` in queries: alone, in AND, OR and NOT, with filters, and for whom nobody knows."""

from typing import Any

import pytest

from search.engine import Engine, SearchOptions
from search.errors import QuerySyntaxError
from search.records import Missing, Page, Region, TimeSpan, Whole


@pytest.fixture
def named(friends: Any) -> Any:
    """Ada in a, b and c, Grace in c, d and e; Kurt, without a name, in e."""
    book, who = friends.book(), friends.who()
    book.name(who["a", 0], "Ada Lovelace")
    book.name(who["d", 0], "Grace")
    return friends


def digests(album: Any, query: str) -> set[str]:
    return {hit.content.digest for hit in Engine(album.library).search(query)}


def test_a_person_is_found_with_the_face(named: Any) -> None:
    hits = Engine(named.library).search('person:"ada lovelace"').hits
    assert {hit.content.digest for hit in hits} == {"a", "b", "c"}
    assert all(isinstance(hit.locator, Region) and hit.locator.of == Whole() for hit in hits)
    assert {hit.text for hit in hits} == {"Ada Lovelace"}
    assert {evidence.space for hit in hits for evidence in hit.evidence} == {"person"}


def test_part_of_a_name_or_a_number_will_do(named: Any) -> None:
    assert digests(named, "person:LOVELACE") == {"a", "b", "c"}
    kurt = named.who()["e", 1]
    assert digests(named, f"person:{kurt}") == {"e"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("person:ada person:grace", "c"),
        ("person:ada OR person:grace", "abcde"),
        ("person:ada -person:grace", "ab"),
        ("NOT person:ada", "de"),
        ("person:grace name:d", "d"),
        ("person:ada type:video", ""),
        ("only:ada", "ab"),
        ('only:"Grace, Ada Lovelace"', "c"),
        ("only:grace", "d"),
        ("-only:grace person:grace", "ce"),
    ],
)
def test_people_go_with_everything(named: Any, query: str, found: str) -> None:
    assert digests(named, query) == set(found)


def test_only_counts_strangers_unless_they_are_tiny_or_nobody(named: Any) -> None:
    tiny = ((0.1, 0.2, 0.3, 0.5), (0.9, 0.9, 0.93, 0.93))
    named.photo("f", "ada", "zoe", boxes=tiny)
    named.photo("g", "ada", "zoe")
    named.refresh()
    assert digests(named, "only:ada") == set("abf")
    named.book().hide([named.id_of("g", 1)])
    assert digests(named, "only:ada") == set("abfg")


def test_only_looks_at_one_page_at_a_time(named: Any) -> None:
    named.photo("p", "ada", place=Page(3))
    named.photo("q", "ada", "grace", place=TimeSpan(4, 6))
    named.refresh()
    hit = next(h for h in Engine(named.library).search("only:ada") if h.content.digest == "p")
    assert isinstance(hit.locator, Region)
    assert hit.locator.of == Page(3)
    assert "q" not in digests(named, "only:ada")


def test_the_clearest_picture_comes_first(album: Any) -> None:
    for digest, quality in (("a", 0.4), ("b", 0.9), ("c", 0.6)):
        album.photo(digest, "ada", quality=quality)
    album.refresh()
    hits = Engine(album.library).search(f"person:{album.who()['a', 0]}", SearchOptions(limit=3)).hits
    assert [hit.content.digest for hit in hits] == ["b", "c", "a"]


def test_whom_nobody_knows_is_refused_where_it_stands(named: Any) -> None:
    with pytest.raises(QuerySyntaxError, match="Did you mean Grace") as caught:
        Engine(named.library).search("holiday person:Grase")
    assert (caught.value.start, caught.value.end) == (8, 20)
    with pytest.raises(QuerySyntaxError, match=r"There are Ada Lovelace, Grace\."):
        Engine(named.library).search("only:Xerxes")


def test_a_library_without_faces_says_so(album: Any) -> None:
    result = Engine(album.library).search("person:Ada")
    assert result.hits == ()
    assert result.missing == (Missing("face", "No face is known in this library.", "crossfind index FOLDER"),)


def test_names_are_seen_as_soon_as_they_are_given(named: Any) -> None:
    engine = Engine(named.library)
    assert {hit.content.digest for hit in engine.search("person:grace")} == set("cde")
    named.book().name(named.who()["e", 1], "Kurt")
    assert {hit.content.digest for hit in engine.search("person:kurt")} == {"e"}
