"""Saved searches and collections: kept in order, by name, under every kind of trouble."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from search.errors import CrossfindError, LibraryBusyError, LibraryCorruptError, LibraryMissingError
from search.kept import NAME, Kept, Pick, UnknownNameError
from search.records import Page, Region, TimeSpan, Whole
from search.store import Library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Library.create(tmp_path / "library").close()
    return tmp_path / "library"


def test_nothing_is_there_before_something_is_kept(folder: Path) -> None:
    kept = Kept(folder)
    assert kept.searches() == []
    assert kept.collections() == []
    assert not (folder / NAME).exists()


def test_a_saved_search_knows_what_was_looked_at(folder: Path) -> None:
    kept = Kept(folder)
    saved = kept.save("Dogs in  snow", "dog snow type:image")
    assert (saved.name, saved.query, saved.looked) == ("Dogs in snow", "dog snow type:image", None)
    assert kept.unseen("dogs in snow", ["a", "b"]) == {"a", "b"}
    kept.look("dogs in snow", ["a"])
    kept.look("DOGS in snow", ["a", "c"])
    assert kept.unseen("dogs in snow", ["a", "b", "c", "d"]) == {"b", "d"}
    assert kept.search("Dogs in snow").looked is not None


def test_a_name_is_taken_until_it_is_replaced_and_then_everything_is_new(folder: Path) -> None:
    kept = Kept(folder)
    kept.save("work", "invoice")
    kept.look("work", ["a"])
    with pytest.raises(CrossfindError, match="already"):
        kept.save("Work", "bill")
    assert kept.save("Work", "bill", replace=True).query == "bill"
    assert [one.name for one in kept.searches()] == ["Work"]
    assert kept.unseen("work", ["a"]) == {"a"}


def test_what_is_removed_is_gone_with_what_was_seen(folder: Path) -> None:
    kept = Kept(folder)
    kept.save("work", "invoice")
    kept.look("work", ["a"])
    kept.remove_search("work")
    with pytest.raises(UnknownNameError, match="no saved search called work"):
        kept.search("work")
    with pytest.raises(UnknownNameError):
        kept.remove_search("work")
    kept.save("work", "invoice")
    assert kept.unseen("work", ["a"]) == {"a"}


def test_a_collection_keeps_places_in_the_order_they_were_put_in(folder: Path) -> None:
    kept = Kept(folder)
    picks = [
        Pick("b", TimeSpan(1.5, 4.0), "/b.mp4"),
        Pick("a", Whole(), "/odd \udcff name"),
        Pick("a", Region(Page(2), (0.0, 0.25, 0.5, 1.0)), "/a.pdf"),
    ]
    assert kept.add("Best of", picks) == 3
    assert kept.add("best OF", picks[1:]) == 0
    assert kept.picks("best of") == picks
    assert [(one.name, one.count) for one in kept.collections()] == [("Best of", 3)]
    assert kept.take_out("Best of", ["a", "x"]) == 2
    assert kept.picks("best of") == picks[:1]
    kept.remove_collection("best of")
    with pytest.raises(UnknownNameError, match="no collection called best of"):
        kept.picks("best of")


@pytest.mark.parametrize("name", ["", " \t", "x" * 101, 'a "quoted" one', "two\x00parts"])
def test_some_names_are_refused(folder: Path, name: str) -> None:
    with pytest.raises(CrossfindError, match="cannot be a name"):
        Kept(folder).save(name, "dog")
    with pytest.raises(CrossfindError, match="cannot be a name"):
        Kept(folder).add(name, [])


@pytest.mark.parametrize("name", ["it's", "'; DROP TABLE saved; --", "100 % (best), [2024]", "写真", "a\\b"])
def test_every_other_name_comes_back(folder: Path, name: str) -> None:
    kept = Kept(folder)
    kept.save(name, "dog")
    kept.add(name, [Pick("a", Whole(), "/a")])
    assert kept.search(name).name == name
    assert len(kept.picks(name)) == 1


def test_without_a_library_nothing_can_be_kept(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissingError):
        Kept(tmp_path / "none").save("work", "dog")


def test_a_damaged_file_is_told_with_what_lives_in_it(folder: Path) -> None:
    (folder / NAME).write_bytes(b"this is no database, and it is long enough to look like one" * 20)
    with pytest.raises(LibraryCorruptError, match="Saved searches and collections"):
        Kept(folder).searches()


def test_it_works_while_the_library_is_being_written(folder: Path) -> None:
    library = Library.open(folder)
    with library.writer():
        Kept(folder).save("work", "dog")
        assert Kept(folder).add("Best of", [Pick("a", Whole(), "/a")]) == 1
    library.close()


def test_many_writers_wait_for_each_other(folder: Path) -> None:
    def put(number: int) -> None:
        for n in range(10):
            Kept(folder).add("all", [Pick(f"{number}-{n}", Whole(), "/x")])

    threads = [threading.Thread(target=put, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Kept(folder).picks("all")) == 40


def test_a_change_that_breaks_off_leaves_nothing(folder: Path) -> None:
    kept = Kept(folder)
    kept.add("all", [Pick("a", Whole(), "/a")])
    with pytest.raises(AttributeError):
        kept.add("all", [Pick("b", Whole(), "/b"), None])  # type: ignore[list-item]
    assert [pick.digest for pick in kept.picks("all")] == ["a"]
    with sqlite3.connect(folder / NAME) as database:
        (check,) = database.execute("PRAGMA integrity_check").fetchone()
    database.close()
    assert check == "ok"


def test_renaming_keeps_what_hangs_on_a_name(folder: Path) -> None:
    shelf = Kept(folder)
    shelf.save("one", "dog")
    shelf.save("two", "cat")
    shelf.look("one", {"a", "b"})
    assert shelf.rename_search("ONE", "Dogs").name == "Dogs"
    assert shelf.seen("dogs") == {"a", "b"}
    assert shelf.rename_search("dogs", "DOGS").name == "DOGS"
    with pytest.raises(CrossfindError, match="two is taken already"):
        shelf.rename_search("DOGS", "two")
    with pytest.raises(CrossfindError, match="cannot be a name"):
        shelf.rename_search("DOGS", " ")
    shelf.add("list", [Pick("a", Whole(), "/a")])
    shelf.rename_collection("list", "best")
    assert [pick.digest for pick in shelf.picks("best")] == ["a"]
    with pytest.raises(UnknownNameError):
        shelf.rename_collection("list", "other")


def _error(database: sqlite3.Connection, statements: str) -> sqlite3.Error:
    """What really goes wrong with these statements."""
    with closing(database), pytest.raises(sqlite3.Error) as raised:
        database.executescript(statements)
    return raised.value


def test_a_full_disk_is_no_damage(folder: Path, tmp_path: Path) -> None:
    much = "PRAGMA max_page_count = 2; CREATE TABLE a (b); INSERT INTO a VALUES (zeroblob(100000))"
    told = Kept(folder)._explained(_error(sqlite3.connect(tmp_path / "full.db"), much))
    assert "is full. Free some space" in str(told)


def test_another_who_writes_is_no_damage(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "busy.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        told = Kept(folder)._explained(_error(sqlite3.connect(file, timeout=0), "CREATE TABLE a (b)"))
    assert isinstance(told, LibraryBusyError)
