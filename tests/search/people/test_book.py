"""People and their edits in a real library: every edit, its undo, and what must not be possible."""

from pathlib import Path
from typing import Any

import pytest

from search.people.book import People
from search.people.names import PersonError
from search.spaces import Thresholds


def test_faces_are_grouped(friends: Any) -> None:
    who = friends.who()
    ada, grace, kurt = who["a", 0], who["d", 0], who["e", 1]
    assert len({ada, grace, kurt}) == 3
    assert who == {
        ("a", 0): ada, ("b", 0): ada, ("c", 0): ada,
        ("c", 1): grace, ("d", 0): grace, ("e", 0): grace,
        ("e", 1): kurt,
    }  # fmt: skip


def test_a_list_shows_named_people_first_with_count_and_dates(album: Any) -> None:
    album.photo("a", "ada", day=3)
    album.photo("b", "ada", "grace", day=1, quality=0.9)
    album.photo("c", "ada", day=7)
    album.refresh()
    book = album.book()
    grace = album.who()["b", 1]
    book.name(grace, "Grace")
    first, second = book.people()
    assert (first.name, first.faces, second.name, second.faces, second.files) == ("Grace", 1, None, 3, 3)
    assert second.best.anchor.digest == "b"
    assert [one.day for one in (second.first, second.last) if one] == [1, 7]


def test_a_name_is_kept_and_found_again(friends: Any) -> None:
    book = friends.book()
    ada = friends.who()["a", 0]
    book.name(ada, "  Ada   Lovelace ")
    other = friends.book()
    assert other.find("ada lovelace") == other.find("LOVELACE") == other.find(str(ada)) == ada
    with pytest.raises(PersonError, match="Did you mean Ada Lovelace"):
        other.find("Ada Lovelaze")


def test_a_name_that_is_taken_joins_the_two(friends: Any) -> None:
    book = friends.book()
    who = friends.who()
    book.name(who["a", 0], "Ada")
    book.name(who["e", 1], "Ada")
    assert friends.who()["e", 1] == who["a", 0]
    book.undo()
    assert friends.who() == who


def test_merge_keeps_the_name_of_the_first_or_takes_the_others(friends: Any) -> None:
    book = friends.book()
    who = friends.who()
    ada, kurt = who["a", 0], who["e", 1]
    book.name(kurt, "Kurt")
    book.merge(ada, [kurt])
    first = friends.book().people()[0]
    assert (first.id, first.name, first.faces) == (ada, "Kurt", 4)
    book.undo()
    assert {one.name for one in book.people() if one.id in (ada, kurt)} == {None, "Kurt"}


def test_two_in_one_picture_cannot_be_made_one(friends: Any) -> None:
    book = friends.book()
    who = friends.who()
    for wrong in (
        lambda: book.merge(who["a", 0], [who["d", 0]]),
        lambda: book.move([friends.id_of("c", 1)], who["a", 0]),
    ):
        with pytest.raises(PersonError, match=r"c\.jpg, and two faces in one picture"):
            wrong()
    assert friends.who() == who
    assert not friends.book().history().done


def test_split_move_reject_hide_and_their_undoing(friends: Any) -> None:
    book = friends.book()
    who = friends.who()
    ada = who["a", 0]
    book.split(ada, [friends.id_of("a"), friends.id_of("b")], "Bertha")
    bertha = book.find("Bertha")
    assert friends.who() == who | {("a", 0): bertha, ("b", 0): bertha}
    book.move([friends.id_of("b")], ada)
    assert friends.who() == who | {("a", 0): bertha}
    book.reject([friends.id_of("b"), friends.id_of("c", 1)])
    rejected = friends.who()
    assert len({rejected["b", 0], rejected["c", 1], ada, bertha, who["d", 0]}) == 5
    book.hide([friends.id_of("e", 1)])
    assert friends.who()["e", 1] == 0
    for _ in range(4):
        book.undo()
    assert friends.who() == who
    for _ in range(4):
        book.redo()
    assert friends.who() == rejected | {("e", 1): 0}


def test_an_edit_ends_what_could_be_redone(friends: Any) -> None:
    book = friends.book()
    ada = friends.who()["a", 0]
    book.name(ada, "Ada")
    book.undo()
    book.name(ada, "Adele")
    with pytest.raises(PersonError, match="nothing to redo"):
        book.redo()
    book.undo()
    with pytest.raises(PersonError, match="nothing to undo"):
        book.undo()


def test_what_changes_nothing_is_no_edit(friends: Any) -> None:
    book = friends.book()
    who = friends.who()
    book.name(who["a", 0], "Ada")
    assert book.name(who["a", 0], "Ada") is None
    assert book.move([friends.id_of("a")], who["a", 0]) is None
    assert book.merge(who["a", 0], [who["a", 0]]) is None
    assert book.forget(who["d", 0]) is None
    assert book.split(who["a", 0], []) is None
    assert len(book.history().done) == 1


def test_forget_takes_the_name_away(friends: Any) -> None:
    book = friends.book()
    ada = friends.who()["a", 0]
    book.name(ada, "Ada")
    book.forget(ada)
    with pytest.raises(PersonError, match="no face has a name"):
        book.find("Ada")
    book.undo()
    assert book.find("Ada") == ada


@pytest.mark.parametrize("name", ["", "  ", "12", "a\nb\x07", "x" * 201])
def test_names_that_cannot_be(friends: Any, name: str) -> None:
    with pytest.raises(PersonError):
        friends.book().name(friends.who()["a", 0], name)


def test_who_or_what_is_not_there_is_told(friends: Any) -> None:
    book = friends.book()
    ada = friends.who()["a", 0]
    for wrong in (
        lambda: book.name(999, "Ada"),
        lambda: book.merge(ada, [999]),
        lambda: book.merge(0, [ada]),
        lambda: book.move([999], ada),
        lambda: book.split(ada, [friends.id_of("d")]),
        lambda: book.split(ada, [friends.id_of("a"), friends.id_of("b"), friends.id_of("c")]),
        lambda: book.reject([999]),
        lambda: book.find("999"),
    ):
        with pytest.raises(PersonError):
            wrong()
    assert not book.history().done


def test_several_of_a_name_are_asked_about(friends: Any) -> None:
    book = friends.book()
    who = friends.who()
    book.name(who["a", 0], "Ada Lovelace")
    book.name(who["d", 0], "Ada Byron")
    with pytest.raises(PersonError, match=r"Ada Lovelace \(\d+\), Ada Byron"):
        book.find("ada")


def test_suggestions_tell_who_may_be_the_same(friends: Any) -> None:
    who = friends.who()
    book = People(friends.library, Thresholds(0.99, -0.9))
    book.name(who["a", 0], "Ada")
    only = book.suggestions()[0]
    assert (only.person, only.other) == (who["e", 1], who["a", 0])
    assert book.face(only.face).person == only.person
    assert book.face(only.like).person == only.other
    assert People(friends.library, Thresholds(0.99, 0.98)).suggestions() == []
    assert People(friends.library).suggestions() == []


@pytest.mark.parametrize(("quality", "suggested"), [((0.1, 0.1), 0), ((0.8, 0.1), 1), ((0.8, 0.8), 1)])
def test_two_poor_faces_suggest_nothing(album: Any, quality: tuple[float, float], suggested: int) -> None:
    album.photo("a", "ada", quality=quality[0])
    album.photo("b", "grace", quality=quality[1])
    album.refresh()
    assert len(People(album.library, Thresholds(0.99, -0.9)).suggestions()) == suggested


def test_suggested_pairs_can_be_parted_for_good(friends: Any) -> None:
    who = friends.who()
    generous = People(friends.library, Thresholds(0.99, -0.9))
    pairs = {frozenset((one.person, one.other)) for one in generous.suggestions()}
    ada, kurt = who["a", 0], who["e", 1]
    assert pairs == {frozenset((ada, kurt))}  # the others are seen together
    assert 0 < generous.suggestions()[0].certainty < 1
    generous.part(kurt, ada)
    assert generous.suggestions() == []
    assert generous.part(ada, kurt) is None
    generous.undo()
    assert len(generous.suggestions()) == 1


def test_many_edits_leave_few_pieces(friends: Any) -> None:
    book, ada = friends.book(), friends.who()["a", 0]
    for n in range(40):
        book.name(ada, f"Ada {n}")
    with friends.library.writer() as writer:
        pieces = writer._tables.get("edits").stats()["fragment_stats"]["num_fragments"]
    assert pieces < 20
    assert len(book.history().done) == len(friends.book().history().done) == 40


def test_another_book_sees_what_one_did(friends: Any, tmp_path: Path) -> None:
    one, other = friends.book(), friends.book()
    ada = friends.who()["a", 0]
    assert other.people()
    one.name(ada, "Ada")
    assert other.find("Ada") == ada
    other.forget(ada)
    assert one.people()[0].name is None
