"""What the last run saw and finished, kept as columns: a rescan asks it of every file."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import chain, repeat

import pyarrow as pa
import pyarrow.compute as pc

from search.store.schema import FILES_SCHEMA
from search.store.text import ESCAPE, path_to_text, text_to_path
from search.store.types import KnownFile, Mark, MarkOutcome

Seen = tuple[str, int, int, str | None]
"""A file as a walk sees it: path, size in bytes, mtime in ns, the state of the files beside it as in
`search.records.File`. A plain tuple: there are many."""

_FACTS = ["size", "mtime_ns", "digest", "present", "beside"]

_NO_TROUBLE = "done"


class LastSeen:
    """The files that the library knows, of one root or of all, and once `judged` what became of them."""

    COLUMNS = ("path", *_FACTS, "ext", "root")

    def __init__(self, rows: pa.Table) -> None:
        """Take rows of the table `files` with `COLUMNS`; judged ones have `outcome` and `reason` too."""
        self.rows = rows

    @classmethod
    def nothing(cls) -> "LastSeen":
        """Return no files, judged."""
        return cls(FILES_SCHEMA.empty_table().select(cls.COLUMNS)).judged(lambda _: ())

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def are_present(self) -> bool:
        """Whether every one of them was there at the last look."""
        return bool(pc.all(self.rows["present"], min_count=0).as_py())

    @property
    def endings(self) -> list[str]:
        """The extensions of their names, in lower case and without a dot."""
        found: list[str] = pc.unique(self.rows["ext"]).to_pylist()
        return found

    def of_root(self, root: str) -> "LastSeen":
        """Return those of one root."""
        return self._where(pc.equal(self.rows["root"], path_to_text(root)))

    def below(self, folder: str, separator: str) -> "LastSeen":
        """Return those that are the folder itself (a file, then) or somewhere below it."""
        text = path_to_text(folder)
        inside = pc.starts_with(self.rows["path"], text if text.endswith(separator) else text + separator)
        return self._where(pc.or_(inside, pc.equal(self.rows["path"], text)))

    def _where(self, meant: pa.ChunkedArray) -> "LastSeen":
        is_all = pc.all(meant, min_count=0).as_py()  # then nothing is copied
        return self if is_all else LastSeen(self.rows.filter(meant))

    def paths(self) -> list[str]:
        """Return every path."""
        return _paths(self.rows)

    def files(self) -> dict[str, KnownFile]:
        """Return path -> facts."""
        facts = zip(*(self.rows[name].to_pylist() for name in _FACTS), strict=True)
        made: Iterator[KnownFile] = map(tuple.__new__, repeat(KnownFile), facts)
        return dict(zip(self.paths(), made, strict=True))

    def judged(self, marks: Callable[[str], Iterable["Marked"]]) -> "LastSeen":
        """Add what became of each file: `outcome` and `reason` as in `Mark`, null where it is not complete.

        `marks` maps a file name's extension (as in `endings`) to the marks that a content must have where
        the names of its files end so.
        """
        digests, extensions = self.rows["digest"], self.rows["ext"]
        every: dict[int, Marked] = {}
        is_in: dict[int, pa.ChunkedArray] = {}
        parts = [pa.chunked_array([pa.repeat(False, len(self.rows))])]
        for ending in self.endings:
            part = pc.equal(extensions, ending)
            for marked in marks(ending):
                if id(marked) not in every:
                    every[id(marked)] = marked
                    is_in[id(marked)] = pc.is_in(digests, value_set=marked.digests)
                part = pc.and_(part, is_in[id(marked)])
            parts.append(part)
        troubles = {mark.digest: mark for mark in chain.from_iterable(one.others for one in every.values())}
        trouble = pc.index_in(digests, value_set=pa.array(list(troubles), pa.string()))
        ends, reasons = (
            pa.array([getattr(mark, name) for mark in troubles.values()], pa.string()).take(trouble)
            for name in ("outcome", "reason")
        )
        outcome = pc.if_else(reduce(pc.or_, parts), pc.coalesce(ends, _NO_TROUBLE), None)
        return LastSeen(self.rows.append_column("outcome", outcome).append_column("reason", reasons))

    def parted(self) -> tuple[set[Seen], dict[Seen, tuple[MarkOutcome, str | None]], "LastSeen"]:
        """Part judged files: what is done and what is in trouble (with outcome and reason), as a walk would
        see them unchanged, and the rest, which is not complete."""
        outcome = self.rows["outcome"]
        is_done = pc.fill_null(pc.equal(outcome, _NO_TROUBLE), False)
        if pc.all(is_done, min_count=0).as_py():
            return set(_as_seen(self.rows)), {}, self._where(pc.invert(is_done))
        done = self.rows.filter(is_done)
        rest = self.rows.filter(pc.is_null(outcome))
        ill = self.rows.filter(pc.and_kleene(pc.is_valid(outcome), pc.invert(is_done)))
        ends = zip(ill["outcome"].to_pylist(), ill["reason"].to_pylist(), strict=True)
        return set(_as_seen(done)), dict(zip(_as_seen(ill), ends, strict=True)), LastSeen(rest)


class Marked:
    """The marks of one space: what has been through it, and how that ended."""

    def __init__(self, rows: pa.Table) -> None:
        """Take rows of the table `marks` that belong to one space and fingerprint."""
        self._rows = rows

    def without(self, digests: Iterable[str]) -> "Marked":
        """Return the same without what is known of these contents."""
        gone = pa.array(list(digests), pa.string())
        if not len(gone):
            return self
        return Marked(self._rows.filter(pc.invert(pc.is_in(self._rows["digest"], value_set=gone))))

    def joined(self, marks: Iterable[Mark]) -> "Marked":
        """Return the same with marks of other contents."""
        new = pa.Table.from_pylist([mark._asdict() for mark in marks], schema=self._rows.schema)
        return Marked(pa.concat_tables([self._rows, new])) if len(new) else self

    @property
    def digests(self) -> pa.Array:
        """The digests of what has been through."""
        return self._rows["digest"].combine_chunks()

    @cached_property
    def segments(self) -> dict[str, int]:
        """Digest -> how many segments it has there, of what has been through."""
        return dict(zip(self._rows["digest"].to_pylist(), self._rows["segments"].to_pylist(), strict=True))

    @cached_property
    def others(self) -> Sequence[Mark]:
        """The marks of what was skipped or failed."""
        is_other = pc.not_equal(self._rows["outcome"], _NO_TROUBLE)
        return [Mark(**row) for row in self._rows.filter(is_other).to_pylist()]

    @cached_property
    def noted(self) -> Sequence[Mark]:
        """The marks that have a reason: of what was skipped or failed, or not read to its end."""
        return [Mark(**row) for row in self._rows.filter(pc.is_valid(self._rows["reason"])).to_pylist()]


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


def _as_seen(rows: pa.Table) -> Iterator[Seen]:
    numbers = (rows[name].to_numpy().tolist() for name in ("size", "mtime_ns"))
    beside = rows["beside"]
    stamps = repeat(None, len(rows)) if beside.null_count == len(rows) else beside.to_pylist()
    return zip(_paths(rows), *numbers, stamps, strict=True)
