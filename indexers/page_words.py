"""The words of a page with their places, for a model that gives each a vector."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexers import documents
from indexers.boxes import Boxes
from indexers.late_text import LateText, Tokens
from search.errors import MediaError
from search.function_words import FUNCTION_WORDS
from search.records import Box, Region, Segment
from search.spaces import Vector

if TYPE_CHECKING:
    import pymupdf

_WORD = re.compile(r"[^\W_]+")

MOST_WORDS = 5_000
"""Of a page."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A text, and its stretches of letters (from, to) with the box that each stands in, in shares of the
    page."""

    text: str
    places: Sequence[tuple[int, int, Box]]


def typed(path: Path, number: int, passwords: Sequence[str] = ()) -> list[Placed]:
    """Return the blocks of text of a page (from 1) of a PDF; none of one without. Raises `MediaError`."""
    with documents.opened(path, passwords) as document:
        if not 1 <= number <= document.page_count:
            raise MediaError(f"There is no page {number}; the PDF has {document.page_count}.")
        try:
            return list(_blocks(document[number - 1]))
        except documents.pdf_errors() as error:
            raise MediaError(f"Page {number} of the PDF is damaged.") from error


def read_in_picture(lines: Iterable[Segment]) -> list[Placed]:
    """Return what was read in the picture of a page: within a line a word's place goes by its letters."""
    return [
        Placed(line.text, list(_along(line.text, line.locator.box)))
        for line in lines
        if line.text and isinstance(line.locator, Region)
    ]


def question(model: LateText, asked: str) -> Vector:
    """Return the vectors of the words of a question that say something, of all where none does, float32
    (n, dim), unit rows. Raises `ModelError`."""
    tokens = model.read([asked])[0]
    told = _telling(asked, tokens)
    return tokens.vectors[told] if told.any() else tokens.vectors


def parts(model: LateText, texts: Sequence[Placed]) -> tuple[Vector, Boxes] | None:
    """Return the vectors of the words of a page that say something, unit rows, and their boxes; None where
    the model knows none. Raises `ModelError`.
    """
    found = list(zip(texts, model.read([text.text for text in texts]), strict=True)) if texts else []
    told = [_telling(text.text, tokens) for text, tokens in found]
    if not sum(one.sum() for one in told):
        return None
    vectors = [tokens.vectors[kept] for (_, tokens), kept in zip(found, told, strict=True)]
    boxes = [_boxes(text, tokens)[kept] for (text, tokens), kept in zip(found, told, strict=True)]
    return np.concatenate(vectors), np.concatenate(boxes)


def _telling(text: str, tokens: Tokens) -> NDArray[np.bool_]:
    """Which tokens belong to words that say something by themselves: an answer is not "the"."""
    said = {
        at: match[0].casefold() not in FUNCTION_WORDS
        for match in _WORD.finditer(text)
        for at in range(*match.span())
    }
    return np.array([said.get(int(begin), True) for begin, _ in tokens.spans], bool)


def _blocks(page: "pymupdf.Page") -> Iterator[Placed]:
    width, height = max(page.rect.width, 1e-3), max(page.rect.height, 1e-3)
    words = page.get_text("words")[:MOST_WORDS]
    for _, block in groupby(words, key=lambda word: word[5]):
        text, places = "", []
        for *corners, word, _, _, _ in block:
            box = _share(page, corners, width, height)
            text += f" {word}" if text else word
            places.append((len(text) - len(word), len(text), box))
        yield Placed(text, places)


def _share(page: "pymupdf.Page", corners: Sequence[float], width: float, height: float) -> Box:
    import pymupdf

    box = pymupdf.Rect(corners) * page.rotation_matrix
    return box.x0 / width, box.y0 / height, box.x1 / width, box.y1 / height


def _along(text: str, box: Box) -> Iterator[tuple[int, int, Box]]:
    left, top, right, bottom = box
    step = (right - left) / max(1, len(text))
    at = 0
    for word in text.split():
        at = text.index(word, at)
        yield at, at + len(word), (left + step * at, top, left + step * (at + len(word)), bottom)
        at += len(word)


def _boxes(text: Placed, tokens: Tokens) -> Boxes:
    """Return for each token the box of the word it begins in."""
    begins = [begin for begin, _, _ in text.places]
    boxes = np.array([box for _, _, box in text.places], np.float32).reshape(-1, 4)
    held = np.searchsorted(begins, tokens.spans[:, 0], side="right") - 1
    return np.asarray(boxes[np.maximum(held, 0)], np.float32)
