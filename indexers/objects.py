"""Things in pictures: photos, pages with pictures, moments of films go to a model that finds them."""

from indexers.base import Job, Part
from indexers.documents import DocumentIndexer
from indexers.picture_pieces import picture_pieces
from indexers.pictures import PictureIndexer
from indexers.video import VideoIndexer
from indexers.views import PageFacts, look

OBJECT, LABEL = "object", "label"
_LEAST_SHARE = 0.02
"""Pictures that cover less of a page are icons and rules."""


class ObjectIndexer:
    """Looks at pictures, films, and pages of PDFs that have pictures in them."""

    name = "objects"
    media_types = PictureIndexer.media_types | DocumentIndexer.media_types | VideoIndexer.media_types
    spaces = frozenset((OBJECT, LABEL))
    cost = 6

    def extract(self, job: Job) -> Part:
        """Prepare what one part of a job shows; the facts of the content are others' work."""
        seen = look(job, has_pictures)
        pieces = [p for view in seen.views for p in picture_pieces(view.place, view.picture, job.spaces)]
        return Part(None, pieces, next=seen.next, of=seen.of)


def has_pictures(page: PageFacts) -> bool:
    """Whether a page has a picture that may show things."""
    shares = ((right - left) * (bottom - top) for left, top, right, bottom in page.pictures)
    return any(share >= _LEAST_SHARE for share in shares)


INDEXER = ObjectIndexer()
