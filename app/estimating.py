"""How much an indexing run would find, what it would take on disk, and how long it would run.

Disk is counted by what each space stores of a photo, a page or an hour, as measured of 54 photos, 111 pages
of PDFs, and films and speech (`benchmarks.disk`, `benchmarks.pages`). Time is told from the last runs into
this library.
"""

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app import pace_notes
from app.bootstrap import Equipment, open_library
from app.config import Config
from indexers.page_looks import PageLooks
from indexers.survey import Amount, Known, survey
from indexers.walk import absolute
from search.errors import CrossfindError, LibraryMissingError, ModelError
from search.plan import PAGE, PAGE_LOOK
from search.records import MediaKind
from search.store import Library

UNIT: Mapping[MediaKind, str] = {"pdf": "pages", "video": "hours", "audio": "hours"}

ROWS: Mapping[MediaKind, Mapping[str, float]] = {
    "image": {"scene": 1, "look": 1, "phash": 1, "object": 8, "label": 3, "face": 1, "ocr": 0.4},
    "pdf": {
        "scene": 1,
        "look": 1,
        "phash": 1,
        "text": 1,
        "ocr": 0.4,
        "meaning": 4,
        "page": 77,
        "figure": 0.2,
    },
    "video": {
        "scene": 1_200,
        "phash": 1_200,
        "object": 6_000,
        "label": 2_000,
        "face": 450,
        "speech": 600,
        "spoken": 760,
        "sound": 1_500,
    },
    "audio": {"speech": 600, "spoken": 760, "sound": 1_500},
    "document": {"text": 3, "meaning": 12, "page": 230},
}
"""Rows of a space for each photo, page, hour or document."""

TOKENS: Mapping[MediaKind, float] = {"pdf": 300, "document": 900}
"""Token vectors that late interaction keeps of the words of each; of how pages look the model tells it."""

ENCLOSED = {"scene": 1, "look": 1, "phash": 1, "ocr": 0.4}
"""Rows of a space for each picture that stands in a document."""

THUMBNAILS: Mapping[MediaKind, int] = {"image": 9_000, "pdf": 9_000, "video": 12_000_000}
"""Bytes of small pictures for each."""

ROW_BYTES, TEXT_BYTES = 110, 700
"""What a row takes beside its vector, and what one of words takes."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is there of one kind; `bytes` what it would take on disk, `looks_bytes` of them for pages as a
    model sees them, `seconds` how long it would take, None where no run before tells."""

    kind: MediaKind
    amount: Amount
    bytes: int
    looks_bytes: int
    seconds: float | None


def estimate(config: Config, folders: Sequence[Path], exclude: Sequence[str]) -> list[Estimate]:
    """Look through folders, those of the library where none are named, for what is new or changed.

    Raises `CrossfindError` without any folder, `LibraryError`.
    """
    try:
        with closing(open_library(config)) as library:
            roots = _roots(library, folders, exclude)
            found = survey(roots, {str(config.library_folder)}, _known(library))
            off = library.switched_off
    except LibraryMissingError:
        off = frozenset()
        roots = [(absolute(folder), tuple(exclude)) for folder in folders]
        found = survey(roots, {str(config.library_folder)})
    if not roots:
        raise CrossfindError(
            "No folder was indexed before.", "Name one: crossfind index ~/Pictures --estimate"
        )
    equipment = Equipment(config, make=False)
    dims, looks = _dims(equipment), _looks(equipment)
    pace = pace_notes.pace(config.library_folder)
    if "enclosed" in off:
        for amount in found.values():
            amount.pictures = 0.0
    return [_estimate(kind, found[kind], dims, looks, pace) for kind in sorted(found)]


def to_json(found: Sequence[Estimate]) -> dict[str, Any]:
    """Return estimates as plain data; the sum of seconds is null where one is not known."""
    seconds = [one.seconds for one in found]
    known = [one for one in seconds if one is not None]
    return {
        "estimate": {
            one.kind: {
                "files": one.amount.files,
                "bytes_read": one.amount.bytes,
                "unit": UNIT.get(one.kind, "files"),
                "units": round(one.amount.units, 2),
                "pictures": round(one.amount.pictures),
                "looked_into": one.amount.looked,
                "bytes": one.bytes,
                "looks_bytes": one.looks_bytes,
                "seconds": one.seconds,
            }
            for one in found
        },
        "bytes": sum(one.bytes for one in found),
        "seconds": round(sum(known), 1) if len(known) == len(seconds) else None,
    }


def _roots(
    library: Library, folders: Sequence[Path], exclude: Sequence[str]
) -> list[tuple[str, Sequence[str]]]:
    before = {root.path: root.excludes for root in library.roots}
    named = [absolute(folder) for folder in folders] or list(before)
    return [(path, (*before.get(path, ()), *exclude)) for path in named]


def _known(library: Library) -> Known:
    """Return who tells whether a file is as it was when it was indexed."""
    known = {path: file for root in library.roots for path, file in library.known_files(root.path).items()}

    def is_known(seen: Any) -> bool:
        file = known.get(seen[0])
        return file is not None and (file.size, file.mtime_ns) == tuple(seen[1:3])

    return is_known


def _dims(equipment: Equipment) -> dict[str, int]:
    """Return the dimensions of every space that would be filled, 0 for those of words."""
    dims = {"text": 0} | {space.name: space.fingerprint.dim for space in equipment.spaces}
    dims |= {space.name: space.fingerprint.dim for space in equipment.figures()}
    dims |= {reader.name: reader.fingerprint.dim for reader in equipment.readers()}
    dims |= {maker.name: maker.fingerprint.dim for maker in equipment.makers()}
    if "meaning" in dims and "speech" in dims:
        dims["spoken"] = dims["meaning"]
    return dims


def _looks(equipment: Equipment) -> tuple[int, int]:
    """Return how many rows and token vectors the model that sees pages makes of one; none where it cannot
    tell, which the run itself would say."""
    if equipment.looks is None:
        return 0, 0
    try:
        return PageLooks(equipment.looks).of_a_page()
    except ModelError:
        return 0, 0


def _estimate(
    kind: MediaKind,
    amount: Amount,
    dims: Mapping[str, int],
    looks: tuple[int, int],
    pace: Mapping[str, float],
) -> Estimate:
    """Count what files of a kind take, with the pictures that stand in them."""
    each = _stored(ROWS.get(kind, {}), dims) + 2 * dims.get(PAGE, 0) * TOKENS.get(kind, 0)
    rows, tokens = looks if kind == "pdf" else (0, 0)
    seen = _stored({PAGE_LOOK: rows}, dims) + 2 * dims.get(PAGE_LOOK, 0) * tokens
    picture = _stored(ENCLOSED, dims) + THUMBNAILS["image"]
    count = amount.units * (each + seen + THUMBNAILS.get(kind, 0)) + amount.pictures * picture
    return Estimate(kind, amount, round(count), round(amount.units * seen), _seconds(kind, amount, pace))


def _stored(rows: Mapping[str, float], dims: Mapping[str, int]) -> float:
    """Return what rows take of which a space has so many."""
    return sum(
        count * (ROW_BYTES + 2 * dims[space] if dims[space] else TEXT_BYTES)
        for space, count in rows.items()
        if space in dims
    )


def _seconds(kind: MediaKind, amount: Amount, pace: Mapping[str, float]) -> float | None:
    return round(amount.bytes * pace[kind], 1) if kind in pace else None
