"""The names by which a library can be asked: people, tags, folders, cameras, places, what a person keeps."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath

from search.kept import Kept
from search.store import Library, fold, text_to_path
from search.store.schema import CONTENTS, FILES, PEOPLE
from search.vocabulary import Written


def people(library: Library) -> list[Written]:
    """Return the names of people, in alphabetical order; how often they are seen is not counted."""
    names = library.rows(PEOPLE, ["name"])["name"].to_pylist()
    return [Written(name, 0) for name in sorted(names, key=fold)]


def tags(library: Library) -> list[Written]:
    """Return the tags of files and of the user's own, with how many contents have each."""
    lists = library.rows(CONTENTS, ["tags"])["tags"].to_pylist()
    own = [list(one.tags) for one in library.own().values()]
    return _counted(tag for tags in (*lists, *own) for tag in tags or ())


def cameras(library: Library) -> list[Written]:
    """Return the names of cameras, with how many contents are from each."""
    return _counted(filter(None, library.rows(CONTENTS, ["camera"])["camera"].to_pylist()))


def places(library: Library) -> list[Written]:
    """Return the names of places, with how many contents are from each, those that the user gave before."""
    given = {digest: own.place for digest, own in library.own().items() if own.place}
    rows = library.rows(CONTENTS, ["digest", "place"]).to_pylist()
    return _counted(filter(None, (given.get(row["digest"]) or row["place"] for row in rows)))


def folders(library: Library) -> list[Written]:
    """Return the names of folders down from those that are indexed, with how many files lie below each."""
    rows = library.rows(FILES, ["path", "root"])
    lying = Counter(
        (str(PurePath(text_to_path(path)).parent), text_to_path(root))
        for path, root in zip(rows["path"].to_pylist(), rows["root"].to_pylist(), strict=True)
    )
    counts: Counter[str] = Counter()
    for (folder, root), files in lying.items():
        at, top = PurePath(folder), PurePath(root)
        for name in {one.name for one in (at, *at.parents) if one.is_relative_to(top) and one.name}:
            counts[name] += files
    return _ordered(counts)


def saved(library: Library) -> list[Written]:
    """Return the names of saved searches."""
    return [Written(one.name, 0) for one in Kept(library.folder).searches()]


def collections(library: Library) -> list[Written]:
    """Return the names of collections, with how much is in each."""
    return [Written(one.name, one.count) for one in Kept(library.folder).collections()]


HELD: dict[str, Callable[[Library], Sequence[Written]]] = {
    "person": people,
    "tag": tags,
    "saved": saved,
    "collection": collections,
    "in": folders,
    "place": places,
    "camera": cameras,
}
"""For each prefix of the language whose values the library knows: how to list them."""

CHANGES_ALONE = frozenset(("saved", "collection"))
"""These are kept beside the tables: no version tells when they change, and there are few."""


def _counted(names: Iterable[str]) -> list[Written]:
    return _ordered(Counter(names))


def _ordered(counts: Counter[str]) -> list[Written]:
    return [Written(*one) for one in sorted(counts.items(), key=lambda one: (-one[1], fold(one[0])))]
