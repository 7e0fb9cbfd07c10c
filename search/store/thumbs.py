"""Thumbnails: WebP files named after the digest of what they show."""

import glob
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from search.records import Locator, Page, Region, TimeSpan, Whole
from search.store.disk import write_atomically
from search.store.types import Thumbnail
from search.storyboard import Shown, Storyboard

FOLDER = "thumbs"
_NAME = re.compile(r"(?P<digest>.+?)(?:-[pt][\d.]+|-all)?\.webp")


def thumbnail_path(library: Path, digest: str, shown: Shown) -> Path:
    """Name the file that shows this place of a content; a region shares the picture of what it lies in."""
    return library / FOLDER / digest[:2] / _named(digest, shown)


def _named(digest: str, shown: Shown) -> str:
    match shown:
        case Region(of=of):
            return _named(digest, of)
        case Whole():
            suffix = ""
        case Page(number, picture):
            suffix = f"-p{number}.{picture}" if picture else f"-p{number}"
        case TimeSpan(start_s=start):
            suffix = f"-t{start:.3f}"
        case Storyboard():
            suffix = "-all"
    return f"{digest}{suffix}.webp"


def best_thumbnail(library: Path, digest: str, place: Locator) -> Path | None:
    """Return the file that shows a place: of a stretch of film its first moment that has one, else the whole
    content, else its first page; None where there is none of these."""
    folder = f"{library}{os.sep}{FOLDER}{os.sep}{digest[:2]}{os.sep}"
    if _is_there(exact := folder + _named(digest, place)):
        return Path(exact)
    if isinstance(place, TimeSpan) and (moment := first_within(library, digest, place)):
        return moment
    others = (folder + _named(digest, shown) for shown in (Whole(), Page(1)) if shown != place)
    return next((Path(path) for path in others if _is_there(path)), None)


def _is_there(path: str) -> bool:
    return os.path.isfile(path)  # noqa: PTH113 (of all hits: a Path is ten times as dear)


def first_within(library: Path, digest: str, span: TimeSpan) -> Path | None:
    """Return the file of the first moment of a film that begins within a stretch of it, or None."""
    best: tuple[float, Path] | None = None
    for path in (library / FOLDER / digest[:2]).glob(f"{glob.escape(digest)}-t*.webp"):
        with suppress(ValueError):
            start_s = float(path.stem.rpartition("-t")[2])
            if span.start_s <= start_s < span.end_s and (best is None or start_s < best[0]):
                best = start_s, path
    return best[1] if best else None


def write_thumbnail(library: Path, thumbnail: Thumbnail) -> None:
    """Store a thumbnail, replacing an older one. Raises `OSError`."""
    write_atomically(thumbnail_path(library, thumbnail.digest, thumbnail.locator), thumbnail.webp)


def stored_thumbnails(library: Path) -> Iterator[tuple[str, Path]]:
    """Yield (digest, file) of every thumbnail on disk."""
    for path in sorted((library / FOLDER).glob("??/*.webp")):
        if (digest := _digest_of(path)) is not None:
            yield digest, path


def remove_thumbnails(library: Path, digests: Iterable[str]) -> int:
    """Delete the thumbnails of these contents and return how many there were."""
    count = 0
    for digest in digests:
        for path in (library / FOLDER / digest[:2]).glob(f"{glob.escape(digest)}*.webp"):
            if _digest_of(path) == digest:
                path.unlink(missing_ok=True)
                count += 1
    return count


def _digest_of(path: Path) -> str | None:
    named = None if path.name.startswith(".") else _NAME.fullmatch(path.name)
    return named["digest"] if named else None
