"""What outlives indexing anew, another face model, moved and forgotten files; names out of files."""

from pathlib import Path
from typing import Any

import pytest

from search.people.names import PersonError
from search.people.records import NOBODY
from search.records import TimeSpan
from search.store import Library
from search.store import people as rows


def shifted(boxes: Any, by: float = 0.02) -> list[Any]:
    """The same faces, framed otherwise."""
    return [(left - by / 2, top - by, right + by / 2, bottom + by) for left, top, right, bottom in boxes]


@pytest.fixture
def slots() -> Any:
    return [(0.02 + 0.24 * n, 0.2, 0.2 + 0.24 * n, 0.5) for n in range(4)]


def test_nothing_new_is_nothing_done(friends: Any) -> None:
    generation = friends.library.generation
    assert friends.refresh() == friends.refresh()
    assert friends.library.generation == generation


def test_the_order_of_arrival_does_not_matter(tmp_path: Path, album: Any) -> None:
    other = type(album)(Library.create(tmp_path / "other"))
    photos = [("a", "ada", "kurt"), ("b", "ada"), ("c", "kurt", "grace")]
    for made, order in ((album, photos), (other, photos[::-1])):
        for digest, *who in order:
            made.seeds = iter([ord(digest), 1 + ord(digest)])
            made.photo(digest, *who)
        made.refresh()
    assert rows.sightings(album.library) == rows.sightings(other.library)
    other.library.close()


def test_new_faces_join_and_named_people_stay(friends: Any) -> None:
    book, who = friends.book(), friends.who()
    book.name(who["a", 0], "Ada")
    book.name(who["e", 1], "Kurt")
    friends.photo("f", "kurt", "ada", "zoe")
    friends.refresh()
    now = friends.who()
    assert {place: now[place] for place in who} == who
    assert (now["f", 0], now["f", 1]) == (who["e", 1], who["a", 0])
    assert now["f", 2] not in who.values()


def test_indexing_anew_changes_nothing(friends: Any) -> None:
    book, who = friends.book(), friends.who()
    book.name(who["a", 0], "Ada")
    book.split(who["d", 0], [friends.id_of("d")], "Hilda")
    before = friends.who()
    friends.photo("d", "grace")  # the same content, read once more
    friends.photo("a", "ada")
    friends.refresh()
    assert friends.who() == before


def test_another_model_keeps_names_and_edits(friends: Any, slots: Any) -> None:
    book, who = friends.book(), friends.who()
    ada, grace = who["a", 0], who["d", 0]
    book.name(ada, "Ada")
    book.split(grace, [friends.id_of("e")], "Hilda")
    book.hide([friends.id_of("e", 1)])
    friends.model = "faces-b"
    for digest, *people in (
        ("a", "ada"),
        ("b", "ada"),
        ("c", "ada", "grace"),
        ("d", "grace"),
        ("e", "grace", "kurt"),
    ):
        friends.photo(digest, *people, boxes=shifted(slots))
    with friends.library.writer() as writer:
        assert writer.promote_complete_spaces() == ["face"]
    friends.refresh()
    names = {one.id: one.name for one in friends.book().people()}
    now = friends.who()
    assert [names[now[place, 0]] for place in "abc"] == ["Ada"] * 3
    assert names[now["e", 0]] == "Hilda"
    assert now["e", 1] == NOBODY
    assert now["c", 1] == now["d", 0] != now["e", 0]
    assert {one.key for one in friends.book().faces(ada)} == {friends.fingerprint.key}
    while friends.book().history().done:
        friends.book().undo()
    assert friends.who()["e", 0] == friends.who()["d", 0]


def test_a_face_that_another_model_misses_stays_if_it_was_put_there(friends: Any, slots: Any) -> None:
    friends.book().move([friends.id_of("b")], friends.who()["e", 1])
    friends.model = "faces-b"
    for digest, *people in (("a", "ada"), ("b",), ("c", "ada"), ("d", "grace"), ("e", "grace", "kurt")):
        friends.photo(digest, *people)
    with friends.library.writer() as writer:
        writer.promote_complete_spaces()
    friends.refresh()
    now = friends.who()
    assert now["b", 0] == now["e", 1]
    assert ("c", 1) not in now


def test_everything_made_anew_knows_people_again(friends: Any) -> None:
    book, who = friends.book(), friends.who()
    book.name(who["a", 0], "Ada")
    book.name(who["d", 0], "Grace")
    before = friends.who()
    with friends.library.writer() as writer:
        writer._tables.get("sightings").delete("TRUE")
        with writer._change():
            pass
    friends.refresh()
    after = friends.who()
    assert {place: after[place] for place in before if place != ("e", 1)} == {
        place: before[place] for place in before if place != ("e", 1)
    }
    assert friends.book().find("Grace") == before["d", 0]


def test_a_forgotten_file_takes_its_faces_along_and_edits_can_still_be_undone(friends: Any) -> None:
    book, who = friends.book(), friends.who()
    book.split(who["a", 0], [friends.id_of("a")], "Bertha")
    with friends.library.writer() as writer:
        writer.forget("/home/ada/Pictures/a.jpg")
    assert ("a", 0) not in friends.who()
    friends.refresh()
    assert friends.book().undo()
    assert friends.who() == {place: person for place, person in who.items() if place != ("a", 0)}
    friends.book().redo()
    friends.photo("a", "ada")
    friends.refresh()
    assert friends.book().find("Bertha") == friends.who()["a", 0]


def test_prune_takes_the_faces_of_what_no_file_has(friends: Any) -> None:
    with friends.library.writer() as writer:
        writer.remove_files(["/home/ada/Pictures/e.jpg"])
        assert ("e", 0) in friends.who()
        writer.prune()
    assert ("e", 0) not in friends.who()


def test_forgetting_people_leaves_nothing(friends: Any) -> None:
    friends.book().name(friends.who()["a", 0], "Ada")
    with friends.library.writer() as writer:
        assert writer.forget_people() == 7
    assert friends.book().people() == []
    assert friends.book().history().done == ()
    with pytest.raises(PersonError):
        friends.book().undo()
    kept = b"".join(path.read_bytes() for path in friends.library.folder.rglob("*") if path.is_file())
    assert b"Ada" not in kept


def test_a_merge_that_is_undone_takes_later_faces_along_rightly(album: Any) -> None:
    for digest, who in (("a", "ada"), ("b", "ada"), ("c", "kurt"), ("d", "kurt")):
        album.photo(digest, who)
    album.refresh()
    who = album.who()
    book = album.book()
    book.merge(who["a", 0], [who["c", 0]])
    album.photo("e", "kurt")
    album.photo("f", "ada")
    album.refresh()
    assert len(set(album.who().values())) == 1
    book.undo()
    now = album.who()
    assert (now["e", 0], now["f", 0]) == (who["c", 0], who["a", 0])


def test_moments_of_a_film_that_overlap_are_rivals(album: Any, slots: Any) -> None:
    album.photo("film", "ada", "ada", place=TimeSpan(1, 3))
    album.refresh()
    assert len(set(album.who().values())) == 2


def test_names_in_files_name_groups_and_faces(album: Any, slots: Any) -> None:
    larger = shifted(slots, 0.05)
    album.photo("a", "ada", regions=[("Ada", larger[0])])
    album.photo("b", "ada")
    album.photo("c", "grace", "kurt", regions=[("Grace", larger[0]), ("Nobody Sees", larger[3])])
    assert album.refresh().named == 3
    names = {one.name: one.faces for one in album.book().people()}
    assert names == {"Ada": 2, "Grace": 1, "Nobody Sees": 1, None: 1}
    assert [edit.source for edit in album.book().history().done] == ["xmp"] * 3
    assert album.refresh().named == 0


def test_what_a_person_said_wins_over_what_files_say(album: Any, slots: Any) -> None:
    album.photo("a", "ada")
    album.photo("b", "ada")
    album.refresh()
    book = album.book()
    book.name(album.who()["a", 0], "Adele")
    album.photo("b", "ada", regions=[("Ada", slots[0])])
    album.photo("c", "ada", regions=[("Ada", slots[0])])
    assert album.refresh().named == 0
    assert {one.name for one in book.people()} == {"Adele"}


def test_a_name_from_files_that_is_undone_stays_undone(album: Any, slots: Any) -> None:
    album.photo("a", "ada", regions=[("Ada", slots[0])])
    album.refresh()
    album.book().undo()
    assert album.refresh().named == 0
    assert album.book().people()[0].name is None
    album.book().redo()
    assert album.book().people()[0].name == "Ada"


def test_files_that_disagree_name_single_faces(album: Any, slots: Any) -> None:
    for digest, name in (("a", "Ada"), ("b", "Ada"), ("c", "Bertha"), ("d", None)):
        album.photo(digest, "ada", regions=[(name, slots[0])] if name else ())
    album.refresh()
    names = {one.id: one.name for one in album.book().people()}
    assert [names[album.who()[digest, 0]] for digest in "abcd"] == ["Ada", "Ada", "Bertha", None]


def test_regions_alone_are_people_and_become_faces_later(album: Any, slots: Any) -> None:
    album.photo("a", regions=[("Ada", slots[0]), ("Grace", slots[1])])
    album.photo("b", regions=[("Ada", slots[2])])
    album.refresh()
    ada = album.book().find("Ada")
    assert len(album.book().faces(ada)) == 2
    album.photo("a", "ada", "grace", boxes=shifted(slots), regions=[("Ada", slots[0]), ("Grace", slots[1])])
    album.photo("c", "ada")
    album.refresh()
    assert album.who()["c", 0] == ada == album.book().find("Ada")
    assert len(album.book().faces(ada)) == 3


def test_a_region_that_is_gone_from_the_file_goes(album: Any, slots: Any) -> None:
    album.photo("a", regions=[("Ada", slots[0])])
    album.refresh()
    album.book().undo()
    album.photo("a")
    album.refresh()
    assert album.book().people() == []
