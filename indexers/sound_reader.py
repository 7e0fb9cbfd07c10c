"""Sounds for the index: windows of a recording with their vectors, whichever model hears them."""

from collections.abc import Sequence
from typing import cast

from indexers.base import Piece
from indexers.sound_model import SoundModel
from indexers.sounds import SOUND
from search.records import TimeSpan
from search.spaces import PictureInput, Sound


class SoundReader:
    """Implements `indexers.reader.Reader` for the space `sound`."""

    name = SOUND
    picture_input: PictureInput | None = None
    batch = 1

    def __init__(self, model: SoundModel) -> None:
        self.fingerprint = model.fingerprint
        self.rate_hz = model.rate_hz
        self._model = model

    def read(self, pieces: Sequence[Piece]) -> Sequence[Sequence[Piece]]:
        """Hear the sound, int16, of each piece. Raises `ModelError`."""
        return [self._read(piece) for piece in pieces]

    def _read(self, piece: Piece) -> Sequence[Piece]:
        samples = cast("Sound", piece.payload)
        assert isinstance(piece.locator, TimeSpan)
        begin = piece.locator.start_s
        return [
            Piece(
                SOUND,
                TimeSpan(round(begin + heard.start_s, 3), round(begin + heard.end_s, 3)),
                heard.text,
                vector=heard.vector,
            )
            for heard in self._model.hear(samples)
        ]

    def close(self) -> None:
        """Free the model; a later `read` loads it again."""
        self._model.close()
