"""Any sequence of edits: undoing all of it gives the beginning; the log says the same as the live book."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.people.names import PersonError
from search.store import Library

FACES = 7
numbers = st.integers(0, FACES - 1)
some = st.lists(numbers, min_size=1, max_size=3)
actions = st.one_of(
    st.tuples(st.just("name"), numbers, st.sampled_from(["Ada", "Grace", "Kurt"])),
    st.tuples(st.just("merge"), numbers, numbers),
    st.tuples(st.just("split"), some, st.none() | st.sampled_from(["Hilda", "Ada"])),
    st.tuples(st.just("move"), some, numbers),
    st.tuples(st.just("reject"), some),
    st.tuples(st.just("hide"), some),
    st.tuples(st.just("part"), numbers, numbers),
    st.tuples(st.just("forget"), numbers),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
    st.tuples(st.just("refresh")),
)


def state(album: Any) -> tuple[Any, ...]:
    """All a person sees, read afresh."""
    book = album.book()
    people = {one.id: one.name for one in book.people()}
    return people, {one.id: person for person in [0, *people] for one in book.faces(person)}


def act(album: Any, book: Any, action: tuple[Any, ...], ids: list[int]) -> None:
    kind, *values = action
    person_of = state(album)[1]

    def person(n: int) -> int:
        return int(person_of[ids[n]])

    match kind, values:
        case "name", [n, name]:
            book.name(person(n), name)
        case "merge", [n, other]:
            book.merge(person(n), [person(other)])
        case "split", [faces, name]:
            book.split(person(faces[0]), [ids[n] for n in faces], name)
        case "move", [faces, n]:
            book.move([ids[f] for f in faces], person(n))
        case (("reject" | "hide"), [faces]):
            getattr(book, kind)([ids[n] for n in faces])
        case "part", [n, other]:
            book.part(person(n), person(other))
        case "forget", [n]:
            book.forget(person(n))
        case "refresh", []:
            album.refresh()
        case _:
            getattr(book, kind)()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(actions, max_size=10))
def test_any_edits_can_be_undone_and_replayed(friends: Any, done: list[tuple[Any, ...]]) -> None:
    with friends.library.writer() as writer:
        writer.forget_people()
    friends.refresh()
    begun = state(friends)
    ids = sorted(begun[1])
    assert len(ids) == FACES
    book = friends.book()
    for action in done:
        try:
            act(friends, book, action, ids)
        except PersonError:
            continue
        live = {one.id: one.name for one in book.people()}
        assert (live, {n: p for p in [0, *live] for n in (f.id for f in book.faces(p))}) == state(friends)
    ended = state(friends)
    undone = 0
    while book.history().done:
        book.undo()
        undone += 1
    assert state(friends) == begun
    for _ in range(undone):
        book.redo()
    assert state(friends) == ended


def test_edits_of_several_processes_are_one_log(friends: Any, tmp_path: Path) -> None:
    other = Library.open(friends.library.folder)
    from search.people.book import People

    ada = friends.who()["a", 0]
    friends.book().name(ada, "Ada")
    People(other).name(ada, "Adele")
    People(other).undo()
    other.close()
    assert friends.book().find("Ada") == ada
    assert [edit.n for edit in friends.book().history().done] == [1]


def test_a_written_log_is_read_as_it_was(friends: Any) -> None:
    from search.store import people as rows

    book = friends.book()
    ada = friends.who()["a", 0]
    book.name(ada, "Ada “the first” 'x'")
    book.split(ada, [friends.id_of("a")], "B")
    book.undo()
    log = rows.log(friends.library)
    assert [entry.n for entry in log] == [1, 2, 3]
    assert log[:2] == [*book.history().done, *book.history().undone]


@pytest.mark.parametrize("kind", ["undo", "redo"])
def test_nothing_to_step_back_to_is_told(friends: Any, kind: str) -> None:
    with pytest.raises(PersonError, match=f"nothing to {kind}"):
        getattr(friends.book(), kind)()
