"""What a person asks of the space of sounds: words, or a recording or film that sounds like it."""

from collections.abc import Sequence

import numpy as np

from indexers.sound import read_stretch
from indexers.sound_model import SoundModel
from indexers.video_file import opened
from search.errors import MediaError, ModelError
from search.spaces import (
    Fingerprint,
    PayloadKind,
    PictureReference,
    SoundReference,
    Thresholds,
    Vector,
    unit_rows,
)

VIEWS = 6
"""At most so many different sounds of a recording are looked for, those that last longest."""

SAME = 0.75
"""Windows of an example whose cosine is no less hold the same sound."""

_SECONDS = 30.0


class SoundQueries:
    """Implements `search.spaces.SoundEncoder`."""

    space = "sound"
    accepts: frozenset[PayloadKind] = frozenset(("text", "sound"))
    thresholds: Thresholds | None = None

    def __init__(self, model: SoundModel) -> None:
        self._model = model

    @property
    def fingerprint(self) -> Fingerprint:
        """Which stored vectors the query vectors may be compared with."""
        return self._model.fingerprint

    def thresholds_for(self, kind: PayloadKind) -> Thresholds | None:
        """What the cosines of this kind of query mean."""
        return self._model.thresholds_for(kind)

    def encode_text(self, text: str) -> Vector:
        """Return float32 (dim,), unit length. Raises `ModelError`."""
        return self._model.encode_text(text)

    def encode_picture(self, picture: PictureReference) -> Vector:  # noqa: ARG002 (the protocol's)
        """Raise `ModelError`: a picture makes no sound."""
        raise ModelError(f"The space {self.space} compares no pictures.")

    def encode_sound(self, sound: SoundReference) -> Vector:
        """Return the sounds of the first three minutes, one of a kind: float32 (views, dim), unit rows.

        Raises `MediaError`, `ModelError`.
        """
        with opened(sound.path, "recording") as container:
            stretch = read_stretch(
                container, 0, sound=True, captions=False, seconds=_SECONDS, rate=self._model.rate_hz
            )
        if not stretch.sound.size:
            raise MediaError(f"There is no sound in {sound.path}, or none that can be decoded.")
        heard = self._model.hear(stretch.sound)
        if not heard:
            raise MediaError(f"Nothing is to be heard in {sound.path}: it is silent.")
        return self._model.as_query(different([one.vector for one in heard]))


def different(vectors: Sequence[Vector]) -> Vector:
    """Return the middle of each group of like vectors, the largest groups first: float32 (n, dim)."""
    groups: list[list[Vector]] = []
    for vector in vectors:
        alike = [float(np.vecdot(unit_rows(np.sum(group, axis=0)[None])[0], vector)) for group in groups]
        if alike and max(alike) >= SAME:
            groups[int(np.argmax(alike))].append(vector)
        else:
            groups.append([vector])
    groups.sort(key=len, reverse=True)
    return unit_rows(np.stack([np.sum(group, axis=0) for group in groups[:VIEWS]]))
