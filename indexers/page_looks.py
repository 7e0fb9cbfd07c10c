"""Pages of documents as pictures, for models of ColPali's family.

Pages are drawn as large as the model takes them and lose their empty margins. Of each is stored the mean of
its vectors, with all of them in a column of their own; and the means of its rows or tiles, which are searched
first (`indexers.page_grids`). They lie as those of pages by their words do (`indexers.paged`), so that the
same search finds both.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from indexers.base import Job, Part, Piece
from indexers.boxes import Boxes
from indexers.col_vision import ColVision
from indexers.documents import DocumentIndexer
from indexers.margins import content_box, in_whole
from indexers.page_grids import boxes_of, row_count
from indexers.views import look, page_view
from search.errors import ModelError
from search.plan import PAGE_LOOK
from search.records import Page
from search.spaces import Fingerprint, PayloadKind, PictureInput, Pixels, Vector, unit_rows


class PageLookIndexer:
    """Draws pages for the model that sees them."""

    name = "pages"
    media_types = DocumentIndexer.media_types
    spaces = frozenset((PAGE_LOOK,))
    cost = 9

    def extract(self, job: Job) -> Part:
        """Draw the pages of one part of a job; the facts of the content are others' work."""
        seen = look(job)
        pieces = [
            Piece(PAGE_LOOK, view.place, payload=_cut(np.asarray(view.picture)))
            for view in seen.views
            if isinstance(view.place, Page)
        ]
        return Part(None, pieces, next=seen.next, of=seen.of)


class PageLooks:
    """Implements `indexers.reader.Reader` for the space of pages' looks."""

    name = PAGE_LOOK
    batch = 1

    def __init__(self, model: ColVision) -> None:
        self._model = model

    @property
    def fingerprint(self) -> Fingerprint:
        """The model of its vectors."""
        return self._model.fingerprint

    @property
    def picture_input(self) -> PictureInput:
        """How large pages are drawn."""
        return self._model.picture_input

    def read(self, pieces: Sequence[Piece]) -> Sequence[Sequence[Piece]]:
        """Return of each page the piece that stands for it, and behind it those of its rows or tiles.

        Raises `ModelError`.
        """
        return [self._read(piece) for piece in pieces]

    def close(self) -> None:
        """Free the model; a later `read` loads it again."""
        self._model.close()

    def of_a_page(self) -> tuple[int, int]:
        """Return how many rows stand for an upright page of A4, and how many vectors are kept of it.

        Loads what prepares pages and no weights. Raises `ModelError`.
        """
        height = self.picture_input.height
        layout = self._model.layout(np.full((height, round(height / 2**0.5), 3), 255, np.uint8))
        return 1 + row_count(layout), layout.tokens

    def _read(self, piece: Piece) -> list[Piece]:
        if not isinstance(piece.payload, np.ndarray):
            raise ModelError(f"The model {self.fingerprint.model} looks at pictures, not at texts.")
        seen = self._model.look(np.asarray(piece.payload, np.uint8))
        mean = unit_rows(seen.tokens.sum(axis=0, keepdims=True))[0]
        bare = replace(piece, payload=None)
        rows = (replace(bare, vector=row, parent=0) for row in seen.rows)
        return [replace(bare, vector=mean, tokens=seen.tokens), *rows]


class PageLookQueries:
    """Answers the engine: implements `search.spaces.TokenEncoder`."""

    space = PAGE_LOOK
    accepts: frozenset[PayloadKind] = frozenset({"text"})
    thresholds = None

    def __init__(self, model: ColVision) -> None:
        self._model = model

    @property
    def fingerprint(self) -> Fingerprint:
        """Which stored vectors the query vectors may be compared with."""
        return self._model.fingerprint

    def encode_tokens(self, text: str) -> Vector:
        """Return float32 (tokens, dim), unit rows. Raises `ModelError`."""
        return self._model.read(text)

    def encode_text(self, text: str) -> Vector:
        """Return the mean of the words, float32 (dim,), unit length. Raises `ModelError`."""
        vector: Vector = unit_rows(self.encode_tokens(text).sum(axis=0, keepdims=True))[0]
        return vector

    def encode_picture(self, picture: object) -> Vector:
        """Raises `ModelError`: pages are asked for in words."""
        raise ModelError(f"The model {self.fingerprint.model} takes only text, not {picture!r}.")

    def boxes(self, path: Path, page: int, passwords: Sequence[str] = ()) -> Boxes:
        """Return where on a page each of its stored vectors lies, in shares of the page, float32 (n, 4).

        Raises `MediaError` for a page that cannot be drawn, and `ModelError`.
        """
        picture = np.asarray(page_view(path, page, self._model.picture_input.width, passwords))
        part = content_box(picture)
        layout = self._model.layout(_cut(picture))
        return in_whole(boxes_of(layout), part, (picture.shape[1], picture.shape[0]))


def _cut(picture: Pixels) -> Pixels:
    left, top, right, bottom = content_box(picture)
    return picture[top:bottom, left:right]


INDEXER = PageLookIndexer()
