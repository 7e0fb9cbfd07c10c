"""Turns sound into sentences and passages with their times, whichever engine writes it down."""

from collections.abc import Callable, Sequence

import numpy as np

from indexers.base import Piece
from indexers.passages import pieces as pieces_of
from indexers.passages import sentences, steady
from indexers.reader import Interruptible
from indexers.speech import HEARD
from indexers.transcript import Transcriber
from search.records import TimeSpan
from search.spaces import Fingerprint, PictureInput, Vector

_RULES = "sentences, passages of 20 to 40 s, 1"
_SURE = 0.5
"""How likely a language must be to be noted; a cough is often Welsh."""

_LOUDEST = 32768.0


class SpeechReader:
    """Implements `indexers.reader.Reader` for the space `speech`; `load` gives the engine at first use."""

    name = HEARD
    picture_input: PictureInput | None = None
    batch = 1

    def __init__(self, load: Callable[[], Transcriber], model: str, revision: str) -> None:
        self.fingerprint = Fingerprint(model, revision, _RULES, 0)
        self._load = load
        self._transcriber: Transcriber | None = None
        self._is_stopped: Callable[[], bool] = lambda: False

    def heed(self, is_stopped: Callable[[], bool]) -> None:
        """Let a run that is stopped end between two sentences."""
        self._is_stopped = is_stopped

    def read(self, pieces: Sequence[Piece]) -> Sequence[Sequence[Piece]]:
        """Write down the sound, int16 at 16 kHz, of each piece. Raises `ModelError`."""
        return [self._read(piece) for piece in pieces]

    def _read(self, piece: Piece) -> Sequence[Piece]:
        assert isinstance(piece.payload, np.ndarray)
        assert isinstance(piece.locator, TimeSpan)
        samples: Vector = piece.payload.astype(np.float32) / _LOUDEST
        self._transcriber = self._transcriber or self._load()
        if isinstance(self._transcriber, Interruptible):
            self._transcriber.heed(self._is_stopped)
        heard = self._transcriber.transcribe(samples)
        language = heard.language if heard.language_probability >= _SURE else None
        return pieces_of(HEARD, steady(sentences(heard)), piece.locator.start_s, language)

    def close(self) -> None:
        """Free the model; a later `read` loads it again."""
        if self._transcriber is not None:
            self._transcriber.close()
