"""What a person asks of the space of sounds: words, or a recording or film that sounds like it."""

from collections.abc import Sequence

import numpy as np

from indexers.sound import read_stretch
from indexers.sound_fixes import mended, resampled
from indexers.sound_model import LOUDEST, SoundModel
from indexers.video_file import opened
from search.errors import MediaError, ModelError
from search.spaces import (
    Fingerprint,
    MendedSound,
    PayloadKind,
    PictureReference,
    Sound,
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
        samples, _ = self._read(sound)
        return self._views(samples, sound)

    def encode_mended(self, sound: SoundReference) -> MendedSound:
        """Return the same of the recording without a shift, silence at its ends, or at a whisper.

        Noise is left in it: steady noise is what rain and engines are, and to take it away was measured to
        find less. Raises `MediaError`, `ModelError`.
        """
        samples, told_hz = self._read(sound)
        plain = samples.astype(np.float32) / np.float32(LOUDEST)
        found = mended(plain, sound.path, self._model.rate_hz)
        fixes = (*resampled(told_hz, self._model.rate_hz), *found.fixes)
        if not any(fix.applied for fix in found.fixes):
            return MendedSound(self._views(samples, sound), fixes)
        return MendedSound(self._views((found.samples * (LOUDEST - 1)).astype(np.int16), sound), fixes)

    def _read(self, sound: SoundReference) -> tuple[Sound, int | None]:
        """Return the first three minutes at the model's rate, and the file's own rate."""
        with opened(sound.path, "recording") as container:
            rates = [stream.rate for stream in container.streams.audio]
            stretch = read_stretch(
                container, 0, sound=True, captions=False, seconds=_SECONDS, rate=self._model.rate_hz
            )
        if not stretch.sound.size:
            raise MediaError(f"There is no sound in {sound.path}, or none that can be decoded.")
        return stretch.sound, rates[0] if rates else None

    def _views(self, samples: Sound, sound: SoundReference) -> Vector:
        heard = self._model.hear(samples)
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
