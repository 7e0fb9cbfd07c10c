"""Faces: photos, PDF pages that hold pictures, and what is seen of each shot of a film, for a face model."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
from PIL import Image

from indexers import imaging
from indexers.base import Job, Part, Piece
from indexers.media_types import types_of
from indexers.views import PageFacts, View, look
from search.records import TimeSpan
from search.spaces import PictureInput, Pixels

FACE = "face"

INPUT = PictureInput(1600, 1600, "fit")
"""How large photos and pages are looked at."""

_FILM = PictureInput(960, 960, "fit")
"""How large films are: what is smaller than this shows nobody's face, and shots stay small in memory."""

_LEAST_SHARE = 0.04
"""A picture on a page that covers less of it is a sign or a button."""


class FaceIndexer:
    """Reads pictures, PDFs and films."""

    name = "faces"
    media_types = types_of("image") | types_of("video") | frozenset(("application/pdf",))
    spaces = frozenset((FACE,))
    cost = 5

    def extract(self, job: Job) -> Part:
        """Read one part: photos and pages one by one, films a few whole shots at a time."""
        if FACE not in job.spaces:
            return Part(None)
        seen = look(job, _shows_pictures)
        return Part(None, list(_pieces(seen.views)), next=seen.next, of=seen.of)


def _pieces(views: Iterable[View]) -> Iterator[Piece]:
    """Make a piece of each picture, and one of all that was seen of a shot."""
    for shot, group in groupby(views, lambda view: view.shot):
        if shot is None:
            for view in group:
                yield Piece(FACE, view.place, payload=np.asarray(view.picture, np.uint8))
        else:
            yield _of_shot(shot, list(group))


def _of_shot(shot: TimeSpan, views: Sequence[View]) -> Piece:
    """Stack the moments of a shot, uint8 (n, height, width, 3); `timing` says when each is to be seen."""
    times = [view.place for view in views if isinstance(view.place, TimeSpan)]
    timing = tuple((n, span.start_s, span.end_s) for n, span in enumerate(times))
    return Piece(FACE, shot, payload=np.stack([_small(view.picture) for view in views]), timing=timing)


def _small(picture: Image.Image) -> Pixels:
    return np.asarray(imaging.fitted(picture, _FILM), np.uint8)


def _shows_pictures(page: PageFacts) -> bool:
    return any((right - left) * (low - top) >= _LEAST_SHARE for left, top, right, low in page.pictures)


INDEXER = FaceIndexer()
