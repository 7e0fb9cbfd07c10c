"""A run that writes for long lends the library, between two batches, to who writes a few small tables."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from search.errors import LibraryBusyError
from search.people.records import Anchor, Apart, Edit, Sighting
from search.records import Whole
from search.store import Library, Writer
from search.store import people as rows
from search.store.lock import WANTED


def edit(number: int) -> Edit:
    return Edit(number, datetime(2026, 1, 1), "user", (Apart(number, number + 1),))


@contextmanager
def lending(writer: Writer) -> Iterator[None]:
    """Lend again and again, as a run does."""
    stop = threading.Event()

    def lend() -> None:
        while not stop.wait(0.01):
            writer.lend()

    thread = threading.Thread(target=lend)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_nobody_waits_and_nothing_is_lent(filled: Library) -> None:
    with filled.writer() as writer:
        assert not writer.lend()


def test_who_will_not_wait_is_refused(filled: Library) -> None:
    busy = pytest.raises(LibraryBusyError, match="being written")
    with filled.writer() as writer, lending(writer), busy, filled.writer(rows.TABLES):
        pass


def test_a_run_that_lends_nothing_is_waited_for_in_vain(filled: Library) -> None:
    with filled.writer(), pytest.raises(LibraryBusyError), filled.writer(rows.TABLES, 0.8):
        pass
    (filled.folder / WANTED).unlink()


def test_the_whole_library_is_never_lent(filled: Library) -> None:
    with filled.writer() as writer, lending(writer), pytest.raises(LibraryBusyError), filled.writer():
        pass


def test_an_edit_between_two_batches_is_kept_and_so_are_they(filled: Library, world: Any) -> None:
    with filled.writer() as writer:
        writer.write(world.batch([50]))
        with lending(writer), Library.open(filled.folder).writer(rows.TABLES, 20) as other:
            other.write_people(rows.PeopleBatch(names={1: "Ada"}, log=[edit(1)]))
        writer.write(world.batch([51]))
        writer.optimize()
    assert rows.names(filled) == {1: "Ada"}
    assert rows.log(filled) == [edit(1)]
    assert filled.status().contents == 42


def test_many_edits_and_many_batches_do_not_harm_each_other(filled: Library, world: Any) -> None:
    done = threading.Event()
    failures: list[BaseException] = []

    def edit_people() -> None:
        try:
            library = Library.open(filled.folder)
            for number in range(1, 13):
                with library.writer(rows.TABLES, 30) as other:
                    other.write_people(rows.PeopleBatch(names={number: "Ada"}, log=[edit(number)]))
            library.close()
        except BaseException as error:  # noqa: BLE001
            failures.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=edit_people)
    with filled.writer() as writer:
        thread.start()
        numbers = iter(range(100, 900))
        written = 0
        while not done.is_set():
            writer.write(world.batch([next(numbers)]))
            written += 1
            writer.lend()
    thread.join()
    assert not failures
    assert [entry.n for entry in rows.log(filled)] == list(range(1, 13))
    assert rows.names(filled) == {12: "Ada"}
    assert filled.status().contents == 40 + written


def test_what_a_killed_borrower_left_half_done_is_taken_back(filled: Library, world: Any) -> None:
    """Its tables are ahead of the manifest: the run sets them back before it writes on."""
    with filled.writer() as writer:
        (filled.folder / WANTED).touch()

        def half_an_edit() -> None:
            other = Library.open(filled.folder)
            with other.writer(rows.TABLES, 20) as borrowed:
                anchor = Anchor("d1", Whole(), (0.1, 0.1, 0.2, 0.2))
                batch = rows.PeopleBatch([Sighting(1, anchor, None, 0.5, 1, 1)], names={1: "Ada"})
                rows.write(borrowed._tables, batch)  # and no commit
            other.close()

        thread = threading.Thread(target=half_an_edit)
        thread.start()
        while thread.is_alive():
            writer.lend()
            time.sleep(0.01)
        writer.write(world.batch([50]))
    assert rows.names(filled) == {}
    assert rows.sightings(filled) == []
    assert filled.status().contents == 41


def test_the_holder_stays_known_while_the_library_is_lent(filled: Library) -> None:
    with filled.writer() as writer, lending(writer), filled.writer(rows.TABLES, 20):
        assert (filled.folder / "lock.holder.json").exists()
    assert not (filled.folder / "lock.holder.json").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, filled: Library) -> None:
    (filled.folder / "lock.tables").unlink(missing_ok=True)
    (filled.folder / "lock.tables").mkdir()
    with pytest.raises(Exception, match=r"cannot be (written|read)"), filled.writer(rows.TABLES, 1):
        pass
