"""Figures of PDF pages as pictures of their own: charts, diagrams and photos, each found with its place.

A page as a whole hardly looks like the one photo on it. What is a figure `indexers.figures` says; each is
drawn as it stands on the page and goes to the model of pictures.
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from indexers.base import Job, Part, Piece
from indexers.documents import PAGES_PER_PART, SECONDS_PER_PART, opened, pdf_errors
from indexers.figures import figure_boxes
from indexers.imaging import needed_side
from indexers.picture_pieces import picture_pieces
from search.records import Box, Page, Region
from search.spaces import Fingerprint, Payload, PayloadKind, PictureInput, Space, Vector

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pymupdf

FIGURE = "figure"
_LONGEST_SIDE = 2048


class FigureIndexer:
    """Looks at the figures of PDFs."""

    name = "figures"
    media_types = frozenset(("application/pdf",))
    spaces = frozenset((FIGURE,))
    cost = 1

    def extract(self, job: Job) -> Part:
        """Draw the figures of the pages of one part; the facts of the content are others' work."""
        deadline = time.monotonic() + min(SECONDS_PER_PART, job.limits.seconds / 4)
        pieces: list[Piece] = []
        with opened(job.path, job.passwords) as document:
            at, end = job.start, min(job.start + PAGES_PER_PART, document.page_count)
            need = needed_side(job.spaces.values(), thumbnails=False)
            while at < end and (at == job.start or time.monotonic() < deadline):
                try:
                    pieces += _of_page(document[at], job, need)
                except pdf_errors():  # a bad page costs only itself
                    pass
                at += 1
            following = at if at < document.page_count else None
            return Part(None, pieces, next=following, of=document.page_count)


def _of_page(page: "pymupdf.Page", job: Job, need: int) -> list[Piece]:
    place = Page(page.number + 1)
    return [
        piece
        for box in figure_boxes(page)
        for piece in picture_pieces(Region(place, box), drawn(page, box, need), job.spaces)
    ]


def drawn(page: "pymupdf.Page", box: Box, need: int) -> Image.Image:
    """Draw a part of an upright page in RGB, `box` in shares of it, its shorter side about `need` pixels.

    Raises what MuPDF raises for damaged pages.
    """
    import pymupdf

    whole = page.rect
    clip = pymupdf.Rect(
        whole.x0 + box[0] * whole.width,
        whole.y0 + box[1] * whole.height,
        whole.x0 + box[2] * whole.width,
        whole.y0 + box[3] * whole.height,
    )
    width, height = max(clip.width, 1.0), max(clip.height, 1.0)
    scale = min(need / min(width, height), _LONGEST_SIDE / max(width, height))
    pixmap = page.get_pixmap(
        matrix=pymupdf.Matrix(scale, scale), clip=clip, colorspace=pymupdf.csRGB, alpha=False
    )
    return Image.frombuffer("RGB", (pixmap.width, pixmap.height), pixmap.samples)


@dataclass(frozen=True, slots=True)
class FigureSpace:
    """The space of figures: the model of pictures under another name. Implements `search.spaces.Space`."""

    scene: Space

    @property
    def name(self) -> str:
        """The space's name."""
        return FIGURE

    @property
    def fingerprint(self) -> Fingerprint:
        """That of the model of pictures."""
        return self.scene.fingerprint

    @property
    def picture_input(self) -> PictureInput | None:
        """How it takes pictures."""
        return self.scene.picture_input

    @property
    def accepts(self) -> frozenset[PayloadKind]:
        """What it can encode."""
        return self.scene.accepts

    def encode(self, items: "Sequence[Payload]") -> Vector:
        """Encode as the model of pictures does."""
        return self.scene.encode(items)

    def close(self) -> None:
        """The model is another one's to free."""


INDEXER = FigureIndexer()
