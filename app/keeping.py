"""Saved searches and collections of a library for the command line and the window: plain data in and out."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.bootstrap import open_library
from app.config import Config
from search.errors import CrossfindError, LibraryReadOnlyError
from search.expanding import anchored
from search.filters import to_filter
from search.kept import Kept, Pick
from search.query import Collected, InFolder
from search.records import Hit, SearchResult, Whole
from search.store import Library
from search.written import format as write

Json = dict[str, Any]
Ask = Callable[[str, int], SearchResult]
"""Asks a query for at most so many hits."""

LOOKED_AT = 1_000
"""A saved search looks at so many hits to tell which are new."""


def kept(config: Config) -> Kept:
    """Return what is kept beside the library of these settings."""
    return Kept(config.library_folder)


def save(config: Config, name: str, query: str, ask: Ask, base: Path, *, replaced: bool = False) -> Json:
    """Save a search; what it finds now counts as seen. `base` is where its relative `@paths` start.

    Raises `QuerySyntaxError`, `LibraryError`, and `CrossfindError` for a name that is taken or cannot be one.
    """
    result = ask(query, LOOKED_AT)  # as it was typed: an error points at a place in it
    saved = kept(config).save(name, anchored(query, base), replace=replaced)
    kept(config).look(saved.name, {hit.file.digest for hit in result.hits})
    return {"name": saved.name, "query": saved.query, "hits": len(result.hits)}


def saved_searches(config: Config, ask: Ask | None) -> list[Json]:
    """Return the saved searches; with `ask`, how many hits each has, how many are new, or what is wrong."""
    return [_told(kept(config), one.name, ask) for one in kept(config).searches()]


def _told(shelf: Kept, name: str, ask: Ask | None) -> Json:
    saved = shelf.search(name)
    looked = saved.looked.isoformat() if saved.looked else None
    told: Json = {"name": saved.name, "query": saved.query, "looked_at": looked}
    if ask is None:
        return told
    try:
        digests = {hit.file.digest for hit in ask(saved.query, LOOKED_AT).hits}
    except CrossfindError as error:
        return told | {"hits": None, "new": None, "error": str(error)}
    return told | {"hits": len(digests), "new": len(shelf.unseen(name, digests)), "error": None}


def run(
    config: Config, name: str, ask: Ask, limit: int, *, only_new: bool = False
) -> tuple[SearchResult, int]:
    """Ask a saved search again; what is returned counts as seen from then on.

    Returns the result, only with new hits where `only_new`, and how many new hits are left beyond `limit`.
    """
    shelf = kept(config)
    saved = shelf.search(name)
    result = ask(saved.query, LOOKED_AT)
    new = shelf.unseen(name, {hit.file.digest for hit in result.hits})
    hits = [hit for hit in result.hits if hit.file.digest in new] if only_new else result.hits
    shown = tuple(replace(hit, rank=rank) for rank, hit in enumerate(hits[:limit], start=1))
    with suppress(LibraryReadOnlyError):  # then nothing counts as seen
        shelf.look(name, {hit.file.digest for hit in shown})
    return replace(result, hits=shown), len(new - {hit.file.digest for hit in shown})


def add_files(config: Config, name: str, paths: Sequence[Path]) -> int:
    """Put files, or all below folders, into a collection; returns how many are new to it.

    Raises `CrossfindError` for a path that is not in the library: nothing is added then.
    """
    with closing(open_library(config)) as library:
        picks = [pick for path in paths for pick in _picks_at(library, path)]
    return kept(config).add(name, picks)


def add_hits(config: Config, name: str, hits: Sequence[Hit]) -> int:
    """Put hits, with their places, into a collection; returns how many are new to it."""
    return kept(config).add(name, [Pick(hit.file.digest, hit.locator, hit.file.path) for hit in hits])


def take_out(config: Config, name: str, paths: Sequence[Path]) -> int:
    """Take files, or all below folders, out of a collection; returns how many things that were.

    A file that is no longer in the library is known by the path it had.
    """
    shelf = kept(config)
    before = {pick.path: pick.digest for pick in shelf.picks(name)}
    with closing(open_library(config)) as library:
        digests = [
            digest for path in paths for digest in _digests_to_take(library, path, before.get(_full(path)))
        ]
    return shelf.take_out(name, digests)


def _digests_to_take(library: Library, path: Path, before: str | None) -> list[str]:
    return [before] if before else [pick.digest for pick in _picks_at(library, path)]


def _picks_at(library: Library, path: Path) -> Iterator[Pick]:
    full = _full(path)
    digest = library.digest_at(full)
    found = [(full, digest)] if digest else library.listed(to_filter(InFolder(full)), "name")
    if not found:
        raise CrossfindError(f"{path} is not in the library.", "Index it first: crossfind index FOLDER")
    for place, known in found:
        yield Pick(known, Whole(), place)


def _full(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 (links must stay as they are)


def collection(config: Config, name: str) -> tuple[SearchResult, list[str]]:
    """Return what is in a collection as hits, in the order it was added, and the paths of what is no longer
    in the library. Raises `UnknownNameError`, `LibraryError`."""
    picks = kept(config).picks(name)
    digests = list(dict.fromkeys(pick.digest for pick in picks))
    with closing(open_library(config)) as library:
        files, contents = library.files_of(digests), library.contents(digests)
        there = [pick for pick in picks if pick.digest in files and pick.digest in contents]
        hits = tuple(
            Hit(
                rank,
                1.0,
                files[pick.digest][0],
                contents[pick.digest],
                pick.locator,
                None,
                (),
                library.thumbnail(pick.digest, pick.locator),
            )
            for rank, pick in enumerate(there, start=1)
        )
    known = {pick.digest for pick in there}
    gone = [pick.path for pick in picks if pick.digest not in known]
    return SearchResult(write(Collected(name)), 0.0, hits), gone
