"""Where on a page of a document a query finds what it looks for; for the command line and the window."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from app import passwords
from app.bootstrap import Searcher
from app.config import Config
from app.naming import fitting
from indexers import page_words
from indexers.ocr import OCR
from indexers.page_looks import PageLookQueries
from search.errors import CrossfindError, MediaError
from search.expanding import expanded
from search.heat import asked_of_pages, warm_parts
from search.kept import Kept
from search.new_files import new_file
from search.parser import parse
from search.pieces import Warm
from search.plan import PAGE_LOOK
from search.plan import plan as planned
from search.records import Hit, Page, Region
from search.spots import spot_of
from search.store.tokens import tokens_at

if TYPE_CHECKING:
    from PIL.Image import Image

Ask = Callable[[str, int], list[Warm]]
"""Gives the warm parts for a path and a page."""

WIDTH = 1_400
"""Pixels of a page that is painted."""


@dataclass(frozen=True, slots=True)
class Painted:
    """How many pages were painted, and why some were not."""

    pages: int
    problems: Mapping[str, str]


def warm(searcher: Searcher, config: Config, query: str, path: str, page: int) -> list[Warm]:
    """Return the parts of a page (from 1) of a document that answer a query, the warmest last: patches of its
    picture where a model has seen it, else words. None where the query asks nothing of pages.

    Raises `CrossfindError`: for a file that is not in the library, and where no model of pages is there.
    """
    library, equipment = searcher.library, searcher.equipment
    digest = library.digest_at(path)
    if digest is None:
        raise CrossfindError(f"{path} is not in the library.", "Index it first: crossfind index FOLDER")
    tree = expanded(parse(query), Kept(library.folder))
    asked = asked_of_pages(planned(tree).ranking)
    known = passwords.remembered(config.library_folder)
    if equipment.looks and library.spaces().get(PAGE_LOOK) == equipment.looks.fingerprint:
        stored = tokens_at(library, PAGE_LOOK, [(digest, page)]).get((digest, page))
        question = equipment.looks.read(asked)
        if stored is not None and len(question):
            boxes = PageLookQueries(equipment.looks).boxes(Path(path), page, known)
            return warm_parts(question, (stored, boxes)) if len(boxes) == len(stored) else []
    if equipment.late is None:
        raise CrossfindError(
            "No model that searches pages word by word is installed.", "Import one: crossfind models import"
        )
    question = page_words.question(equipment.late, asked)
    if not len(question):
        return []
    texts = page_words.typed(Path(path), page, known)
    if not texts:
        lines = library.segments(OCR, digest)
        there = (one for one in lines if isinstance(one.locator, Region) and one.locator.of == Page(page))
        texts = page_words.read_in_picture(there)
    parts = page_words.parts(equipment.late, texts)
    return warm_parts(question, parts) if parts else []


def to_json(parts: Iterable[Warm]) -> list[list[float]]:
    """Return plain numbers: left, top, right, bottom, heat of each."""
    return [[*(round(edge, 5) for edge in part.box), round(part.heat, 4)] for part in parts]


def from_json(plain: Iterable[Sequence[float]]) -> list[Warm]:
    """Read what `to_json` made."""
    return [Warm((left, top, right, bottom), heat) for left, top, right, bottom, heat in plain]


def save_pictures(folder: Path, config: Config, hits: Iterable[Hit], ask: Ask) -> Painted:
    """Write a picture of each page that was found, what answers painted; nothing is overwritten.

    Raises `CrossfindError` for a folder that cannot be written.
    """
    from indexers.heat_picture import painted
    from indexers.page_image import page_image

    known, problems, written = passwords.remembered(config.library_folder), {}, 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CrossfindError(f"{folder} cannot be made: {error.strerror}.", "Name another folder.") from error
    for hit in hits:
        place = spot_of(hit.locator)
        if hit.content.kind != "pdf" or not isinstance(place, Page):
            continue
        try:
            parts: list[Warm] = ask(hit.file.path, place.number)
            page = page_image(Path(hit.file.path), place.number, WIDTH, known)
        except MediaError as error:
            problems[f"{hit.file.path}, page {place.number}"] = str(error)
            continue
        name = fitting(f"{hit.rank:03} {Path(hit.file.path).stem[:80]}", f", page {place.number}.png")
        _write(folder / name, painted(page, parts))
        written += 1
    return Painted(written, problems)


def _write(file: Path, picture: "Image") -> None:
    """Write a PNG beside those that are there already, with a number in its name. Raises `CrossfindError`."""
    names = chain([file], (file.with_stem(f"{file.stem} ({n})") for n in count(2)))
    free = next(one for one in names if not os.path.lexists(one))
    try:
        with new_file(free) as beside:
            picture.save(beside, "PNG")
    except OSError as error:
        raise CrossfindError(
            f"{file} cannot be written: {error.strerror}.", "Name another folder."
        ) from error
