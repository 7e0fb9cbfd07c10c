"""What a person keeps: saved searches, and collections of files and places in them.

It lies in a small database of its own beside the library's tables (`kept.db`, SQLite), which has its own
lock: it can be read and changed while an indexing run writes. What is kept hangs on the digest of a content,
so that it survives moving, renaming, and even leaving the library.
"""

import json
import os
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from search.errors import (
    CrossfindError,
    LibraryBusyError,
    LibraryCorruptError,
    LibraryError,
    LibraryReadOnlyError,
)
from search.output import locator_from_json, locator_to_json
from search.records import Locator
from search.store.manifest import NAME as MANIFEST
from search.store.manifest import missing
from search.store.text import fold, path_to_text, text_to_path

NAME = "kept.db"
WAIT_S = 10.0
LONGEST_NAME = 100

_TABLES = """
CREATE TABLE IF NOT EXISTS saved (
    key TEXT PRIMARY KEY, name TEXT NOT NULL, query TEXT NOT NULL, added TEXT NOT NULL, looked TEXT);
CREATE TABLE IF NOT EXISTS seen (
    key TEXT NOT NULL REFERENCES saved ON DELETE CASCADE, digest TEXT NOT NULL, PRIMARY KEY (key, digest))
    WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS collections (key TEXT PRIMARY KEY, name TEXT NOT NULL, added TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS picks (
    key TEXT NOT NULL REFERENCES collections ON DELETE CASCADE, digest TEXT NOT NULL, place TEXT NOT NULL,
    path TEXT NOT NULL, added TEXT NOT NULL, PRIMARY KEY (key, digest, place));
"""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search; `looked` is when its hits were last looked at, None for never."""

    name: str
    query: str
    added: datetime
    looked: datetime | None


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing in a collection: a content, and a place in it. `path` is where it was when it was picked."""

    digest: str
    locator: Locator
    path: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """A collection and how many things are in it."""

    name: str
    count: int
    added: datetime


class UnknownNameError(CrossfindError):
    """There is no saved search or collection of that name."""


class Kept:
    """What is kept beside the library in a folder. Several processes and threads may use it at once.

    Upper and lower case make no difference in names. Every method that changes something raises
    `LibraryMissingError` where there is no library and `LibraryReadOnlyError` when it cannot be written;
    every method raises `LibraryCorruptError` when the database is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def searches(self) -> list[Saved]:
        """Return the saved searches by name."""
        rows = self._rows("SELECT name, query, added, looked FROM saved ORDER BY key")
        return [
            Saved(name, query, _moment(added), _moment(looked) if looked else None)
            for name, query, added, looked in rows
        ]

    def search(self, name: str) -> Saved:
        """Return one saved search. Raises `UnknownNameError`."""
        known = self.searches()
        for one in known:
            if fold(one.name) == fold(name):
                return one
        raise _unknown("saved search", name, [one.name for one in known])

    def save(self, name: str, query: str, *, replace: bool = False) -> Saved:
        """Keep a query under a name. Raises `CrossfindError` for a name that is taken or cannot be one."""
        name = _checked(name)
        with self._changing() as database:
            if replace:
                database.execute("DELETE FROM saved WHERE key = ?", (fold(name),))
            try:
                database.execute(
                    "INSERT INTO saved VALUES (?, ?, ?, ?, NULL)", (fold(name), name, query, _now())
                )
            except sqlite3.IntegrityError:
                raise CrossfindError(
                    f"There is a saved search called {name} already.", "Take another name, or add --replace."
                ) from None
        return self.search(name)

    def remove_search(self, name: str) -> None:
        """Forget a saved search. Raises `UnknownNameError`."""
        self.search(name)
        with self._changing() as database:
            database.execute("DELETE FROM saved WHERE key = ?", (fold(name),))

    def rename_search(self, name: str, new_name: str) -> Saved:
        """Give a saved search another name. Raises `UnknownNameError`, and `CrossfindError` for a name that
        is taken or cannot be one."""
        self.search(name)
        new_name = self._renamed("saved", "seen", name, new_name)
        return self.search(new_name)

    def seen(self, name: str) -> frozenset[str]:
        """Return the contents that were there when a search was looked at."""
        return frozenset(
            digest for (digest,) in self._rows("SELECT digest FROM seen WHERE key = ?", (fold(name),))
        )

    def unseen(self, name: str, digests: Collection[str]) -> frozenset[str]:
        """Return those of these contents that were not there when the search was last looked at."""
        seen = self.seen(name)
        return frozenset(digest for digest in digests if digest not in seen)

    def look(self, name: str, digests: Iterable[str]) -> None:
        """Remember that these contents were looked at, now; what was seen before stays so."""
        key = fold(name)
        with self._changing() as database:
            rows = [(key, digest) for digest in digests]
            database.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", rows)
            database.execute("UPDATE saved SET looked = ? WHERE key = ?", (_now(), key))

    def collections(self) -> list[Gathered]:
        """Return the collections by name."""
        rows = self._rows(
            "SELECT name, (SELECT count(*) FROM picks WHERE picks.key = collections.key), added "
            "FROM collections ORDER BY key"
        )
        return [Gathered(name, count, _moment(added)) for name, count, added in rows]

    def picks(self, name: str) -> list[Pick]:
        """Return what is in a collection, in the order it was added. Raises `UnknownNameError`."""
        self._require(name)
        rows = self._rows("SELECT digest, place, path FROM picks WHERE key = ? ORDER BY rowid", (fold(name),))
        return [
            Pick(digest, locator_from_json(json.loads(place)), text_to_path(path))
            for digest, place, path in rows
        ]

    def add(self, name: str, picks: Sequence[Pick]) -> int:
        """Put things into a collection, which is made if there is none; return how many are new to it."""
        name, now = _checked(name), _now()
        with self._changing() as database:
            database.execute("INSERT OR IGNORE INTO collections VALUES (?, ?, ?)", (fold(name), name, now))
            before = database.total_changes
            database.executemany(
                "INSERT OR IGNORE INTO picks VALUES (?, ?, ?, ?, ?)",
                [(fold(name), p.digest, _place(p.locator), path_to_text(p.path), now) for p in picks],
            )
            return database.total_changes - before

    def take_out(self, name: str, digests: Iterable[str]) -> int:
        """Take contents, with all places in them, out of a collection; return how many things that were.

        Raises `UnknownNameError`.
        """
        self._require(name)
        with self._changing() as database:
            before = database.total_changes
            rows = [(fold(name), digest) for digest in digests]
            database.executemany("DELETE FROM picks WHERE key = ? AND digest = ?", rows)
            return database.total_changes - before

    def rename_collection(self, name: str, new_name: str) -> None:
        """Give a collection another name. Raises `UnknownNameError`, and `CrossfindError` for a name that
        is taken or cannot be one."""
        self._require(name)
        self._renamed("collections", "picks", name, new_name)

    def remove_collection(self, name: str) -> None:
        """Forget a collection; the files in it are not touched. Raises `UnknownNameError`."""
        self._require(name)
        with self._changing() as database:
            database.execute("DELETE FROM collections WHERE key = ?", (fold(name),))

    def _renamed(self, table: str, inside: str, name: str, new_name: str) -> str:
        """Change a name and the key that hangs on it, here and in what belongs to it; return the new name."""
        new_name = _checked(new_name)
        with self._changing() as database:
            database.execute("PRAGMA defer_foreign_keys = ON")
            keys = fold(new_name), fold(name)
            try:
                database.execute(f"UPDATE {table} SET name = ?, key = ? WHERE key = ?", (new_name, *keys))
            except sqlite3.IntegrityError:
                raise CrossfindError(f"{new_name} is taken already.", "Take another name.") from None
            database.execute(f"UPDATE {inside} SET key = ? WHERE key = ?", keys)
        return new_name

    def _require(self, name: str) -> None:
        names = [one.name for one in self.collections()]
        if fold(name) not in map(fold, names):
            raise _unknown("collection", name, names)

    def _rows(self, sql: str, values: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        """Read; where nothing was ever kept there is nothing, and no file is made."""
        if not (self._folder / NAME).exists():
            return []
        with self._opened() as database:
            return database.execute(sql, values).fetchall()

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """Everything inside happens, or nothing."""
        if not (self._folder / MANIFEST).exists():
            raise missing(self._folder)
        with self._opened() as database:
            database.executescript(_TABLES)
            database.execute("BEGIN IMMEDIATE")
            yield database
            database.commit()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(
                sqlite3.connect(self._folder / NAME, timeout=WAIT_S, isolation_level=None)
            ) as database:
                database.execute("PRAGMA foreign_keys = ON")
                yield database
        except sqlite3.Error as error:
            raise self._explained(error) from error

    def _explained(self, error: sqlite3.Error) -> CrossfindError:
        path = self._folder / NAME
        if isinstance(error, sqlite3.OperationalError) and not os.access(self._folder, os.W_OK):
            return LibraryReadOnlyError(f"{path} cannot be written.", "Make the library's folder writable.")
        match getattr(error, "sqlite_errorcode", None):
            case sqlite3.SQLITE_FULL:
                return LibraryError(f"The disk that holds {path} is full.", "Free some space and try again.")
            case sqlite3.SQLITE_BUSY:
                return LibraryBusyError(f"Another window or command is writing {path}.", "Try again.")
        return LibraryCorruptError(
            f"{path} cannot be used ({error}).",
            "Saved searches and collections live in it; nothing else does. Move it away to begin anew.",
        )


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not fold(name) or len(name) > LONGEST_NAME or not name.isprintable() or '"' in name:
        raise CrossfindError(
            f"{name[:LONGEST_NAME] or 'Nothing'} cannot be a name.",
            f"A name has up to {LONGEST_NAME} letters, digits and signs, and no double quotes.",
        )
    return name


def _unknown(what: str, name: str, known: Sequence[str]) -> UnknownNameError:
    there = f"There are: {', '.join(known)}." if known else "There is none yet."
    return UnknownNameError(f"There is no {what} called {name}.", there)


def _place(locator: Locator) -> str:
    return json.dumps(locator_to_json(locator), sort_keys=True)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")
