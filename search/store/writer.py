"""The writing side of a library: one at a time, every change all or nothing."""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa

from search.records import Content, File, Own
from search.spaces import Fingerprint
from search.store import people, settled
from search.store.disk import size_of
from search.store.indexes import KEEP_VERSIONS, add_missing_indexes, drop_old_versions, is_due, optimize_table
from search.store.known import LastSeen, Marked
from search.store.lock import TablesLock
from search.store.manifest import SpaceEntry, read_manifest, require, save_manifest, segment_table
from search.store.own import completed, own_of, own_table
from search.store.people import PeopleBatch
from search.store.prune import PruneReport, digests_in, orphans, purge
from search.store.rows import contents_of, contents_table, file_of, files_table, marks_table, segments_table
from search.store.schema import CONTENTS, FILES, MARKS, OWN, SIGHTINGS, segments_schema
from search.store.settled import Needs
from search.store.sql import one_of, quote
from search.store.status import marks_by_space, pending_digests
from search.store.tables import Database, Tables, plain_errors, roll_back
from search.store.text import path_to_text
from search.store.thumbs import remove_thumbnails, stored_thumbnails, write_thumbnail
from search.store.types import Batch, Mark, Root, SegmentRows

CHUNK = 1_000
"""How many values go into one filter."""

OPTIMIZE_EVERY = 64
"""After so many batches the tables are looked after, so that a long run stays fast to search."""

_SPACE_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Writer:
    """Made by `Library.writer`, which holds the lock. Not for several threads.

    Every method raises `LibraryError` when the disk is full or read-only, and leaves the library as it was.
    """

    def __init__(self, folder: Path, only: Collection[str] | None, lock: TablesLock) -> None:
        self._folder = folder
        self._lock = lock
        self._only = only
        self._tables = Tables(Database(folder))
        self._manifest = read_manifest(folder)
        self._unfinished: set[tuple[str, str]] = set()
        self._batches = 0
        self._in_change = True
        with plain_errors(folder):
            self.recovered = self._undo()
            if only is None:
                self._drop_unnamed_tables()

    def lend(self) -> bool:
        """Between two changes, let others write what they wait to write; returns whether any did wait.

        To be called now and then by whoever writes for long. Raises `LibraryError`.
        """
        if not self._lock.is_wanted():
            return False
        with plain_errors(self._folder):
            self._undo()
            self._lock.lend()
            self._manifest, self._in_change = read_manifest(self._folder), True
            self._undo()
        return True

    def write(self, batch: Batch) -> None:
        """Write everything in the batch or nothing.

        The segments of a content may come in several batches: the first replaces what the space held for it,
        the last carries its mark. Raises `ValueError` for a space or fingerprint that is not open, for a file
        whose content is unknown, and for vectors that do not fit.
        """
        rows = {self._open_table(name, rows.fingerprint): rows for name, rows in batch.segments.items()}
        emptied = self._tables_of_marks(batch.marks)
        with self._change():
            for thumbnail in batch.thumbnails:
                write_thumbnail(self._folder, thumbnail)
            for name in sorted(rows.keys() | emptied.keys()):
                self._write_segments(name, rows.get(name), emptied.get(name, set()))
            files = self._files_to_write(batch)
            self._write_contents(batch.contents)
            self._write_files(files, batch.contents)
            self._write_marks(batch.marks)
        self._batches += 1
        if self._batches % OPTIMIZE_EVERY == 0:
            self.optimize()

    def unmark(self, space: str, digests: Iterable[str]) -> None:
        """Let contents count as new to a space; what it holds of them stays until they went through again."""
        with self._change():
            self._delete(MARKS, "digest", digests, f"space = {quote(space)}")

    def write_own(self, entries: Mapping[str, Own]) -> None:
        """Replace what the user says of contents, by digest; what says nothing (`not own`) is deleted."""
        with self._change():
            self._delete(OWN, "digest", entries)
            if told := {digest: own for digest, own in entries.items() if own}:
                self._tables.get(OWN).add(own_table(told))
            copies = [file_of(row) for row in self._lookup(FILES, list(entries)).to_pylist()]
            self._write_files({file.path: file for file in copies}, ())

    def remove_files(self, paths: Iterable[str]) -> None:
        """Forget that these paths exist; what was learned from their contents stays until `prune`."""
        with self._change():
            self._delete(FILES, "path", map(path_to_text, paths))

    def set_present(self, root: str, present: bool) -> None:
        """Say that the files of a root are there or away."""
        differ = f"root = {quote(path_to_text(root))} AND present = {quote(not present)}"
        with self._change():
            table = self._tables.get(FILES)
            if table.count_rows(differ):
                table.update(where=differ, values={"present": present})

    def add_root(self, *roots: Root) -> None:
        """Remember indexed folders, replacing what was said about them before."""
        paths = {root.path for root in roots}
        others = tuple(known for known in self._manifest.roots if known.path not in paths)
        with self._change():
            self._manifest = replace(self._manifest, roots=(*others, *roots))

    def switch_off(self, indexers: Iterable[str]) -> None:
        """Let these indexers, and no others, be left out of the runs to come."""
        with self._change():
            self._manifest = self._manifest.doing_without(indexers)

    def open_space(self, name: str, fingerprint: Fingerprint) -> None:
        """Make room for vectors: they serve at once in a new space, else are built beside the old ones."""
        if not _SPACE_NAME.fullmatch(name):
            raise ValueError(f"a space cannot be called {name!r}")
        entry = self._manifest.spaces.get(name)
        if entry is None:
            wanted = SpaceEntry(fingerprint)
        else:
            wanted = SpaceEntry(entry.active, None if fingerprint == entry.active else fingerprint)
        if entry == wanted:
            return
        with plain_errors(self._folder):
            table = segment_table(name, fingerprint)
            if entry is None or wanted.next is not None:
                self._create(table, name, fingerprint)
            with self._change():
                self._manifest = self._manifest.with_space(name, wanted)
                self._delete_stale_marks()
            self._drop_unnamed_tables()

    def drop_space(self, name: str) -> int:
        """Delete all that was learned in a space, and that it was ever asked; nothing of it stays on disk.

        Returns how many segments it had; 0 for a space that is not there. The next run learns it anew,
        unless it is told not to.
        """
        entry = self._manifest.spaces.get(name)
        if entry is None:
            return 0
        with plain_errors(self._folder):
            count: int = self._tables.get(segment_table(name, entry.active)).count_rows()
            with self._change():
                left = {space: kept for space, kept in self._manifest.spaces.items() if space != name}
                self._manifest = replace(self._manifest, spaces=left)
                self._delete_stale_marks()
            self._drop_unnamed_tables()
        return count

    def empty(self, spaces: Collection[str], digests: Collection[str]) -> int:
        """Delete all that was learned of contents in spaces, and that they were ever there; nothing of it
        stays on disk. Returns how many segments that were; the next run learns them anew, unless told not to.
        """
        tables = [
            segment_table(name, one)
            for name, entry in self._manifest.spaces.items()
            if name in spaces
            for one in entry.fingerprints
        ]
        count = 0
        with plain_errors(self._folder):
            with self._change():
                for name in tables:
                    before = self._tables.get(name).count_rows()
                    self._delete(name, "digest", digests)
                    count += before - self._tables.get(name).count_rows()
                self._delete(MARKS, "digest", digests, one_of("space", spaces))
            self._rewrite([*tables, MARKS], timedelta(milliseconds=1))
        return count

    def write_people(self, batch: PeopleBatch) -> None:
        """Write what has changed about people, everything or nothing.

        Now and then the tables are compacted: every edit leaves pieces, and many pieces make edits slow.
        """
        with self._change():
            people.write(self._tables, batch)
        if any(entry.n % people.TIDY_EVERY == 0 for entry in batch.log):
            with plain_errors(self._folder):
                self._rewrite(people.TABLES, KEEP_VERSIONS)

    def forget_people(self) -> int:
        """Delete every face's place, every name and every edit; nothing of it stays on disk.

        Returns how many faces were known. What a face model found stays, see `drop_space`.
        """
        with plain_errors(self._folder):
            count: int = self._tables.get(SIGHTINGS).count_rows()
            with self._change():
                for name in people.TABLES:
                    self._tables.get(name).delete("TRUE")
            self._rewrite(people.TABLES, timedelta(milliseconds=1))
        return count

    def promote_complete_spaces(self) -> list[str]:
        """Let the next fingerprint serve where nothing is missing any more; return those spaces."""
        with plain_errors(self._folder):
            marks = marks_by_space(self._tables)
            files = self._tables.get(FILES).search().select(["digest"]).limit(None).to_arrow()
            wanted = set(files["digest"].to_pylist())
            ready = {
                name: entry.next
                for name, entry in self._manifest.spaces.items()
                if entry.next is not None and not pending_digests(name, entry, marks, wanted)
            }
            if ready:
                with self._change():
                    for name, fingerprint in ready.items():
                        self._manifest = self._manifest.with_space(name, SpaceEntry(fingerprint))
                    self._delete_stale_marks()
                self._drop_unnamed_tables()
            return sorted(ready)

    def forget(self, path: str) -> int:
        """Remove a file or all files below a folder, and what was learned from contents only they had.

        Returns how many paths were removed.
        """
        text = path_to_text(path)
        below = path_to_text(path.rstrip("/\\") + os.sep)
        where = f"path = {quote(text)} OR starts_with(path, {quote(below)})"
        with self._change():
            table = self._tables.get(FILES)
            gone = table.search().select(["digest"]).where(where).limit(None).to_arrow()["digest"].to_pylist()
            if gone:
                table.delete(where)
            lost = set(gone) - set(self._lookup(FILES, set(gone))["digest"].to_pylist())
            purge(self._tables, self._manifest, lost)
            roots = self._manifest.roots
            kept = tuple(root for root in roots if root.path != path and not root.path.startswith(below))
            self._manifest = replace(self._manifest, roots=kept)
        remove_thumbnails(self._folder, lost)
        return len(gone)

    def prune(self) -> PruneReport:
        """Remove what no file has any more, tables nothing refers to, and old versions of the tables."""
        with plain_errors(self._folder):
            before = size_of(self._folder)
            with self._change():
                self._delete_stale_marks()
                contents, segments = purge(
                    self._tables, self._manifest, orphans(self._tables, self._manifest)
                )
            wanted = digests_in(self._tables, FILES)
            unwanted = {digest for digest, _ in stored_thumbnails(self._folder)} - wanted
            thumbnails = remove_thumbnails(self._folder, unwanted)
            self._rewrite(self._manifest.versions, timedelta(milliseconds=1))
            freed = max(0, before - size_of(self._folder))
        return PruneReport(contents, segments, thumbnails, freed)

    def optimize(self) -> None:
        """Compact the tables and bring their indexes up to date where that is worth it; else costs little."""
        with plain_errors(self._folder):
            names = [name for name in self._manifest.versions if is_due(name, self._tables.get(name))]
            self._rewrite(names, KEEP_VERSIONS)

    def settle(self, needs: Needs, marks: Callable[[str], Iterable[Marked]]) -> None:
        """Keep what became of every file for the next run to begin with; `marks` as in `LastSeen.judged`."""
        with plain_errors(self._folder):
            files = self._tables.get(FILES).search().select([*LastSeen.COLUMNS]).limit(None).to_arrow()
            settled.keep(self._folder, self._manifest.versions, needs, LastSeen(files).judged(marks))

    @contextmanager
    def _change(self) -> Iterator[None]:
        """Either everything inside happens, or nothing."""
        with plain_errors(self._folder):
            self._undo()
            before, self._in_change = self._manifest, True
            try:
                yield
                self._commit()
            except BaseException:
                self._manifest = before
                self._undo()
                raise
            self._in_change = False

    def _undo(self) -> bool:
        """Take back a change that did not come to its end, here or in a run that was killed.

        When even that fails, for want of disk space perhaps, the next change tries again first.
        """
        require(self._folder)
        versions = self._manifest.versions
        looked_at = versions if self._only is None else {name: versions[name] for name in self._only}
        undone = self._in_change and roll_back(self._tables, looked_at)
        if undone:
            self._commit()
        self._in_change = False
        return undone

    def _commit(self) -> None:
        require(self._folder)
        manifest = self._manifest.committed(self._tables, self._only)
        save_manifest(self._folder, manifest)
        self._manifest = manifest

    def _rewrite(self, names: Collection[str], keep: timedelta) -> None:
        """Optimize tables, tell readers, and only then delete what they used before."""
        self._undo()
        for name in names:
            optimize_table(name, self._tables.get(name))
        if names:
            self._commit()
            for name in names:
                drop_old_versions(self._tables.get(name), keep)
            self._commit()

    def _create(self, name: str, space: str, fingerprint: Fingerprint) -> None:
        self._tables.drop(name)
        table = self._tables.create(name, segments_schema(space, fingerprint.dim))
        add_missing_indexes(name, table)

    def _drop_unnamed_tables(self) -> None:
        """Drop the tables of fingerprints that no space names any more."""
        for name in self._tables.names() - self._manifest.versions.keys():
            if name.startswith("seg_"):
                self._tables.drop(name)

    def _delete_stale_marks(self) -> None:
        """Delete the marks of those fingerprints."""
        known = [
            f"(space = {quote(name)} AND {one_of('key', [f.key for f in entry.fingerprints])})"
            for name, entry in self._manifest.spaces.items()
        ]
        stale = f"NOT ({' OR '.join(known)})" if known else "TRUE"
        if self._tables.get(MARKS).count_rows(stale):
            self._tables.get(MARKS).delete(stale)

    def _open_table(self, space: str, fingerprint: Fingerprint) -> str:
        name = segment_table(space, fingerprint)
        if name not in self._manifest.segment_tables():
            raise ValueError(f"space {space!r} is not open with fingerprint {fingerprint}")
        return name

    def _tables_of_marks(self, marks: Sequence[Mark]) -> dict[str, set[str]]:
        """Return table -> digests whose indexing there ends with this batch."""
        found: dict[str, set[str]] = {}
        for mark in marks:
            name = f"seg_{mark.space}_{mark.key}"
            if name not in self._manifest.segment_tables():
                raise ValueError(f"space {mark.space!r} is not open with key {mark.key}")
            found.setdefault(name, set()).add(mark.digest)
        return found

    def _write_segments(self, name: str, rows: SegmentRows | None, finished: set[str]) -> None:
        space, _ = self._manifest.segment_tables()[name]
        touched = {segment.digest for segment in rows.segments} if rows else set()
        begun = {digest for table, digest in self._unfinished if table == name}
        self._delete(name, "digest", (touched | finished) - begun)
        if rows is not None and rows.segments:
            self._tables.get(name).add(segments_table(space, rows))
        self._unfinished |= {(name, digest) for digest in touched}
        self._unfinished -= {(name, digest) for digest in finished}

    def _write_contents(self, contents: Sequence[Content]) -> None:
        newest = {content.digest: content for content in contents}
        if newest:
            self._delete(CONTENTS, "digest", newest)
            self._tables.get(CONTENTS).add(contents_table(newest.values()))

    def _files_to_write(self, batch: Batch) -> dict[str, File]:
        """Return the batch's files, and those whose copy of the content facts the batch makes old."""
        digests = [content.digest for content in batch.contents]
        copies = (file_of(row) for row in self._lookup(FILES, digests).to_pylist())
        return {file.path: file for file in (*copies, *batch.files)}

    def _write_files(self, files: dict[str, File], contents: Sequence[Content]) -> None:
        if not files:
            return
        known = {content.digest: content for content in contents}
        missing = {file.digest for file in files.values()} - known.keys()
        known |= contents_of(self._lookup(CONTENTS, missing))
        if unknown := {file.path for file in files.values() if file.digest not in known}:
            raise ValueError(f"no content is known for {sorted(unknown)[:3]}")
        self._delete(FILES, "path", map(path_to_text, files))
        told = own_of(self._lookup(OWN, list(known))) if self._tables.get(OWN).count_rows() else {}
        self._tables.get(FILES).add(files_table(files.values(), completed(known.values(), told)))

    def _write_marks(self, marks: Sequence[Mark]) -> None:
        newest = {(mark.space, mark.key, mark.digest): mark for mark in marks}
        for space, key in {(space, key) for space, key, _ in newest}:
            digests = [digest for s, k, digest in newest if (s, k) == (space, key)]
            self._delete(MARKS, "digest", digests, f"space = {quote(space)} AND key = {quote(key)}")
        if newest:
            self._tables.get(MARKS).add(marks_table(list(newest.values())))

    def _delete(self, name: str, column: str, values: Iterable[str], also: str = "TRUE") -> None:
        """Delete rows by value, looking first: a delete that meets nothing would still cost a version."""
        table = self._tables.get(name)
        for chunk in _chunks(values):
            where = f"{one_of(column, chunk)} AND {also}"
            if table.count_rows(where):
                table.delete(where)

    def _lookup(self, name: str, digests: Collection[str]) -> pa.Table:
        table = self._tables.get(name)
        found = [
            table.search().where(one_of("digest", chunk)).limit(None).to_arrow() for chunk in _chunks(digests)
        ]
        return pa.concat_tables(found) if found else table.schema.empty_table()


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    every = list(values)
    for start in range(0, len(every), CHUNK):
        yield every[start : start + CHUNK]
