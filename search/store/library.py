"""The reading side of a library."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
import pyarrow as pa

from search.errors import LibraryCorruptError, LibraryMissingError
from search.records import Content, File, Locator, Own, Segment, Whole
from search.spaces import Fingerprint, Vector
from search.store import settled
from search.store.counted import counted
from search.store.held import Held
from search.store.indexes import add_missing_indexes
from search.store.known import LastSeen, Marked, marked_in
from search.store.lock import tables_lock, writer_lock
from search.store.manifest import NAME, Manifest, read_manifest, save_manifest, segment_table
from search.store.matching import Matching
from search.store.nearest import nearest
from search.store.own import completed, own_in, own_of, said_of
from search.store.page_rows import PAGE_MEMORY, PageRows
from search.store.rows import contents_of, file_of, said_in, segment_of, vectors_of
from search.store.schema import (
    CONTENTS,
    CONTENTS_SCHEMA,
    FILES,
    FIXED,
    LOOKS,
    MARKS,
    OWN,
    PEOPLE,
    PLACE_COLUMNS,
    TIMING,
)
from search.store.settled import Needs
from search.store.sql import one_of, quote
from search.store.status import read_status
from search.store.tables import Database, Tables, is_damage, plain_errors
from search.store.text import fold, path_to_text, text_to_path
from search.store.thumbs import best_thumbnail, thumbnail_path
from search.store.types import Found, KnownFile, LibraryStatus, Mark, Root, WordField, Words
from search.store.upgrade import is_behind, up_to_date
from search.store.words import find_words
from search.store.writer import Writer
from search.storyboard import Storyboard

T = TypeVar("T")
_NO_ROWS = pa.table({"digest": pa.array([], pa.string()), "n": pa.array([], pa.int64())})
CONTENT_COLUMNS = [name for name in CONTENTS_SCHEMA.names if name != "words"]
FILE_COLUMNS = ["path", "digest", "size", "mtime_ns", "root", "present", "beside"]
CHUNK = 2_000
"""How many digests go into one filter."""

FILTERS_KEPT = 4
"""For so many filters the answer is remembered until the library changes."""


@dataclass(frozen=True, slots=True)
class View:
    """The library as of one commit: its manifest, and its tables at the versions that names."""

    signature: tuple[int, int, int]
    manifest: Manifest
    tables: Tables
    page_memory: int = PAGE_MEMORY
    older: dict[str, PageRows] = field(default_factory=dict)
    matched: dict[str | None, Matching] = field(default_factory=dict)
    kept: dict[str, Held] = field(default_factory=dict)

    def held(self, table: str) -> Held:
        """What is kept of a table until the next commit."""
        if table not in self.kept:
            made = Held(self.tables.get(table), self.page_memory, self.older.pop(table, None))
            return self.kept.setdefault(table, made)
        return self.kept[table]

    def pages(self) -> dict[str, PageRows]:
        """What is held of pages, by table, of this commit or of one before."""
        held = {name: one.last_pages for name, one in self.kept.items()}
        return {**self.older, **{name: pages for name, pages in held.items() if pages}}

    def space(self, name: str) -> str | None:
        """Name the table that serves a space; None when there is no such space."""
        entry = self.manifest.spaces.get(name)
        return segment_table(name, entry.active) if entry else None


class Library:
    """A library opened for reading: never waits for a writer, sees what other processes committed.

    Safe to call from several threads. Every method that reads raises `LibraryCorruptError` when a table
    cannot be read.
    """

    def __init__(self, folder: Path, page_memory: int = PAGE_MEMORY) -> None:
        self.folder = folder
        self._database = Database(folder)
        self._guard = threading.Lock()
        self._page_memory = page_memory
        self._view = self._newest_view({})

    @classmethod
    def open(cls, folder: Path, page_memory: int = PAGE_MEMORY) -> "Library":
        """Open a library; no more than `page_memory` bytes of its pages are held.

        Raises `LibraryMissingError`, `LibraryNewerError`, `LibraryCorruptError`.
        """
        return cls(folder.absolute(), page_memory)

    @classmethod
    def create(cls, folder: Path) -> "Library":
        """Open the library, making an empty one where there is none. Raises `LibraryError`."""
        try:
            return cls.open(folder)
        except LibraryMissingError:
            pass
        with plain_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
        with writer_lock(folder.absolute()), plain_errors(folder):
            if not (folder / NAME).exists():
                _make_empty(folder.absolute())
        return cls.open(folder)

    def close(self) -> None:
        """Let go of the tables; the next use opens them again."""
        with self._guard:
            self._database.close()
            self._view = View((0, 0, 0), self._view.manifest, Tables(self._database), self._page_memory)

    def refresh(self) -> None:
        """See what other processes committed since; costs one `stat` when nothing did."""
        self._newest()

    def _newest(self, certainly: bool = False) -> View:
        view = self._view
        if not certainly and _signature(self.folder) == view.signature:
            return view
        with self._guard:
            self._view = self._newest_view(self._view.pages())
            return self._view

    def _newest_view(self, older: dict[str, PageRows]) -> View:
        signature = _signature(self.folder)
        manifest = read_manifest(self.folder)
        if is_behind(manifest):
            manifest = up_to_date(self.folder)
            signature = _signature(self.folder)
        tables = Tables(self._database, manifest.versions)
        return View(signature, manifest, tables, self._page_memory, older)

    @property
    def roots(self) -> tuple[Root, ...]:
        """The folders that were indexed before."""
        return self._newest().manifest.roots

    @property
    def switched_off(self) -> frozenset[str]:
        """The indexers that this library does without."""
        return self._newest().manifest.without

    def spaces(self) -> Mapping[str, Fingerprint]:
        """Return the fingerprint that serves each space."""
        return {name: entry.active for name, entry in self._newest().manifest.spaces.items()}

    def next_spaces(self) -> Mapping[str, Fingerprint]:
        """Return the fingerprints that are being built to replace the serving ones."""
        spaces = self._newest().manifest.spaces
        return {name: entry.next for name, entry in spaces.items() if entry.next is not None}

    def last_seen(self, root: str) -> LastSeen:
        """Return the files that were seen under a root."""
        is_only_one = [known.path for known in self.roots] == [root]  # then a filter would cost for nothing
        where = None if is_only_one else f"root = {quote(path_to_text(root))}"
        return LastSeen(self._read(lambda view: _scan(view, FILES, [*LastSeen.COLUMNS], where)))

    def settled(self, needs: Needs) -> LastSeen | None:
        """Return what became of every file, as `Writer.settle` kept it; None when that no longer holds."""
        return settled.kept(self.folder, self._newest().manifest.versions, needs)

    def is_settled(self, needs: Needs) -> bool:
        """Whether the library is as the last run that came to its end left it."""
        return settled.is_kept(self.folder, self._newest().manifest.versions, needs)

    def known_files(self, root: str) -> Mapping[str, KnownFile]:
        """Return path -> facts of every file seen under a root."""
        return self.last_seen(root).files()

    def marks(self, space: str, key: str) -> Mapping[str, Mark]:
        """Return digest -> mark of the contents that went through a space with the fingerprint `key`."""
        where = f"space = {quote(space)} AND key = {quote(key)}"
        rows = self._read(lambda view: _scan(view, MARKS, list(Mark._fields), where))
        made = map(Mark._make, zip(*(rows[name].to_pylist() for name in Mark._fields), strict=True))
        return {mark.digest: mark for mark in made}

    def marked(self, fingerprints: Mapping[str, Fingerprint]) -> dict[str, Marked]:
        """Return for each of these spaces what `marks` returns, all in one pass and as columns."""
        keys = {name: fingerprint.key for name, fingerprint in fingerprints.items()}
        return marked_in(self._read(lambda view: _scan(view, MARKS, list(Mark._fields), None)), keys)

    def contents(self, digests: Collection[str], *, own: bool = True) -> dict[str, Content]:
        """Return the contents that are known, by digest, with what the user says of them where `own`."""
        found = contents_of(self._rows_of(lambda _: CONTENTS, CONTENT_COLUMNS, digests))
        told = self.own(found) if own else {}
        return completed(found.values(), told) if told else found

    def own(self, digests: Collection[str] | None = None) -> dict[str, Own]:
        """Return what the user says of these contents, of all where None, by digest."""
        if self._read(lambda view: view.held(OWN).is_empty):
            return {}
        if digests is None:
            return own_of(self.rows(OWN, ["digest", "facts"]))
        return own_of(self._rows_of(lambda _: OWN, ["digest", "facts"], digests))

    def files_of(self, digests: Collection[str]) -> dict[str, list[File]]:
        """Return the files that have these contents, present ones first, then by path."""
        found: dict[str, list[File]] = {}
        for row in self._rows_of(lambda _: FILES, FILE_COLUMNS, digests).to_pylist():
            found.setdefault(row["digest"], []).append(file_of(row))
        for files in found.values():
            files.sort(key=lambda file: (not file.present, file.path))
        return found

    def matching(self, where: str | None) -> Matching:
        """Return what passes a filter over the columns of `store.schema.FILES_SCHEMA`; None lets all pass.

        Raises `ValueError` when the filter is not valid.
        """
        return self._read(lambda view: _match(view, where))

    def remembered(self, where: str) -> Matching | None:
        """Return the answer of `matching` if it is at hand for this filter."""
        return self._newest().matched.get(where)

    def listed(
        self, where: str | None, by: Literal["date", "name"], limit: int | None = None
    ) -> list[tuple[str, str]]:
        """Return (path, digest) of the files that pass a filter, newest or alphabetically first first.

        Raises `ValueError` when the filter is not valid.
        """
        rows = self._read(lambda view: _scan(view, FILES, ["path", "digest", by], where))
        order = "descending" if by == "date" else "ascending"
        best = rows.sort_by([(by, order), ("path", "ascending")]).slice(0, limit)
        paths = map(text_to_path, best["path"].to_pylist())
        return list(zip(paths, best["digest"].to_pylist(), strict=True))

    def digest_at(self, path: str) -> str | None:
        """Return the digest of what was last seen at a path, None when it is not in the library."""
        where = f"path = {quote(path_to_text(path))}"
        found = self._read(lambda view: _scan(view, FILES, ["digest"], where))["digest"].to_pylist()
        return found[0] if found else None

    def nearest(
        self, space: str, vector: Vector, limit: int, digests: Collection[str] | None = None
    ) -> list[Found]:
        """Return the segments with the highest exact cosine to a float32 (dim,) vector, best first.

        `digests` keeps to those contents and loses none of them. A space that is not there finds nothing.
        """

        def search(view: View) -> list[Found]:
            if (name := view.space(space)) is None:
                return []
            table = view.tables.get(name)
            return nearest(table, space, vector, limit, digests, view.held(name))

        return self._read(search)

    def sample(self, space: str, n: int, seed: int = 0) -> Vector:
        """Return up to `n` stored vectors of a space drawn at random, float32 (<= n, dim)."""

        def draw(view: View) -> Vector:
            if (name := view.space(space)) is None:
                return np.zeros((0, 0), np.float32)
            table = view.tables.get(name)
            rows = table.count_rows()
            chosen = np.random.default_rng(seed).choice(rows, size=min(n, rows), replace=False)
            if not len(chosen):
                return np.zeros((0, view.manifest.spaces[space].active.dim), np.float32)
            return vectors_of(table.take_offsets(np.sort(chosen).tolist()).select(["vector"]).to_arrow())

        return self._read(draw)

    def find_words(
        self, field: WordField, words: Words, limit: int, digests: Collection[str] | None = None
    ) -> list[Found]:
        """Return what holds the words, best first: file and folder `name`s, `metadata`, a space of words."""

        def search(view: View) -> list[Found]:
            match field:
                case "name":
                    hits = find_words(view.tables.get(FILES), FILE_COLUMNS, words, limit, digests)
                    return [_found_name(score, file_of(row)) for score, row in hits]
                case "metadata":
                    columns = ["digest", "title", "metadata", "tags", "place", "place_names"]
                    hits = find_words(view.tables.get(CONTENTS), columns, words, limit, digests)
                    found = [
                        _found_metadata(row["digest"], said_in(row, words.text), score) for score, row in hits
                    ]
                    if not view.held(OWN).is_empty:
                        hits = find_words(view.tables.get(OWN), ["digest", "facts"], words, limit, digests)
                        found += [
                            _found_metadata(row["digest"], said_of(own_in(row)), score) for score, row in hits
                        ]
                    return sorted(found, key=lambda one: -one.score)[:limit]
                case _:
                    table = view.space(field)
                    if table is None or view.held(table).is_empty:
                        return []
                    hits = find_words(view.tables.get(table), PLACE_COLUMNS, words, limit, digests)
                    return [Found(segment_of(row, field), score) for score, row in hits]

        return self._read(search)

    def segments(
        self, space: str, digest: str, *, timing: bool = False, looks: bool = False
    ) -> list[Segment]:
        """Return the segments of a content in a space, in order; `timing` is for a space of words only,
        `looks` (quality and landmarks) for one of vectors."""
        columns = [*PLACE_COLUMNS, *([TIMING] if timing else []), *(LOOKS if looks else [])]
        rows = self._rows_of(lambda view: view.space(space), columns, [digest]).to_pylist()
        return sorted((segment_of(row, space) for row in rows), key=lambda segment: segment.n)

    def vectors(self, space: str, ids: Collection[str]) -> Vector:
        """Return float32 (n, dim) in the order of the segment ids. Raises `KeyError` for an unknown id."""
        wanted = [id_.rsplit(":", 2) for id_ in ids]
        digests = {digest for digest, _, _ in wanted}
        rows = self._rows_of(lambda view: view.space(space), ["digest", "n", "vector"], digests)
        places = zip(rows["digest"].to_pylist(), rows["n"].to_pylist(), strict=True)
        row_of = {place: row for row, place in enumerate(places)}
        chosen = [row_of[digest, int(n)] for digest, _, n in wanted]
        return vectors_of(rows)[chosen] if chosen else np.zeros((0, 0), np.float32)

    def thumbnail(self, digest: str, locator: Locator) -> Path | None:
        """Return the WebP file that shows this place best, see `thumbs.best_thumbnail`, or None."""
        return best_thumbnail(self.folder, digest, locator)

    def storyboard(self, digest: str) -> Path | None:
        """Return the WebP file that shows a film at a glance (see `search.storyboard`), or None."""
        path = thumbnail_path(self.folder, digest, Storyboard())
        return path if path.is_file() else None

    def status(self) -> LibraryStatus:
        """Count what the library holds; reads all file rows and marks, so not for every keystroke."""
        return self._read(lambda view: read_status(self.folder, view.manifest, view.tables))

    @property
    def generation(self) -> int:
        """A number that grows with every commit."""
        return self._newest().manifest.generation

    def version_of(self, space: str) -> tuple[str, int] | None:
        """Return the table that serves a space and its version; None when there is no such space."""
        view = self._newest()
        name = view.space(space)
        return None if name is None else (name, view.manifest.versions[name])

    def worded(self) -> dict[str, tuple[str, int]]:
        """Return the fixed tables and the spaces that hold words, each with its table and its version."""
        view = self._newest()
        spaces = [name for name, entry in view.manifest.spaces.items() if not entry.active.dim]
        named = {name: name for name in (FILES, CONTENTS, OWN, PEOPLE)}
        named |= {name: table for name in spaces if (table := view.space(name))}
        return {name: (table, view.manifest.versions[table]) for name, table in named.items()}

    def worded_contents(self, name: str) -> frozenset[str]:
        """Return the digests of the contents that a space holds something of."""
        return frozenset(self.rows(name, ["digest"])["digest"].unique().to_pylist())

    def word_counts(self, name: str, digests: Collection[str] | None = None) -> dict[str, int]:
        """Return how often each folded word is written in what `worded` names, of these contents alone where
        they are given: up to `CHUNK`."""
        if name == PEOPLE:
            names = self.rows(name, ["name"])["name"].to_pylist()
            return counted(pa.chunked_array([pa.array(map(fold, names), pa.string())]))
        where = None if digests is None else one_of("digest", digests)
        return counted(self.rows(name, ["words"], where)["words"])

    def kept(self, space: str, work: Callable[[Held], T]) -> T | None:
        """Do `work` with what is kept of a space; None where there is no such space. It may be done twice."""

        def read(view: View) -> T | None:
            table = view.space(space)
            return None if table is None else work(view.held(table))

        return self._read(read)

    def rows(self, name: str, columns: list[str], where: str | None = None) -> pa.Table:
        """Return rows of one of the fixed tables (`store.schema`), or of the table that serves a space.

        An empty table where there is no such space. Raises `ValueError` when the filter is not valid.
        """

        def read(view: View) -> pa.Table:
            table = name if name in FIXED else view.space(name)
            return _NO_ROWS if table is None else _scan(view, table, columns, where)

        return self._read(read)

    @contextmanager
    def writer(self, only: Collection[str] | None = None, patience_s: float = 0.0) -> Iterator[Writer]:
        """Hold the library for writing; undoes a batch that a killed run left half done.

        `only` names the tables that will be written, when there are few: the others are not looked at, which
        is faster, and a run that writes everything lends the library between two batches within `patience_s`.
        Raises `LibraryBusyError` when another process writes, `LibraryError` when it cannot be written.
        """
        lock = writer_lock(self.folder) if only is None else tables_lock(self.folder, patience_s)
        with lock as held:
            yield Writer(self.folder, only, held)

    def _rows_of(
        self, named: Callable[[View], str | None], columns: list[str], digests: Collection[str]
    ) -> pa.Table:
        """Read the rows of these digests; an empty table where there is no such space."""
        wanted = list(digests)
        chunks = [wanted[start : start + CHUNK] for start in range(0, len(wanted), CHUNK)]

        def read(view: View) -> pa.Table:
            if (table := named(view)) is None:
                return _NO_ROWS
            if chunks and (rows := view.held(table).rows_at_hand()) is not None:
                return _take(view, table, columns, rows.of(wanted).tolist())
            found = [_scan(view, table, columns, one_of("digest", chunk)) for chunk in chunks]
            return pa.concat_tables(found) if found else _NO_ROWS

        return self._read(read)

    def _read(self, work: Callable[[View], T]) -> T:
        """Read from what is newest; once more when a writer took a file away under the read."""
        try:
            return work(self._newest())
        except (RuntimeError, OSError, ValueError, LibraryCorruptError) as error:
            if not is_damage(error):
                raise
        with plain_errors(self.folder):
            return work(self._newest(certainly=True))


def _scan(view: View, name: str, columns: list[str], where: str | None) -> pa.Table:
    search = view.tables.get(name).search().select(columns)
    return (search.where(where) if where else search).limit(None).to_arrow()


def _take(view: View, name: str, columns: list[str], ids: list[int]) -> pa.Table:
    if not ids:
        return _NO_ROWS
    return view.tables.get(name).take_row_ids(ids).select(columns).to_arrow()


def _match(view: View, where: str | None) -> Matching:
    """Look the filter up among the last few; a person changes the words more often than the filter."""
    found = view.matched.get(where) or Matching(_scan(view, FILES, ["digest", "path"], where))
    if len(view.matched) >= FILTERS_KEPT:
        view.matched.clear()
    view.matched[where] = found
    return found


def _found_name(score: float, file: File) -> Found:
    return Found(Segment(file.digest, "name", 0, Whole(), file.name), score, file.path)


def _found_metadata(digest: str, said: str, score: float) -> Found:
    return Found(Segment(digest, "metadata", 0, Whole(), said), score)


def _signature(folder: Path) -> tuple[int, int, int]:
    try:
        stat = (folder / NAME).stat()
    except OSError:
        return (0, 0, 0)
    return (stat.st_mtime_ns, stat.st_ino, stat.st_size)


def _make_empty(folder: Path) -> None:
    tables = Tables(Database(folder))
    for name in tables.names() & FIXED.keys():
        tables.drop(name)
    for name, schema in FIXED.items():
        add_missing_indexes(name, tables.create(name, schema))
    save_manifest(folder, Manifest().committed(tables))
