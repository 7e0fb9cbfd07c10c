"""What is inside one file: everything that was found in it, where it is, and how well it answers a query.

A film of two hours has tens of thousands of segments, so they stay columns until it is known which to tell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from search.asking import Asker
from search.errors import CrossfindError
from search.expanding import expanded
from search.fusion import Clue
from search.kept import Kept
from search.parser import parse
from search.people.records import NOBODY, Sighting
from search.pieces import LANES, Inside, Lane, Piece
from search.query import Leaf, looked_for
from search.records import Locator, Missing, Page, Region, TimeSpan, Whole
from search.spots import spot_of
from search.store import Library
from search.store import people as people_rows
from search.store.rows import segment_of
from search.store.schema import MARKS, PLACE_COLUMNS
from search.store.sql import quote
from search.watch import Stopped, Watch

MOST, MOST_SAID = 1_000, 6_000
"""No more pieces than this are told of a lane, and of what is said: the best for the query, and of the rest
some that are evenly spread."""

LONGEST = 600
"""So many characters of a text are told."""

DEPTH = 2_000
"""How many segments a part of the query may find in the file; all others score nothing."""

LIKELY = 0.3
"""A thing that no detector has a name for is told only when it answers the query so well."""

_SPACES: Mapping[Lane, tuple[str, ...]] = {
    "scene": ("scene",),
    "object": ("label",),
    "speech": ("speech", "subtitles"),
    "sound": ("sound",),
    "text": ("ocr",),
}
"""Where the pieces of a lane are read; the first that has some."""

_ANSWERED_BY: Mapping[Lane, tuple[str, ...]] = {
    "scene": ("scene", "look", "phash"),
    "object": ("object", "label"),
    "face": ("face", "person"),
    "speech": ("speech", "subtitles", "spoken"),
    "sound": ("sound",),
    "text": ("ocr", "depicted"),
}

_Key = tuple[int, ...]
_Scores = NDArray[np.float64]


def inside(
    library: Library,
    asker: Asker,
    path: str,
    query: str = "",
    page: int | None = None,
    base: Path | None = None,
    stopped: Stopped | None = None,
) -> Inside:
    """Tell what is in a file of the library; `page` (from 1) keeps to that page of a document.

    A part of the query that cannot be asked scores nothing. Raises `CrossfindError` for a file that is not in
    the library, `LibraryError`, and `CancelledError`.
    """
    digest = library.digest_at(path)
    if digest is None:
        raise CrossfindError(f"{path} is not in the library.", "Index it first: crossfind index FOLDER")
    clues = list(_clues(library, asker, query, digest, base or Path.home(), stopped))
    names = people_rows.names(library)
    faces = [one for one in people_rows.of_contents(library, [digest]) if one.person != NOBODY]
    pieces: list[Piece] = []
    total = 0
    for lane in LANES:
        answers = [clue for clue in clues if clue.evidence.space in _ANSWERED_BY[lane]]
        if lane == "face":
            found, count = _faces(faces, names, answers, page)
        else:
            found, count = _found(library, lane, digest, answers, page)
        pieces += sorted(found, key=lambda piece: _order(piece.locator))
        total += count
    paths = tuple(file.path for file in library.files_of([digest]).get(digest, []))
    known = {name for one in faces if (name := names.get(one.person))}
    people = tuple(sorted(known, key=str.casefold))
    remarks = _remarks(library, digest)
    return Inside(tuple(pieces), total - len(pieces), people, paths, library.storyboard(digest), remarks)


def _remarks(library: Library, digest: str) -> tuple[str, ...]:
    """Return what the runs noted of a content: why it was not read, or not all of it."""
    spaces = {name: made.key for name, made in library.spaces().items()}
    where = f"digest = {quote(digest)} AND reason IS NOT NULL"
    rows = library.rows(MARKS, ["space", "key", "reason"], where).to_pylist()
    return tuple(dict.fromkeys(row["reason"] for row in rows if spaces.get(row["space"]) == row["key"]))


def _clues(
    library: Library, asker: Asker, query: str, digest: str, base: Path, stopped: Stopped | None
) -> Iterator[Clue]:
    """Ask every part of the query that is looked for, in this file alone."""
    if not query.strip():
        return
    watch = Watch(0.0, stopped)
    gaps: dict[str, Missing] = {}
    with suppress(CrossfindError):
        tree = expanded(parse(query), Kept(library.folder))
        for part in looked_for(tree.root):
            watch.check()
            if isinstance(part, Leaf):
                with suppress(CrossfindError):
                    asked = replace(part, weight=1.0)
                    yield from asker.ask(asked, DEPTH, {digest}, base, gaps, {}, watch).get(digest, ())
    watch.check()


def _found(
    library: Library, lane: Lane, digest: str, answers: Sequence[Clue], page: int | None
) -> tuple[list[Piece], int]:
    """Return the pieces of a lane to tell, and how many there are."""
    space, rows = _rows(library, lane, digest, page)
    keys = _keys(rows) if len(rows) else []
    best = _best(answers)
    scores = np.array([best.get(key, 0.0) for key in keys])
    if lane == "sound" and len(rows):
        scores = _heard(rows, answers, scores)
    kept = _chosen(scores, MOST_SAID if lane == "speech" else MOST)
    places = (segment_of(row, space).locator for row in rows.take(kept).to_pylist()) if len(kept) else ()
    texts = rows["text"].take(kept).to_pylist() if len(kept) else []
    pieces = [
        Piece(lane, place, (text or "")[:LONGEST] or None, float(score))
        for place, text, score in zip(places, texts, scores[kept], strict=True)
    ]
    if lane == "object":
        pieces += _unnamed(answers, set(keys), page)
    return pieces, len(rows) + len(pieces) - len(kept)


def _rows(library: Library, lane: Lane, digest: str, page: int | None) -> tuple[str, pa.Table]:
    """Read the smallest segments of a lane: of sentences, not of the passages that hold them."""
    where = f"digest = {quote(digest)}" + ("" if page is None else f" AND page = {page}")
    for space in _SPACES[lane]:
        rows = library.rows(space, PLACE_COLUMNS, where)
        if len(rows):
            parents = {parent for parent in rows["parent"].to_pylist() if parent}
            small = [f"{digest}:{space}:{n}" not in parents for n in rows["n"].to_pylist()]
            return space, rows.filter(pa.array(small, pa.bool_()))
    return _SPACES[lane][0], pa.table({})


def _faces(
    faces: Sequence[Sighting], names: Mapping[int, str], answers: Sequence[Clue], page: int | None
) -> tuple[list[Piece], int]:
    here = [one for one in faces if page is None or one.anchor.place == Page(page)]
    best = _best(answers)
    scores = np.array([best.get(_key(one.anchor.locator), 0.0) for one in here])
    kept = _chosen(scores, MOST)
    told = [(here[n], float(scores[n])) for n in kept]
    pieces = [
        Piece("face", one.anchor.locator, names.get(one.person), score, one.person) for one, score in told
    ]
    return pieces, len(here)


def _unnamed(answers: Iterable[Clue], known: set[_Key], page: int | None) -> list[Piece]:
    """Return the things that only the query has a name for."""
    likely = [clue.evidence for clue in answers if clue.evidence.calibrated >= LIKELY]
    here = [one for one in likely if page is None or spot_of(one.locator) == Page(page)]
    best = {_key(one.locator): one for one in reversed(here)}
    new = [one for key, one in best.items() if key not in known]
    return [Piece("object", one.locator, None, one.calibrated) for one in new[:MOST]]


def _best(answers: Iterable[Clue]) -> dict[_Key, float]:
    best: dict[_Key, float] = {}
    for clue in answers:
        if clue.evidence.calibrated > 0:
            key = _key(clue.evidence.locator)
            best[key] = max(best.get(key, 0.0), clue.evidence.calibrated)
    return best


def _heard(rows: pa.Table, answers: Iterable[Clue], scores: _Scores) -> _Scores:
    """Sounds are found joined, so that each stretch counts for all it is made of."""
    starts, ends = (rows[name].to_numpy(zero_copy_only=False).astype(float) for name in ("start_s", "end_s"))
    for clue in answers:
        place, score = clue.evidence.locator, clue.evidence.calibrated
        if score > 0 and isinstance(place, TimeSpan):
            meets = (starts < place.end_s - 0.02) & (ends > place.start_s + 0.02)
            scores = np.where(meets, np.maximum(scores, score), scores)
    return scores


def _chosen(scores: _Scores, most: int) -> NDArray[np.int64]:
    """Choose the best half, and of the rest some that are evenly spread; all where there are not too many."""
    count = len(scores)
    if count <= most:
        return np.arange(count)
    order = np.argsort(-scores, kind="stable")
    clear = order[: min(most // 2, int((scores > 0).sum()))]
    rest = np.setdiff1d(np.arange(count), clear)
    spread = rest[np.linspace(0, len(rest) - 1, most - len(clear)).astype(np.int64)]
    return np.sort(np.concatenate([clear, spread]))


def _keys(rows: pa.Table) -> list[_Key]:
    """Name the place of every row as `_key` does."""
    count = len(rows)
    table = np.full((count, 7), -1.0)
    for column, name in enumerate(("page", "start_s", "end_s")):
        values = rows[name].to_numpy(zero_copy_only=False).astype(float)
        table[:, column] = np.where(np.isnan(values), -1.0, values)
    boxes = rows["box"].combine_chunks()
    has = boxes.is_valid().to_numpy(zero_copy_only=False)
    table[has, 3:] = boxes.flatten().to_numpy(zero_copy_only=False).reshape(-1, 4)
    return list(map(tuple, _whole(table).tolist()))


def _key(locator: Locator) -> _Key:
    """Name a place so that the same one from two tables has one name."""
    spot = spot_of(locator)
    box = locator.box if isinstance(locator, Region) else (-1.0,) * 4
    match spot:
        case Whole():
            numbers = (-1.0, -1.0, -1.0, *box)
        case Page(number):
            numbers = (float(number), -1.0, -1.0, *box)
        case TimeSpan(start_s, end_s):
            numbers = (-1.0, start_s, end_s, *box)
    names: list[int] = _whole(np.array(numbers)).tolist()
    return tuple(names)


def _whole(places: NDArray[np.float64]) -> NDArray[np.int64]:
    """Hundredths of seconds, thousandths of the picture."""
    fine = np.array([1, 100, 100, 1000, 1000, 1000, 1000])
    return np.asarray(np.rint(places * fine), np.int64)


def _order(locator: Locator) -> tuple[float, float, float]:
    spot = spot_of(locator)
    first = spot.start_s if isinstance(spot, TimeSpan) else spot.number if isinstance(spot, Page) else 0
    top, left = (locator.box[1], locator.box[0]) if isinstance(locator, Region) else (0.0, 0.0)
    return first, top, left
