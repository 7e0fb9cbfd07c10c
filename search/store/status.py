"""Counting what a library holds."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from search.store.disk import size_of
from search.store.manifest import Manifest, SpaceEntry, segment_table
from search.store.schema import CONTENTS, FILES, MARKS
from search.store.tables import Tables
from search.store.text import text_to_path
from search.store.types import Failure, LibraryStatus, Mark, SpaceStatus

Marks = Mapping[tuple[str, str], Mapping[str, Mark]]


def read_status(folder: Path, manifest: Manifest, tables: Tables) -> LibraryStatus:
    """Read all file rows and marks and count them."""
    files = tables.get(FILES).search().select(["path", "digest", "kind", "present"]).limit(None).to_arrow()
    paths_of: dict[str, list[str]] = defaultdict(list)
    for digest, path in zip(files["digest"].to_pylist(), files["path"].to_pylist(), strict=True):
        paths_of[digest].append(text_to_path(path))
    marks = marks_by_space(tables)
    return LibraryStatus(
        folder=folder,
        roots=manifest.roots,
        files=len(files),
        contents=tables.get(CONTENTS).count_rows(),
        offline=files["present"].to_pylist().count(False),
        kinds=dict(Counter(files["kind"].to_pylist())),
        spaces=tuple(
            _space(name, entry, tables, marks, paths_of.keys()) for name, entry in manifest.spaces.items()
        ),
        failures=tuple(_failures(manifest, marks, paths_of)),
        disk_bytes=size_of(folder),
    )


def marks_by_space(tables: Tables) -> Marks:
    """Return (space, fingerprint key) -> digest -> mark."""
    rows: pa.Table = tables.get(MARKS).search().select(list(Mark._fields)).limit(None).to_arrow()
    found: dict[tuple[str, str], dict[str, Mark]] = {}
    for mark in map(Mark._make, zip(*(rows[name].to_pylist() for name in Mark._fields), strict=True)):
        found.setdefault((mark.space, mark.key), {})[mark.digest] = mark
    return found


def pending_digests(name: str, entry: SpaceEntry, marks: Marks, wanted: Iterable[str]) -> set[str]:
    """Return the contents with files that the active fingerprint has seen and the next one has not."""
    if entry.next is None:
        return set()
    seen = marks.get((name, entry.active.key), {}).keys()
    return (set(wanted) & seen) - marks.get((name, entry.next.key), {}).keys()


def _space(name: str, entry: SpaceEntry, tables: Tables, marks: Marks, wanted: Iterable[str]) -> SpaceStatus:
    done = [mark for mark in marks.get((name, entry.active.key), {}).values() if mark.outcome == "done"]
    return SpaceStatus(
        name=name,
        fingerprint=entry.active,
        segments=tables.get(segment_table(name, entry.active)).count_rows(),
        contents=len(done),
        next=entry.next,
        pending=len(pending_digests(name, entry, marks, wanted)),
    )


def _failures(manifest: Manifest, marks: Marks, paths_of: Mapping[str, Sequence[str]]) -> Iterable[Failure]:
    for name, entry in manifest.spaces.items():
        newest = entry.fingerprints[-1]
        for mark in marks.get((name, newest.key), {}).values():
            if mark.outcome != "done" or mark.reason:
                for path in paths_of.get(mark.digest, ()):
                    yield Failure(path, name, mark.reason or "", mark.outcome)
