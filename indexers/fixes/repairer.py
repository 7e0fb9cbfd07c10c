"""Answers the engine: what may be wrong with a query picture, repaired."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress

import numpy as np
from PIL import Image

from indexers import imaging
from indexers.base import USUAL_LIMITS, Limits
from indexers.fixes.defect import reduced
from indexers.fixes.diagnosis import Candidate, examine
from indexers.fixes.turning import QUARTERS, turned
from indexers.media_types import HEAD_BYTES, sniff
from indexers.query_encoder import cut_out, upright_picture
from search.errors import MediaError
from search.records import media_kind
from search.spaces import PictureReference, PictureRepair

logger = logging.getLogger(__name__)

SIDE = 640
"""Repairs are made at this longest side; models look at less."""

_KEPT = 16
_ORIENTATION, _MAKER = 0x0112, 0x010F


class Repairer:
    """Implements `search.spaces.PictureRepairer`, for pictures; pages of documents are left as they are.

    Thread-safe: the legs of a query share one diagnosis.
    """

    def __init__(self, limits: Limits = USUAL_LIMITS) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Sequence[PictureRepair]] = OrderedDict()

    def repairs(self, picture: PictureReference) -> Sequence[PictureRepair]:
        """Return at most six repairs, none for a picture with which nothing seems wrong."""
        return self._once("repairs", picture, self._repairs)

    def turns(self, picture: PictureReference) -> Sequence[PictureRepair]:
        """Return the picture turned by the three right angles; none where a camera says which way is up."""
        return self._once("turns", picture, self._turns)

    def _once(
        self,
        what: str,
        picture: PictureReference,
        make: Callable[[PictureReference], Sequence[PictureRepair]],
    ) -> Sequence[PictureRepair]:
        with self._lock:
            try:
                stat = picture.path.stat()
                key = what, picture, stat.st_mtime_ns, stat.st_size
                if key not in self._known:
                    self._known[key] = make(picture)
                    while len(self._known) > _KEPT:
                        self._known.popitem(last=False)
                return self._known[key]
            except (MediaError, OSError):  # whoever encodes the picture says what is the matter
                return ()
            except Exception:
                logger.exception("a query picture could not be examined")
                return ()

    def _repairs(self, picture: PictureReference) -> Sequence[PictureRepair]:
        if not self._is_picture(picture):
            return ()
        return [_repair(candidate) for candidate in examine(self._opened(picture)).candidates]

    def _turns(self, picture: PictureReference) -> Sequence[PictureRepair]:
        if not self._is_picture(picture) or self._camera_knows(picture):
            return ()
        seen = self._opened(picture)
        made = [turned(seen, quarters) for quarters in QUARTERS]
        why = "more in the library is like it then"
        return [PictureRepair("rotate", one.told, why, True, True, _pixels(one.picture)) for one in made]

    def _opened(self, picture: PictureReference) -> Image.Image:
        whole = upright_picture(picture, SIDE, self._limits)
        return reduced(cut_out(whole, picture.box), SIDE)

    def _is_picture(self, picture: PictureReference) -> bool:
        with picture.path.open("rb") as file:
            kind = sniff(file.read(HEAD_BYTES), picture.path.name)
        return kind is not None and media_kind(kind) == "image"

    def _camera_knows(self, picture: PictureReference) -> bool:
        """Whether the camera has written which way it was held."""
        with suppress(MediaError), imaging.opened(picture.path, self._limits) as image:
            exif = image.getexif()
            return bool(exif.get(_ORIENTATION)) and bool(exif.get(_MAKER))
        return False


def _repair(candidate: Candidate) -> PictureRepair:
    why = "; ".join(defect.evidence for defect in candidate.defects)
    return PictureRepair(
        candidate.kind, candidate.told, why, candidate.improved, False, _pixels(candidate.picture)
    )


def _pixels(picture: Image.Image) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"), np.uint8))
