"""The face that a person asks for: found in a picture as the library's faces are."""

import threading
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image

from indexers.base import USUAL_LIMITS, Limits
from indexers.face_finder import Face, FaceFinder
from indexers.faces import FACE, INPUT
from indexers.imaging import fitted
from indexers.query_encoder import cut_out, needed_side_of, upright_picture
from search.errors import MediaError, ModelError
from search.records import Box
from search.spaces import Fingerprint, PayloadKind, PictureReference, Pixels, Thresholds, Vector

_KEPT = 8


class FaceEncoder:
    """Answers the engine for the space `face`; `load` gives the face engine at first use. Thread-safe."""

    space = FACE
    accepts: frozenset[PayloadKind] = frozenset(("face",))

    def __init__(
        self,
        load: Callable[[], FaceFinder],
        fingerprint: Fingerprint,
        thresholds: Thresholds,
        limits: Limits = USUAL_LIMITS,
    ) -> None:
        self.fingerprint = fingerprint
        self.thresholds = thresholds
        self._load = load
        self._limits = limits
        self._finder: FaceFinder | None = None
        self._lock = threading.Lock()
        self._known: dict[object, Sequence[Face]] = {}

    def encode_text(self, text: str) -> Vector:  # noqa: ARG002 (no text is a face)
        """Raise `ModelError`."""
        raise ModelError("Faces are searched with a picture, not with words.")

    def encode_picture(self, picture: PictureReference) -> Vector:
        """Return the largest face of a picture, page or region: float32 (1, dim), length 1.

        Raises `MediaError` when there is none or the picture cannot be read, `ModelError`.
        """
        faces = self._faces(picture)
        if not faces:
            where = "that part of " if picture.box else ""
            raise MediaError(
                f"There is no face in {where}{picture.path.name} that could be told from others.",
                "Use a picture in which the face is larger, sharper or seen from the front.",
            )
        return np.asarray(faces[0].vector, np.float32)[None]

    def encode_pixels(self, pictures: Sequence[Pixels]) -> Vector:
        """Return the largest face of the first picture that shows one: float32 (1, dim), length 1.

        Raises `MediaError` when none does, `ModelError`.
        """
        for picture in pictures:
            if faces := self._find(fitted(Image.fromarray(picture), INPUT)):
                return np.asarray(faces[0].vector, np.float32)[None]
        raise MediaError("There is no face in the picture however it is repaired.")

    def remark(self, picture: PictureReference) -> str | None:
        """Say which face is searched where a picture has several. Raises `MediaError` and `ModelError`."""
        faces = self._faces(picture)
        if len(faces) < 2 or picture.box is not None:
            return None
        other = ",".join(f"{edge:.2f}" for edge in faces[1].box)
        name = picture.path.name
        return (
            f"There are {len(faces)} faces in {name}; the largest is searched. "
            f'For another one name its place: face:@"{name}"[{other}]'
        )

    def boxes(self, picture: PictureReference) -> tuple[Box, ...]:
        """Return where the faces in a picture or page are, the largest first.

        Raises `MediaError` and `ModelError`.
        """
        return tuple(face.box for face in self._faces(picture))

    def _faces(self, picture: PictureReference) -> Sequence[Face]:
        stamp = picture.path.stat() if picture.path.exists() else None
        key = picture, stamp and (stamp.st_mtime_ns, stamp.st_size)
        with self._lock:
            if key not in self._known:
                while len(self._known) >= _KEPT:
                    self._known.pop(next(iter(self._known)))
                self._known[key] = self._found(picture)
            return self._known[key]

    def _found(self, picture: PictureReference) -> Sequence[Face]:
        upright = upright_picture(picture, needed_side_of(picture, INPUT), self._limits)
        return self._find(fitted(cut_out(upright, picture.box), INPUT))

    def _find(self, seen: Image.Image) -> Sequence[Face]:
        self._finder = self._finder or self._load()
        return self._finder.find(np.asarray(seen, np.uint8), turned=True)
