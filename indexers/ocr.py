"""Text in pictures: photos, scanned pages, moments of films, pictures in documents, read by a model."""

from indexers.base import Job, Part
from indexers.documents import DocumentIndexer
from indexers.enclosed import ENCLOSING
from indexers.page_lines import UNREADABLE
from indexers.picture_pieces import picture_pieces
from indexers.pictures import PictureIndexer
from indexers.video import VideoIndexer
from indexers.views import PageFacts, look

OCR = "ocr"
_FEW_LETTERS = 60
"""A text layer below this may be a page number, a stamp or the name of the program that scanned it."""

_SCANNED = 0.5


class OcrIndexer:
    """Reads pictures, films, those pages of PDFs whose words are only in the picture, and pictures in other
    documents."""

    name = OCR
    media_types = (
        PictureIndexer.media_types | DocumentIndexer.media_types | VideoIndexer.media_types | ENCLOSING
    )
    spaces = frozenset((OCR,))
    cost = 5

    def extract(self, job: Job) -> Part:
        """Prepare what one part of a job shows; the facts of the content are others' work."""
        seen = look(job, is_only_picture, closely=True)
        pieces = [
            piece for view in seen.views for piece in picture_pieces(view.place, view.picture, job.spaces)
        ]
        return Part(None, pieces, next=seen.next, notes=seen.notes, of=seen.of)


def is_only_picture(page: PageFacts) -> bool:
    """Whether words of a page can only be seen: without a text layer, or with next to none, or with junk."""
    if page.unreadable > UNREADABLE:
        return True
    letters = sum(not letter.isspace() for letter in page.text)
    if not letters:
        return not page.is_blank
    return letters < _FEW_LETTERS and _covered(page) >= _SCANNED


def _covered(page: PageFacts) -> float:
    """Return which share of the page its largest picture covers."""
    return max(((right - left) * (bottom - top) for left, top, right, bottom in page.pictures), default=0.0)


INDEXER = OcrIndexer()
