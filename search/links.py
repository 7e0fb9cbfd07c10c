"""Which files of a library are joined by links that stand in them.

A link is kept as it was written (`search.link_form`) and looked up when it is asked for: what it points to
may be moved, or come later. What lies where the link says is meant; else the file of that name that lies most
like it, and none where two lie equally so. Links say which places belong together, and nothing else: their
words are in no index.
"""

import os
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from search.link_form import LINKS, PAGE_SIGN
from search.records import Page, Whole
from search.spots import Spot
from search.store import Library, fold, text_to_path


@dataclass(frozen=True, slots=True)
class Joint:
    """A link between two places, whichever of them it stands on; `Whole` is any place of the content."""

    own: Spot
    theirs: Spot


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A content that a content is joined with, the path that is meant, and by which links."""

    digest: str
    path: str
    joints: tuple[Joint, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """A link as it stands in a content: the page it stands on, and the path and page it names."""

    digest: str
    at: int | None
    path: str
    page: int | None

    @property
    def name(self) -> str:
        return fold(self.path.rpartition("/")[2])


_Places = dict[str, list[tuple[str, str]]]


@dataclass(slots=True)
class Links:
    """The links of a library as of one commit, and the files that have to do with them."""

    _by_digest: Mapping[str, Sequence[_Written]] = field(default_factory=dict)
    _by_name: Mapping[str, Sequence[_Written]] = field(default_factory=dict)
    _named: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    _paths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _known: dict[str, tuple[Neighbour, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, library: Library) -> "Links":
        """Read them; costs next to nothing where there are none."""
        rows = library.rows(LINKS, ["digest", "page", "text"])
        if not len(rows):
            return cls()
        written = [
            _written(*row)
            for row in zip(*(rows[name].to_pylist() for name in ("digest", "page", "text")), strict=True)
        ]
        by_digest, by_name = defaultdict[str, list[_Written]](list), defaultdict[str, list[_Written]](list)
        for one in written:
            by_digest[one.digest].append(one)
            if one.path:
                by_name[one.name].append(one)
        files = library.rows("files", ["path", "digest", "name"])
        has_links = pc.is_in(files["digest"], value_set=pa.array(list(by_digest), pa.string()))
        is_named = pc.is_in(files["name"], value_set=pa.array(list(by_name), pa.string()))
        named: _Places = defaultdict(list)
        paths: defaultdict[str, list[str]] = defaultdict(list)
        for path, digest, name in _rows(files.filter(pc.or_(has_links, is_named))):
            named[name].append((path, digest))
            paths[digest].append(path)
        return cls(by_digest, by_name, named, paths)

    def __bool__(self) -> bool:
        return bool(self._by_digest)

    def within(self, digest: str) -> frozenset[tuple[int, int]]:
        """Return which pages of a content are joined by a link from one to the other, the smaller first."""
        paths = self._paths.get(digest, ())
        found = set()
        for one in self._by_digest.get(digest, ()):
            is_own = not one.path or any(self._meant(path, one)[1:] == (digest,) for path in paths)
            if is_own and one.at and one.page and one.at != one.page:
                found.add((min(one.at, one.page), max(one.at, one.page)))
        return frozenset(found)

    def of_content(self, digest: str) -> tuple[Neighbour, ...]:
        """Return the contents that a content links to, or that link to it."""
        if digest not in self._known:
            joints: dict[tuple[str, str], dict[Joint, None]] = {}
            for other, path, joint in (*self._from(digest), *self._to(digest)):
                joints.setdefault((other, path), {})[joint] = None
            told = (Neighbour(other, path, tuple(some)) for (other, path), some in joints.items())
            self._known[digest] = tuple(sorted(told, key=lambda one: one.path))
        return self._known[digest]

    def near(self, digests: Collection[str]) -> set[str]:
        """Return the contents that these are joined with."""
        return {one.digest for digest in digests for one in self.of_content(digest)} if self else set()

    def _from(self, digest: str) -> Iterator[tuple[str, str, Joint]]:
        for one in self._by_digest.get(digest, ()):
            for path in self._paths.get(digest, ()):
                meant = self._meant(path, one)
                if meant and meant[1] != digest:
                    yield meant[1], meant[0], Joint(_spot(one.at), _spot(one.page))

    def _to(self, digest: str) -> Iterator[tuple[str, str, Joint]]:
        names = {fold(os.path.basename(path)) for path in self._paths.get(digest, ())}  # noqa: PTH119
        for one in (one for name in names for one in self._by_name.get(name, ()) if one.digest != digest):
            for path in self._paths.get(one.digest, ()):
                meant = self._meant(path, one)
                if meant and meant[1] == digest:
                    yield one.digest, path, Joint(_spot(one.page), _spot(one.at))

    def _meant(self, path: str, link: _Written) -> tuple[str, ...]:
        """Return the path and digest of the file that a link in the file at `path` means; () for none."""
        places = self._named.get(link.name, ()) if link.path else ()
        folder = os.path.dirname(path)  # noqa: PTH120 (a path object takes ten times as long)
        aimed = os.path.normpath(os.path.join(folder, link.path))  # noqa: PTH118
        if exact := next((one for one in places if one[0] == aimed), None):
            return exact
        wanted = _parts(link.path)
        ranked = sorted(places, key=lambda one: (-_alike(wanted, one[0]), -_shared(folder, one[0]), one[0]))
        if len({digest for _, digest in ranked}) > 1:
            first, second = ranked[0], next(one for one in ranked if one[1] != ranked[0][1])
            is_clear = (_alike(wanted, first[0]), _shared(folder, first[0])) != (
                _alike(wanted, second[0]),
                _shared(folder, second[0]),
            )
            return first if is_clear else ()
        return ranked[0] if ranked else ()


class LinkBook:
    """The links of a library, read anew when they or its files changed. Safe to use from several threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._last: tuple[int, Links] | None = None

    def links(self) -> Links:
        """Return the links as of now."""
        generation = self._library.generation
        last = self._last
        if last is None or last[0] != generation:
            last = self._last = generation, Links.of(self._library)
        return last[1]


def _written(digest: str, page: int | None, target: str) -> _Written:
    path, sign, number = target.rpartition(PAGE_SIGN)
    if not sign or not number.isdecimal():
        path, number = target, ""
    return _Written(digest, page, path, int(number) if number else None)


def _rows(files: pa.Table) -> Iterator[tuple[str, str, str]]:
    paths = map(text_to_path, files["path"].to_pylist())
    return zip(paths, files["digest"].to_pylist(), files["name"].to_pylist(), strict=True)


def _spot(page: int | None) -> Spot:
    return Page(page) if page else Whole()


def _parts(path: str) -> list[str]:
    return [part for part in path.replace("\\", "/").split("/") if part not in ("", ".", "..")]


def _alike(wanted: Sequence[str], path: str) -> int:
    """Return how many names at the end of a path are those that are wanted."""
    pairs = zip(reversed(wanted), reversed(_parts(path)), strict=False)
    count = 0
    for one, other in pairs:
        if fold(one) != fold(other):
            break
        count += 1
    return count


def _shared(folder: str, path: str) -> int:
    """Return how many folders two paths have in common."""
    count = 0
    for one, other in zip(_parts(folder), _parts(path), strict=False):
        if one != other:
            break
        count += 1
    return count
