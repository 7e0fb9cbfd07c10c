"""Turns pictures into blocks of text with their places, whichever engine reads the lines."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from indexers.base import Piece
from indexers.ocr import OCR
from indexers.seen_texts import merged
from indexers.text_blocks import Block, blocks
from indexers.text_lines import LineFinder
from search.records import Box, Locator, Region, TimeSpan
from search.spaces import Fingerprint, PictureInput

SIDE = 1600
SURE = 0.7
"""Lines the engine is less sure of are left out: of textures it reads single signs."""

_RULES = f"lines from {SURE} at {SIDE}, blocks, 1"


class OcrReader:
    """Implements `indexers.reader.Settling` for the space `ocr`; `load` gives the engine at first use."""

    name = OCR
    picture_input = PictureInput(SIDE, SIDE, "fit", "bicubic")
    batch = 4

    def __init__(self, load: Callable[[], LineFinder], model: str, revision: str) -> None:
        self.fingerprint = Fingerprint(model, revision, _RULES, 0)
        self._load = load
        self._finder: LineFinder | None = None

    def read(self, pieces: Sequence[Piece]) -> Sequence[Sequence[Piece]]:
        """Read the picture, uint8 (height, width, 3), of each piece. Raises `ModelError`."""
        return [self._read(piece) for piece in pieces]

    def settle(self, readings: Sequence[Sequence[Piece]]) -> Sequence[Piece]:
        """Join what was read in one content; what a film shows for a while becomes one block."""
        is_film = any(_moment(piece.locator) for piece in chain.from_iterable(readings))
        texts = merged(readings) if is_film else [list(reading) for reading in readings]
        found: list[Piece] = []
        for text in texts:
            before = len(found)
            found += [
                piece if piece.parent is None else replace(piece, parent=before + piece.parent)
                for piece in text
            ]
        return found

    def _read(self, piece: Piece) -> list[Piece]:
        assert isinstance(piece.payload, np.ndarray)
        self._finder = self._finder or self._load()
        picture = piece.payload.astype(np.uint8, copy=False)
        sure = [line for line in self._finder.lines(picture) if line.score >= SURE and _says(line.text)]
        found: list[Piece] = []
        for block in blocks(sure, picture.shape[1] / picture.shape[0]):
            found += _pieces(block, piece.locator, len(found))
        return found

    def close(self) -> None:
        """Free the model; a later `read` loads it again."""
        if self._finder is not None:
            self._finder.close()


def _pieces(block: Block, place: Locator, before: int) -> list[Piece]:
    """Make a piece of a block and, behind it, of its lines; a single line stands for itself."""
    whole = Piece(OCR, _inside(place, block.box), block.text)
    if len(block.lines) == 1:
        return [whole]
    lines = [Piece(OCR, _inside(place, line.box), line.text, parent=before) for line in block.lines]
    return [whole, *lines]


def _inside(place: Locator, box: Box) -> Region:
    """Return the place of a box in a picture that was all of a place, or a strip of it."""
    if not isinstance(place, Region):
        return Region(place, box)
    left, top, right, bottom = place.box
    width, height = right - left, bottom - top
    upper, lower = top + box[1] * height, top + box[3] * height
    return Region(place.of, (left + box[0] * width, upper, left + box[2] * width, lower))


def _says(text: str) -> bool:
    """Whether a line holds anything that may be looked for."""
    return sum(letter.isalnum() for letter in text) >= 2 or any(
        "\u3040" <= letter <= "\u9fff" for letter in text
    )


def _moment(place: Locator) -> bool:
    return isinstance(place, Region) and isinstance(place.of, TimeSpan)
