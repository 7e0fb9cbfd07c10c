"""What the last run saw and finished, kept as columns: a rescan asks it of every file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import repeat

import pyarrow as pa
import pyarrow.compute as pc

from search.store.schema import FILES_SCHEMA
from search.store.text import ESCAPE, path_to_text, text_to_path
from search.store.types import KnownFile, Mark

Seen = tuple[str, int, int, str | None]
"""A file as a walk sees it: path, size in bytes, mtime in ns, the state of the files beside it as in
`search.records.File`. A plain tuple: there are many."""

_FACTS = ["size", "mtime_ns", "digest", "present", "beside"]


class LastSeen:
    """The files that the library knows below a folder."""

    COLUMNS = ("path", *_FACTS, "ext")

    def __init__(self, rows: pa.Table) -> None:
        """Take rows of the table `files` with `COLUMNS`."""
        self._rows = rows

    @classmethod
    def nothing(cls) -> "LastSeen":
        """Return no files."""
        return cls(FILES_SCHEMA.empty_table().select(cls.COLUMNS))

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def are_present(self) -> bool:
        """Whether every one of them was there at the last look."""
        return bool(pc.all(self._rows["present"], min_count=0).as_py())

    def below(self, folder: str, separator: str) -> "LastSeen":
        """Return those that are the folder itself (a file, then) or somewhere below it."""
        text = path_to_text(folder)
        inside = pc.starts_with(self._rows["path"], text if text.endswith(separator) else text + separator)
        return LastSeen(self._rows.filter(pc.or_(inside, pc.equal(self._rows["path"], text))))

    def paths(self) -> list[str]:
        """Return every path."""
        return _paths(self._rows)

    def files(self) -> dict[str, KnownFile]:
        """Return path -> facts."""
        facts = zip(*(self._rows[name].to_pylist() for name in _FACTS), strict=True)
        made: Iterator[KnownFile] = map(tuple.__new__, repeat(KnownFile), facts)
        return dict(zip(self.paths(), made, strict=True))

    def parted(self, done: Callable[[str], Iterable["Marked"]]) -> tuple[set[Seen], "LastSeen"]:
        """Split off what is complete, as a walk would see it unchanged, from the rest.

        `done` maps a file name's extension (lower case, without a dot) to the marks that a content
        must have where the names of its files end so.
        """
        digests, endings = self._rows["digest"], self._rows["ext"]
        in_space: dict[int, pa.ChunkedArray] = {}
        parts = []
        for ending in pc.unique(endings).to_pylist():
            part = pc.equal(endings, ending)
            for marked in done(ending):
                if id(marked) not in in_space:
                    in_space[id(marked)] = pc.is_in(digests, value_set=marked.digests)
                part = pc.and_(part, in_space[id(marked)])
            parts.append(part)
        if not parts:
            return set(), self
        is_complete = reduce(pc.or_, parts)
        if pc.all(is_complete).as_py():
            return _as_seen(self._rows), LastSeen.nothing()
        return _as_seen(self._rows.filter(is_complete)), LastSeen(self._rows.filter(pc.invert(is_complete)))


class Marked:
    """The marks of one space: the contents that are done, and the other marks."""

    def __init__(self, rows: pa.Table) -> None:
        """Take rows of the table `marks` that belong to one space and fingerprint."""
        is_done = pc.equal(rows["outcome"], "done")
        if pc.all(is_done, min_count=0).as_py():  # the usual case: nothing is copied
            self._done, self._others = rows, rows.slice(0, 0)
        else:
            self._done, self._others = rows.filter(is_done), rows.filter(pc.invert(is_done))

    def without(self, digests: Iterable[str]) -> "Marked":
        """Return the same without what is known of these contents."""
        left = pc.invert(pc.is_in(self._done["digest"], value_set=pa.array(list(digests), pa.string())))
        return Marked(pa.concat_tables([self._done.filter(left), self._others]))

    @property
    def digests(self) -> pa.Array:
        """The digests of what is done."""
        return self._done["digest"].combine_chunks()

    @cached_property
    def segments(self) -> dict[str, int]:
        """Digest -> how many segments it has there, of what is done."""
        return dict(zip(self._done["digest"].to_pylist(), self._done["segments"].to_pylist(), strict=True))

    @property
    def others(self) -> Sequence[Mark]:
        """The marks of what was skipped or failed."""
        return [Mark(**row) for row in self._others.to_pylist()]


def marked_in(rows: pa.Table, keys: Mapping[str, str]) -> dict[str, Marked]:
    """Part rows of the table `marks` by space; `keys` are the spaces' fingerprints' keys."""
    spaces = rows["space"].combine_chunks().dictionary_encode()
    codes = {name: code for code, name in enumerate(spaces.dictionary.to_pylist())}
    marked = {}
    for name, key in keys.items():
        meant = rows.filter(pc.equal(spaces.indices, codes[name])) if name in codes else rows.slice(0, 0)
        is_current = pc.equal(meant["key"], key)
        is_all = pc.all(is_current, min_count=0).as_py()
        marked[name] = Marked(meant if is_all else meant.filter(is_current))
    return marked


def _paths(rows: pa.Table) -> list[str]:
    paths: list[str] = rows["path"].to_pylist()
    if pc.any(pc.match_substring(rows["path"], ESCAPE)).as_py():
        return list(map(text_to_path, paths))
    return paths


def _as_seen(rows: pa.Table) -> set[Seen]:
    numbers = (rows[name].to_numpy().tolist() for name in ("size", "mtime_ns"))
    beside = rows["beside"]
    stamps = repeat(None, len(rows)) if beside.null_count == len(rows) else beside.to_pylist()
    return set(zip(_paths(rows), *numbers, stamps, strict=True))
